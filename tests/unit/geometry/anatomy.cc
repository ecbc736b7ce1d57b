// The model of a case: sizes of the built-in femur, what lies where, and both sides.
#include "support/built_anatomy.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <random>

using namespace wolff;
using namespace wolff::geometry;

BOOST_AUTO_TEST_CASE(the_built_in_head_is_a_sphere_with_plate_and_cartilage)
{
  const Built built(without_scaffold());
  const Vector3 up = built.report.landmarks.neck_axis; // middle of the articular part
  const auto at = [&](const double r) { return built.anatomy->phase(r * up); };
  // Bone 24 mm, plate 0.3, cartilage 1.8; the default lesion cone holds the neck axis.
  BOOST_TEST((at(23.65) == Phase::lesion));
  BOOST_TEST((at(23.75) == Phase::subchondral_plate));
  BOOST_TEST((at(23.95) == Phase::subchondral_plate));
  BOOST_TEST((at(24.05) == Phase::articular_cartilage));
  BOOST_TEST((at(25.75) == Phase::articular_cartilage));
  BOOST_TEST((at(25.85) == Phase::outside));
  BOOST_TEST(built.anatomy->head_radius() == 25.8);
  BOOST_TEST(built.anatomy->head_centre().norm() == 0.0);
}

BOOST_AUTO_TEST_CASE(cartilage_has_the_volume_of_its_shell_over_70_percent_of_the_head)
{
  const Built built(without_scaffold());
  std::mt19937 generator(1);
  const Box box{Vector3::Constant(-26), Vector3::Constant(26)};
  const int n = 400000;
  int hits = 0;
  for (int i = 0; i < n; ++i)
    hits += built.anatomy->phase(random_in(box, generator)) == Phase::articular_cartilage;
  const double sampled = std::pow(52, 3) * hits / n;
  // Full shell above the margin plus, on average, half of it over the 6 mm of margin (height is proportional
  // to area).
  const double full = 4.0 / 3 * std::numbers::pi * (std::pow(25.8, 3) - std::pow(24, 3));
  const double expected = full * (0.7 - 0.5 * 6 / (2 * 24.0));
  // Standard error 0.6 %; the taper is linear in height, not in volume (1 %); the neck's blend covers none of
  // it.
  BOOST_TEST(std::abs(sampled / expected - 1) < 0.03);
}

BOOST_AUTO_TEST_CASE(the_built_in_femur_has_the_sizes_of_a_femur)
{
  const Built built(without_scaffold());
  const Landmarks &l = built.report.landmarks;
  BOOST_TEST(std::abs(l.neck_shaft_angle() - 125) < 1e-9);
  BOOST_TEST(std::abs(l.shaft_point.x() + 43) < 1e-9); // mediolateral offset
  const auto solid = [&](const Vector3 &p) { return built.anatomy->phase(p) != Phase::outside; };
  const auto width = [&](const Vector3 &from, const Vector3 &direction) {
    double s = 0;
    while (solid(from + s * direction) && s < 100) s += 0.05;
    return s;
  };
  // Shaft: radius 14 mm and the cortex of 5 mm.
  const Vector3 shaft(l.shaft_point.x(), l.shaft_point.y(), -98);
  BOOST_TEST(std::abs(width(shaft, Vector3::UnitY()) - 14) < 0.3); // fades into the metaphysis with the blend
  BOOST_TEST((built.anatomy->phase(shaft + 12 * Vector3::UnitY()) == Phase::cortical));
  BOOST_TEST((built.anatomy->phase(shaft + 8 * Vector3::UnitY()) == Phase::cancellous));
  // Tip of the greater trochanter, 1.3 mm above the head centre within the swelling of the blend.
  double top = -30;
  for (double z = -30; z < 20; z += 0.1)
    if (solid({-46.8, -21.9, z})) top = z;
  BOOST_TEST(std::abs(top - 1.3) < 1.0);
  // Narrowest neck, below the head: diameters 30 to 35 (height) and 25 to 28 mm (depth), the blend adds to
  // it.
  const Vector3 up = (Vector3::UnitZ() - l.neck_axis.z() * l.neck_axis).normalized();
  double narrowest = 1e300;
  for (double s = 20; s < 36; s += 1) {
    const Vector3 p = -s * l.neck_axis;
    narrowest = std::min(narrowest, width(p, up) + width(p, -up));
  }
  BOOST_TEST(narrowest > 30);
  BOOST_TEST(narrowest < 36);
  // Nothing below the cut, bone right above it.
  BOOST_TEST(!solid({l.shaft_point.x(), l.shaft_point.y(), -100.01}));
  BOOST_TEST(solid({l.shaft_point.x(), l.shaft_point.y(), -99.99}));
  BOOST_TEST(built.anatomy->distal_cut() == -100.0);
}

