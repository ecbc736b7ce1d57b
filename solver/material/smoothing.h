// Smoothing in time of a material constant, so that the stiffness follows the tissue with the delay of its
// mineralisation and the coupled loop does not chatter. One call a cell and a quantity.
#pragma once

#include "base/options.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

namespace wolff::material {

struct SmoothingOptions
{
  /// The lag is the default: its state is one number, and it does not depend on the length of the step.
  std::string kind = "first-order lag";
  double lag = 4.5; ///< tau [day]
  int window = 10;  ///< number of averaged values

  void declare(Options &options)
  {
    options.add_choice("Smoothing in time", kind, {"none", "first-order lag", "moving average"},
                       "How the moduli follow the mixture of the tissues.");
    options.add("Lag [day]", lag, "tau in m' = (m_mixture - m)/tau.", positive(),
                "same mean delay as the mean over 10 daily values [C]");
    options.add("Averaged values [-]", window,
                "Length of the moving average, in updates (daily in the source).", between(1, 1000),
                "program of Perier-Metz et al. 2020 [V]");
  }
};

/// Exact solution of m' = (mixture - m)/lag over @p days: m after them. Unit of @p before and @p mixture
/// alike.
inline double lagged(const double before, const double mixture, const double days, const double lag)
{
  return mixture + (before - mixture) * std::exp(-days / lag);
}

/**
 * Mean of the last history.size() values (at least one), the newest being @p mixture.
 * @p history holds them oldest first and is moved on by one; fill it with the first value to begin.
 */
inline double moving_average(const std::span<double> history, const double mixture)
{
  std::shift_left(history.begin(), history.end(), 1);
  history.back() = mixture;
  return std::accumulate(history.begin(), history.end(), 0.0) / static_cast<double>(history.size());
}

} // namespace wolff::material
