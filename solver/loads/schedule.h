// How much of the load the patient puts on the leg over the weeks after surgery.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wolff::loads {

/// A factor on all forces, constant from each day on until the next one.
class Schedule
{
public:
  /// 1 on all days.
  Schedule() = default;

  /**
   * "0 0; 42 0.5; 84 1": pairs of day and factor.
   * @throws Fault option-value (exit 2): an entry that is no pair of numbers, days that do not begin at 0 and
   * ascend, a factor below 0 or above 10
   */
  explicit Schedule(const std::string &text);

  /// The factor on a day [-]. A day that is before a change by rounding only counts as the day of the change.
  double factor(double day) const;

  bool is_empty() const { return entries_.empty(); }
  /// Day and factor of each entry.
  const std::vector<std::pair<double, double>> &entries() const { return entries_; }

private:
  std::vector<std::pair<double, double>> entries_;
};

} // namespace wolff::loads
