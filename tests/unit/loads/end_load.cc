// ranks: 1 2 4
// links: discretisation geometry
// Axial force and bending moment on the end of a long bone.
#include "loads/end_load.h"

#include "support/box_cells.h"

#include "base/errors.h"
#include "geometry/build_anatomy.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <numbers>

using namespace wolff;

namespace {

geometry::GeometryOptions bone()
{
  geometry::GeometryOptions o;
  o.body = "long bone";
  o.scaffold.type = "none";
  o.long_bone = {
      .bone_radius = 5, .canal_radius = 3, .gap = 4, .stump = 6, .callus_radius = 5, .periosteum = 1};
  return o;
}

/// Voxels of 0.5 mm about the axis, off it by a quarter so that the staircase is not symmetric; with @p finer
/// a part of the end has voxels of half that edge.
discretisation::CellMesh cells(const geometry::Anatomy &anatomy, const bool finer)
{
  tests::Box box;
  box.origin = {-8.13, -8.07, -8};
  box.bricks = {4, 4, 4};
  box.brick_edge = 4;
  if (finer) box.split = [](const Vector3 &x) { return x[0] > 0 && x[2] > 4; };
  box.solid = [&](const Vector3 &x) { return anatomy.phase(x) != geometry::Phase::outside; };
  return tests::cells_of(box);
}

/// Resultant, and moment about the middle of the end, of all ranks.
std::array<Vector3, 2> resultants(const loads::EndLoad &end, const Vector3 &middle)
{
  std::array<Vector3, 2> sums{Vector3::Zero(), Vector3::Zero()};
  for (const loads::FaceForce &f : end.forces) {
    sums[0] += f.force;
    sums[1] += (f.face.centre - middle).cross(f.force);
  }
  for (Vector3 &sum : sums)
    for (Eigen::Index c = 0; c < 3; ++c) sum[c] = tests::summed(sum[c]);
  return sums;
}

} // namespace

BOOST_AUTO_TEST_CASE(force_and_moment_are_exact_on_the_staircase)
{
  const auto anatomy = geometry::build_anatomy(bone(), "");
  for (const bool finer : {false, true}) {
    const auto mesh = cells(*anatomy, finer);
    loads::EndLoadOptions options;
    options.axial_force = 300;
    options.bending_moment = 700;
    options.bending_direction = 30;
    const loads::EndLoad end = loads::end_load(mesh, *anatomy, options, 0.5);
    const auto [force, moment] = resultants(end, anatomy->head_centre());
    BOOST_TEST((force - Vector3(0, 0, -150)).norm() < 1e-10);
    BOOST_TEST(
        (moment - 350 * Vector3(std::cos(std::numbers::pi / 6), std::sin(std::numbers::pi / 6), 0)).norm() <
        1e-9);
    // Annulus, and the pressure of a beam: F / A -+ M r / I with I of the annulus.
    const double area = std::numbers::pi * (25 - 9), inertia = std::numbers::pi / 4 * (625 - 81);
    BOOST_TEST(end.area == area, boost::test_tools::tolerance(0.05));
    BOOST_TEST(end.greatest == 150 / area + 350 * 5 / inertia, boost::test_tools::tolerance(0.06));
    BOOST_TEST(end.least == 150 / area - 350 * 5 / inertia, boost::test_tools::tolerance(0.3));
    for (const loads::FaceForce &f : end.forces) {
      BOOST_TEST(std::abs(f.face.centre[2] - 8) < 1e-9);
      BOOST_TEST((anatomy->phase(mesh.cell(f.face.cell).centre) == geometry::Phase::cortical));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_guided_end_holds_what_lies_across_the_axis)
{
  const auto anatomy = geometry::build_anatomy(bone(), "");
  const auto mesh = cells(*anatomy, false);
  loads::EndLoadOptions options;
  const loads::EndLoad guided = loads::end_load(mesh, *anatomy, options, 1);
  BOOST_TEST(guided.corners.size() == 4 * guided.forces.size());
  for (const loads::HeldCorner &corner : guided.corners) {
    BOOST_TEST((corner.components == std::array<bool, 3>{true, true, false}));
    BOOST_TEST(corner.corner >= 4);
  }
  options.proximal = "free";
  BOOST_TEST(loads::end_load(mesh, *anatomy, options, 1).corners.empty());
}

BOOST_AUTO_TEST_CASE(an_end_without_bone_is_refused)
{
  const auto anatomy = geometry::build_anatomy(bone(), "");
  tests::Box box;
  box.origin = {-8, -8, -8};
  box.bricks = {4, 4, 3}; // ends below the proximal end
  box.brick_edge = 4;
  const auto mesh = tests::cells_of(box);
  BOOST_CHECK_EXCEPTION(loads::end_load(mesh, *anatomy, {}, 1), Fault,
                        [](const Fault &fault) { return fault.name() == "load-on-void"; });
}
