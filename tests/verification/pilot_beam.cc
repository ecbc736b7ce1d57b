// ranks: 1 2 4
// links: mechanics
// A beam on a pilot node against the theory of beams: a hinge with a spring, and a hinge with a guided tip.
// The beam is 8 x 8 x 48 mm of E = 1000 MPa and Poisson ratio 0; its lower third has voxels of 0.5 mm, the
// rest of 1 mm.
#include "mechanics/pilot_motion.h"

#include "mechanics/nodal_loads.h"

#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace wolff;

namespace {

constexpr double length = 48, width = 8, young = 1000, inertia = width * width * width * width / 12,
                 // Timoshenko's coefficient of a rectangle without lateral contraction is 5/6.
    bending = young * inertia, shear = 5.0 / 6 * young / 2 * width * width;

class Beam
{
public:
  Beam()
      : forest(MPI_COMM_WORLD, Vector3::Zero(), {1, 1, 6}, width), is_refined(refine()),
        mesh(discretisation::make_cell_mesh(
            forest, std::vector<std::uint8_t>(forest.n_owned() * discretisation::brick_voxels, 1))),
        solver(forest, options())
  {
    const auto [lambda, mu] = tests::moduli_of(
        forest, [](const Vector3 &) { return young; }, [](const Vector3 &) { return 0.0; });
    solver.set_prescribed(tests::prescribe_surface(
        solver, forest, {lambda, mu}, [](const Vector3 &) -> Vector3 { return Vector3::Zero(); },
        [](const Vector3 &x) { return x[2] < 1e-9; }));
    solver.set_moduli(lambda, mu);
  }

  /// Nodal forces of a force spread evenly over the tip.
  std::vector<double> on_tip(const Vector3 &force) const
  {
    std::vector<loads::FaceForce> faces;
    for (const auto &face : mesh.exposed_faces())
      if (face.centre[2] > length - 1e-9) faces.push_back({face, face.area / (width * width) * force});
    std::vector<double> forces = solver.zero_vector();
    mechanics::add_face_forces(solver, mesh, faces, forces);
    return forces;
  }

  /// The same of a lateral force per length [N/mm] along x.
  std::vector<double> along(const double load) const
  {
    std::vector<double> forces = solver.zero_vector();
    mechanics::add_body_force(
        solver, [&](const Vector3 &) { return Vector3(load / (width * width), 0, 0); }, forces);
    return forces;
  }

  std::vector<double> solve(const std::vector<double> &forces)
  {
    std::vector<double> u = solver.zero_vector();
    solver.solve(forces, u, tip);
    solver.nodes().exchange().update_ghosts(u.data(), 3);
    solver.nodes().fill_hanging(u.data(), 3);
    return u;
  }

  static double work(const std::vector<double> &forces, const std::vector<double> &u)
  {
    double sum = 0;
    for (std::size_t i = 0; i < u.size(); ++i) sum += forces[i] * u[i];
    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return sum;
  }

  const Vector3 tip{width / 2, width / 2, length};
  discretisation::BrickForest forest;
  bool is_refined;
  discretisation::CellMesh mesh;
  mechanics::ElasticSolver solver;

private:
  bool refine()
  {
    forest.refine([](const discretisation::Brick &brick) {
      return brick.key.level() == 0 && brick.centre()[2] < length / 3;
    });
    return true;
  }
  static mechanics::SolverOptions options()
  {
    mechanics::SolverOptions options;
    options.tolerance = 1e-10;
    return options;
  }
};

/// Hinged at the middle of the held end, with a spring about y; the tip may be guided along x and y.
loads::PilotNode hinge(const Beam &beam, const double spring, const bool is_guided)
{
  loads::PilotNode pilot;
  pilot.point = Vector3(width / 2, width / 2, 0);
  pilot.head_centre = beam.tip;
  pilot.restraints[4] = {false, spring};
  if (is_guided) pilot.guides = {Vector3::UnitX(), Vector3::UnitY()};
  return pilot;
}

// Eight or sixteen trilinear voxels over the depth of a beam bend by a share of some (h/depth)^2 too little.
const auto discretisation_error = boost::test_tools::tolerance(0.015);
const auto of_the_solver = boost::test_tools::tolerance(1e-8);

} // namespace

