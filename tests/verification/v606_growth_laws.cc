// links: tissue
// V606: logistic, Gompertz and Michaelis-Menten laws and a linear chain, through the integrator of the
// product; the logistic law also through the cell kinetics, which contain it.
#include "support/reference_table.h"
#include "tissue/integrator.h"
#include "tissue/kinetics.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using wolff::tests::number;

// Tolerance 1e-9: local error 1e-11 a step, fewer than 100 steps.
BOOST_AUTO_TEST_CASE(integrated_growth_laws_equal_their_closed_forms)
{
  using State = std::array<double, 7>;
  const auto rate = [](const State &y, State &dy) {
    dy[0] = 0.8 * y[0] * (1 - y[0] / 2);
    dy[1] = 0.8 * y[1] * std::log(2 / y[1]);
    dy[2] = -0.7 * y[2] / (0.3 + y[2]);
    dy[3] = -0.5 * y[3];
    dy[4] = 0.5 * y[3] - 0.2 * y[4];
    dy[5] = 0.2 * y[4] - 0.05 * y[5];
    dy[6] = 0.05 * y[5];
  };
  for (const tests::Row &row : tests::reference_table("growth_laws.csv", 7, 8)) {
    State y{0.1, 0.1, 1.5, 1, 0, 0, 0};
    const auto count = tissue::integrate(rate, y, number(row[0]), {1e-11, 1e-14, 100000});
    BOOST_TEST(count.finished);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double exact = number(row[i + 1]);
      BOOST_TEST(std::abs(y[i] - exact) <= 1e-9,
                 "column " << i + 1 << " at t = " << row[0] << ": " << y[i] << " against " << exact);
      BOOST_TEST(y[i] >= 0);
    }
  }
}

// Stromal cells without death under disuse divide and mature but do nothing else: their sum is logistic with
// the capacity as its limit, whatever stage they are in. Tolerance 1e-6: the kinetics keep 1e-7 a step.
BOOST_AUTO_TEST_CASE(stromal_cells_alone_grow_by_the_logistic_law_of_the_table)
{
  tissue::KineticsOptions options;
  options.capacity = 2;
  options.msc_division = 0.8;
  options.activity_afterwards = 1;
  for (const tests::Row &row : tests::reference_table("growth_laws.csv", 7, 8)) {
    tissue::PointState state;
    state.cells[tissue::index(tissue::Cell::immature_msc)] = 0.06;
    state.cells[tissue::index(tissue::Cell::mature_msc)] = 0.04;
    state = tissue::advance(state, {1, 0, 0, 0, 0}, 0, number(row[0]), options);
    double total = 0;
    for (const double cells : state.cells) total += cells;
    BOOST_TEST(total == number(row[1]), boost::test_tools::tolerance(1e-6));
  }
}

// The chain of maturation stages is Erlang: after time t the share still immature is
// exp(-kt) (1 + kt + (kt)^2/2), k = 3/tau. Tolerance as above.
BOOST_AUTO_TEST_CASE(maturation_stages_delay_like_an_erlang_chain)
{
  tissue::KineticsOptions options;
  options.msc_division = 0;
  tissue::PointState state;
  state.cells[0] = 100;
  state = tissue::advance(state, {1, 0, 0, 0, 0}, 0, 6, options);
  const double kt = 3.0;
  const double immature = state.cells[0] + state.cells[1] + state.cells[2];
  BOOST_TEST(immature == 100 * std::exp(-kt) * (1 + kt + kt * kt / 2), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(immature + state.cells[3] == 100, boost::test_tools::tolerance(1e-12)); // none is lost
}
