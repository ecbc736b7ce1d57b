// What is refused about a surface, and in which words.
#include "geometry/triangle_surface.h"
#include "geometry/surface_file.h"
#include "support/triangle_surfaces.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wolff;
using namespace wolff::geometry;

namespace {

std::vector<std::string> names(const std::vector<Fault> &faults)
{
  std::vector<std::string> all;
  for (const Fault &fault : faults) all.push_back(fault.name());
  return all;
}

std::string temporary(const std::string &name)
{
  const std::string folder = std::string(WOLFF_BUILD_DIR) + "/tests/surface_files";
  std::filesystem::create_directories(folder);
  return folder + "/" + name;
}

boost::test_tools::assertion_result real_data_present(boost::unit_test::test_unit_id)
{
  return std::filesystem::exists(real_surfaces + "femur_right_m4.stl");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sound_cube_passes_and_has_its_volume)
{
  BOOST_TEST(surface_faults(cube(60), "cube", "").empty());
  BOOST_TEST(cube(60).signed_volume() == 216000.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_missing_facet_is_an_open_surface_and_its_edges_can_be_written)
{
  TriangleSurface open = cube(60);
  open.triangles.pop_back();
  const std::string file = temporary("bad_edges.vtp");
  const std::vector<Fault> faults = surface_faults(open, "cube.stl", file);
  BOOST_REQUIRE(names(faults) == std::vector<std::string>{"surface-open"});
  BOOST_TEST(static_cast<int>(faults[0].code()) == 3);
  BOOST_TEST(faults[0].line() ==
             "error[3:surface-open] cube.stl: the surface is not closed; found 3 edges with one facet; "
             "wanted two facets at every edge. The edges are in " +
                 file + ".");
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  BOOST_TEST(text.find("NumberOfLines=\"3\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(doubled_reversed_and_touching_parts_are_each_named)
{
  TriangleSurface doubled = cube(60);
  doubled.triangles.push_back(doubled.triangles.front());
  BOOST_TEST(names(surface_faults(doubled, "", "")) ==
                 (std::vector<std::string>{"surface-non-manifold", "surface-duplicate-facets"}),
             boost::test_tools::per_element());

  TriangleSurface one_reversed = cube(60);
  std::swap(one_reversed.triangles[0][0], one_reversed.triangles[0][1]);
  BOOST_TEST(names(surface_faults(one_reversed, "", "")) == std::vector<std::string>{"surface-orientation"},
             boost::test_tools::per_element());

  TriangleSurface inverted = cube(60);
  for (auto &t : inverted.triangles) std::swap(t[0], t[1]);
  BOOST_TEST(names(surface_faults(inverted, "", "")) == std::vector<std::string>{"surface-inverted"},
             boost::test_tools::per_element());

  const TriangleSurface touching = together_with(cube(60), cube(60, {60, 60, 0}));
  const std::vector<Fault> faults = surface_faults(touching, "", "");
  BOOST_TEST(names(faults) == std::vector<std::string>{"surface-non-manifold"},
             boost::test_tools::per_element());
  BOOST_TEST(faults.at(0).message().find("1 edge with more than two facets") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(metres_and_flat_surfaces_are_refused)
{
  const std::vector<Fault> metres = surface_faults(cube(0.06), "", "");
  BOOST_REQUIRE(names(metres) == std::vector<std::string>{"surface-units"});
  BOOST_TEST(metres[0].message().find("looks like metres") != std::string::npos);

  TriangleSurface flat = cube(60);
  for (Vector3 &p : flat.points) p.z() = 5;
  BOOST_TEST(names(surface_faults(flat, "", "")) == std::vector<std::string>{"surface-volume"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(open_and_metre_sized_real_surfaces_are_refused,
                     *boost::unit_test::precondition(real_data_present))
{
  const TriangleSurface open = read_surface(real_surfaces + "femur_right_m4_coarse_open.stl");
  BOOST_TEST(names(surface_faults(open, "", "")) == std::vector<std::string>{"surface-open"},
             boost::test_tools::per_element());
  const TriangleSurface metres = read_surface(real_surfaces + "femur_right_m4_coarse_metres_yup.vtp");
  BOOST_TEST(names(surface_faults(metres, "", "")) == std::vector<std::string>{"surface-units"},
             boost::test_tools::per_element());
}
