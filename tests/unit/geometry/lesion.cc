// Lesion measures against the table of Kerboull sums and against integration; shapes against their formulas.
#include "geometry/lesion.h"

#include "geometry/built_in_femur.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

using namespace wolff;
using namespace wolff::geometry;

namespace {

const Femur &left_femur()
{
  static const Femur femur = built_in_femur({}, Side::left, -100);
  return femur;
}

LesionOptions cone(const double half_angle, const Vector3 &direction)
{
  LesionOptions o;
  o.half_angle = half_angle;
  o.direction = {direction.x(), direction.y(), direction.z()};
  return o;
}

/// Share of the sphere of the bony head that the shape fills, by the midpoint rule on a cubic grid.
double sampled_share(const Lesion &lesion)
{
  const double radius = left_femur().landmarks.head_radius, h = 0.4;
  long in_sphere = 0, in_both = 0;
  for (double x = -radius + h / 2; x < radius; x += h)
    for (double y = -radius + h / 2; y < radius; y += h)
      for (double z = -radius + h / 2; z < radius; z += h)
        if (const Vector3 p(x, y, z); p.norm() < radius) {
          ++in_sphere;
          in_both += lesion.contains(p);
        }
  return static_cast<double>(in_both) / static_cast<double>(in_sphere);
}

/// Arc of the directions in a plane that lie in a cone, by counting tenths of a thousandth of the circle.
double counted_arc(const Vector3 &axis, const double half_angle, const Vector3 &u, const Vector3 &v)
{
  const int n = 100000;
  int count = 0;
  for (int i = 0; i < n; ++i) {
    const double t = 2 * std::numbers::pi * i / n;
    count += (std::cos(t) * u + std::sin(t) * v).dot(axis.normalized()) >
             std::cos(half_angle * std::numbers::pi / 180);
  }
  return 360.0 * count / n;
}

} // namespace

// Half-angle, Kerboull sum, share of the head: 50 deg <-> 200 deg <-> 17.9 %, 60 <-> 240 <-> 25, 75 <-> 300
// <-> 37.
BOOST_AUTO_TEST_CASE(kerboull_sum_and_share_of_a_centred_cone_follow_the_table)
{
  for (const auto &[half_angle, sum, percent, grade] :
       {std::tuple(50.0, 200.0, 17.9, 2), std::tuple(60.0, 240.0, 25.0, 2),
        std::tuple(75.0, 300.0, 37.0, 4)}) {
    const LesionMeasures m = Lesion(cone(half_angle, Vector3::UnitZ()), left_femur()).measures();
    BOOST_TEST(std::abs(m.kerboull_sum - sum) < 1e-9); // rounding
    BOOST_TEST(std::abs(m.centred_sum - sum) < 1e-9);
    BOOST_TEST(std::abs(100 * m.share_of_head - percent) < 0.1); // the table has three digits
    BOOST_TEST(m.kerboull_grade == grade);
  }
  BOOST_TEST(kerboull_grade(199.9) == 1);
  BOOST_TEST(kerboull_grade(200) == 2);
  BOOST_TEST(kerboull_grade(250) == 3);
  BOOST_TEST(kerboull_grade(300) == 4);
  BOOST_TEST(kerboull_grade(0) == 0);
}

BOOST_AUTO_TEST_CASE(arcs_of_a_tilted_cone_are_those_that_counting_gives)
{
  const Vector3 axis(0.5, 0.3, 0.8);
  for (const double half_angle : {20.0, 60.0, 100.0, 170.0}) {
    // Two ends of an arc, each within one of 100000 steps of 0.0036 deg.
    BOOST_TEST(std::abs(arc_in_plane(axis, half_angle, Vector3::UnitY()) -
                        counted_arc(axis, half_angle, Vector3::UnitX(), Vector3::UnitZ())) < 0.01);
    BOOST_TEST(std::abs(arc_in_plane(axis, half_angle, Vector3::UnitX()) -
                        counted_arc(axis, half_angle, Vector3::UnitY(), Vector3::UnitZ())) < 0.01);
  }
  BOOST_TEST(arc_in_plane(Vector3::UnitY(), 40, Vector3::UnitY()) == 0.0);
  BOOST_TEST(arc_in_plane(Vector3::UnitY(), 100, Vector3::UnitY()) == 360.0);
}

