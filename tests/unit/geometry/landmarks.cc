// Head, neck, shaft and side: of made-up spheres, and of two real femora where the data are.
#include "geometry/landmarks.h"
#include "geometry/surface_femur.h"
#include "geometry/surface_file.h"
#include "support/scratch_folder.h"
#include "support/triangle_surfaces.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/LU>
#include <vtkNew.h>
#include <vtkQuadricDecimation.h>
#include <vtkSTLReader.h>
#include <vtkSTLWriter.h>

#include <cmath>
#include <filesystem>

using namespace wolff;
using namespace wolff::geometry;

namespace {

boost::test_tools::assertion_result real_data_present(boost::unit_test::test_unit_id)
{
  return std::filesystem::exists(real_surfaces + "femur_right_m4.stl");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sphere_fit_finds_the_sphere_among_other_facets)
{
  const TriangleSurface scene = together_with(sphere({10, 20, 30}, 24, 4), cube(30, {-35, 5, 0}));
  const Sphere found = fit_sphere(scene, {13, 17, 31}, 22);
  // Facet centroids of the subdivided octahedron lie up to 0.06 mm below the sphere.
  BOOST_TEST((found.centre - Vector3(10, 20, 30)).norm() < 0.05);
  BOOST_TEST(std::abs(found.radius - 24) < 0.1);
}

BOOST_AUTO_TEST_CASE(the_shaft_axis_of_a_decimated_surface_is_that_of_the_fine_one)
{
  // Decimation leaves facets on the shaft that are longer than the slabs it is cut into.
  const std::string fine = std::string(WOLFF_SOURCE_DIR) + "/meshes/femur_left.stl";
  const ScratchFolder folder;
  const std::string coarse = folder.file("coarse.stl");
  const vtkNew<vtkSTLReader> reader;
  reader->SetFileName(fine.c_str());
  const vtkNew<vtkQuadricDecimation> decimation;
  decimation->SetInputConnection(reader->GetOutputPort());
  decimation->SetTargetReduction(0.98);
  const vtkNew<vtkSTLWriter> writer;
  writer->SetInputConnection(decimation->GetOutputPort());
  writer->SetFileName(coarse.c_str());
  writer->SetFileTypeToBinary();
  BOOST_REQUIRE(writer->Write() == 1);

  const Landmarks of_fine = find_landmarks(read_surface(fine), {}, fine);
  const Landmarks of_coarse = find_landmarks(read_surface(coarse), {}, coarse);
  const double angle =
      std::acos(std::min(1.0, of_fine.shaft_axis.dot(of_coarse.shaft_axis))) * 180 / std::acos(-1.0);
  BOOST_TEST_MESSAGE("shaft axes " << angle << " deg apart");
  BOOST_TEST(angle < 1.5); // it was up to 17 when facets were counted by their centroids
  BOOST_TEST((of_fine.head_centre - of_coarse.head_centre).norm() < 1);
}

BOOST_AUTO_TEST_CASE(landmarks_of_two_real_femora_are_plausible,
                     *boost::unit_test::precondition(real_data_present))
{
  for (const auto &[name, side] : {std::pair("femur_right_m4_coarse.stl", Side::right),
                                   std::pair("femur_left_m3_coarse.stl", Side::left)}) {
    const TriangleSurface surface = read_surface(real_surfaces + name);
    BOOST_TEST(surface_faults(surface, name, "").empty());
    const Landmarks l = find_landmarks(surface, {}, name);
    BOOST_TEST_MESSAGE(name << ": head " << text_of(l.head_centre) << " mm, radius " << l.head_radius
                            << " mm (" << l.head_from << "), shaft " << text_of(l.shaft_axis, 3) << ", neck "
                            << text_of(l.neck_axis, 3) << " (" << l.neck_from << "), neck-shaft "
                            << l.neck_shaft_angle() << " deg, offset " << l.offset() << " mm, side "
                            << name_of(l.side));
    BOOST_TEST((l.side == side));
    BOOST_TEST(l.head_radius > 20);
    BOOST_TEST(l.head_radius < 28);
    BOOST_TEST(l.head_fit < 0.7); // mm; a wrong sphere would leave more
    BOOST_TEST(l.offset() > 30);
    BOOST_TEST(l.offset() < 60);
    BOOST_TEST(l.shaft_axis.z() > 0.9);
    KnownLandmarks wrong;
    wrong.side = side == Side::left ? Side::right : Side::left;
    BOOST_CHECK_EXCEPTION(find_landmarks(surface, wrong, name), Fault,
                          [](const Fault &f) { return f.name() == "side"; });
    // A given head centre is kept to the last digit.
    KnownLandmarks given;
    given.head_centre = l.head_centre;
    BOOST_TEST(find_landmarks(surface, given, name).head_centre == l.head_centre);
    BOOST_TEST(std::abs(find_landmarks(surface, given, name).head_radius - l.head_radius) < 0.2);
  }
}

BOOST_AUTO_TEST_CASE(a_real_femur_becomes_a_bone_in_its_own_frame,
                     *boost::unit_test::precondition(real_data_present))
{
  SurfaceFemurOptions options;
  options.file = "femur_left_m3_coarse.stl";
  options.grid = 1;
  const Femur femur = surface_femur(options, "found", -90, 1.8, real_surfaces);
  BOOST_TEST(femur.frame.point_to_femur(femur.landmarks.head_centre).norm() < 1e-9);
  BOOST_TEST(femur.frame.axes().determinant() > 0); // a left femur
  // The sphere touches the surface; towards the neck, which is thinner, it is nearer.
  BOOST_TEST(femur.bone->distance(femur.landmarks.head_centre) < -0.7 * femur.landmarks.head_radius);
  BOOST_TEST(femur.bone->distance(femur.landmarks.head_centre) > -femur.landmarks.head_radius - 1);
  BOOST_TEST(femur.frame.point_to_femur(femur.landmarks.shaft_point).x() < -30); // the shaft lies lateral
  BOOST_CHECK_EXCEPTION(surface_femur(options, "found", -400, 1.8, real_surfaces), Fault,
                        [](const Fault &f) { return f.code() == Exit::model && f.name() == "distal-cut"; });
}
