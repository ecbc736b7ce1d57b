// The gap in a long bone: what fills its points, bounds of distances, where cells come from, what is refused.
#include "geometry/build_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace wolff;
using namespace wolff::geometry;

namespace {

GeometryOptions sheep()
{
  GeometryOptions o;
  o.body = "long bone";
  o.scaffold.type = "none";
  return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_part_lies_where_the_lengths_say)
{
  GeometryOptions o = sheep();
  const auto bone = build_anatomy(o, "");
  const auto phase = [&](const double r, const double z) { return bone->phase({r * 0.6, r * 0.8, z}); };
  for (const double sign : {-1, 1}) {
    BOOST_TEST((phase(0, sign * 19.9) == Phase::track));
    BOOST_TEST((phase(10.6, sign * 19.9) == Phase::track));
    BOOST_TEST((phase(7.4, sign * 20.1) == Phase::marrow));
    BOOST_TEST((phase(7.6, sign * 20.1) == Phase::cortical));
    BOOST_TEST((phase(10.1, sign * 20.1) == Phase::track)); // along the periosteum
    BOOST_TEST((phase(10.1, sign * 30.1) == Phase::outside));
    BOOST_TEST((phase(9.9, sign * 34.9) == Phase::cortical));
    BOOST_TEST((phase(9.9, sign * 35.1) == Phase::outside));
    BOOST_TEST((phase(10.8, sign * 5) == Phase::outside));
  }
  o.long_bone.inner_radius = 5;
  BOOST_TEST((build_anatomy(o, "")->phase({0, 4.9, 0}) == Phase::marrow));
  BOOST_TEST((build_anatomy(o, "")->phase({0, 5.1, 0}) == Phase::track));
  BOOST_TEST(bone->bounding_box().greatest[2] == 35.0);
  BOOST_TEST(bone->head_centre()[2] + bone->distal_cut() == -35.0);
}

BOOST_AUTO_TEST_CASE(within_the_least_clearance_of_a_point_the_phase_does_not_change)
{
  GeometryOptions o = sheep();
  o.long_bone.inner_radius = 4;
  const auto bone = build_anatomy(o, "");
  std::mt19937 random(5);
  std::uniform_real_distribution<double> side(-1, 1);
  int told = 0;
  for (int i = 0; i < 20000; ++i) {
    const Vector3 x(12 * side(random), 12 * side(random), 37 * side(random));
    const Clearances c = bone->clearances(x);
    BOOST_REQUIRE_EQUAL(c.body > 0, bone->phase(x) == Phase::outside);
    const double free = std::min({std::abs(c.body), c.layers, c.scaffold});
    const Vector3 y = x + 0.999 * free * Vector3(side(random), side(random), side(random)).normalized();
    BOOST_REQUIRE(bone->phase(x) == bone->phase(y));
    told += free > 1 ? 1 : 0;
  }
  BOOST_TEST(told > 3000); // the bounds are not empty
}

BOOST_AUTO_TEST_CASE(cells_come_from_the_marrow_at_the_gap_and_from_the_periosteum)
{
  const auto bone = build_anatomy(sheep(), "");
  BOOST_TEST(bone->marrow_depth({0, 0, 21.5}) == 1.5);
  BOOST_TEST(bone->marrow_depth({0, 0, -23}) == 3.0);
  BOOST_TEST(bone->above_periosteum({0, 10.25, 25}) == 0.25);
  BOOST_TEST(std::isinf(bone->above_periosteum({0, 10.25, 19})));
  BOOST_TEST(std::isinf(bone->above_periosteum({0, 10.25, -31})));
  BOOST_TEST(bone->periosteum_area() == 2 * 2 * 3.14159265358979 * 10 * 10,
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_scaffold_lies_in_the_middle_of_the_gap)
{
  GeometryOptions o = sheep();
  o.scaffold = {};
  o.scaffold.diameter = 16;
  o.scaffold.length = 30;
  GeometryReport report;
  const auto bone = build_anatomy(o, "", &report);
  BOOST_REQUIRE(report.scaffold.has_value());
  std::mt19937 random(1);
  std::uniform_real_distribution<double> side(-1, 1);
  double solid = 0, all = 0;
  for (int i = 0; i < 200000; ++i) {
    const Vector3 x(8 * side(random), 8 * side(random), 18 * side(random));
    const Phase phase = bone->phase(x);
    const bool inside = std::hypot(x[0], x[1]) < 8 && std::abs(x[2]) < 15;
    BOOST_REQUIRE_EQUAL(phase == Phase::scaffold || phase == Phase::scaffold_pore, inside);
    all += inside ? 1 : 0;
    solid += phase == Phase::scaffold ? 1 : 0;
  }
  BOOST_TEST(solid / all == report.scaffold->solid_fraction, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(lengths_that_make_no_bone_are_refused_by_name)
{
  const auto refused = [](const auto &change) {
    GeometryOptions o = sheep();
    change(o);
    std::string names;
    for (const Fault &fault : check(o)) names += fault.name() + " " + fault.place() + "\n";
    return names;
  };
  BOOST_TEST(refused([](auto &) {}) == "");
  const auto size = [](const std::string &option) {
    return "long-bone-size Geometry/Long bone/" + option + "\n";
  };
  BOOST_TEST(refused([](auto &o) { o.long_bone.canal_radius = 10; }) == size("Canal radius [mm]"));
  BOOST_TEST(refused([](auto &o) { o.long_bone.callus_radius = 9; }) == size("Callus radius [mm]"));
  BOOST_TEST(refused([](auto &o) { o.long_bone.inner_radius = 10.7; }) == size("Inner radius [mm]"));
  BOOST_TEST(refused([](auto &o) { o.long_bone.periosteum = 15; }) == size("Periosteum length [mm]"));
  BOOST_TEST(refused([](auto &o) {
               o.scaffold.type = "gyroid network";
               o.scaffold.diameter = 21.5;
             }) == "scaffold-geometry Geometry/Scaffold/Diameter [mm]\n");
}
