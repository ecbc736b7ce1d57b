// ranks: 1 2 4
// links: discretisation geometry
// Which cells are held at the distal cut.
#include "loads/supports.h"

#include "support/box_cells.h"
#include "support/plain_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

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

BOOST_AUTO_TEST_CASE(the_clamp_holds_all_corners_of_its_cells)
{
  const auto mesh = block();
  const loads::Support clamp =
      loads::support_rules().at("clamp at distal cut").law(mesh, upright, {.height = 1});
  BOOST_TEST(clamp.cells == loads::clamped_cells(mesh, upright, 1.0));
  BOOST_TEST(clamp.corners.size() == 8 * clamp.cells.size());
  for (const auto &corner : clamp.corners)
    BOOST_CHECK((corner.components == std::array<bool, 3>{true, true, true}));
  BOOST_TEST(clamp.foundation_modulus == 0);
}

BOOST_AUTO_TEST_CASE(the_roller_holds_the_distal_face_along_the_shaft_and_one_face_in_its_plane)
{
  const auto mesh = block();
  const loads::Support roller =
      loads::support_rules().at("roller at distal cut").law(mesh, upright, {.height = 1});
  BOOST_TEST(roller.area == 64, boost::test_tools::tolerance(1e-12));
  double pins = 0;
  for (const auto &held : roller.corners) {
    const auto &cell = mesh.cell(held.cell);
    BOOST_TEST(cell.centre[2] == 0.25); // the lowest layer,
    BOOST_TEST(held.corner < 4);        // at its lower corners
    BOOST_TEST(held.components[2]);
    BOOST_TEST(held.components[0] == held.components[1]);
    if (!held.components[0]) continue;
    ++pins;
    BOOST_TEST((cell.centre - Vector3(4, 4, 0.25)).norm() < 0.5); // beside the middle
  }
  BOOST_TEST(tests::summed(static_cast<double>(roller.corners.size())) == 4 * 256);
  BOOST_TEST(tests::summed(pins) == 4);
}

BOOST_AUTO_TEST_CASE(the_foundation_is_a_layer_whose_modulus_is_stiffness_times_thickness)
{
  const auto mesh = block();
  const auto rule = loads::support_rules().at("elastic foundation").law;
  const loads::Support springs = rule(mesh, upright, {.height = 1, .foundation_stiffness = 20});
  BOOST_TEST(springs.foundation_modulus == 20 * 3,
             boost::test_tools::tolerance(1e-12)); // six layers of 0.5 mm
  BOOST_TEST(springs.cells == loads::clamped_cells(mesh, upright, 1.0));
  for (const auto &held : springs.corners) BOOST_TEST(mesh.cell(held.cell).centre[2] == 0.25);
  BOOST_CHECK_EXCEPTION(rule(mesh, upright, {.height = 1}), Fault,
                        [](const Fault &fault) { return fault.name() == "option-missing"; });
}

BOOST_AUTO_TEST_CASE(a_shaft_downwards_is_held_at_its_upper_end)
{
  const auto mesh = block();
  const tests::PlainAnatomy hanging(
      geometry::FemurFrame({4, 4, 0}, {0, 0, -1}, {0, 1, 0}, geometry::Side::left), 24, -16);
  const loads::Support roller =
      loads::support_rules().at("roller at distal cut").law(mesh, hanging, {.height = 1});
  BOOST_TEST(roller.area == 64, boost::test_tools::tolerance(1e-12));
  for (const auto &held : roller.corners) {
    BOOST_TEST(mesh.cell(held.cell).centre[2] == 15.75);
    BOOST_TEST(held.corner >= 4);
  }
}

BOOST_AUTO_TEST_CASE(a_roller_below_an_oblique_shaft_is_refused_and_a_foundation_is_not)
{
  const auto mesh = block();
  const tests::PlainAnatomy oblique(
      geometry::FemurFrame({4, 4, 16}, {0.05, 0, 1}, {0, 1, 0}, geometry::Side::left), 24, -15);
  BOOST_CHECK_EXCEPTION(loads::support_rules().at("roller at distal cut").law(mesh, oblique, {.height = 1}),
                        Fault, [](const Fault &fault) { return fault.name() == "support-oblique"; });
  const auto springs = loads::support_rules().at("elastic foundation").law(mesh, oblique, {1, 20});
  BOOST_TEST(springs.area == 64, boost::test_tools::tolerance(1e-12));
}
