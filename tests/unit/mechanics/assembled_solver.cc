// ranks: 1 2 4
// The assembled matrix with algebraic multigrid and the bricks with their own give one answer, through the
// same vectors; and what the assembled solver does where there is nothing to solve or no way to.
#include "mechanics/assembled_solver.h"
#include "support/elastic_box.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace wolff;
using tests::Family;

namespace {

double gyroid_modulus(const Vector3 &x, const double soft) // one period in the unit cube
{
  const Vector3 s = 2 * std::acos(-1.0) * x;
  const double level =
      std::sin(s[0]) * std::cos(s[1]) + std::sin(s[1]) * std::cos(s[2]) + std::sin(s[2]) * std::cos(s[0]);
  return std::abs(level) < 0.464 ? 110000 : soft;
}

/// The unit cube with 16^3 voxels, or twice as fine in a part: clamped below, pushed down and sideways on
/// top, and loaded by its weight.
struct Gyroid
{
  Gyroid(const Family family, const double soft, const double tolerance)
      : forest(tests::make_forest(2, family)),
        moduli(tests::moduli_of(
            forest, [&](const Vector3 &x) { return gyroid_modulus(x, soft); },
            [](const Vector3 &) { return 0.3; }))
  {
    options.tolerance = tolerance;
  }
  /// The top slides: x and y are free there, so that some nodes are held in one component only.
  mechanics::PrescribedDisplacement supports(const mechanics::ElasticSolver &solver) const
  {
    auto prescribed = tests::prescribe_surface(
        solver, forest, moduli, [](const Vector3 &x) { return Vector3(0, 0, -0.01 * x[2]); },
        [](const Vector3 &x) { return x[2] < 1e-9 || x[2] > 1 - 1e-9; });
    for (std::size_t i = 0; i < prescribed.fixed.size(); ++i)
      if (i % 3 != 2 && prescribed.value[i - i % 3 + 2] != 0) prescribed.fixed[i] = 0;
    return prescribed;
  }

