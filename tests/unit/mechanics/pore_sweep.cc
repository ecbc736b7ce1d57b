// The pass over large bricks for the pore fluid against the kernel of one brick: all combinations of what is
// given and asked for, all instruction sets, nodes shared by two bricks, a brick without fluid.
#include "mechanics/pore_sweep.h"
#include "discretisation/brick_parts.h"
#include "mechanics/brick_kernel.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <type_traits>
#include <vector>

using namespace wolff;

namespace {

constexpr int n = 8, m = n + 1;
constexpr std::size_t n_bricks = 3, per_brick = 729, voxels = 512;

/// Three bricks in a row along x; the middle one shares a face with each neighbour. The interiors first.
struct Bricks
{
  std::vector<std::array<std::uint32_t, 27>> parts{n_bricks};
  std::size_t first_shared = n_bricks * 343, n_nodes = 0;

  Bricks()
  {
    auto next = static_cast<std::uint32_t>(first_shared);
    for (std::size_t b = 0; b < n_bricks; ++b)
      for (unsigned part = 0; part < 27; ++part)
        if (part == 13)
          parts[b][part] = static_cast<std::uint32_t>(343 * b);
        else if (part % 3 == 0 && b > 0)
          parts[b][part] = parts[b - 1][part + 2];
        else {
          parts[b][part] = next;
          next += static_cast<std::uint32_t>(discretisation::part_size(n, part));
        }
    n_nodes = next;
  }
  std::size_t node(const std::size_t brick, const std::size_t place) const
  {
    const auto i = static_cast<int>(place);
    const auto [part, offset] = discretisation::node_place(n, i % m, i / m % m, i / (m * m));
    return parts[brick][part] + std::size_t{offset};
  }
};

template <typename T>
void compare(const double tolerance)
{
  const Bricks bricks;
  std::mt19937 generator(5);
  std::uniform_real_distribution<T> number(T(0.1), T(1));
  std::vector<T> storage(n_bricks * voxels), held(storage), mobility(storage), biot(storage),
      u(3 * bricks.n_nodes), p(bricks.n_nodes);
  for (auto *values : {&storage, &held, &mobility, &biot, &u, &p})
    for (T &value : *values) value = number(generator);
  const std::vector<std::uint8_t> has_fluid{1, 1, 0};
  const std::vector<T> edges{T(0.3), T(0.7), T(0.5)};
  const T dt = T(0.2), push = T(-0.5);
  for (int what = 0; what < 16; ++what)
    for (const bool is_stabilised : {true, false}) {
      const bool moves = what & 1, presses = what & 2, on_skeleton = what & 4, on_fluid = what & 8;
      if (on_skeleton && (!presses || (on_fluid && !moves))) continue; // nobody asks for it
      if (!on_skeleton && !on_fluid) continue;
      if (on_skeleton && !on_fluid && moves) continue;
      std::vector<T> f_u(3 * bricks.n_nodes, T(1)), f_p(bricks.n_nodes, T(0)), sum_u(f_u), sum_p(f_p);
      for (std::size_t i = 0; i < bricks.first_shared; ++i) f_p[i] = T(99); // is written over
      const T *const stabilisation = is_stabilised ? held.data() : nullptr;
      mechanics::sweep_pores<T>({n_bricks,
                                 bricks.parts.data(),
                                 has_fluid.data(),
                                 edges.data(),
                                 {storage.data(), stabilisation, mobility.data(), biot.data()}},
                                dt, push, moves ? u.data() : nullptr, presses ? p.data() : nullptr,
                                on_skeleton ? f_u.data() : nullptr, on_fluid ? f_p.data() : nullptr);
      for (std::size_t b = 0; b + 1 < n_bricks; ++b) {
        std::vector<T> v(3 * per_brick), q(per_brick), g_u(3 * per_brick, T(0)), g_p(per_brick, T(0));
        for (std::size_t i = 0; i < per_brick; ++i) {
          q[i] = p[bricks.node(b, i)];
          for (std::size_t c = 0; c < 3; ++c) v[c * per_brick + i] = u[3 * bricks.node(b, i) + c];
        }
        const std::size_t at = b * voxels;
        mechanics::pore_forces<T>(
            n, edges[b], dt, {&storage[at], is_stabilised ? &held[at] : nullptr, &mobility[at], &biot[at]},
            moves ? v.data() : nullptr, presses ? q.data() : nullptr, on_skeleton ? g_u.data() : nullptr,
            on_fluid ? g_p.data() : nullptr);
        for (std::size_t i = 0; i < per_brick; ++i) {
          if (on_fluid) sum_p[bricks.node(b, i)] += g_p[i];
          if (on_skeleton)
            for (std::size_t c = 0; c < 3; ++c)
              sum_u[3 * bricks.node(b, i) + c] -= push * g_u[c * per_brick + i];
        }
      }
      double apart = 0;
      if (on_fluid)
        for (std::size_t i = 0; i < f_p.size(); ++i)
          apart = std::max(apart, static_cast<double>(std::abs(f_p[i] - sum_p[i])));
      if (on_skeleton)
        for (std::size_t i = 0; i < f_u.size(); ++i)
          apart = std::max(apart, static_cast<double>(std::abs(f_u[i] - sum_u[i])));
      BOOST_TEST_CONTEXT(mechanics::kernel_instruction_set() << ", combination " << what)
      BOOST_TEST(apart < tolerance);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_sweep_adds_what_the_kernel_makes_of_each_brick)
{
  const std::string best = mechanics::kernel_instruction_set();
  for (const std::string &set : mechanics::kernel_instruction_sets()) {
    mechanics::choose_kernel_instruction_set(set);
    compare<double>(1e-13);
    compare<float>(2e-5);
  }
  mechanics::choose_kernel_instruction_set(best);
}
