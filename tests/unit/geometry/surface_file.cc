// Surface files: what is refused before it is read, and what comes back.
#include "geometry/surface_file.h"
#include "support/triangle_surfaces.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wolff;
using namespace wolff::geometry;

namespace {

void write_ascii_stl(const TriangleSurface &s, const std::string &file, const bool complete = true)
{
  std::ofstream out(file);
  out.precision(17);
  out << "solid test\n";
  for (std::size_t t = 0; t < s.triangles.size(); ++t) {
    out << "facet normal 0 0 0\nouter loop\n";
    for (std::size_t i = 0; i < 3; ++i) out << "vertex " << s.corner(t, i).transpose() << "\n";
    out << "endloop\nendfacet\n";
  }
  if (complete) out << "endsolid test\n";
}

std::string temporary(const std::string &name)
{
  const std::string folder = std::string(WOLFF_BUILD_DIR) + "/tests/surface_files";
  std::filesystem::create_directories(folder);
  return folder + "/" + name;
}

} // namespace

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_refused_with_exit_2)
{
  const auto refused = [](const std::string &name) {
    return [name](const Fault &f) { return f.code() == Exit::input && f.name() == name; };
  };
  BOOST_CHECK_EXCEPTION(read_surface(temporary("missing.stl")), Fault, refused("file-missing"));
  std::filesystem::create_directories(temporary("folder.stl"));
  BOOST_CHECK_EXCEPTION(read_surface(temporary("folder.stl")), Fault, refused("file-not-regular"));
  BOOST_CHECK_EXCEPTION(read_surface("/dev/zero"), Fault, refused("file-not-regular"));
  std::ofstream(temporary("empty.stl")).close();
  BOOST_CHECK_EXCEPTION(read_surface(temporary("empty.stl")), Fault, refused("file-empty"));
  std::ofstream(temporary("garbage.stl")) << std::string(500, 'x');
  BOOST_CHECK_EXCEPTION(read_surface(temporary("garbage.stl")), Fault, refused("surface-unreadable"));
  write_ascii_stl(cube(60), temporary("cut_off.stl"), false);
  BOOST_CHECK_EXCEPTION(read_surface(temporary("cut_off.stl")), Fault, refused("surface-unreadable"));
  std::ofstream(temporary("entity.vtp"))
      << "<?xml version=\"1.0\"?><!DOCTYPE x []><VTKFile type=\"PolyData\"/>";
  BOOST_CHECK_EXCEPTION(read_surface(temporary("entity.vtp")), Fault, refused("surface-unreadable"));
  std::ofstream(temporary("liar.vtp"))
      << "<VTKFile type=\"PolyData\"><PolyData><Piece NumberOfPoints=\"9000000000\"/>";
  BOOST_CHECK_EXCEPTION(read_surface(temporary("liar.vtp")), Fault, refused("surface-unreadable"));
  std::ofstream(temporary("liar.ply")) << "ply\nformat ascii 1.0\nelement vertex 2000000000\nend_header\n";
  BOOST_CHECK_EXCEPTION(read_surface(temporary("liar.ply")), Fault, refused("surface-unreadable"));
  std::ofstream(temporary("surface.obj")) << "v 0 0 0\n";
  BOOST_CHECK_EXCEPTION(read_surface(temporary("surface.obj")), Fault, refused("surface-format"));
}

BOOST_AUTO_TEST_CASE(an_ascii_stl_and_a_ply_come_back_with_their_points_merged)
{
  write_ascii_stl(cube(60), temporary("cube.stl"));
  const TriangleSurface stl = read_surface(temporary("cube.stl"));
  BOOST_TEST(stl.points.size() == 8U);
  BOOST_TEST(stl.triangles.size() == 12U);
  BOOST_TEST(stl.signed_volume() == 216000.0, boost::test_tools::tolerance(1e-6)); // single precision in VTK

  std::ofstream ply(temporary("cube.ply"));
  ply << "ply\nformat ascii 1.0\nelement vertex 8\nproperty float x\nproperty float y\nproperty float z\n"
         "element face 12\nproperty list uchar int vertex_indices\nend_header\n";
  for (const Vector3 &p : cube(60).points) ply << p.transpose() << "\n";
  for (const auto &t : cube(60).triangles) ply << "3 " << t[0] << " " << t[1] << " " << t[2] << "\n";
  ply.close();
  BOOST_TEST(read_surface(temporary("cube.ply")).signed_volume() == 216000.0,
             boost::test_tools::tolerance(1e-6));
}
