// How the load cases of a day become one stimulus. What is combined is what the rule compares with its
// thresholds: S of a rule that is one number, each axis by itself of a rule on two.
#pragma once

#include "base/table.h"
#include "stimulus/point.h"

#include <cstddef>
#include <span>

namespace wolff::stimulus {

enum class Combination
{
  maximum,
  mean,
  cycle_weighted_mean
};

/// By the names of the option `Combination`.
const Table<Combination> &combinations();

/// @throws Fault (exit 3) if there is not one number of cycles for each of @p n_cases
void require_cycles(std::size_t n_cases, std::span<const double> cycles);

/**
 * One set of axes from those of n cases with N_i cycles, case after case, without storage:
 *     maximum               the signed value of largest magnitude, of equal ones the first
 *     mean                  sum a_i / n
 *     cycle-weighted mean   sum N_i a_i / sum N_i
 * A single case gives its own axes, bit for bit. An axis that is no number in any case is none in the result.
 */
class CombinedAxes
{
public:
  explicit CombinedAxes(const Combination how) : how_(how) {}

  /// @p cycles N_i of the case, finite and not negative; only the weighted mean looks at it.
  void add(const Axes &axes, double cycles);

  /// @throws Fault (exit 3) if there was no case, or if no case of a weighted mean has cycles
  Axes axes() const;

private:
  Combination how_;
  std::size_t n_ = 0;
  double weight_ = 0;
  Axes only_{}, combined_{};
};

} // namespace wolff::stimulus
