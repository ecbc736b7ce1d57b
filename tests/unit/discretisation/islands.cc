// ranks: 1 2 3 4
// links: discretisation
// Components of cells that are connected through faces, over all ranks.
#include "discretisation/islands.h"

#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace wolff;
using namespace wolff::discretisation;

namespace {

/// [0, 2]^3 in voxels of 1/8; with @p refined the bricks next to the origin are split.
tests::Box two_bricks(const std::function<bool(const Vector3 &)> &solid, const bool refined = false)
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  box.solid = solid;
  if (refined) box.split = [](const Vector3 &centre) { return centre.maxCoeff() < 1; };
  return box;
}

bool near_edge(const Vector3 &x)
{
  return (x[0] < 1) == (x[1] < 1);
}

} // namespace

BOOST_AUTO_TEST_CASE(two_blocks_that_touch_along_an_edge_are_two_components)
{
  for (const bool refined : {false, true}) {
    const CellMesh mesh = tests::cells_of(two_bricks(near_edge, refined));
    const Islands islands = find_islands(mesh);
    BOOST_REQUIRE(islands.components.size() == 2U);
    for (const Component &component : islands.components) {
      BOOST_TEST(component.volume == 2.0, boost::test_tools::tolerance(1e-14)); // sums of powers of two
      const double side = component.centre[0] < 1 ? 0.5 : 1.5;
      BOOST_TEST((component.centre - Vector3(side, side, 1)).norm() < 1e-13);
    }
    BOOST_TEST(islands.components[0].cells == (refined ? 512 * 8 + 512 : 1024));
    BOOST_TEST(islands.components[1].cells == 1024);
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      BOOST_TEST(islands.component_of_cell[i] == (mesh.cell(i).centre[0] < 1 ? 0U : 1U));
  }
}

BOOST_AUTO_TEST_CASE(one_bridging_cell_makes_them_one)
{
  const auto bridged = [](const Vector3 &x) {
    return near_edge(x) || (x - Vector3(1.0625, 0.9375, 1.0625)).norm() < 1e-6;
  };
  BOOST_TEST(find_islands(tests::cells_of(two_bricks(bridged))).components.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_snake_through_all_ranks_is_one_component)
{
  // Layers of every second voxel plane along z, joined at alternating ends along x.
  const auto snake = [](const Vector3 &x) {
    const int layer = static_cast<int>(x[2] * 8);
    if (layer % 2 == 0) return true;
    return layer % 4 == 1 ? x[0] < 0.125 : x[0] > 1.875;
  };
  const Islands islands = find_islands(tests::cells_of(two_bricks(snake)));
  BOOST_TEST(islands.components.size() == 1U);
  const auto broken = [&](const Vector3 &x) {
    return snake(x) && !(x[2] > 1.125 && x[2] < 1.25); // the joint of layers 8 and 10
  };
  BOOST_TEST(find_islands(tests::cells_of(two_bricks(broken))).components.size() == 2U);
}

BOOST_AUTO_TEST_CASE(components_do_not_depend_on_the_number_of_ranks)
{
  for (const bool refined : {false, true}) {
    // Three voxels of ten at random: a few hundred clusters. The hash is of the place, not of the order.
    const auto random = [](const Vector3 &x) {
      const std::int64_t place = std::llround((x[0] * 1024 + x[1]) * 1024 * 1024 + x[2] * 1024);
      return tests::number_of_cell(place, 5) < 0.3;
    };
    tests::Box box = two_bricks(random, refined);
    const Islands together = find_islands(tests::cells_of(box));
    box.comm = MPI_COMM_SELF;
    const Islands alone = find_islands(tests::cells_of(box));
    BOOST_TEST(alone.components.size() > 100U);
    BOOST_REQUIRE(together.components.size() == alone.components.size());
    for (std::size_t i = 0; i < alone.components.size(); ++i) {
      BOOST_TEST(together.components[i].smallest_id == alone.components[i].smallest_id);
      BOOST_TEST(together.components[i].cells == alone.components[i].cells);
      BOOST_TEST((together.components[i].centre - alone.components[i].centre).norm() < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(components_without_a_supported_cell_are_listed_on_every_rank)
{
  const CellMesh mesh = tests::cells_of(two_bricks(near_edge));
  const Islands islands = find_islands(mesh);
  std::vector<std::uint32_t> supported;
  for (std::uint32_t i = 0; i < mesh.n_owned(); ++i)
    if (mesh.cell(i).centre[0] < 0.1) supported.push_back(i);
  const auto without = components_without_support(mesh, islands, supported);
  BOOST_TEST(without == std::vector<std::uint32_t>{1});
  BOOST_TEST(text_of(islands, without) == "1024 cells, 2 mm^3 at (1.5, 1.5, 1)");
  BOOST_TEST(components_without_support(mesh, islands, {}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_long_list_of_islands_is_cut_and_counted)
{
  const auto apart = [](const Vector3 &x) {
    return static_cast<int>(x[0] * 8) % 2 == 0 && static_cast<int>(x[1] * 8) % 2 == 0 && x[2] < 0.125;
  };
  const Islands islands = find_islands(tests::cells_of(two_bricks(apart)));
  BOOST_REQUIRE(islands.components.size() == 64U);
  std::vector<std::uint32_t> all(64);
  for (std::uint32_t i = 0; i < 64; ++i) all[i] = i;
  const std::string text = text_of(islands, all, 2);
  BOOST_TEST(text.substr(text.rfind(';')) == "; ... (64 in all)");
}