BOOST_AUTO_TEST_CASE(the_bounding_box_holds_the_body_and_little_else)
{
  const Built built(without_scaffold());
  const Box box = built.anatomy->bounding_box();
  Box body{Vector3::Constant(1e9), Vector3::Constant(-1e9)};
  std::mt19937 generator(2);
  const Box wide{box.least - Vector3::Constant(6), box.greatest + Vector3::Constant(6)};
  for (int i = 0; i < 300000; ++i) {
    const Vector3 p = random_in(wide, generator);
    if (built.anatomy->phase(p) == Phase::outside) continue;
    body.least = body.least.cwiseMin(p);
    body.greatest = body.greatest.cwiseMax(p);
  }
  BOOST_TEST((body.least - box.least).minCoeff() >= 0);
  BOOST_TEST((box.greatest - body.greatest).minCoeff() >= 0);
  BOOST_TEST((body.least - box.least).maxCoeff() < 8); // room for the blends, and what random points miss
  BOOST_TEST((box.greatest - body.greatest).maxCoeff() < 8);
}

BOOST_AUTO_TEST_CASE(the_right_femur_is_the_mirror_image_of_the_left_one)
{
  GeometryOptions o = without_scaffold(); // a lattice keeps its handedness on both sides
  o.femur.side = "left";
  const Built left(o);
  o.femur.side = "right";
  const Built right(o);
  BOOST_TEST((right.anatomy->femur_axes().col(0) + left.anatomy->femur_axes().col(0)).norm() == 0.0);
  std::mt19937 generator(8);
  const Box box = left.anatomy->bounding_box();
  int differing = 0;
  for (int i = 0; i < 20000; ++i) {
    const Vector3 p = random_in(box, generator), mirrored(-p.x(), p.y(), p.z());
    differing += left.anatomy->phase(p) != right.anatomy->phase(mirrored);
    BOOST_REQUIRE_SMALL(left.anatomy->clearances(p).body - right.anatomy->clearances(mirrored).body, 1e-9);
    BOOST_REQUIRE_SMALL(left.anatomy->clearances(p).lesion - right.anatomy->clearances(mirrored).lesion,
                        1e-9);
    BOOST_REQUIRE_SMALL(left.anatomy->clearances(p).track - right.anatomy->clearances(mirrored).track, 1e-9);
  }
  BOOST_TEST(differing == 0);
}

BOOST_AUTO_TEST_CASE(the_track_opens_the_lateral_cortex_and_stops_below_the_plate)
{
  const Built built(without_scaffold());
  const Track &track = built.report.tracks.at(0);
  BOOST_TEST(track.entry.x() < -50); // lateral
  BOOST_TEST((built.anatomy->phase(track.entry + 0.5 * track.axis) == Phase::track));
  BOOST_TEST((built.anatomy->phase(track.tip - 0.5 * track.axis) == Phase::track));
  BOOST_TEST((built.anatomy->phase(track.tip + 0.5 * track.axis) == Phase::lesion));
  // 5 mm of bone below the plate of 0.3 mm, along the axis; the walk to the plate stops within 0.02 mm.
  double s = 0;
  while (built.anatomy->phase(track.tip + s * track.axis) != Phase::subchondral_plate) s += 0.005;
  BOOST_TEST(std::abs(s - 5) < 0.04);
  BOOST_TEST(track.least_wall > 1); // the default core stays within the neck
  BOOST_TEST(built.report.warnings.empty());
}

BOOST_AUTO_TEST_CASE(the_scaffold_fills_its_envelope_with_its_solid_fraction)
{
  GeometryOptions o;
  o.scaffold.diameter = 8;
  o.scaffold.length = 30;
  const Built built(o);
  const Track &track = built.report.tracks.at(0);
  std::mt19937 generator(9);
  const Box box = built.anatomy->bounding_box();
  int solid = 0, pore = 0;
  for (int i = 0; i < 3000000; ++i) {
    const Vector3 p = random_in(box, generator);
    const double along = (track.tip - p).dot(track.axis);
    if (along < 0 || along > 30 || (track.tip - p - along * track.axis).norm() > 4) continue;
    const Phase phase = built.anatomy->phase(p);
    solid += phase == Phase::scaffold;
    pore += phase == Phase::scaffold_pore;
    BOOST_REQUIRE((phase == Phase::scaffold || phase == Phase::scaffold_pore));
  }
  BOOST_TEST(solid + pore > 3000);
  // Standard error of a share of 0.3 of 5000 points 0.0065, and a rod of three cells across does not hold
  // whole cells.
  BOOST_TEST(std::abs(static_cast<double>(solid) / (solid + pore) - 0.3) < 0.03);
  BOOST_TEST((built.anatomy->phase(track.tip - 31 * track.axis) == Phase::track));
}
