// The integrator: order, positivity, and what it does with rates that are not finite.
#include "tissue/integrator.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff::tissue;

BOOST_AUTO_TEST_CASE(decay_and_oscillation_are_kept_within_the_tolerance)
{
  std::array<double, 3> y{1, 3, 2}; // decay, 2 + cos t, 2 + sin t: the integrator is for non-negative data
  const auto count = integrate(
      [](const auto &u, auto &du) {
        du[0] = -u[0];
        du[1] = 2 - u[2];
        du[2] = u[1] - 2;
      },
      y, 3.0, {1e-9, 1e-12, 10000});
  BOOST_TEST(count.finished);
  // About 60 steps of local error 1e-9.
  BOOST_TEST(std::abs(y[0] - std::exp(-3.0)) < 1e-7);
  BOOST_TEST(std::abs(y[1] - 2 - std::cos(3.0)) < 1e-7);
  BOOST_TEST(std::abs(y[2] - 2 - std::sin(3.0)) < 1e-7);
  BOOST_TEST(count.steps < 100);
}

// With a loose tolerance on y' = -y^2 the error must fall like tolerance: fifth order with error control.
BOOST_AUTO_TEST_CASE(error_follows_the_tolerance)
{
  double before = 1;
  for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    std::array<double, 1> y{1};
    integrate([](const auto &u, auto &du) { du[0] = -u[0] * u[0]; }, y, 1.0, {tolerance, 0, 10000});
    const double error = std::abs(y[0] - 0.5);
    BOOST_TEST(error < 5 * tolerance);
    BOOST_TEST(error < before / 5);
    before = error;
  }
}

BOOST_AUTO_TEST_CASE(fast_decay_never_turns_negative)
{
  for (const double rate : {1.0, 30.0, 1000.0}) {
    std::array<double, 2> y{1, 0};
    const auto count = integrate(
        [rate](const auto &u, auto &du) {
          du[0] = -rate * u[0];
          du[1] = rate * u[0];
        },
        y, 10.0);
    BOOST_TEST(count.finished);
    BOOST_TEST(y[0] >= 0);
    BOOST_TEST(y[0] < 1e-4);
    BOOST_TEST(std::abs(y[0] + y[1] - 1) < 1e-12); // a linear invariant, kept to rounding
  }
}

BOOST_AUTO_TEST_CASE(a_rate_that_is_not_finite_ends_in_a_report_and_not_in_a_result)
{
  std::array<double, 1> y{1};
  const auto count = integrate([](const auto &u, auto &du) { du[0] = u[0] * u[0]; }, y, 2.0, {1e-7, 0, 2000});
  BOOST_TEST(!count.finished); // blows up at t = 1
  std::array<double, 1> z{1};
  BOOST_TEST(
      !integrate([](const auto &, auto &du) { du[0] = std::nan(""); }, z, 1.0, {1e-7, 0, 500}).finished);
  BOOST_TEST(z[0] == 1.0);
}

BOOST_AUTO_TEST_CASE(no_time_changes_nothing)
{
  std::array<double, 1> y{0.3};
  BOOST_TEST(integrate([](const auto &u, auto &du) { du[0] = u[0]; }, y, 0.0).steps == 0);
  BOOST_TEST(y[0] == 0.3);
}