  discretisation::BrickForest forest;
  tests::Moduli moduli;
  mechanics::SolverOptions options;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_assembled_matrix_and_the_bricks_give_the_same_displacement_and_reaction)
{
  for (const Family family : {Family::uniform, Family::corner})
    for (const double soft : {0.2, 0.0}) {
      Gyroid cube(family, soft, 1e-10);
      mechanics::ElasticSolver bricks(cube.forest, cube.options);
      const auto supports = cube.supports(bricks);
      bricks.set_prescribed(supports);
      bricks.set_moduli(cube.moduli.lambda, cube.moduli.mu);
      std::vector<double> forces = bricks.zero_vector(), u = bricks.zero_vector();
      mechanics::add_body_force(
          bricks, [](const Vector3 &) { return Vector3(0, 5, -20); }, forces);
      const auto expected = bricks.solve(forces, u);

      mechanics::AssembledSolver assembled(cube.forest, 1, cube.options);
      assembled.set_moduli(cube.moduli.lambda, cube.moduli.mu);
      assembled.prescribe(bricks.nodes(), supports);
      std::vector<double> other = bricks.zero_vector();
      const auto found = assembled.solve(bricks.nodes(), forces, other);
      BOOST_TEST_MESSAGE(tests::name(family)
                         << ", pores of " << soft << " MPa: " << found.iterations << " iterations assembled, "
                         << expected.iterations << " on bricks, " << assembled.n_unknowns()
                         << " unknowns, set-up " << found.setup_seconds << " s, solve " << found.solve_seconds
                         << " s");

      double apart = 0, size = 0;
      for (std::size_t i = 0; i < 3 * bricks.nodes().n_owned(); ++i) {
        if (bricks.nodes().is_hanging(i / 3)) continue;
        apart = std::max(apart, std::abs(u[i] - other[i]));
        size = std::max(size, std::abs(u[i]));
      }
      BOOST_TEST_CONTEXT(tests::name(family) << ", pores of " << soft << " MPa")
      {
        BOOST_TEST(tests::largest(apart) < 1e-7 * tests::largest(size));
        BOOST_TEST(assembled.n_unknowns() == bricks.n_unknowns());
        BOOST_TEST(found.residual <= 1e-10);
        BOOST_TEST((found.reaction - expected.reaction).norm() < 1e-7 * expected.reaction.norm());
        BOOST_TEST((found.reaction_moment - expected.reaction_moment).norm() <
                   1e-7 * expected.reaction_moment.norm());
        // What does not depend on the solution agrees to rounding.
        BOOST_TEST((found.applied - expected.applied).norm() < 1e-13 * expected.applied.norm());
        BOOST_TEST((found.applied_moment - expected.applied_moment).norm() <
                   1e-13 * expected.applied_moment.norm());
        BOOST_TEST(found.force_size == expected.force_size, boost::test_tools::tolerance(1e-7));
        BOOST_TEST(found.strain_energy == expected.strain_energy, boost::test_tools::tolerance(1e-7));
        BOOST_TEST(found.external_work == expected.external_work, boost::test_tools::tolerance(1e-7));
        BOOST_TEST(found.force_imbalance() < 1e-7);
        BOOST_TEST(found.iterations > 5);
        // The start counts: from the answer no step is left to do, and it stays.
        const auto again = assembled.solve(bricks.nodes(), forces, other);
        BOOST_TEST(again.iterations == 0);
        BOOST_TEST(again.first_residual == found.residual, boost::test_tools::tolerance(0.1));
      }
    }
}

BOOST_AUTO_TEST_CASE(the_functions_of_position_prescribe_and_load_what_the_vectors_do)
{
  Gyroid cube(Family::corner, 1100, 1e-10);
  mechanics::ElasticSolver bricks(cube.forest, cube.options);
  mechanics::AssembledSolver by_vectors(cube.forest, 1, cube.options),
      by_functions(cube.forest, 1, cube.options);
  by_vectors.set_moduli(cube.moduli.lambda, cube.moduli.mu);
  by_functions.set_moduli(cube.moduli.lambda, cube.moduli.mu);
  by_vectors.prescribe(bricks.nodes(), cube.supports(bricks));
  by_functions.prescribe([](const Vector3 &x, const int component) -> std::optional<double> {
    if (x[2] < 1e-9) return 0;
    if (x[2] > 1 - 1e-9 && component == 2) return -0.01;
    return {};
  });
  const auto weight = [](const Vector3 &x) { return Vector3(x[0] * x[1], 5, -20 * x[2]); };
  std::vector<double> at_bricks = bricks.zero_vector(), u = bricks.zero_vector();
  bricks.set_prescribed(bricks.nothing_prescribed());
  bricks.set_moduli(cube.moduli.lambda, cube.moduli.mu); // add_body_force asks which voxels are stiff
  mechanics::add_body_force(bricks, weight, at_bricks);
  std::vector<double> forces = by_functions.zero_vector(), v = by_functions.zero_vector();
  by_functions.add_body_force(weight, forces);
  const auto first = by_vectors.solve(bricks.nodes(), at_bricks, u), second = by_functions.solve(forces, v);
  BOOST_TEST(first.strain_energy == second.strain_energy, boost::test_tools::tolerance(1e-12));
  BOOST_TEST((first.applied - second.applied).norm() < 1e-13 * first.applied.norm());
  BOOST_TEST((first.reaction - second.reaction).norm() < 1e-10 * first.reaction.norm());
}

BOOST_AUTO_TEST_CASE(nothing_prescribed_or_applied_leaves_the_body_at_rest_whatever_the_start)
{
  Gyroid cube(Family::uniform, 0.0, 1e-8);
  mechanics::AssembledSolver solver(cube.forest, 1, cube.options);
  solver.set_moduli(cube.moduli.lambda, cube.moduli.mu);
  solver.prescribe([](const Vector3 &x, int) { return x[2] < 1e-9 ? std::optional(0.0) : std::nullopt; });
  std::vector<double> u(solver.zero_vector().size(), 0.3);
  const auto report = solver.solve(solver.zero_vector(), u);
  double largest = 0;
  for (const double value : u) largest = std::max(largest, std::abs(value));
  BOOST_TEST(tests::largest(largest) == 0);
  BOOST_TEST(report.iterations == 0);
}

BOOST_AUTO_TEST_CASE(lone_voxels_and_ranks_without_work_are_solved_too)
{
  // One voxel on a clamped foot, and one column whose middle node has held neighbours only: aggregates of one
  // node.
  const auto forest = tests::make_forest(2, Family::uniform);
  const auto moduli = tests::moduli_of(
      forest,
      [](const Vector3 &x) { return x[0] < 1.1 / 16 && x[1] < 1.1 / 16 && x[2] < 2.1 / 16 ? 1000.0 : 0.0; },
      [](const Vector3 &) { return 0.3; });
  mechanics::AssembledSolver solver(forest, 1, {});
  solver.set_moduli(moduli.lambda, moduli.mu);
  solver.prescribe([](const Vector3 &x, int) -> std::optional<double> {
    const bool is_free = std::abs(x[2] - 1.0 / 16) < 1e-9 && x[0] < 1e-9 && x[1] < 1e-9;
    return is_free ? std::nullopt : std::optional(x[2] > 1.5 / 16 ? -0.001 : 0.0);
  });
  std::vector<double> u = solver.zero_vector();
  const auto report = solver.solve(solver.zero_vector(), u);
  BOOST_TEST(solver.n_unknowns() == 3);
  BOOST_TEST(report.residual <= 1e-8);
  BOOST_TEST(report.iterations <= 3); // conjugate gradients on three unknowns
  BOOST_TEST(report.force_imbalance() < 1e-12);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_solved_ends_in_a_fault_with_count_and_residual)
{
  const auto fault_of = [](mechanics::SolverOptions options, const double sign, const double push) {
    Gyroid cube(Family::uniform, 0.2, 1e-8);
    options.tolerance = 1e-8;
    for (std::size_t v = 0; v < cube.moduli.mu.size(); v += 2) {
      cube.moduli.mu[v] *= sign;
      cube.moduli.lambda[v] *= sign;
    }
    mechanics::AssembledSolver solver(cube.forest, 1, options);
    solver.set_moduli(cube.moduli.lambda, cube.moduli.mu);
    solver.prescribe([](const Vector3 &x, int) { return x[2] < 1e-9 ? std::optional(0.0) : std::nullopt; });
    std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
    solver.add_body_force([&](const Vector3 &) { return Vector3(push, 0, -1); }, forces);
    try {
      solver.solve(forces, u);
    } catch (const Fault &fault) {
      BOOST_TEST((fault.code() == Exit::not_converged));
      BOOST_TEST(fault.name() == "elastic-solve");
      return fault.line();
    }
    return std::string("no fault");
  };
  const auto says = [](const std::string &line, const std::string &part) {
    BOOST_TEST(line.find(part) != std::string::npos, line << " lacks " << part);
  };
  mechanics::SolverOptions impatient;
  impatient.most_iterations = 1;
  says(fault_of(impatient, 1, 0), "conjugate gradients did not converge; found relative residual ");
  says(fault_of(impatient, 1, 0), "after 1 iterations; wanted 1e-08");
  says(fault_of({}, -1, 0), "conjugate gradients broke down");
  says(fault_of({}, 1, std::numeric_limits<double>::quiet_NaN()), "the residual is not finite");
}
