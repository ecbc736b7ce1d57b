// ranks: 1 2 3 4
// Iterations of the elastic solve on a gyroid for every contrast, the same answer on any number of ranks, a
// warm start, and what happens when the iterations do not suffice.
#include "support/elastic_box.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

double gyroid_modulus(const Vector3 &x, const double soft) // x in periods
{
  const Vector3 s = 2 * std::acos(-1.0) * x;
  const double level =
      std::sin(s[0]) * std::cos(s[1]) + std::sin(s[1]) * std::cos(s[2]) + std::sin(s[2]) * std::cos(s[0]);
  return std::abs(level) < 0.464 ? 110000 : soft; // a sheet of 30 % of the volume
}

/// A cube of @p periods periods of 32 voxels, clamped below and compressed by 1 % from above.
struct GyroidCube
{
  GyroidCube(const unsigned periods, const double soft, const MPI_Comm comm = MPI_COMM_WORLD,
             const mechanics::SolverOptions &options = {})
      : forest(tests::make_forest(4 * periods, tests::Family::uniform, periods, Vector3::Zero(), comm)),
        moduli(tests::moduli_of(
            forest, [&](const Vector3 &x) { return gyroid_modulus(x, soft); },
            [](const Vector3 &) { return 0.3; })),
        solver(forest, options), u(solver.zero_vector())
  {
    const double height = periods;
    solver.set_prescribed(tests::prescribe_surface(
        solver, forest, moduli, [](const Vector3 &x) { return Vector3(0, 0, -0.01 * x[2]); },
        [&](const Vector3 &x) { return x[2] < 1e-9 || x[2] > height - 1e-9; }));
    solver.set_moduli(moduli.lambda, moduli.mu);
  }
  mechanics::SolveReport solve() { return solver.solve(solver.zero_vector(), u); }

  discretisation::BrickForest forest;
  tests::Moduli moduli;
  mechanics::ElasticSolver solver;
  std::vector<double> u;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_gyroid_needs_at_most_twenty_iterations_for_every_contrast_and_two_sizes)
{
  int ranks = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  // The larger cube asks how the count grows with size; that is asked once more on two ranks, not on all.
  for (const unsigned periods : ranks <= 2 ? std::vector<unsigned>{1, 2} : std::vector<unsigned>{1})
    for (const double soft : {110000.0, 1100.0, 0.2, 0.0}) { // contrast 1, 1e2, 5.5e5, void
      GyroidCube cube(periods, soft);
      const auto report = cube.solve();
      BOOST_TEST_MESSAGE("gyroid of " << 32 * periods << "^3 in " << soft << " MPa: " << report.iterations
                                      << " iterations, " << report.setup_seconds + report.solve_seconds
                                      << " s");
      BOOST_TEST_CONTEXT(32 * periods << "^3, soft phase " << soft << " MPa")
      {
        BOOST_TEST(report.iterations <= 20);
        BOOST_TEST(report.iterations >= 5); // a count that stopped counting would pass the line above
        BOOST_TEST(report.residual <= 1e-8);
        BOOST_TEST(report.force_imbalance() < 1e-6);
      }
    }
}

BOOST_AUTO_TEST_CASE(the_answer_does_not_depend_on_the_number_of_ranks)
{
  mechanics::SolverOptions options;
  options.tolerance = 1e-10;
  for (const double soft : {0.2, 0.0}) {
    GyroidCube together(1, soft, MPI_COMM_WORLD, options), alone(1, soft, MPI_COMM_SELF, options);
    const auto report = together.solve(), serial = alone.solve();
    // The same voxel in both: by the key of its brick.
    std::vector<std::uint32_t> here, there;
    for (std::size_t b = 0; b < together.forest.n_owned(); ++b)
      for (std::size_t c = 0; c < alone.forest.n_owned(); ++c)
        if (together.forest.brick(b).key == alone.forest.brick(c).key)
          for (std::uint32_t v = 0; v < discretisation::brick_voxels; v += 7)
            if (together.moduli.mu[b * discretisation::brick_voxels + v] > 1) {
              here.push_back(static_cast<std::uint32_t>(b * discretisation::brick_voxels) + v);
              there.push_back(static_cast<std::uint32_t>(c * discretisation::brick_voxels) + v);
            }
    const auto found = together.solver.centre_displacements(together.u, here);
    const auto expected = alone.solver.centre_displacements(alone.u, there);
    double apart = 0;
    for (std::size_t i = 0; i < here.size(); ++i) apart = std::max(apart, (found[i] - expected[i]).norm());
    BOOST_TEST(tests::total(static_cast<double>(here.size())) > 1000);
    BOOST_TEST(tests::largest(apart) < 1e-7 * 0.01); // relative to the displacement of the top
    BOOST_TEST(std::abs(report.iterations - serial.iterations) <= 2);
    BOOST_TEST(report.strain_energy == serial.strain_energy, boost::test_tools::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(a_start_from_the_solution_needs_no_more_than_one_iteration)
{
  GyroidCube cube(1, 0.2);
  const int cold = cube.solve().iterations;
  const auto warm = cube.solve();
  BOOST_TEST(cold > 1);
  BOOST_TEST(warm.iterations <= 1);
  BOOST_TEST(warm.residual <= 1e-8);
}

BOOST_AUTO_TEST_CASE(too_few_iterations_end_in_a_fault_with_count_and_residual)
{
  mechanics::SolverOptions options;
  options.most_iterations = 1;
  GyroidCube cube(1, 0.2, MPI_COMM_WORLD, options);
  try {
    cube.solve();
    BOOST_FAIL("one iteration cannot suffice");
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::not_converged));
    BOOST_TEST(fault.name() == "elastic-solve");
    BOOST_TEST(fault.line().find("conjugate gradients did not converge; found relative residual ") !=
               std::string::npos);
    BOOST_TEST(fault.line().find("after 1 iterations; wanted 1e-08") != std::string::npos);
  }
}
