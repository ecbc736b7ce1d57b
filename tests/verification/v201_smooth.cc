// ranks: 1 2 4
// links: mechanics analysis
// V201 smooth manufactured solution: values of an independent trilinear solver on uniform meshes, orders on
// uniform and refined ones.
#include "analysis/error_norms.h"
#include "support/elastic_box.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

const double pi = std::acos(-1.0);
const double poisson = 0.3, lambda = poisson / ((1 + poisson) * (1 - 2 * poisson)),
             mu = 1 / (2 * (1 + poisson));
const Vector3 amplitude(0.01, -0.005, 0.0025);

Vector3 exact(const Vector3 &x)
{
  return std::sin(2 * pi * x[0]) * std::sin(2 * pi * x[1]) * std::sin(2 * pi * x[2]) * amplitude;
}

SymmetricTensor exact_strain(const Vector3 &x)
{
  Vector3 slope; // of the product of sines
  for (int d = 0; d < 3; ++d)
    slope[d] = 2 * pi * std::cos(2 * pi * x[d]) * std::sin(2 * pi * x[(d + 1) % 3]) *
               std::sin(2 * pi * x[(d + 2) % 3]);
  return tests::symmetric_part(amplitude * slope.transpose());
}

SymmetricTensor exact_stress(const Vector3 &x)
{
  return tests::stress_of(lambda, mu, exact_strain(x));
}

Vector3 body_force(const Vector3 &x)
{
  const Vector3 w = exact(x);
  Vector3 force;
  for (int i = 0; i < 3; ++i) {
    double mixed = w[i];
    for (int j = 0; j < 3; ++j)
      if (j != i) {
        const int k = 3 - i - j;
        mixed -= amplitude[j] * std::cos(2 * pi * x[i]) * std::cos(2 * pi * x[j]) * std::sin(2 * pi * x[k]);
      }
    force[i] = 12 * pi * pi * mu * w[i] + 4 * pi * pi * (lambda + mu) * mixed;
  }
  return force;
}

struct Solved
{
  analysis::ErrorNorms errors;
  double energy; ///< relative error
  int iterations;
};

Solved solve(const unsigned bricks_per_edge, const Family family)
{
  const auto forest = tests::make_forest(bricks_per_edge, family);
  const auto moduli = tests::moduli_of(
      forest, [](const Vector3 &) { return 1.0; }, [](const Vector3 &) { return poisson; });
  mechanics::SolverOptions options;
  options.tolerance = 1e-10; // far below the errors that are measured
  mechanics::ElasticSolver solver(forest, options);
  solver.set_prescribed(tests::prescribe_surface(solver, forest, moduli, exact));
  solver.set_moduli(moduli.lambda, moduli.mu);
  std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
  mechanics::add_body_force(solver, body_force, forces);
  const auto report = solver.solve(forces, u);
  // Energy of the exact field: |grad S|^2 = 12 pi^2 / 8, and the mixed term is (a.grad S)^2 / 8 in the mean.
  const double a2 = amplitude.squaredNorm();
  const double energy = 0.5 * 4 * pi * pi / 8 * (3 * mu * a2 + (lambda + mu) * a2);
  return {analysis::error_norms({solver, forest, moduli.lambda, moduli.mu}, u, {exact, exact_stress}),
          std::abs(report.strain_energy / energy - 1), report.iterations};
}

} // namespace

