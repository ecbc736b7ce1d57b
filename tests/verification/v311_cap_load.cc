// ranks: 1 2 3 4
// links: mechanics
// V311 load on a spherical cap of a staircase sphere: exact resultant, no moment, and first-order convergence
// of what the faces carry before the correction.
#include "loads/hip_contact.h"

#include "support/brick_places.h"
#include "support/elastic_box.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/Geometry>

#include <algorithm>

using namespace wolff;

namespace {

const double radius = 24;
const Vector3 centre(0.37, -0.21, 0.55); // off the lattice, so that no symmetry of the voxels helps

/// A cube of 56 mm about the head, @p bricks_per_edge bricks; with @p refined the surface is one level finer.
discretisation::BrickForest head_forest(const unsigned bricks_per_edge, const bool refined)
{
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Constant(-28),
                                     {bricks_per_edge, bricks_per_edge, bricks_per_edge},
                                     56.0 / bricks_per_edge);
  if (refined)
    forest.refine([](const discretisation::Brick &brick) {
      const Vector3 arm = brick.centre() - centre;
      return brick.key.level() == 0 && arm[2] > 0 && std::abs(arm.norm() - radius) < brick.half_diagonal();
    });
  return forest;
}

std::vector<std::uint8_t> solid_of(const discretisation::BrickForest &forest)
{
  std::vector<std::uint8_t> solid;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int v = 0; v < 512; ++v)
      solid.push_back((forest.brick(b).voxel_centre(v % 8, v / 8 % 8, v / 64) - centre).norm() < radius ? 1
                                                                                                        : 0);
  return solid;
}

const std::vector<Vector3> directions{{0, 0, -1}, {-67.7, -23.6, -235.8}, {-86.1, -23.4, -194.5}};

} // namespace

BOOST_AUTO_TEST_CASE(v311_the_resultant_is_exact_and_the_moment_vanishes_for_every_law_and_angle)
{
  for (const bool refined : {false, true}) {
    const auto forest = head_forest(4, refined);
    const auto mesh = discretisation::make_cell_mesh(forest, solid_of(forest));
    const double h = forest.smallest_voxel();
    double worst_force = 0, worst_moment = 0;
    for (const auto &law : loads::pressure_laws())
      for (const double angle : {15.0, 27.5, 60.0, 85.0})
        for (const Vector3 &direction : directions) {
          loads::HipContact contact;
          contact.head_centre = centre;
          contact.force = 1900 * direction.normalized();
          contact.half_angle = angle;
          contact.distribution = law.name;
          const auto load = loads::hip_contact(mesh, contact);
          Vector3 force = Vector3::Zero(), moment = Vector3::Zero();
          for (const auto &f : load.forces) {
            force += f.force;
            moment += (f.face.centre - centre).cross(f.force);
          }
          for (int c = 0; c < 3; ++c) {
            force[c] = tests::total(force[c]);
            moment[c] = tests::total(moment[c]);
          }
          worst_force = std::max(worst_force, (force - contact.force).norm() / 1900);
          worst_moment = std::max(worst_moment, moment.norm() / (h * 1900));
          BOOST_TEST((load.report.resultant - force).norm() < 1e-12 * 1900);
          BOOST_TEST(load.report.correction < 0.5);
        }
    BOOST_TEST(worst_force < 1e-12);  // the bound of the suite; a few hundred roundings
    BOOST_TEST(worst_moment < 1e-12); // every force is radial; the suite allows 1
    tests::record("V311", refined ? "surface finer" : "uniform", "resultant error relative to F", worst_force,
                  "< 1e-12");
    tests::record("V311", refined ? "surface finer" : "uniform", "moment about the head centre over h F",
                  worst_moment, "< 1");
  }
}

BOOST_AUTO_TEST_CASE(v311_nodal_forces_keep_resultant_and_moment)
{
  for (const bool refined : {false, true}) {
    const auto forest = head_forest(2, refined);
    const auto mesh = discretisation::make_cell_mesh(forest, solid_of(forest));
    const mechanics::ElasticSolver solver(forest, {});
    loads::HipContact contact;
    contact.head_centre = centre;
    contact.force = 1900 * directions[1].normalized();
    std::vector<double> nodal = solver.zero_vector();
    mechanics::add_face_forces(solver, mesh, loads::hip_contact(mesh, contact).forces, nodal);
    Vector3 force = Vector3::Zero(), moment = Vector3::Zero();
    std::vector<std::uint8_t> done(solver.nodes().n_local(), 0);
    tests::for_each_place(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
      if (done[node]) return;
      done[node] = 1;
      const Vector3 f(nodal[3 * node], nodal[3 * node + 1], nodal[3 * node + 2]);
      force += f;
      moment += (x - centre).cross(f);
    });
    for (int c = 0; c < 3; ++c) {
      force[c] = tests::total(force[c]);
      moment[c] = tests::total(moment[c]);
    }
    BOOST_TEST((force - contact.force).norm() < 1e-12 * 1900);
    BOOST_TEST(moment.norm() < 1e-11 * radius * 1900);
  }
}

BOOST_AUTO_TEST_CASE(v311_the_uncorrected_resultant_converges_with_order_one_to_the_table)
{
  const auto table = tests::reference_table("cap_load_resultants.csv", 5, 5);
  const std::vector<std::string> laws{"uniform", "cosine", "cosine squared"}; // columns 2, 3, 4
  for (const bool refined : {false, true}) {
    std::vector<double> mean_errors;
    for (const unsigned bricks : {2U, 4U, 8U}) {
      const auto forest = head_forest(bricks, refined);
      const auto mesh = discretisation::make_cell_mesh(forest, solid_of(forest));
      const double h = forest.smallest_voxel();
      double sum = 0;
      int count = 0;
      for (const auto &row : table)
        for (std::size_t law = 0; law < 3; ++law)
          for (const Vector3 &direction : directions) {
            loads::HipContact contact;
            contact.head_centre = centre;
            contact.force = direction;
            contact.half_angle = tests::number(row[0]);
            contact.distribution = laws[law];
            const double exact = tests::number(row[2 + law]);
            const Vector3 found = loads::hip_contact(mesh, contact).report.unit_resultant;
            const double error = (found - exact * direction.normalized()).norm();
            // A wrong row of faces along the rim, 2 pi R sin T long and h wide, is the worst case.
            const double rim =
                2 * std::acos(-1.0) * radius * std::sin(contact.half_angle * std::acos(-1.0) / 180);
            BOOST_TEST(error < rim * h);
            sum += error / rim;
            ++count;
          }
      mean_errors.push_back(sum / count);
      BOOST_TEST_MESSAGE("V311 h " << h << ": mean error " << mean_errors.back() << " mm of the rim");
    }
    const double order = tests::order(mean_errors[0], mean_errors[2], 4);
    BOOST_TEST(order > 0.8);
    tests::record("V311", refined ? "surface finer" : "uniform", "order of the uncorrected resultant", order,
                  ">= 0.8");
  }
}
