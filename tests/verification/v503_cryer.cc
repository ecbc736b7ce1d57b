// ranks: 1 2 4
// links: mechanics
// V503 Cryer's sphere under pressure, drained at its surface: the pressure in its centre first rises. On a
// staircase of voxels.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

constexpr double radius = 10, load = 0.1; // mm, MPa

struct Result
{
  double error = 0, peak = 0;
};

/// An octant of the sphere in a box of 12 mm; with @p finer_centre the voxels of the inner half are halved.
Result run(const std::string &material, const unsigned bricks, const bool finer_centre, const double step)
{
  auto m = tests::pore_material(material);
  const double edge = 12.8;
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {bricks, bricks, bricks},
                                     edge / bricks);
  if (finer_centre)
    forest.refine([&](const discretisation::Brick &b) {
      return b.key.level() == 0 && b.centre().maxCoeff() < edge / 2;
    });
  tests::PoreBox box(
      forest, [&](const Vector3 &x) { return x.norm() < radius ? m["E"] : 0.0; }, m["nu"], m["alpha"],
      1 / m["M"], [&](const Vector3 &) { return m["kappa"]; }, {});
  // Faces between body and void: each carries the pressure along its normal, which is in balance on any
  // closed surface; their nodes are drained.
  std::vector<std::uint8_t> stiff;
  for (const double mu : box.moduli.mu) stiff.push_back(mu > 0 ? 1 : 0);
  const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, stiff);
  std::vector<loads::FaceForce> faces;
  std::vector<std::uint8_t> open(box.solid.nodes().n_local(), 0);
  for (const auto &face : mesh.exposed_faces()) {
    if (face.centre[face.direction / 2] < 1e-9) continue; // a plane of symmetry
    Vector3 normal = Vector3::Zero();
    normal[face.direction / 2] = face.direction % 2 == 1 ? 1 : -1;
    faces.push_back({face, -load * face.area * normal});
    const std::uint32_t voxel = mesh.voxel_of_cell()[face.cell];
    for (int corner = 0; corner < 8; ++corner)
      if ((corner >> (face.direction / 2) & 1) == face.direction % 2)
        open[box.solid.corner_node(voxel, corner)] = 1;
  }
  box.start(
      [](const Vector3 &x) { return (x[0] < 1e-9 ? 1 : 0) | (x[1] < 1e-9 ? 2 : 0) | (x[2] < 1e-9 ? 4 : 0); },
      [](const Vector3 &) { return false; });
  box.fluid->set_drained(open, box.fluid->zero_pressure());
  std::vector<double> forces = box.solid.zero_vector();
  mechanics::add_face_forces(box.solid, mesh, faces, forces);

  Result result;
  const double unit = radius * radius / m["c"], initial = m["B"] * load;
  const std::vector<tests::Row> rows = tests::reference_table("cryer_" + material + ".csv", 32, 6);
  std::size_t next_row = 0;
  double time = 0, t = 5e-3;
  while (t < 0.2 * (1 + 1e-9)) {
    double target = t;
    if (next_row < rows.size() && tests::number(rows[next_row][0]) <= t * (1 + 1e-9))
      target = tests::number(rows[next_row][0]);
    if (target * unit > time * (1 + 1e-9)) {
      box.fluid->advance(target * unit - time, forces, {}, box.u, box.p);
      time = target * unit;
    }
    while (next_row < rows.size() && tests::number(rows[next_row][0]) <= target * (1 + 1e-9)) {
      const tests::Row &row = rows[next_row++];
      if (tests::number(row[2]) == 0 && target > 0.009) // the centre; other radii are no nodes
        result.error = std::max(result.error,
                                std::abs(box.pressure_at(Vector3::Zero()) - tests::number(row[3])) / initial);
    }
    result.peak = std::max(result.peak, box.pressure_at(Vector3::Zero()) / initial);
    if (target == t) t *= step;
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(v503_the_pressure_in_the_centre_of_a_sphere_rises_before_it_falls)
{
  for (const std::string material : {"tissue", "bone", "incompressible"}) {
    double peak = 0;
    for (const tests::Row &row : tests::reference_table("poro_scalars.csv", 27, 3))
      if (row[0] == "cryer_" + material && row[1].starts_with("peak")) peak = tests::number(row[2]);
    const Result coarse = run(material, 2, false, 1.4), fine = run(material, 4, false, 1.2),
                 hanging = run(material, 2, true, 1.2);
    BOOST_TEST_MESSAGE("V503 " << material << ": error " << coarse.error << " " << fine.error << " "
                               << hanging.error << ", peak " << coarse.peak << " " << fine.peak << " "
                               << hanging.peak << " (exact " << peak << ")");
    BOOST_TEST_CONTEXT(material)
    {
      for (const Result &result : {fine, hanging}) {
        BOOST_TEST(std::abs(result.peak - peak) < 0.02 * peak);
        BOOST_TEST(result.error < 0.04);
      }
    }
    tests::record("V503", material + ", uniform", "peak of the pressure in the centre over the exact one",
                  fine.peak / peak, "0.98 to 1.02");
    tests::record("V503", material + ", finer centre",
                  "peak of the pressure in the centre over the exact one", hanging.peak / peak,
                  "0.98 to 1.02");
  }
}