BOOST_AUTO_TEST_CASE(v201_the_formulas_of_this_test_are_those_of_the_table)
{
  for (const auto &row : tests::reference_table("mms_elastic_smooth.csv", 6, 17)) {
    std::vector<double> v;
    for (const std::string &field : row) v.push_back(tests::number(field));
    const Vector3 x(v[0], v[1], v[2]);
    const SymmetricTensor s = exact_stress(x);
    BOOST_TEST((exact(x) - Vector3(v[4], v[5], v[6])).norm() < 1e-14);
    BOOST_TEST((Vector3(s.xx(), s.yy(), s.zz()) - Vector3(v[7], v[8], v[9])).norm() < 1e-14);
    BOOST_TEST((Vector3(s.yz(), s.xz(), s.xy()) - Vector3(v[10], v[11], v[12])).norm() < 1e-14);
    BOOST_TEST(std::abs(tests::octahedral_shear(exact_strain(x)) - v[13]) < 1e-14);
    BOOST_TEST((body_force(x) - Vector3(v[14], v[15], v[16])).norm() < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(v201_errors_are_those_of_an_independent_solver_and_orders_are_right)
{
  const auto table = tests::reference_table("mms_observed_errors_q1.csv", 6, 14);
  Solved coarser{};
  for (std::size_t i = 0; i < 3; ++i) { // the first three rows: 8, 16, 32 cells an edge
    const Solved found = solve(1U << i, Family::uniform);
    BOOST_TEST_MESSAGE("V201 " << (8 << i) << ": u " << found.errors.displacement_L2 << ", stress "
                               << found.errors.stress_L2 << ", shear at centres "
                               << found.errors.octahedral_shear_centres_L2 << ", energy " << found.energy
                               << ", " << found.iterations << " iterations");
    BOOST_TEST_CONTEXT(table[i][0] << " on " << table[i][1] << " cells")
    {
      const auto one_per_cent = boost::test_tools::tolerance(0.01);
      BOOST_TEST(found.errors.displacement_L2 == tests::number(table[i][2]), one_per_cent);
      BOOST_TEST(found.errors.stress_L2 == tests::number(table[i][6]), one_per_cent);
      BOOST_TEST(found.errors.octahedral_shear_L2 == tests::number(table[i][8]), one_per_cent);
      BOOST_TEST(found.errors.octahedral_shear_centres_L2 == tests::number(table[i][10]), one_per_cent);
      BOOST_TEST(found.errors.energy == tests::number(table[i][12]), one_per_cent);
      BOOST_TEST(found.energy == tests::number(table[i][12]), one_per_cent);
    }
    if (i == 2) {
      const double u = tests::order(coarser.errors.displacement_L2, found.errors.displacement_L2);
      const double stress = tests::order(coarser.errors.stress_L2, found.errors.stress_L2);
      const double shear =
          tests::order(coarser.errors.octahedral_shear_centres_L2, found.errors.octahedral_shear_centres_L2);
      const double energy = tests::order(coarser.energy, found.energy);
      BOOST_TEST(u >= 1.8);
      BOOST_TEST(stress >= 0.8);
      BOOST_TEST(shear >= 1.8);
      BOOST_TEST(energy >= 1.8);
      tests::record("V201", "uniform", "order of the displacement", u, ">= 1.8");
      tests::record("V201", "uniform", "order of the stress", stress, ">= 0.8");
      tests::record("V201", "uniform", "order of the shear at centres", shear, ">= 1.8");
      tests::record("V201", "uniform", "order of the energy", energy, ">= 1.8");
    }
    coarser = found;
  }
}

BOOST_AUTO_TEST_CASE(v201_orders_hold_with_the_corner_octant_one_level_finer)
{
  // Bricks of 1/2, 1/4 and 1/6 of the edge: the last step refines by 3/2, which keeps the test short.
  Solved coarser{}, found{};
  for (const unsigned bricks : {2U, 4U, 6U}) {
    coarser = found;
    found = solve(bricks, Family::corner);
    BOOST_TEST_MESSAGE("V201 corner " << 8 * bricks << ": u " << found.errors.displacement_L2 << ", stress "
                                      << found.errors.stress_L2 << ", shear at centres "
                                      << found.errors.octahedral_shear_centres_L2 << ", " << found.iterations
                                      << " iterations");
  }
  const double u = tests::order(coarser.errors.displacement_L2, found.errors.displacement_L2, 1.5);
  const double stress = tests::order(coarser.errors.stress_L2, found.errors.stress_L2, 1.5);
  BOOST_TEST(u >= 1.8);
  BOOST_TEST(stress >= 0.8);
  tests::record("V201", "corner octant finer", "order of the displacement", u, ">= 1.8");
  tests::record("V201", "corner octant finer", "order of the stress", stress, ">= 0.8");
}