BOOST_AUTO_TEST_CASE(share_of_the_head_agrees_with_sampling_for_every_shape)
{
  LesionOptions options = cone(60, {0.5, 0.3, 0.8});
  const auto compare = [&](const std::string &what) {
    const Lesion lesion(options, left_femur());
    // Midpoint rule with 900000 points of 0.4 mm: about 0.001 in the share.
    BOOST_TEST(std::abs(lesion.measures().share_of_head - sampled_share(lesion)) < 0.002, what);
    BOOST_TEST(lesion.contains(lesion.centre()));
  };
  compare("cone");
  options.depth = 12;
  compare("cone of limited depth");
  options.shape = "cap";
  compare("cap");
  options.shape = "ellipsoid";
  compare("ellipsoid within the head");
  options.ellipsoid_depth = 3;
  options.ellipsoid_semi_axes = {9, 9};
  compare("sphere that reaches out of the head");
}

// Ellipsoid 14 mm from the centre, 8 mm along: tan = 12 / sqrt(14^2 - 8^2), 46.2 deg.
BOOST_AUTO_TEST_CASE(an_ellipsoid_is_seen_under_the_angle_of_its_tangent_cone)
{
  LesionOptions options = cone(60, Vector3::UnitZ());
  options.shape = "ellipsoid";
  const LesionMeasures m = Lesion(options, left_femur()).measures();
  BOOST_TEST(std::abs(m.kerboull_sum - 4 * std::atan(12 / std::sqrt(132.0)) * 180 / std::numbers::pi) < 1e-9);
}

// Zone from 30 deg lateral to 45 deg medial: thirds end at 20 and -5 deg. The cone about medial angle m with
// half-angle w in the coronal plane reaches m - w.
BOOST_AUTO_TEST_CASE(jic_type_follows_from_the_lateral_end_on_the_mid_coronal_plane)
{
  const auto type = [](const double medial, const double half_angle) {
    const double angle = medial * std::numbers::pi / 180;
    return Lesion(cone(half_angle, {std::sin(angle), 0, std::cos(angle)}), left_femur()).measures().jic_type;
  };
  BOOST_TEST(type(41, 20) == "A");  // to 21
  BOOST_TEST(type(41, 22) == "B");  // to 19
  BOOST_TEST(type(41, 45) == "B");  // to -4
  BOOST_TEST(type(41, 47) == "C1"); // to -6
  BOOST_TEST(type(30, 59) == "C1"); // to -29
  BOOST_TEST(type(30, 61) == "C2"); // to -31
  // The two presets.
  BOOST_TEST(Lesion(LesionOptions{}, left_femur()).measures().jic_type == "C1");
  BOOST_TEST(Lesion(cone(75, {0.5, 0.3, 0.8}), left_femur()).measures().jic_type == "C2");
}

BOOST_AUTO_TEST_CASE(measures_are_the_same_on_both_sides)
{
  const LesionMeasures left = Lesion(LesionOptions{}, left_femur()).measures();
  const LesionMeasures right = Lesion(LesionOptions{}, built_in_femur({}, Side::right, -100)).measures();
  BOOST_TEST(left.coronal_arc == right.coronal_arc);
  BOOST_TEST(left.sagittal_arc == right.sagittal_arc);
  BOOST_TEST(left.jic_type == right.jic_type);
}

BOOST_AUTO_TEST_CASE(no_lesion_is_nowhere_and_impossible_ones_are_refused)
{
  LesionOptions none;
  none.shape = "none";
  const Lesion lesion(none, left_femur());
  BOOST_TEST(!lesion.contains(Vector3::Zero()));
  BOOST_TEST(std::isinf(lesion.clearance(Vector3::Zero())));
  BOOST_TEST(lesion.measures().kerboull_grade == 0);

  LesionOptions wrong = cone(200, Vector3::Zero());
  wrong.depth = 30;
  BOOST_TEST(check(wrong, 24).size() == 3U); // direction, angle and depth, all at once
  for (const Fault &fault : check(wrong, 24)) BOOST_TEST(static_cast<int>(fault.code()) == 3);
}
