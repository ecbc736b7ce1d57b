// ranks: 1 2 4
// links: discretisation geometry
// Which cells are held at the distal cut.
#include "loads/supports.h"

#include "support/box_cells.h"
#include "support/plain_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

/// A block of 16 x 16 x 32 voxels of 0.5 mm: x and y in [0, 8], z in [0, 16].
discretisation::CellMesh block()
{
  tests::Box box;
  box.bricks = {2, 2, 4};
  box.brick_edge = 4;
  return tests::cells_of(box);
}

/// Head centre at z = 16 with the shaft along z, cut at z = 2.
const tests::PlainAnatomy
    upright(geometry::FemurFrame({4, 4, 16}, {0, 0, 1}, {0, 1, 0}, geometry::Side::left), 24, -14);

} // namespace

BOOST_AUTO_TEST_CASE(cells_up_to_the_height_above_the_cut_are_held)
{
  const auto mesh = block();
  const auto held = loads::clamped_cells(mesh, upright, 1.0);
  // Centres below z = 3: six layers of 16 x 16 cells, the four layers below the cut among them.
  BOOST_TEST(tests::summed(static_cast<double>(held.size())) == 6 * 256);
  for (const std::uint32_t cell : held) BOOST_TEST(mesh.cell(cell).centre[2] < 3.0);
  BOOST_TEST(std::is_sorted(held.begin(), held.end()));
}

BOOST_AUTO_TEST_CASE(the_height_is_measured_along_the_shaft_wherever_it_points)
{
  const auto mesh = block();
  const tests::PlainAnatomy lying(
      geometry::FemurFrame({8, 4, 4}, {1, 0, 0}, {0, 1, 0}, geometry::Side::right), 24, -8);
  for (const std::uint32_t cell : loads::clamped_cells(mesh, lying, 1.0))
    BOOST_TEST(mesh.cell(cell).centre[0] < 1.0);
  BOOST_TEST(tests::summed(static_cast<double>(loads::clamped_cells(mesh, lying, 1.0).size())) ==
             2 * 16 * 32);
}

BOOST_AUTO_TEST_CASE(a_clamp_below_the_first_cells_is_refused_with_the_height_that_is_needed)
{
  const auto mesh = block();
  const tests::PlainAnatomy far(geometry::FemurFrame({4, 4, 16}, {0, 0, 1}, {0, 1, 0}, geometry::Side::left),
                                24, -16);
  try {
    loads::clamped_cells(mesh, far, 0.1);
    BOOST_FAIL("no fault");
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::model));
    BOOST_TEST(
        fault.line() ==
        "error[3:no-support] Loads/Clamp height [mm]: no cell lies near the distal cut; found the lowest "
        "cell centre 0.25 mm above the cut; wanted cells less than 0.1 mm above it. Raise the clamp "
        "height above half the edge of the coarsest cells");
  }
}

BOOST_AUTO_TEST_CASE(the_table_of_supports_holds_the_clamp)
{
  const auto mesh = block();
  const auto rule = loads::support_rules().at("clamp at distal cut").law;
  BOOST_TEST(rule(mesh, upright, 1.0) == loads::clamped_cells(mesh, upright, 1.0));
}
