// Distances to simple shapes against dense samples of their surfaces, and their gradient of length one.
#include "geometry/distance_shapes.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/Geometry>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace wolff;
using namespace wolff::geometry;

namespace {

std::mt19937 generator(7);

Vector3 random_point(const double half_edge)
{
  std::uniform_real_distribution<double> uniform(-half_edge, half_edge);
  return {uniform(generator), uniform(generator), uniform(generator)};
}

/// Largest of (|f(x) - f(y)| - |x - y|) over random pairs, near and far.
double excess(const std::function<double(const Vector3 &)> &f)
{
  double worst = -1;
  for (int i = 0; i < 20000; ++i) {
    const Vector3 x = random_point(40);
    const Vector3 y = i % 2 ? random_point(40) : Vector3(x + random_point(0.5));
    worst = std::max(worst, std::abs(f(x) - f(y)) - (x - y).norm());
  }
  return worst;
}

} // namespace

BOOST_AUTO_TEST_CASE(ellipse_distance_is_that_to_the_nearest_of_many_points)
{
  for (const auto &[a, b] : {std::pair(16.0, 13.0), std::pair(5.0, 20.0), std::pair(7.0, 7.0)})
    for (int i = 0; i < 300; ++i) {
      const Vector3 p = random_point(30);
      double nearest = 1e300;
      const int n = 20000;
      for (int k = 0; k < n; ++k) {
        const double t = 2 * std::numbers::pi * k / n;
        nearest = std::min(nearest, std::hypot(p.x() - a * std::cos(t), p.y() - b * std::sin(t)));
      }
      const bool inside = std::pow(p.x() / a, 2) + std::pow(p.y() / b, 2) < 1;
      // The points lie 2 pi 20 / 20000 apart, so beside a distance of more than 0.01 they miss less than
      // 1e-3.
      BOOST_TEST(std::abs(ellipse_distance(p.x(), p.y(), a, b) - (inside ? -nearest : nearest)) < 4e-3);
    }
  BOOST_TEST(ellipse_distance(0, 0, 16, 13) == -13.0);
  BOOST_TEST(ellipse_distance(20, 0, 16, 13) == 4.0);
  BOOST_TEST(ellipse_distance(0, 0, 13, 16) == -13.0);
}

BOOST_AUTO_TEST_CASE(a_rounded_cone_is_the_hull_of_its_spheres)
{
  const RoundCone cone{{0, 0, 0}, {0, 0, 20}, 8, 3};
  BOOST_TEST(cone.distance({0, 0, -10}) == 2.0);
  BOOST_TEST(cone.distance({0, 0, 25}) == 2.0);
  // On the common tangent: 8 at the first sphere, 3 at the second, linear in between along the slant.
  const double sine = 5.0 / 20, cosine = std::sqrt(1 - sine * sine);
  const Vector3 normal(cosine, 0, sine);
  const Vector3 middle = 0.5 * (8 * normal + Vector3(0, 0, 20) + 3 * normal);
  BOOST_TEST(std::abs(cone.distance(middle)) < 1e-12);
  BOOST_TEST(std::abs(cone.distance(middle + 2 * normal) - 2) < 1e-12);
  BOOST_TEST(excess([&](const Vector3 &p) { return cone.distance(p); }) < 1e-9);
}

BOOST_AUTO_TEST_CASE(cylinders_know_their_walls_ends_and_rims)
{
  const Cylinder cylinder{{0, 0, 0}, {0, 0, 1}, 10, 5};
  BOOST_TEST(cylinder.distance({0, 0, 5}) == -5.0);
  BOOST_TEST(cylinder.distance({8, 0, 5}) == 3.0);
  BOOST_TEST(cylinder.distance({0, 4, 12}) == 2.0);
  BOOST_TEST(cylinder.distance({8, 0, 14}) == 5.0);
  const EllipticCylinder neck{{0, 0, -20}, {0, 0, 0}, {1, 0, 0}, 16, 13};
  BOOST_TEST(neck.distance({17, 0, -10}) == 1.0);
  BOOST_TEST(neck.distance({0, 15, -10}) == 2.0);
  BOOST_TEST(excess([&](const Vector3 &p) { return cylinder.distance(p); }) < 1e-9);
  BOOST_TEST(excess([&](const Vector3 &p) { return neck.distance(p); }) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_cone_is_negative_inside_and_its_apex_is_the_nearest_point_behind_it)
{
  const Vector3 z = Vector3::UnitZ();
  BOOST_TEST(std::abs(cone_distance({0, 0, 2}, z, std::numbers::pi / 6) + 1.0) < 1e-12); // 2 sin 30
  BOOST_TEST(cone_distance({0, 0, -3}, z, std::numbers::pi / 6) == 3.0);
  BOOST_TEST(excess([&](const Vector3 &p) { return cone_distance(p, z, 1.0); }) < 1e-9);
  BOOST_TEST(excess([&](const Vector3 &p) { return cone_distance(p, z, 2.0); }) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_blend_fills_the_groove_by_a_quarter_of_its_width_and_stays_a_bound)
{
  BOOST_TEST(smooth_minimum(1, 1, 8) == 1.0 - 2.0);
  BOOST_TEST(smooth_minimum(1, 10, 8) == 1.0);
  BOOST_TEST(smooth_minimum(2, 1, 0) == 1.0);
  const RoundCone first{{-10, 0, 0}, {10, 0, 0}, 8, 3}, second{{0, -9, 0}, {0, 12, 2}, 4, 6};
  BOOST_TEST(excess([&](const Vector3 &p) {
               return smooth_minimum(first.distance(p), second.distance(p), 8);
             }) < 1e-9);
}
