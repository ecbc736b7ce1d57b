// links: regeneration
// V607: errors of the time schemes for y' = -y^2 to 1e-10, and the same schemes inside of transport.
#include "regeneration/time_scheme.h"
#include "regeneration/transport.h"
#include "support/box_cells.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace wolff;
using namespace wolff::regeneration;
using tests::number;

namespace {

/// y(1) of y' = -y^2, y(0) = 1. The stage y + g y^2 = known has the root (-1 + sqrt(1 + 4 g known))/(2 g).
double integrated(const std::string &name, const int steps)
{
  const double h = 1.0 / steps;
  double now = 1, before = 1;
  for (int i = 0; i < steps; ++i) {
    const TimeScheme &chosen = time_schemes().at(name).law;
    const TimeScheme &scheme =
        chosen.two_steps() && i == 0 ? time_schemes().at("backward Euler").law : chosen;
    const double known = scheme.now * now + scheme.before * before - scheme.rate * h * now * now;
    const double g = scheme.weight * h;
    before = now;
    now = (-1 + std::sqrt(1 + 4 * g * known)) / (2 * g);
  }
  return now;
}

} // namespace

BOOST_AUTO_TEST_CASE(errors_of_the_schemes_are_those_of_the_table)
{
  const std::vector<std::string> names{"backward Euler", "Crank-Nicolson", "BDF2"};
  std::vector<double> error_before(3);
  for (const tests::Row &row : tests::reference_table("time_integration_orders.csv", 5, 7))
    for (std::size_t s = 0; s < 3; ++s) {
      const double error = std::abs(integrated(names[s], static_cast<int>(number(row[0]))) - 0.5);
      BOOST_TEST(std::abs(error - number(row[1 + s])) <= 1e-10);
      if (!row[4 + s].empty()) {
        const double order = std::log2(error_before[s] / error);
        BOOST_TEST(std::abs(order - number(row[4 + s])) <= 1e-6);
        tests::record("V607", names[s], "order at " + row[0] + " steps", order, row[4 + s]);
      }
      error_before[s] = error;
    }
}

BOOST_AUTO_TEST_CASE(transport_damps_a_discrete_mode_as_the_scheme_says)
{
  // On uniform cells the cosine is an eigenvector: rate lambda = 2 D (1 - cos(pi h/L))/h^2 a direction.
  tests::Box box;
  const CellMesh mesh = tests::cells_of(box);
  const double h = 1.0 / 8, D = 0.35, days = 0.5;
  const double lambda = 2 * D * (1 - std::cos(std::numbers::pi * h)) / (h * h);
  const CellField start =
      tests::field_of(mesh, [](const Vector3 &x) { return 2 + std::cos(std::numbers::pi * x[0]); });
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  const Transport::Conductances conductances = transport.conductances(CellField(mesh.n_owned(), D));

  for (const Entry<TimeScheme> &entry : time_schemes()) {
    const int steps = 6;
    const double dt = days / steps;
    double now = 1, before = 1;
    for (int i = 0; i < steps; ++i) {
      const TimeScheme &scheme =
          entry.law.two_steps() && i == 0 ? time_schemes().at("backward Euler").law : entry.law;
      const double next = (scheme.now * now + scheme.before * before - scheme.rate * dt * lambda * now) /
                          (1 + scheme.weight * dt * lambda);
      before = now;
      now = next;
    }
    TransportOptions options;
    options.scheme = entry.name;
    options.substeps = steps;
    CellField c = start;
    transport.advance(c, conductances, days, options);
    double error = 0;
    for (std::size_t i = 0; i < c.size(); ++i)
      error = std::max(error, std::abs(c[i] - 2 - now * (start[i] - 2)));
    BOOST_TEST_MESSAGE("V607 transport, " << entry.name << ": largest error " << error);
    BOOST_TEST(error <= 1e-10);
  }
}
