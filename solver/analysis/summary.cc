#include "analysis/summary.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace wolff::analysis {

namespace {

bool begins_with_one_of(const std::string &name, const std::initializer_list<const char *> beginnings)
{
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const char *beginning) { return name.starts_with(beginning); });
}

bool is_result(const std::string &name)
{
  return name != "step" && !begins_with_one_of(name, {"solver_", "regeneration_"});
}

bool is_worst_when_largest(const std::string &name)
{
  return begins_with_one_of(name, {"von_mises_", "principal_strain_", "strain_risk_",
                                   "solver_relative_residual", "solver_force_imbalance",
                                   "solver_energy_imbalance", "regeneration_mass_balance_error"});
}

bool is_worst_when_smallest(const std::string &name)
{
  return begins_with_one_of(name, {"factor_to_"});
}

void require_same_names(const std::vector<std::vector<Quantity>> &rows)
{
  for (const auto &row : rows)
    if (!std::equal(row.begin(), row.end(), rows.front().begin(), rows.front().end(),
                    [](const Quantity &a, const Quantity &b) { return a.name == b.name; }))
      throw Fault(Exit::internal, "exception", "", "the rows of the history differ in their names");
}

/// Largest of the values that are numbers, or NaN.
double largest(const std::vector<double> &values)
{
  double most = no_value;
  for (const double value : values) most = std::fmax(most, value); // passes over NaN
  return most;
}

double smallest(const std::vector<double> &values)
{
  double least = no_value;
  for (const double value : values) least = std::fmin(least, value);
  return least;
}

} // namespace

std::vector<Quantity> summary(const std::vector<std::vector<Quantity>> &rows)
{
  std::vector<Quantity> points;
  if (rows.empty()) return points;
  require_same_names(rows);

  const auto column = [&](const std::size_t index) {
    std::vector<double> values;
    for (const auto &row : rows) values.push_back(row[index].value);
    return values;
  };
  const auto &names = rows.front();
  const auto index_of = [&](const std::string &name) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const Quantity &q) { return q.name == name; });
    return static_cast<std::size_t>(found - names.begin());
  };

  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto &[name, first, meaning] = names[i];
    if (is_result(name)) {
      points.push_back({"first_" + name, first, meaning});
      points.push_back({"last_" + name, rows.back()[i].value, meaning});
    }
    if (is_worst_when_largest(name))
      points.push_back({"largest_" + name, largest(column(i)), "over all days; " + meaning});
    if (is_worst_when_smallest(name))
      points.push_back({"smallest_" + name, smallest(column(i)), "over all days; " + meaning});
  }

  const std::string ingrowth = "bone_ingrowth_scaffold_pore";
  const std::size_t day = index_of("day"), bone = index_of(ingrowth);
  if (day < names.size() && bone < names.size())
    for (const int percent : {10, 20, 50})
      points.push_back({"day_of_" + std::to_string(percent) + "_percent_" + ingrowth,
                        day_of_reaching(column(day), column(bone), percent / 100.0),
                        "healing time at which new bone fills this share of the pores"});
  return points;
}

double day_of_reaching(const std::span<const double> days, const std::span<const double> values,
                       const double level)
{
  std::size_t before = values.size(); // none
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    if (values[i] >= level) {
      if (before == values.size()) return days[i];
      const double share = (level - values[before]) / (values[i] - values[before]);
      return days[before] + share * (days[i] - days[before]);
    }
    before = i;
  }
  return no_value;
}

} // namespace wolff::analysis
