// ranks: 1 2 4
// A sequence of solves in which the same voxels go on changing, as where bone heals: the start combined from
// former solutions saves iterations and changes no answer.
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

constexpr double tolerance = 1e-8;
constexpr int n_steps = 7;

/// What loads the body.
enum class Load
{
  weight,
  prescribed
};

/// A cube, clamped below, with a ball in it that becomes stiffer step by step; above the ball is void.
class HealingCube
{
public:
  HealingCube(const Family family, const Load load, const int former_solutions)
      : forest_(tests::make_forest(2, family)), load_(load), solver_(forest_, options_with(former_solutions)),
        u_(solver_.zero_vector())
  {
    solver_.set_prescribed(tests::prescribe_surface(
        solver_, forest_, moduli(0),
        [&](const Vector3 &x) { return x[2] > 0.5 ? Vector3(0.002, 0, -0.01) : Vector3(0, 0, 0); },
        [&](const Vector3 &x) { return x[2] < 1e-9 || (load_ == Load::prescribed && x[2] > 1 - 1e-9); }));
  }

  /// Step 0, 1, ...: from the last solution, or from rest.
  mechanics::SolveReport solve(const int step, const bool from_rest)
  {
    const tests::Moduli now = moduli(step);
    solver_.set_moduli(now.lambda, now.mu);
    std::vector<double> forces = solver_.zero_vector();
    if (load_ == Load::weight)
      mechanics::add_body_force(
          solver_, [](const Vector3 &) { return Vector3(0, 5, -20); }, forces);
    if (from_rest) u_ = solver_.zero_vector();
    return solver_.solve(std::move(forces), u_);
  }

  /// Energy norm of the difference over that of @p other, with the present stiffness.
  double apart(const HealingCube &other) const
  {
    std::vector<double> difference = u_, size = other.u_, image = solver_.zero_vector();
    for (std::size_t i = 0; i < u_.size(); ++i) difference[i] -= other.u_[i];
    double of_difference = 0, of_size = 0;
    solver_.stiffness().apply(difference, image, &of_difference);
    solver_.stiffness().apply(size, image, &of_size);
    return std::sqrt(tests::total(of_difference) / tests::total(of_size));
  }

  std::size_t n_hanging() const { return solver_.nodes().hanging().size(); }

private:
  static mechanics::SolverOptions options_with(const int former_solutions)
  {
    mechanics::SolverOptions options;
    options.tolerance = tolerance;
    options.former_solutions = former_solutions;
    return options;
  }

  tests::Moduli moduli(const int step) const
  {
    return tests::moduli_of(
        forest_,
        [&](const Vector3 &x) {
          if ((x - Vector3(0.5, 0.5, 0.4)).norm() < 0.3) return 10.0 + 40.0 * step;
          return x[2] > 0.7 && x[0] > 0.6 ? 0.0 : 1000.0;
        },
        [](const Vector3 &) { return 0.3; });
  }

  discretisation::BrickForest forest_;
  Load load_;
  mechanics::ElasticSolver solver_;
  std::vector<double> u_;
};

void check_sequence(const Family family, const Load load)
{
  HealingCube cold(family, load, 1), warm(family, load, 1), combined(family, load, 4);
  BOOST_TEST((tests::total(static_cast<double>(cold.n_hanging())) > 0) == (family != Family::uniform));
  int iterations_warm = 0, iterations_combined = 0;
  for (int step = 0; step < n_steps; ++step) {
    const auto from_rest = cold.solve(step, true), from_last = warm.solve(step, false),
               from_former = combined.solve(step, false);
    const double difference = combined.apart(cold);
    BOOST_TEST_MESSAGE(tests::name(family)
                       << ", step " << step << ": iterations from rest " << from_rest.iterations
                       << ", from the last " << from_last.iterations << ", from former ones "
                       << from_former.iterations << "; first residuals " << from_last.first_residual << ", "
                       << from_former.first_residual << "; apart " << difference);
    BOOST_TEST_CONTEXT("step " << step)
    {
      BOOST_TEST(from_former.residual <= tolerance);
      // The residual is of the size of the tolerance in one norm, the difference of answers in another.
      BOOST_TEST(difference < 20 * tolerance);
      BOOST_TEST(from_former.strain_energy == from_rest.strain_energy, boost::test_tools::tolerance(1e-7));
      if (step == 0) BOOST_TEST(from_former.iterations == from_rest.iterations); // nothing is known yet
      if (step < 3) continue;
      BOOST_TEST(from_former.first_residual < 0.5 * from_last.first_residual);
      BOOST_TEST(from_former.iterations < from_last.iterations);
      BOOST_TEST(from_last.iterations <= from_rest.iterations);
      iterations_warm += from_last.iterations;
      iterations_combined += from_former.iterations;
    }
  }
  BOOST_TEST(iterations_combined < iterations_warm);
}

} // namespace

BOOST_AUTO_TEST_CASE(former_solutions_start_a_body_under_its_weight)
{
  check_sequence(Family::uniform, Load::weight);
}

BOOST_AUTO_TEST_CASE(former_solutions_start_a_body_with_a_prescribed_displacement)
{
  check_sequence(Family::uniform, Load::prescribed);
}

BOOST_AUTO_TEST_CASE(former_solutions_start_a_body_with_hanging_nodes)
{
  check_sequence(Family::corner, Load::weight);
  check_sequence(Family::corner, Load::prescribed);
}