BOOST_AUTO_TEST_CASE(a_beam_on_a_sprung_hinge_turns_by_moment_over_stiffness_and_bends_as_a_cantilever)
{
  Beam beam;
  const double force = 3, spring = 5e4;
  const std::vector<double> forces = beam.on_tip({force, 0, 0}), u = beam.solve(forces);
  // A force in the centre of the "head", which is the tip: no moment about it.
  const auto found = mechanics::pilot_motion(hinge(beam, spring, false), {},
                                             {Vector3(force, 0, 0), Vector3::Zero(), Eigen::VectorXd()});
  BOOST_TEST(found.motion.rotation[1] == force * length / spring, of_the_solver); // statics, exact
  BOOST_TEST(found.motion.rotation[0] == 0);
  BOOST_TEST(found.motion.translation.norm() == 0);
  BOOST_TEST(found.spring_energy == found.work, of_the_solver);
  const double bent = beam.work(forces, u) / force, turned = found.motion.at(beam.tip)[0];
  BOOST_TEST(bent + turned ==
                 force * (std::pow(length, 3) / (3 * bending) + length / shear + length * length / spring),
             discretisation_error);
}

BOOST_AUTO_TEST_CASE(a_guided_tip_takes_the_force_of_a_propped_beam_whatever_the_spring_of_its_hinge)
{
  Beam beam;
  const double load = 0.2; // N/mm along x
  const std::vector<double> forces = beam.along(load), along_x = beam.on_tip({1, 0, 0}),
                            along_y = beam.on_tip({0, 1, 0});
  const std::vector<double> w_x = beam.solve(along_x), w_y = beam.solve(along_y);
  Eigen::MatrixXd compliance(2, 2);
  compliance << beam.work(along_x, w_x), beam.work(along_x, w_y), beam.work(along_y, w_x),
      beam.work(along_y, w_y);
  BOOST_TEST(std::abs(compliance(0, 1)) < 1e-8 * compliance(0, 0));
  const Vector3 resultant(load * length, 0, 0), moment(0, -load * length * length / 2, 0); // about the tip
  for (const double spring : {0.0, 1e3, 5e4, 1e12}) {
    const auto found = mechanics::pilot_motion(
        hinge(beam, spring, true), compliance,
        {resultant, moment, Eigen::Vector2d(beam.work(forces, w_x), beam.work(forces, w_y))});
    const double soft = spring > 0 ? 1 / spring : 1e12;
    const double down = load * (std::pow(length, 4) / (8 * bending) + length * length / (2 * shear) +
                                std::pow(length, 3) / 2 * soft),
                 per_force = std::pow(length, 3) / (3 * bending) + length / shear + length * length * soft;
    BOOST_TEST_CONTEXT("spring " << spring)
    {
      BOOST_TEST(-found.guide_forces[0] == down / per_force, discretisation_error);
      BOOST_TEST(std::abs(found.guide_forces[1]) < 1e-6 * load * length);
      // Moments about the hinge: load, guide and spring.
      const double held = spring * found.motion.rotation[1];
      BOOST_TEST(load * length * length / 2 + found.guide_forces[0] * length == (spring > 0 ? held : 0.0),
                 boost::test_tools::tolerance(1e-6));
      // The tip of the whole solution, found under all forces together, stays where it is.
      std::vector<double> all = forces;
      for (std::size_t i = 0; i < all.size(); ++i)
        all[i] += found.guide_forces[0] * along_x[i] + found.guide_forces[1] * along_y[i];
      const std::vector<double> u = beam.solve(all);
      const double tip = beam.work(along_x, u) + found.motion.at(beam.tip)[0];
      BOOST_TEST(std::abs(tip) < 1e-7 * load * length * compliance(0, 0));
    }
  }
}
