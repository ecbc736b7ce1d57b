// ranks: 1 2 4
// links: coupling mechanics
// A displacement that is known at the corners of cells only: masters in void get back what their hanging
// nodes had from them.
#include "coupling/solve_start.h"
#include "support/brick_places.h"
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

std::uint8_t either(const std::uint8_t a, const std::uint8_t b)
{
  return std::max(a, b);
}

/// Flags that hold on any rank, known to all that see the node.
void share(const discretisation::BrickNodes &nodes, std::vector<std::uint8_t> &flags)
{
  nodes.exchange().merge_to_owners(flags.data(), 1, either);
  nodes.exchange().update_ghosts(flags.data(), 1);
}

/// Cells are three of four voxels in the bricks of @p coarsest_level and finer ones. Each has a face on the
/// plane where it touches a coarser brick, and with that hangs on four masters that the face's corners
/// determine.
std::vector<std::uint8_t> corners_of_cells(const discretisation::BrickForest &forest,
                                           const discretisation::BrickNodes &nodes,
                                           const unsigned coarsest_level)
{
  constexpr int n = discretisation::voxels_per_edge, m = n + 1;
  std::vector<std::uint8_t> flags(nodes.n_local(), 0);
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    if (forest.brick(b).key.level() < coarsest_level) continue;
    for (int v = 0; v < n * n * n; ++v) {
      const int i = v % n, j = v / n % n, k = v / (n * n);
      if (tests::random_at(forest.brick(b).voxel_centre(i, j, k), 0) > 0.75) continue;
      for (int corner = 0; corner < 8; ++corner)
        flags[nodes.of_brick(b)[((k + (corner >> 2)) * m + j + (corner >> 1 & 1)) * m + i + (corner & 1)]] =
            1;
    }
  }
  return flags;
}

/// @p field at nodes that do not hang, and what follows at those that do.
std::vector<double> nodal_values(const discretisation::BrickForest &forest,
                                 const discretisation::BrickNodes &nodes, const tests::Field &field)
{
  std::vector<double> u(3 * nodes.n_local(), 0.0);
  tests::for_each_free_node(forest, nodes, [&](const std::uint32_t node, const Vector3 &x) {
    const Vector3 value = field(x);
    for (int c = 0; c < 3; ++c) u[3 * std::size_t{node} + static_cast<std::size_t>(c)] = value[c];
  });
  nodes.exchange().update_ghosts(u.data(), 3);
  nodes.fill_hanging(u.data(), 3);
  return u;
}

void check_restored(const discretisation::BrickForest &forest, const unsigned coarsest_level,
                    const tests::Field &field)
{
  const discretisation::BrickNodes nodes(forest, discretisation::voxels_per_edge);
  const std::vector<std::uint8_t> of_this_rank = corners_of_cells(forest, nodes, coarsest_level);
  std::vector<std::uint8_t> is_known = of_this_rank, is_master(nodes.n_local(), 0);
  share(nodes, is_known);
  for (const auto &hanging : nodes.hanging())
    if (is_known[hanging.node])
      for (std::uint32_t m = hanging.begin; m < hanging.end; ++m) is_master[nodes.masters()[m].node] = 1;
  share(nodes, is_master);

  const std::vector<double> u = nodal_values(forest, nodes, field),
                            start = coupling::start_from_known(nodes, of_this_rank, u);
  double changed = 0, apart = 0, left = 0, restored = 0, others = 0;
  for (std::size_t i = 0; i < 3 * nodes.n_owned(); ++i)
    if (is_known[i / 3])
      changed += start[i] == u[i] ? 0 : 1;
    else if (is_master[i / 3]) {
      apart = std::max(apart, std::abs(start[i] - u[i]));
      ++restored;
    } else {
      left = std::max(left, std::abs(start[i]));
      ++others;
    }
  BOOST_TEST(tests::total(changed) == 0);
  BOOST_TEST(tests::largest(left) == 0);
  BOOST_TEST(tests::largest(apart) < 1e-10); // of values up to 1, after a solve to 1e-12
  BOOST_TEST(tests::total(restored) > 100);
  BOOST_TEST(tests::total(others) > 1000);
}

} // namespace

BOOST_AUTO_TEST_CASE(masters_in_void_are_restored_from_the_nodes_that_hang_on_them)
{
  const auto linear = [](const Vector3 &x) {
    return Vector3(0.3 + x[0] - 0.5 * x[1], 0.7 * x[2] - x[0], 0.1 + 0.2 * x[0] + 0.6 * x[1] - 0.4 * x[2]);
  };
  const auto random = [](const Vector3 &x) {
    return Vector3(tests::random_at(x, 1), tests::random_at(x, 2), tests::random_at(x, 3));
  };
  for (const auto &[family, coarsest_level] :
       {std::pair(Family::corner, 1U), std::pair(Family::edge, 1U), std::pair(Family::centre, 1U),
        std::pair(Family::nested, 1U), std::pair(Family::nested, 2U), std::pair(Family::nested, 3U)}) {
    const auto forest = tests::make_forest(family == Family::centre ? 4 : 2, family);
    BOOST_TEST_CONTEXT(tests::name(family) << ", cells from level " << coarsest_level)
    for (const tests::Field &field : {tests::Field(linear), tests::Field(random)})
      check_restored(forest, coarsest_level, field);
  }
}
