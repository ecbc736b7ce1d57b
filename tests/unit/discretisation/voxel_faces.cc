// ranks: 1 2 3 4
// links: discretisation
// The surface of a box of voxels, by side.
#include "discretisation/voxel_faces.h"

#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace wolff;
using namespace wolff::discretisation;

namespace {

constexpr std::array<bool, 7> all_lists{true, true, true, true, true, true, true};

std::vector<std::uint8_t> flags(const BrickForest &forest, const std::function<bool(const Vector3 &)> &solid)
{
  std::vector<std::uint8_t> stiff(forest.n_owned() * brick_voxels);
  for (std::uint32_t i = 0; i < stiff.size(); ++i) {
    const VoxelPlace place = voxel_place(forest, i);
    stiff[i] = solid(place.low + Vector3::Constant(place.edge / 2)) ? 1 : 0;
  }
  return stiff;
}

double area(const BrickForest &forest, const std::vector<VoxelFace> &faces)
{
  double sum = 0;
  for (const VoxelFace &face : faces) {
    const double edge = face_place(forest, face).edge;
    sum += edge * edge;
  }
  return tests::summed(sum);
}

/// [0, 2]^3 in bricks of edge 1; the one at the origin is split.
BrickForest box(const bool refined)
{
  BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {2, 2, 2}, 1);
  if (refined)
    forest.refine([](const Brick &brick) { return brick.key.level() == 0 && brick.centre().maxCoeff() < 1; });
  return forest;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_full_box_has_six_sides_and_no_other_surface)
{
  for (const bool refined : {false, true}) {
    const BrickForest forest = box(refined);
    const BoxFaces faces = exposed_faces(forest, flags(forest, [](const Vector3 &) { return true; }),
                                         Vector3::Zero(), Vector3::Constant(2), all_lists);
    for (std::size_t side = 0; side < 6; ++side) {
      BOOST_TEST(area(forest, faces[side]) == 4.0, boost::test_tools::tolerance(1e-14));
      for (const VoxelFace &face : faces[side]) {
        BOOST_TEST(face.direction == side);
        BOOST_TEST(face_place(forest, face).low[face.direction / 2] == (side % 2 == 0 ? 0.0 : 2.0));
        BOOST_TEST(face.normal()[face.direction / 2] == (side % 2 == 0 ? -1.0 : 1.0));
      }
    }
    BOOST_TEST(area(forest, faces[6]) == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(a_hole_shows_the_faces_that_a_cell_mesh_exposes)
{
  const auto solid = [](const Vector3 &x) { return (x - Vector3(1, 1, 1)).norm() > 0.45; };
  for (const bool refined : {false, true}) {
    const BrickForest forest = box(refined);
    const std::vector<std::uint8_t> stiff = flags(forest, solid);
    const BoxFaces faces = exposed_faces(forest, stiff, Vector3::Zero(), Vector3::Constant(2), all_lists);
    const CellMesh mesh = make_cell_mesh(forest, stiff);
    std::multimap<std::uint32_t, Vector3> expected;
    for (const ExposedFace &face : mesh.exposed_faces())
      if (face.centre.minCoeff() > 1e-6 && face.centre.maxCoeff() < 2 - 1e-6)
        expected.emplace(mesh.voxel_of_cell()[face.cell], face.centre);
    BOOST_TEST(faces[6].size() == expected.size());
    BOOST_TEST(tests::summed(static_cast<double>(faces[6].size())) > 200);
    for (const VoxelFace &face : faces[6]) {
      const FacePlace place = face_place(forest, face);
      Vector3 centre = place.low;
      for (const int axis : place.axes) centre[axis] += place.edge / 2;
      const auto [begin, end] = expected.equal_range(face.voxel);
      BOOST_CHECK(std::any_of(begin, end, [&](const auto &e) { return (e.second - centre).norm() < 1e-12; }));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_box_may_end_inside_a_brick)
{
  // 11 of 16 voxels along x are the image; what lies beyond is void.
  const BrickForest forest = box(false);
  const Vector3 end(11.0 / 8, 2, 2);
  const std::vector<std::uint8_t> stiff = flags(forest, [&](const Vector3 &x) { return x[0] < end[0]; });
  for (const bool with_surface : {false, true}) {
    std::array<bool, 7> wanted = all_lists;
    wanted[6] = with_surface;
    const BoxFaces faces = exposed_faces(forest, stiff, Vector3::Zero(), end, wanted);
    BOOST_TEST(area(forest, faces[1]) == 4.0, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(area(forest, faces[2]) == 2 * 11.0 / 8, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(area(forest, faces[6]) == 0.0);
  }
}
