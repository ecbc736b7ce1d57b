// Distances on the grid against formulas and brute force.
#include "geometry/surface_distance.h"
#include "geometry/surface_file.h"
#include "support/triangle_surfaces.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <random>

using namespace wolff;
using namespace wolff::geometry;

namespace {

Box box_of(const Vector3 &centre, const double radius)
{
  return {centre - Vector3::Constant(radius), centre + Vector3::Constant(radius)};
}

boost::test_tools::assertion_result real_data_present(boost::unit_test::test_unit_id)
{
  return std::filesystem::exists(real_surfaces + "femur_right_m4.stl");
}

} // namespace

BOOST_AUTO_TEST_CASE(distance_to_a_triangle_is_that_to_its_nearest_sample)
{
  std::mt19937 generator(3);
  std::uniform_real_distribution<double> uniform(-3, 3);
  const auto random = [&] { return Vector3(uniform(generator), uniform(generator), uniform(generator)); };
  for (int trial = 0; trial < 200; ++trial) {
    const Vector3 a = random(), b = random(), c = random(), p = random();
    double nearest = 1e300;
    const int n = 200;
    for (int i = 0; i <= n; ++i)
      for (int j = 0; j <= n - i; ++j)
        nearest = std::min(nearest, (a + (b - a) * i / n + (c - a) * j / n - p).norm());
    const double exact = std::sqrt(squared_distance_to_triangle(p, a, b, c));
    BOOST_TEST(exact <= nearest + 1e-12);
    BOOST_TEST(nearest - exact < 0.06); // samples at most 10 / 200 mm apart
  }
}

BOOST_AUTO_TEST_CASE(grid_distances_to_a_sphere_are_exact_enough_and_bounds_after_their_uncertainty)
{
  const Vector3 centre(-30, 40, -400);
  const double radius = 24;
  // 8192 facets with edges of 1.2 to 1.7 mm: they lie up to 0.02 mm below the sphere.
  const SurfaceDistance distance(sphere(centre, radius, 5), box_of(centre, radius), "sphere", 0.5, 4);
  std::mt19937 generator(11);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> radii(0, 28);
  for (int i = 0; i < 20000; ++i) {
    const double r = radii(generator);
    const Vector3 p =
        centre + r * Vector3(normal(generator), normal(generator), normal(generator)).normalized();
    const double d = distance(p);
    BOOST_REQUIRE(std::abs(d) - distance.uncertainty() <= std::abs(r - radius) + 0.03);
    if (r > 12) BOOST_REQUIRE_SMALL(d - (r - radius), 0.03); // facets 0.02, interpolation h^2 / (4 r) = 0.005
    if (std::abs(r - radius) > 0.03) BOOST_REQUIRE((d < 0) == (r < radius));
  }
  BOOST_TEST(distance(centre + Vector3(100, 0, 0)) == 76.0, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(distances_to_a_cube_with_round_coordinates_have_the_right_sign_everywhere)
{
  const SurfaceDistance distance(cube(20), cube(20).box(), "cube", 0.5, 3);
  for (double x = -2; x <= 22; x += 0.73)
    for (double y = -2; y <= 22; y += 0.71)
      for (double z = -2; z <= 22; z += 0.79) {
        const Vector3 p(x, y, z);
        const Vector3 beyond = (p - Vector3::Constant(10)).cwiseAbs() - Vector3::Constant(10);
        const double exact = beyond.cwiseMax(0).norm() + std::min(beyond.maxCoeff(), 0.0);
        BOOST_REQUIRE_SMALL(distance(p) - exact, 0.3); // trilinear at sharp edges: below 0.87 h, 0.3 measured
        if (std::abs(exact) > 0.3) BOOST_REQUIRE((distance(p) < 0) == (exact < 0));
      }
}

BOOST_AUTO_TEST_CASE(a_grid_over_part_of_the_surface_gives_the_distances_of_the_whole)
{
  const TriangleSurface ball = sphere(Vector3::Zero(), 24, 4);
  const SurfaceDistance whole(ball, ball.box(), "", 0.5, 4);
  const SurfaceDistance part(ball, {{-5, -24, 8}, {10, 24, 24}}, "", 0.5, 4);
  for (double x = -4; x <= 9; x += 1.3)
    for (double y = -23; y <= 23; y += 1.7)
      for (double z = 8; z <= 23; z += 1.1)
        // Two grids that lie differently in the same field: interpolation error of each.
        BOOST_REQUIRE_SMALL(part({x, y, z}) - whole({x, y, z}), 0.05);
}

BOOST_AUTO_TEST_CASE(two_overlapping_bodies_in_one_file_are_refused)
{
  const TriangleSurface two = together_with(cube(20), cube(20, {7, 8, 9}));
  const auto refused = [](const Fault &f) {
    return f.code() == Exit::model && f.name() == "surface-self-intersecting";
  };
  BOOST_CHECK_EXCEPTION(SurfaceDistance(two, two.box(), "two", 0.5, 2), Fault, refused);
}

BOOST_AUTO_TEST_CASE(a_real_femur_of_78000_facets_is_ready_within_seconds_and_keeps_its_volume,
                     *boost::unit_test::precondition(real_data_present))
{
  const TriangleSurface surface = read_surface(real_surfaces + "femur_right_m4.stl");
  BOOST_TEST(surface.triangles.size() == 78000U);
  BOOST_TEST(std::abs(surface.signed_volume() - 221433) < 1); // stated with the data
  const auto start = std::chrono::steady_clock::now();
  const SurfaceDistance distance(surface, surface.box(), "femur", 1.0, 3);
  BOOST_TEST_MESSAGE("grid of 1 mm: "
                     << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()
                     << " s");
  const Box box = surface.box();
  std::mt19937 generator(5);
  std::uniform_real_distribution<double> unit(0, 1);
  int inside = 0;
  const int n = 200000;
  for (int i = 0; i < n; ++i)
    inside += distance(box.least +
                       (box.greatest - box.least)
                           .cwiseProduct(Vector3(unit(generator), unit(generator), unit(generator)))) < 0;
  // Monte Carlo: relative standard error sqrt((1 - p) / (p n)) = 0.0046 at p = 0.18; three of them and the
  // grid.
  BOOST_TEST(std::abs((box.greatest - box.least).prod() * inside / n / 221433 - 1) < 0.016);
  // The exact distance by brute force at a few points.
  for (int i = 0; i < 40; ++i) {
    const Vector3 p =
        box.least +
        (box.greatest - box.least).cwiseProduct(Vector3(unit(generator), unit(generator), unit(generator)));
    double least = 1e300;
    for (std::size_t t = 0; t < surface.triangles.size(); ++t)
      least = std::min(least, squared_distance_to_triangle(p, surface.corner(t, 0), surface.corner(t, 1),
                                                           surface.corner(t, 2)));
    BOOST_TEST(std::abs(std::abs(distance(p)) - std::sqrt(least)) <
               0.35); // 1 mm grid, creases and the medial axis
    BOOST_TEST(std::abs(distance(p)) - distance.uncertainty() <= std::sqrt(least));
  }
}
