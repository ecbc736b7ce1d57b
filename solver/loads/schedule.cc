#include "loads/schedule.h"

#include "loads/list_syntax.h"

#include "base/errors.h"

namespace wolff::loads {

namespace {

constexpr double greatest_factor = 10; // more is a slip: 50 for 0.5, say

Fault fault(const std::string &what, const std::string &found)
{
  return Fault(Exit::input, "option-value", "Loads/Schedule", what)
      .found("\"" + found + "\"")
      .wanted("pairs of day and factor separated by semicolons, days ascending from 0, factors of 0 to 10, "
              "such as 0 0; 42 0.5; 84 1");
}

} // namespace

Schedule::Schedule(const std::string &text)
{
  for (const ListEntry &entry : entries_of(text)) {
    if (!entry.name.empty() || entry.numbers.size() != 2)
      throw fault("an entry is no pair of numbers", entry.text);
    const double day = entry.numbers[0], factor = entry.numbers[1];
    if (entries_.empty() ? day != 0 : day <= entries_.back().first)
      throw fault(entries_.empty() ? "the first day is not 0" : "the days do not ascend", entry.text);
    if (factor < 0 || factor > greatest_factor) throw fault("a factor out of range", entry.text);
    entries_.emplace_back(day, factor);
  }
}

double Schedule::factor(const double day) const
{
  double factor = 1;
  for (const auto &[from, value] : entries_)
    if (day >= from - 1e-9 * (1 + from)) factor = value;
  return factor;
}

} // namespace wolff::loads
