// ranks: 1 2 3 4
// links: mechanics
// Nodes of bricks: places, hanging nodes, ghosts.
#include "base/errors.h"
#include "discretisation/voxel_nodes.h"
#include "support/brick_places.h"
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

/// Every node has the value of its place after those that do not hang were given it.
void check_linear_function_survives(const discretisation::BrickForest &forest, const int n)
{
  const discretisation::BrickNodes nodes(forest, n);
  const auto linear = [](const Vector3 &x) { return 0.3 + x[0] - 2 * x[1] + 4 * x[2]; };
  // Rounding of values up to 5.
  BOOST_TEST(tests::largest(tests::interpolation_error(forest, nodes, linear)) < 1e-14 * 10);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_linear_function_of_the_places_is_continuous_over_hanging_nodes_at_every_n)
{
  for (const auto &[bricks, family] :
       {std::pair(1U, Family::uniform), std::pair(4U, Family::uniform), std::pair(2U, Family::corner),
        std::pair(2U, Family::edge), std::pair(4U, Family::centre), std::pair(2U, Family::nested)}) {
    const auto forest = tests::make_forest(bricks, family);
    BOOST_TEST_CONTEXT(tests::name(family) << ", " << bricks << " bricks an edge")
    for (const int n : {1, 2, 4, 8}) check_linear_function_survives(forest, n);
  }
}

BOOST_AUTO_TEST_CASE(the_mesh_of_voxels_lies_on_the_ranks_of_the_bricks_and_holds_polynomials_of_its_degree)
{
  for (const Family family :
       {Family::uniform, Family::corner, Family::edge, Family::centre, Family::nested}) {
    auto forest = tests::make_forest(family == Family::centre ? 4 : 2, family);
    // A partition that no mesh of voxels would choose by itself.
    forest.repartition(
        [](const discretisation::Brick &brick) { return brick.corner[0] < 0.3 ? 50000U : 1U; });
    const discretisation::BrickNodes bricks(forest, 8);
    BOOST_TEST_CONTEXT(tests::name(family))
    for (const int degree : {1, 2}) {
      const discretisation::VoxelNodes nodes(forest, degree);
      BOOST_TEST(nodes.n() == 8 * degree);
      // Nodes that two levels share are one here and two in the bricks' own numbering, but those that do not
      // hang are the same.
      if (degree == 1) BOOST_TEST(nodes.n_free_global() == bricks.n_free_global());
      const auto polynomial = [&](const Vector3 &x) {
        return 0.3 + x[0] - 2 * x[1] + 4 * x[2] +
               (degree - 1) * (x[0] * x[0] * x[1] * x[1] - 3 * x[2] * x[2]);
      };
      // Rounding of values up to 8.
      BOOST_TEST(tests::largest(tests::interpolation_error(forest, nodes, polynomial)) < 1e-14 * 10);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_uniform_forest_has_the_nodes_of_one_grid)
{
  const auto forest = tests::make_forest(3, Family::uniform);
  const discretisation::BrickNodes nodes(forest, 8);
  BOOST_TEST(nodes.n_global() == 25 * 25 * 25);
  BOOST_TEST(nodes.n_free_global() == nodes.n_global());
}

BOOST_AUTO_TEST_CASE(too_many_unknowns_are_refused_before_anything_is_numbered)
{
  BOOST_CHECK_NO_THROW(discretisation::refuse_too_many_unknowns(2147483647, "unknowns"));
  BOOST_CHECK_EXCEPTION(discretisation::refuse_too_many_unknowns(2147483648, "unknowns"), Fault,
                        [](const Fault &fault) { return fault.code() == Exit::too_large; });
}

BOOST_AUTO_TEST_CASE(opposite_sides_of_a_periodic_box_are_one)
{
  // 3 x 2 x 1 bricks, so that both ends of an axis lie in different bricks or in one.
  for (const int n : {8, 4, 2, 1})
    for (const std::array<bool, 3> &axes :
         {std::array<bool, 3>{true, true, true}, {true, false, false}, {false, true, true}}) {
      discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3(1, 2, 3), {3, 2, 1}, 0.5);
      forest.set_periodic(axes);
      const discretisation::BrickNodes nodes(forest, n);
      const Vector3 length(1.5, 1, 0.5);
      // Each node takes the value of its place folded into the box, and no place has two.
      const auto value = [&](const Vector3 &x) {
        double sum = 0;
        for (int d = 0; d < 3; ++d) {
          double place = std::round((x[d] - forest.origin()[d]) / length[d] * 1000);
          if (axes[static_cast<std::size_t>(d)] && place == 1000) place = 0;
          sum = 1001 * sum + place;
        }
        return sum;
      };
      std::vector<double> values(nodes.n_local(), -1);
      const auto visit = [&](const auto &work) {
        tests::for_each_place(forest, nodes,
                              [&](const std::uint32_t node, const Vector3 &x) { work(node, value(x)); });
      };
      visit([&](const std::uint32_t node, const double expected) {
        if (node < nodes.n_owned()) values[node] = expected;
      });
      nodes.exchange().update_ghosts(values.data(), 1);
      int wrong = 0, used = 0;
      visit([&](const std::uint32_t node, const double expected) {
        wrong += values[node] == expected ? 0 : 1;
      });
      BOOST_TEST(wrong == 0);
      for (std::size_t node = 0; node < nodes.n_owned(); ++node) used += values[node] >= 0 ? 1 : 0;
      const auto along = [&](const int bricks, const std::size_t d) {
        return bricks * n + (axes[d] ? 0 : 1);
      };
      BOOST_TEST(tests::total(used) == along(3, 0) * along(2, 1) * along(1, 2));
      BOOST_TEST(nodes.hanging().empty());
    }
}
