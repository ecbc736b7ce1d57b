// Adaptive integration of a small system of ordinary differential equations y' = rate(y) at one point:
// the embedded Runge-Kutta pair of order 5(4) of Dormand and Prince. No allocation. Not for stiff systems.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace wolff::tissue {

struct Tolerance
{
  double relative = 1e-7;  ///< of the local error of each component
  double absolute = 1e-15; ///< in the unit of y: below it a component counts as nothing
  int most_steps = 100000;
};

struct IntegrationCount
{
  int steps = 0, rejected = 0;
  bool finished = true; ///< false: too many steps, or the rate is not finite
};

/**
 * Advance @p y over @p duration. @p rate(y, slope) fills slope with dy/dt; the system is autonomous.
 *
 * Non-negative data of a quasi-positive system (a component at zero does not fall) stay non-negative: a step
 * that ends below -absolute is repeated with half its length, a value in [-absolute, 0) becomes zero. Linear
 * invariants of the rate (a sum that does not change) are kept to rounding, apart from those zeros.
 * On return with finished == false, y is the state reached.
 */
template <std::size_t n, typename Rate>
IntegrationCount integrate(const Rate &rate, std::array<double, n> &y, const double duration,
                           const Tolerance &tolerance = {})
{
  using State = std::array<double, n>;
  // Row i: weights of the slopes before stage i + 2; the last row is also the solution of order 5.
  static constexpr double a[6][6] = {
      {1.0 / 5},
      {3.0 / 40, 9.0 / 40},
      {44.0 / 45, -56.0 / 15, 32.0 / 9},
      {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
      {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
      {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
  // Order 5 minus order 4.
  static constexpr double e[7] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                  -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

  IntegrationCount count;
  if (!(duration > 0)) return count;
  std::array<State, 7> slope;
  State trial{};
  rate(y, slope[0]);
  double time = 0, step = duration;

  while (time < duration) {
    if (count.steps + count.rejected >= tolerance.most_steps) {
      count.finished = false;
      return count;
    }
    // A last sliver is taken with the step before it, so that rounding cannot leave a step of length zero.
    const bool last = time + 1.01 * step >= duration;
    if (last) step = duration - time;

    for (std::size_t stage = 0; stage < 6; ++stage) {
      for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j <= stage; ++j) sum += a[stage][j] * slope[j][i];
        trial[i] = y[i] + step * sum;
      }
      rate(trial, slope[stage + 1]);
    }

    double error = 0; // in units of the tolerance; NaN is caught because it is not below any bound
    bool negative = false, finite = true;
    for (std::size_t i = 0; i < n; ++i) {
      double difference = 0;
      for (std::size_t j = 0; j < 7; ++j) difference += e[j] * slope[j][i];
      const double scale =
          tolerance.absolute + tolerance.relative * std::max(std::abs(y[i]), std::abs(trial[i]));
      error = std::max(error, std::abs(step * difference) / scale);
      negative = negative || (y[i] >= 0 && trial[i] < -tolerance.absolute);
      finite = finite && std::isfinite(trial[i]) && std::isfinite(difference);
    }

    if (finite && !negative && error <= 1) {
      bool clipped = false;
      for (std::size_t i = 0; i < n; ++i)
        if (trial[i] < 0 && y[i] >= 0) {
          trial[i] = 0;
          clipped = true;
        }
      y = trial;
      slope[0] = slope[6];
      if (clipped) rate(y, slope[0]);
      ++count.steps;
      if (last) return count;
      time += step;
    } else {
      ++count.rejected;
    }
    const double growth = error > 0 ? 0.9 * std::pow(error, -0.2) : 5.0;
    step *= !finite ? 0.1 : negative ? 0.5 : std::clamp(growth, 0.2, 5.0);
  }
  return count;
}

} // namespace wolff::tissue
