#include "stimulus/combination.h"

#include <cmath>

namespace wolff::stimulus {

const Table<Combination> &combinations()
{
  static const Table<Combination> table{
      {"maximum", "the value of largest magnitude of all cases", "", Combination::maximum},
      {"mean", "the mean of all cases, each counted once", "", Combination::mean},
      {"cycle-weighted mean", "the mean of all cases, each counted by its cycles", "",
       Combination::cycle_weighted_mean}};
  return table;
}

void require_cycles(const std::size_t n_cases, const std::span<const double> cycles)
{
  if (cycles.size() != n_cases)
    throw Fault(Exit::model, "load-cycles", "", "numbers of cycles for the load cases")
        .found(std::to_string(cycles.size()))
        .wanted(std::to_string(n_cases) + ", one for each load case");
}

void CombinedAxes::add(const Axes &axes, const double cycles)
{
  const double weight = how_ == Combination::cycle_weighted_mean ? cycles : 1;
  if (n_ == 0) only_ = axes;
  for (std::size_t a = 0; a < axes.size(); ++a)
    if (how_ != Combination::maximum) combined_[a] += weight * axes[a];
    // What is no number compares with nothing: without the second condition a later case would hide it.
    else if (std::abs(axes[a]) > std::abs(combined_[a]) || std::isnan(axes[a]))
      combined_[a] = axes[a];
  weight_ += weight;
  ++n_;
}

Axes CombinedAxes::axes() const
{
  if (n_ == 0 || !(weight_ > 0))
    throw Fault(Exit::model, "load-cycles", "", "cycles of the load cases that are combined")
        .found(n_ == 0 ? "no load case" : "a sum of " + to_text(weight_))
        .wanted("at least one load case, and a sum of cycles above 0");
  if (n_ == 1) return only_;
  if (how_ == Combination::maximum) return combined_;
  Axes mean = combined_;
  for (double &axis : mean) axis /= weight_;
  return mean;
}

} // namespace wolff::stimulus
