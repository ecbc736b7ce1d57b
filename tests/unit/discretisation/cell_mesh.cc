// ranks: 1 2 3 4
// links: mechanics
// Cells, their faces, their ids: what loads, biology and files rely on.
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wolff;
using tests::Family;

namespace {

discretisation::CellMesh ball_mesh(const discretisation::BrickForest &forest, const double radius)
{
  std::vector<std::uint8_t> solid;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int v = 0; v < 512; ++v)
      solid.push_back(
          (forest.brick(b).voxel_centre(v % 8, v / 8 % 8, v / 64) - Vector3::Constant(0.5)).norm() < radius
              ? 1
              : 0);
  return discretisation::make_cell_mesh(forest, solid);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_exposed_faces_of_a_closed_body_sum_to_zero_and_bound_its_volume)
{
  for (const Family family : {Family::uniform, Family::corner, Family::edge, Family::nested}) {
    const auto forest = tests::make_forest(4, family);
    for (const double radius : {0.35, 2.0}) { // a ball inside the box, and the whole box
      const auto mesh = ball_mesh(forest, radius);
      Vector3 area = Vector3::Zero();
      double flux = 0, volume = 0;
      for (const auto &face : mesh.exposed_faces()) {
        Vector3 normal = Vector3::Zero();
        normal[face.direction / 2] = face.direction % 2 == 1 ? 1 : -1;
        area += face.area * normal;
        flux += face.area * normal.dot(face.centre) / 3; // divergence theorem
      }
      for (std::size_t i = 0; i < mesh.n_owned(); ++i) volume += mesh.volume(i);
      BOOST_TEST_CONTEXT(tests::name(family) << ", radius " << radius)
      {
        BOOST_TEST(std::abs(tests::total(area[0])) + std::abs(tests::total(area[1])) +
                       std::abs(tests::total(area[2])) <
                   1e-12);
        BOOST_TEST(tests::total(flux) == tests::total(volume), boost::test_tools::tolerance(1e-12));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_face_is_seen_once_by_each_rank_that_owns_a_side_of_it)
{
  // In a full box the six sides of every cell are shared with neighbours or exposed: the areas must add up.
  for (const Family family : {Family::uniform, Family::corner, Family::centre, Family::nested}) {
    const auto forest = tests::make_forest(4, family);
    const auto mesh = ball_mesh(forest, 2.0);
    std::vector<double> surface(mesh.n_local(), 0.0);
    double bad_distance = 0;
    for (const auto &face : mesh.faces()) {
      surface[face.first] += face.area;
      surface[face.second] += face.area;
      const Vector3 apart = mesh.cell(face.second).centre - mesh.cell(face.first).centre;
      bad_distance = std::max(bad_distance, std::abs(apart[face.axis] - face.distance));
    }
    for (const auto &face : mesh.exposed_faces()) surface[face.cell] += face.area;
    double error = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      error = std::max(error, std::abs(surface[i] / (6 * mesh.cell(i).edge * mesh.cell(i).edge) - 1));
    BOOST_TEST_CONTEXT(tests::name(family))
    {
      BOOST_TEST(tests::largest(error) < 1e-12);
      BOOST_TEST(tests::largest(bad_distance) < 1e-14);
    }
  }
}

BOOST_AUTO_TEST_CASE(ghost_values_come_from_the_cell_with_the_same_id_and_the_checksum_ignores_the_partition)
{
  const auto forest = tests::make_forest(4, Family::corner);
  const auto mesh = ball_mesh(forest, 0.4);
  discretisation::CellField field(mesh.n_local(), -1.0);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) field[i] = static_cast<double>(mesh.cell(i).id % 1000003);
  mesh.update_ghosts(field);
  for (std::size_t i = 0; i < mesh.n_local(); ++i)
    BOOST_REQUIRE(field[i] == static_cast<double>(mesh.cell(i).id % 1000003));

  // Every rank builds the same mesh alone; its checksum and count must be those of the distributed one.
  discretisation::BrickForest alone(MPI_COMM_SELF, Vector3::Zero(), {4, 4, 4}, 0.25);
  alone.refine([](const discretisation::Brick &brick) {
    return brick.key.level() < 1 && brick.centre().maxCoeff() < 0.5;
  });
  const auto whole = ball_mesh(alone, 0.4);
  BOOST_TEST(whole.checksum() == mesh.checksum());
  BOOST_TEST(whole.n_global() == mesh.n_global());
}
