// ranks: 1 2 3 4
// links: regeneration
// V602: c = c0 + A cos(pi x/L) cos(pi y/L) cos(pi z/L) exp(-3 D (pi/L)^2 t) in a closed cube, also with
// decay.
#include "regeneration/continuum.h"
#include "support/box_cells.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace wolff;
using namespace wolff::regeneration;
using tests::number;

namespace {

constexpr double L = 2, D = 0.35, c0 = 1, A = 0.25, decay = 0.4, end = 0.1;
const double w = std::numbers::pi / L;

double mode(const Vector3 &x, const double t)
{
  return c0 + A * std::cos(w * x[0]) * std::cos(w * x[1]) * std::cos(w * x[2]) * std::exp(-3 * D * w * w * t);
}

CellMesh cube(const unsigned bricks, const bool hanging)
{
  tests::Box box;
  box.bricks = {bricks, bricks, bricks};
  box.brick_edge = L / bricks;
  // The rim of the fine octant passes through the middle of the cube, where the mode is steepest across the
  // rim and constant along it, so that the order of uniform cells is kept (v601_heat_kernel has the general
  // case).
  if (hanging) box.split = [](const Vector3 &centre) { return centre.maxCoeff() < L / 2; };
  return tests::cells_of(box);
}

/// Error over the amplitude of the mode.
double error_with(const unsigned bricks, const bool hanging)
{
  const CellMesh mesh = cube(bricks, hanging);
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return mode(x, 0); });
  TransportOptions options;
  options.scheme = "Crank-Nicolson";
  options.substeps = static_cast<int>(2 * bricks);
  transport.advance(c, transport.conductances(CellField(mesh.n_owned(), D)), end, options);
  for (double &value : c) value -= c0;
  return tests::relative_error(mesh, c, [](const Vector3 &x) { return mode(x, end) - c0; });
}

} // namespace

BOOST_AUTO_TEST_CASE(the_formula_of_this_test_is_that_of_the_reference_table)
{
  for (const tests::Row &row : tests::reference_table("cosine_mode_noflux_cube.csv", 20, 4)) {
    const double t = number(row[0]), c = mode(Vector3::Constant(number(row[1])), t);
    BOOST_TEST(c == number(row[2]), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(c * std::exp(-decay * t) == number(row[3]), boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(a_mode_decays_with_order_two_on_uniform_cells)
{
  const double e1 = error_with(1, false), e2 = error_with(2, false), e4 = error_with(4, false);
  const double order = std::log2(e2 / e4);
  BOOST_TEST_MESSAGE("V602 uniform: h = L/8, L/16, L/32: errors " << e1 << ", " << e2 << ", " << e4
                                                                  << "; order " << order);
  tests::record("V602", "uniform", "L2 error, h = L/32", e4, "<= 5e-4");
  tests::record("V602", "uniform", "order", order, ">= 1.8");
  BOOST_TEST(e4 <= 5e-4);
  BOOST_TEST(order >= 1.8);
}

BOOST_AUTO_TEST_CASE(a_mode_decays_with_order_two_across_hanging_faces)
{
  const double e2 = error_with(2, true), e4 = error_with(4, true), e8 = error_with(8, true);
  const double order = std::log2(e4 / e8);
  BOOST_TEST_MESSAGE("V602 hanging: coarse h = L/16, L/32, L/64: errors " << e2 << ", " << e4 << ", " << e8
                                                                          << "; order " << order);
  tests::record("V602", "hanging", "L2 error, h = L/64 and L/128", e8, "<= 2e-3");
  tests::record("V602", "hanging", "order", order, ">= 1.8");
  BOOST_TEST(e8 <= 2e-3);
  BOOST_TEST(order >= 1.8);
}

BOOST_AUTO_TEST_CASE(stromal_cells_that_only_migrate_and_die_follow_the_mode_with_decay)
{
  // Maturation moves cells between the stages, so the sum of the stages has the exact solution.
  const CellMesh mesh = cube(4, false);
  TissueState state = make_tissue_state(mesh.n_owned());
  state.healing_domain.assign(mesh.n_owned(), 1);
  state.cells[0] = tests::field_of(mesh, [](const Vector3 &x) { return mode(x, 0); });
  RegenerationOptions options;
  options.msc_diffusivity = D;
  options.kinetics.msc_death = decay;
  options.kinetics.msc_division = 0;
  options.kinetics.differentiation = 0;
  options.transport.scheme = "Crank-Nicolson";
  options.step = end / 8;
  const std::vector<stimulus::Response> rest(mesh.n_owned());
  const Regenerated result = regenerate(mesh, state, rest, end, options);

  CellField sum(mesh.n_owned(), 0.0);
  for (const CellField &stage : result.after.cells)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += stage[i];
  const double error = tests::relative_error(
      mesh, sum, [](const Vector3 &x) { return mode(x, end) * std::exp(-decay * end); });
  tests::record("V602", "uniform, with decay", "L2 error, h = L/32", error, "<= 5e-5");
  BOOST_TEST(error <= 5e-5); // the error of the mode above times its share of the whole, about 0.08
  BOOST_TEST(result.report.steps == 8);
}
