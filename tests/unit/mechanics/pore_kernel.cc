// Pore fluid in one voxel against exactly integrated matrices, and all instruction sets and brick sizes
// against each other.
#include "mechanics/pore_kernel.h"
#include "mechanics/brick_kernel.h"
#include "support/reference_table.h"

#include <array>
#include <cmath>
#include <random>
#include <vector>

using namespace wolff;

namespace {

/// Row @p row of the matrix of one voxel of edge h.
std::array<double, 8> row_of(const double h, const double dt, const mechanics::PoreVoxels<double> &voxel,
                             const std::size_t row)
{
  std::array<double, 8> p{}, f{};
  p[row] = 1;
  mechanics::pore_forces<double>(1, h, dt, voxel, nullptr, p.data(), nullptr, f.data());
  return f;
}

} // namespace

BOOST_AUTO_TEST_CASE(flow_of_a_voxel_is_the_table_and_storage_is_lumped)
{
  const double h = 0.5, one = 1, none = 0, dt = 3;
  const auto mass = row_of(h, dt, {&one, nullptr, &none, nullptr}, 0),
             flow = row_of(h, dt, {&none, nullptr, &one, nullptr}, 0);
  for (const tests::Row &row : tests::reference_table("hex8_unit_laplace_mass_row0.csv", 8, 3)) {
    const auto corner = static_cast<std::size_t>(tests::number(row[0]));              // x fastest in both
    BOOST_TEST(std::abs(mass[corner] - (corner == 0 ? h * h * h / 8 : 0.0)) < 1e-16); // lumped
    BOOST_TEST(std::abs(flow[corner] - dt * h * tests::number(row[1])) < 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(stabilisation_leaves_constants_alone_and_is_the_lumped_mass_of_the_rest)
{
  const double h = 0.5, one = 1, none = 0;
  for (std::size_t row = 0; row < 8; ++row) {
    const auto held = row_of(h, 1, {&none, &one, &none, nullptr}, row),
               mass = row_of(h, 1, {&one, nullptr, &none, nullptr}, row);
    double total = 0;
    for (std::size_t column = 0; column < 8; ++column) {
      total += held[column];
      BOOST_TEST(std::abs(held[column] - (mass[column] - h * h * h / 64)) < 1e-16);
    }
    BOOST_TEST(std::abs(total) < 1e-16);
  }
}

BOOST_AUTO_TEST_CASE(coupling_of_a_voxel_is_pressure_times_divergence)
{
  // Linear displacement, trilinear pressure: f_p of node a is the divergence times the integral of N_a, and
  // the work of the pressure is pressure times volume change.
  const double h = 0.25, alpha = 0.7, none = 0;
  std::array<double, 24> u{}, forces{};
  std::array<double, 8> p{}, fluid{};
  const std::array<double, 3> stretch{0.1, -0.3, 0.7};
  for (std::size_t c = 0; c < 8; ++c) {
    const auto x = static_cast<double>(c & 1), y = static_cast<double>(c >> 1 & 1),
               z = static_cast<double>(c >> 2);
    p[c] = 1 + 2 * x - 3 * y + 5 * z + 0.5 * x * z;
    for (std::size_t d = 0; d < 3; ++d) u[8 * d + c] = stretch[d] * h * static_cast<double>(c >> d & 1);
  }
  mechanics::pore_forces<double>(1, h, 1, {&none, nullptr, &none, &alpha}, u.data(), p.data(), forces.data(),
                                 fluid.data());
  double work = 0, mean = 0;
  for (std::size_t c = 0; c < 8; ++c) {
    BOOST_TEST(fluid[c] == alpha * 0.5 * h * h * h / 8, boost::test_tools::tolerance(1e-13));
    for (std::size_t d = 0; d < 3; ++d) work += u[8 * d + c] * forces[8 * d + c];
    mean += p[c] / 8;
  }
  BOOST_TEST(work == -alpha * mean * 0.5 * h * h * h, boost::test_tools::tolerance(1e-13));
  double net = 0;
  for (std::size_t c = 0; c < 8; ++c) net += forces[c];
  BOOST_TEST(std::abs(net) < 1e-16);
}

BOOST_AUTO_TEST_CASE(a_brick_is_the_sum_of_its_voxels_with_every_instruction_set)
{
  std::mt19937 generator(3);
  std::uniform_real_distribution<double> number(0.1, 1);
  const std::string best = mechanics::kernel_instruction_set();
  for (const std::string &set : mechanics::kernel_instruction_sets()) {
    mechanics::choose_kernel_instruction_set(set);
    for (const int n : {1, 2, 4, 8}) {
      const int m = n + 1;
      const auto voxels = static_cast<std::size_t>(n * n * n), nodes = static_cast<std::size_t>(m * m * m);
      std::vector<double> storage(voxels), held(voxels), mobility(voxels), biot(voxels), u(3 * nodes),
          p(nodes), f_u(3 * nodes), f_p(nodes), sum_u(3 * nodes, 0.0), sum_p(nodes, 0.0);
      for (auto *values : {&storage, &held, &mobility, &biot, &u, &p})
        for (double &value : *values) value = number(generator);
      mechanics::pore_forces<double>(n, 0.3, 0.2, {storage.data(), held.data(), mobility.data(), biot.data()},
                                     u.data(), p.data(), f_u.data(), f_p.data());
      for (int v = 0; v < n * n * n; ++v) {
        std::array<double, 24> u1{}, f1{};
        std::array<double, 8> p1{}, g1{};
        const auto node = [&](const std::size_t c) {
          return static_cast<std::size_t>(
              ((v / (n * n) + static_cast<int>(c >> 2)) * m + v / n % n + static_cast<int>(c >> 1 & 1)) * m +
              v % n + static_cast<int>(c & 1));
        };
        for (std::size_t c = 0; c < 8; ++c) {
          p1[c] = p[node(c)];
          for (std::size_t d = 0; d < 3; ++d) u1[8 * d + c] = u[d * nodes + node(c)];
        }
        const auto at = static_cast<std::size_t>(v);
        mechanics::pore_forces<double>(1, 0.3, 0.2, {&storage[at], &held[at], &mobility[at], &biot[at]},
                                       u1.data(), p1.data(), f1.data(), g1.data());
        for (std::size_t c = 0; c < 8; ++c) {
          sum_p[node(c)] += g1[c];
          for (std::size_t d = 0; d < 3; ++d) sum_u[d * nodes + node(c)] += f1[8 * d + c];
        }
      }
      double apart = 0;
      for (std::size_t i = 0; i < nodes; ++i) apart = std::max(apart, std::abs(f_p[i] - sum_p[i]));
      for (std::size_t i = 0; i < 3 * nodes; ++i) apart = std::max(apart, std::abs(f_u[i] - sum_u[i]));
      BOOST_TEST_CONTEXT(set << ", " << n << " voxels an edge") BOOST_TEST(apart < 1e-14);

      std::vector<float> storage_f(storage.begin(), storage.end()), held_f(held.begin(), held.end()),
          mobility_f(mobility.begin(), mobility.end()), biot_f(biot.begin(), biot.end()),
          uf(u.begin(), u.end()), pf(p.begin(), p.end()), ff_u(3 * nodes), ff_p(nodes);
      mechanics::pore_forces<float>(n, 0.3F, 0.2F,
                                    {storage_f.data(), held_f.data(), mobility_f.data(), biot_f.data()},
                                    uf.data(), pf.data(), ff_u.data(), ff_p.data());
      double float_apart = 0;
      for (std::size_t i = 0; i < nodes; ++i) float_apart = std::max(float_apart, std::abs(f_p[i] - ff_p[i]));
      BOOST_TEST(float_apart < 1e-6);
    }
  }
  mechanics::choose_kernel_instruction_set(best);
}
