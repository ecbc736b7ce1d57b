// ranks: 1 2 4
// links: regeneration tissue
// V205: c = 1/2 + (1/5) cos pi x cos 2 pi y cos pi z e^-t in the unit cube without flux, D = 0.05, logistic
// growth r = 0.7, K = 2, and the source that this needs. Growth by the integrator of the kinetics, the rest
// by transport; Lie splitting with backward Euler, Strang splitting with Crank-Nicolson.
#include "regeneration/transport.h"
#include "support/box_cells.h"
#include "support/record.h"
#include "support/reference_table.h"
#include "tissue/integrator.h"

#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace wolff;
using namespace wolff::regeneration;
using tests::number;

namespace {

constexpr double pi = std::numbers::pi, D = 0.05, r = 0.7, K = 2;

double mode(const Vector3 &x, const double t)
{
  return std::cos(pi * x[0]) * std::cos(2 * pi * x[1]) * std::cos(pi * x[2]) * std::exp(-t) / 5;
}

double exact(const Vector3 &x, const double t)
{
  return 0.5 + mode(x, t);
}

double source(const Vector3 &x, const double t)
{
  const double c = exact(x, t);
  return -mode(x, t) + 6 * pi * pi * D * mode(x, t) - r * c * (1 - c / K);
}

CellMesh cube(const unsigned bricks)
{
  tests::Box box;
  box.bricks = {bricks, bricks, bricks};
  box.brick_edge = 1.0 / bricks;
  return tests::cells_of(box);
}

void grow(CellField &c, const double days)
{
  for (double &value : c) {
    std::array<double, 1> y{value};
    tissue::integrate([](const std::array<double, 1> &n,
                         std::array<double, 1> &slope) { slope[0] = r * n[0] * (1 - n[0] / K); },
                      y, days);
    value = y[0];
  }
}

/// The field at t = 1/2 in equal steps.
CellField solution(const CellMesh &mesh, const std::string &splitting, const int steps)
{
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  const Transport::Conductances conductances = transport.conductances(CellField(mesh.n_owned(), D));
  const bool strang = splitting == "Strang";
  TransportOptions options;
  options.scheme = strang ? "Crank-Nicolson" : "backward Euler";
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return exact(x, 0); });
  const double step = 0.5 / steps;
  for (int k = 0; k < steps; ++k) {
    const double t = k * step, when = strang ? t + step / 2 : t + step;
    const LinearReaction reaction{tests::field_of(mesh, [&](const Vector3 &x) { return source(x, when); }),
                                  {}};
    if (strang) grow(c, step / 2);
    transport.advance(c, conductances, step, options, nullptr, &reaction);
    grow(c, strang ? step / 2 : step);
  }
  return c;
}

double error(const CellMesh &mesh, const CellField &c)
{
  return tests::relative_error(mesh, c, [](const Vector3 &x) { return exact(x, 0.5); });
}

} // namespace

BOOST_AUTO_TEST_CASE(the_source_of_this_test_is_that_of_the_reference_table)
{
  const std::vector<tests::Row> table = tests::reference_table("mms_reaction_diffusion.csv", 18, 6);
  for (const tests::Row &row : table) {
    const Vector3 x(number(row[0]), number(row[1]), number(row[2]));
    BOOST_TEST(exact(x, number(row[3])) == number(row[4]), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(source(x, number(row[3])) == number(row[5]), boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(space_and_time_together_have_order_two_with_strang_splitting)
{
  std::vector<double> errors;
  for (const unsigned bricks : {1U, 2U, 4U}) {
    const CellMesh mesh = cube(bricks);
    errors.push_back(error(mesh, solution(mesh, "Strang", static_cast<int>(2 * bricks))));
  }
  const double order = std::log2(errors[1] / errors[2]);
  BOOST_TEST_MESSAGE("V205 Strang, step = h: errors " << errors[0] << " " << errors[1] << " " << errors[2]
                                                      << ", order " << order);
  tests::record("V205", "uniform", "order in space and time, Strang", order, ">= 1.8");
  BOOST_TEST(order >= 1.8);
}

BOOST_AUTO_TEST_CASE(time_alone_has_order_one_with_lie_and_two_with_strang_splitting)
{
  const CellMesh mesh = cube(1);
  const CellField fine = solution(mesh, "Strang", 200);
  const auto difference = [&](const std::string &splitting, const int steps) {
    const CellField c = solution(mesh, splitting, steps);
    double sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i) sum += (c[i] - fine[i]) * (c[i] - fine[i]);
    return std::sqrt(tests::summed(sum));
  };
  for (const auto &[splitting, wanted] :
       {std::pair<std::string, double>{"Lie", 0.9}, std::pair<std::string, double>{"Strang", 1.8}}) {
    const double order = std::log2(difference(splitting, 5) / difference(splitting, 10));
    BOOST_TEST_MESSAGE("V205 " << splitting << ": order in time " << order);
    tests::record("V205", "uniform", "order in time, " + splitting, order,
                  ">= " + std::to_string(wanted).substr(0, 3));
    BOOST_TEST(order >= wanted);
  }
}
