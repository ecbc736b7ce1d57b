// ranks: 1 2 4
// links: discretisation geometry
// What a pilot node is, from its options: where, in which directions, held or free; and what is refused.
#include "loads/pilot_node.h"

#include "loads/head_cap.h"
#include "loads/supports.h"

#include "support/box_cells.h"
#include "support/plain_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/Geometry>

using namespace wolff;
using namespace wolff::loads;

namespace {

const tests::PlainAnatomy left(geometry::FemurFrame({4, 4, 16}, {0, 0, 1}, {0, 1, 0}, geometry::Side::left),
                               24, -14);
const Vector3 middle(1, 2, -80);

PilotOptions guided()
{
  PilotOptions options;
  options.rotations = "free; free; held";
  options.head = "guided to the knee";
  return options;
}

std::string refusal(const PilotOptions &options)
{
  try {
    pilot_node(options, left, middle);
  } catch (const Fault &fault) {
    return std::to_string(static_cast<int>(fault.code())) + " " + fault.name() + " " + fault.place();
  }
  return "accepted";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_restraint_is_held_free_or_a_stiffness_for_all_axes_or_for_each)
{
  const auto all = restraints_of("held", "x");
  for (const Restraint &r : all) BOOST_TEST(r.is_held);
  const auto each = restraints_of("free;  held ;2.5e4", "x");
  BOOST_TEST((!each[0].is_held && each[0].stiffness == 0));
  BOOST_TEST(each[1].is_held);
  BOOST_TEST((!each[2].is_held && each[2].stiffness == 2.5e4));
  for (const char *wrong :
       {"", "held; held", "0", "-1", "loose", "held 3", "1e4 2e4", "1,5", "held;held;held;held"})
    BOOST_CHECK_EXCEPTION(restraints_of(wrong, "Rotations [N mm/rad]"), Fault, [](const Fault &fault) {
      return fault.code() == Exit::input && fault.name() == "option-value" &&
             fault.place() == "Loads/Pilot node/Rotations [N mm/rad]";
    });
}

BOOST_AUTO_TEST_CASE(the_point_is_the_middle_of_the_cut_the_knee_or_stated_in_the_femur_frame)
{
  PilotOptions options;
  BOOST_TEST((pilot_node(options, left, middle).point == middle));
  options.place = "knee";
  options.knee = {-30, 0, -400};
  BOOST_TEST((pilot_node(options, left, middle).point - Vector3(-26, 4, -384)).norm() < 1e-12);
  const tests::PlainAnatomy right(
      geometry::FemurFrame({4, 4, 16}, {0, 0, 1}, {0, 1, 0}, geometry::Side::right), 24, -14);
  BOOST_TEST((pilot_node(options, right, middle).point - Vector3(34, 4, -384)).norm() < 1e-12); // mirrored
  options.place = "stated";
  BOOST_TEST(refusal(options) == "2 option-value Loads/Pilot node/Point [mm]");
  options.point = {1, 2, 3};
  BOOST_TEST((pilot_node(options, left, middle).point - Vector3(5, 6, 19)).norm() < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_guided_head_is_held_across_the_line_to_the_knee_in_two_directions)
{
  const PilotNode pilot = pilot_node(guided(), left, middle);
  BOOST_REQUIRE(pilot.guides.size() == 2U);
  const Vector3 line = Vector3(-36.7, 0, -419.4).normalized();
  for (const Vector3 &guide : pilot.guides) {
    BOOST_TEST(guide.norm() == 1, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(std::abs(guide.dot(line)) < 1e-12);
  }
  BOOST_TEST(std::abs(pilot.guides[0].dot(pilot.guides[1])) < 1e-12);
  BOOST_TEST((pilot.guide_pole + line).norm() < 1e-12);
  BOOST_TEST(!pilot.is_fixed());
  BOOST_TEST(pilot_node({}, left, middle).is_fixed());
}

BOOST_AUTO_TEST_CASE(a_femur_that_could_still_move_is_refused_before_anything_is_solved)
{
  const std::string loose = "3 no-support Loads/Pilot node";
  PilotOptions options;
  for (const char *rotations : {"free", "held; held; free", "1e6; free; held"}) {
    options.rotations = rotations;
    BOOST_TEST(refusal(options) == loose);
  }
  options.rotations = "1e6; 1e6; held";
  BOOST_TEST(refusal(options) == "accepted");
  options.translations = "held; held; free";
  BOOST_TEST(refusal(options) == loose);
  // The head's guides stop the rotations that move it, not the one about the line through it.
  BOOST_TEST(refusal(guided()) == "accepted");
  options = guided();
  options.place = "knee";
  options.rotations = "free";
  BOOST_TEST(refusal(options) == loose);
  options.translations = "held; held; free"; // the knee straight below: nothing holds it along the line
  options.rotations = "held";
  options.knee = {0, 0, -400};
  BOOST_TEST(refusal(options) == loose);
  options.translations = "held; free; held";
  BOOST_TEST(refusal(options) == "accepted");
  options.knee = {0, 0, 400};
  BOOST_TEST(refusal(options) == "2 option-value Loads/Pilot node/Knee [mm]");
}

BOOST_AUTO_TEST_CASE(the_cells_of_the_clamp_move_with_the_node_at_the_middle_of_the_cut)
{
  tests::Box box;
  box.bricks = {2, 2, 4};
  box.brick_edge = 4;
  const auto mesh = tests::cells_of(box);
  SupportOptions options{.height = 1};
  options.pilot.rotations = "1e6";
  const Support support = support_rules().at("pilot node").law(mesh, left, options);
  BOOST_TEST(support.cells == clamped_cells(mesh, left, 1.0));
  BOOST_TEST(support.corners.size() == 8 * support.cells.size());
  BOOST_REQUIRE(support.pilot.has_value());
  BOOST_TEST((support.pilot->point - Vector3(4, 4, 0)).norm() < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_rigid_motion_turns_about_its_point)
{
  const PilotNode pilot = pilot_node({}, left, middle);
  BOOST_TEST((pilot.mode(1).at({7, 8, 9}) == Vector3(0, 1, 0)));
  BOOST_TEST((pilot.mode(5).at(middle + Vector3(3, 0, 5)) - Vector3(0, 3, 0)).norm() < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_unit_force_on_the_cap_has_its_resultant_exactly_and_no_moment_about_the_head)
{
  tests::Box box;
  box.origin = Vector3::Constant(-28);
  box.bricks = {4, 4, 4};
  box.brick_edge = 14;
  box.split = [](const Vector3 &x) { return x[0] > 0; };
  box.solid = [](const Vector3 &x) { return x.norm() < 24; };
  const auto mesh = tests::cells_of(box);
  const HeadCap cap{Vector3::Zero(), 24, Vector3(0.1, 0, 1).normalized(), guided_half_angle};
  for (const Vector3 &direction : {Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0.6, -0.8)}) {
    std::array<double, 6> sums{};
    for (const FaceForce &f : unit_force_on_cap(mesh, cap, direction)) {
      const Vector3 moment = f.face.centre.cross(f.force);
      for (int c = 0; c < 3; ++c) {
        sums[static_cast<std::size_t>(c)] += f.force[c];
        sums[static_cast<std::size_t>(3 + c)] += moment[c];
      }
    }
    for (std::size_t c = 0; c < 3; ++c) {
      BOOST_TEST(std::abs(tests::summed(sums[c]) - direction[static_cast<Eigen::Index>(c)]) < 1e-12);
      BOOST_TEST(std::abs(tests::summed(sums[3 + c])) < 1e-12 * 24);
    }
  }
  HeadCap elsewhere = cap;
  elsewhere.head_radius = 12;
  BOOST_CHECK_EXCEPTION(unit_force_on_cap(mesh, elsewhere, Vector3(1, 0, 0)), Fault,
                        [](const Fault &fault) { return fault.name() == "load-on-void"; });
}
