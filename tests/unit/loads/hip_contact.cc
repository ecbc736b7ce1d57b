// ranks: 1 2 4
// links: discretisation
// When the hip contact cannot act on the cells: what is refused, and what the message says. Values are in
// tests/verification/v311_cap_load.cc.
#include "loads/hip_contact.h"

#include "support/box_cells.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/Geometry>

#include <limits>

using namespace wolff;

namespace {

/// A ball of radius 24 mm in voxels of 1.75 mm; @p cut removes cells.
discretisation::CellMesh ball(const std::function<bool(const Vector3 &)> &cut = {})
{
  tests::Box box;
  box.origin = Vector3::Constant(-28);
  box.bricks = {4, 4, 4};
  box.brick_edge = 14;
  box.solid = [cut](const Vector3 &x) { return x.norm() < 24 && !(cut && cut(x)); };
  return tests::cells_of(box);
}

loads::HipContact downward()
{
  loads::HipContact contact;
  contact.force = Vector3(0, 0, -1900);
  return contact;
}

std::string fault_line(const discretisation::CellMesh &mesh, const loads::HipContact &contact)
{
  try {
    loads::hip_contact(mesh, contact);
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::model));
    BOOST_TEST(fault.name() == "load-on-void");
    return fault.line();
  }
  return "no fault";
}

bool contains(const std::string &text, const std::string &part)
{
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_pole_lies_where_the_force_comes_from)
{
  const auto mesh = ball();
  const auto load = loads::hip_contact(mesh, downward());
  BOOST_TEST((load.report.pole - Vector3::UnitZ()).norm() < 1e-15);
  for (const auto &f : load.forces) {
    BOOST_TEST(f.face.centre[2] > 24 * 0.8);                             // cos 27.5 deg = 0.887
    BOOST_TEST(f.force.cross(f.face.centre).norm() < 1e-12 * 24 * 1900); // radial
    BOOST_TEST(f.force.dot(f.face.centre) < 0);                          // a push
  }
}

BOOST_AUTO_TEST_CASE(zero_and_not_finite_forces_are_refused)
{
  const auto mesh = ball();
  loads::HipContact contact;
  BOOST_TEST(contains(fault_line(mesh, contact), "the hip contact force is zero or not finite"));
  contact.force[1] = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(contains(fault_line(mesh, contact), "the hip contact force is zero or not finite"));
}

BOOST_AUTO_TEST_CASE(a_cap_of_a_tenth_of_a_degree_finds_no_face)
{
  loads::HipContact contact = downward();
  contact.half_angle = 0.1;
  const std::string line = fault_line(ball(), contact);
  BOOST_TEST(contains(line,
                      "error[3:load-on-void] hip contact: the cap of the hip contact does not lie on the "
                      "body; found 0 faces with 0 mm^2 of a cap of 0.00551223 mm^2; resultant requested "
                      "(0, 0, -1900) N"),
             line);
}

BOOST_AUTO_TEST_CASE(a_cap_on_the_wrong_side_finds_no_face)
{
  const auto half = ball([](const Vector3 &x) { return x[2] > 0; }); // the half that the force would meet
  BOOST_TEST(contains(fault_line(half, downward()), "does not lie on the body; found 0 faces"));
}

BOOST_AUTO_TEST_CASE(a_wrong_head_radius_is_refused)
{
  loads::HipContact contact = downward();
  contact.head_radius = 30;
  BOOST_TEST(contains(fault_line(ball(), contact), "does not lie on the body"));
}

BOOST_AUTO_TEST_CASE(a_cap_that_hangs_over_an_edge_of_the_body_is_refused_rather_than_pulled_on)
{
  // Six tenths of the cap are there, all on one side of the pole: the resultant would need tension.
  loads::HipContact contact = downward();
  contact.half_angle = 15;
  contact.distribution = "uniform";
  const auto mesh = ball([](const Vector3 &x) { return x[0] > 0.9; });
  BOOST_TEST(
      contains(fault_line(mesh, contact), "pressure on the faces of the cap cannot give this resultant"));
}

BOOST_AUTO_TEST_CASE(a_drilled_hole_in_the_cap_is_accepted)
{
  const auto mesh = ball([](const Vector3 &x) { return std::hypot(x[0] - 3, x[1]) < 3; });
  const auto load = loads::hip_contact(mesh, downward());
  BOOST_TEST((load.report.resultant - Vector3(0, 0, -1900)).norm() < 1e-12 * 1900);
  BOOST_TEST(load.report.area < 0.95 * load.report.cap_area);
}
