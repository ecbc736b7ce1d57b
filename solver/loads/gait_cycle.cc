#include "loads/gait_cycle.h"

#include "base/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace wolff::loads {

namespace {

const std::string in_file = "stated in the file";

std::string lower(std::string text)
{
  for (char &c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Where the column stands whose first word is @p name, or nothing: "Fx [N]" is a column "Fx".
std::optional<std::size_t> find_column(const NumberTable &table, const std::string &name)
{
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string column = lower(table.columns[i]);
    if (column.substr(0, column.find_first_of(" [(_%")) == name) return i;
  }
  return std::nullopt;
}

/// Per cent of the cycle goes by several names in published files: "phase [%]", "gait_percent", "Cycle [%]".
std::optional<std::size_t> find_phase(const NumberTable &table)
{
  for (const char *name : {"phase", "gait", "cycle"})
    if (const auto found = find_column(table, name)) return found;
  return std::nullopt;
}

std::size_t column(const NumberTable &table, const std::string &name)
{
  if (const auto found = find_column(table, lower(name))) return *found;
  throw Fault(Exit::input, "csv-column", table.place, "there is no column \"" + name + "\"")
      .found(join(table.columns))
      .wanted("phase or time, Fx, Fy, Fz");
}

/// What the remark "key: value" of the file says, or empty.
std::string remark(const NumberTable &table, const std::string &key)
{
  for (const std::string &line : table.remarks) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || lower(line.substr(0, colon)) != key) continue;
    const std::size_t first = line.find_first_not_of(' ', colon + 1);
    return first == std::string::npos ? "" : line.substr(first);
  }
  return "";
}

/// Frame or unit, from the option or from the file's remark.
std::string stated(const NumberTable &table, const std::string &key, const std::string &option_name,
                   const std::string &option, const std::vector<std::string> &allowed)
{
  const std::string written = remark(table, key), path = "Loads/Gait cycle/" + option_name;
  std::string found;
  for (const std::string &value : allowed)
    if (lower(written) == lower(value)) found = value;
  if (!written.empty() && found.empty())
    throw Fault(Exit::input, "option-value", table.place, "the remark \"" + key + ":\" is not understood")
        .found("\"" + written + "\"")
        .wanted("one of: " + join(allowed));
  if (option == in_file) {
    if (!found.empty()) return found;
    throw Fault(Exit::input, "option-missing", path, "neither the option nor the file states the " + key)
        .found(table.place + " without a line \"# " + key + ": ...\"")
        .wanted("one of: " + join(allowed));
  }
  if (!found.empty() && found != option)
    throw Fault(Exit::input, "option-contradicts", path, "the file states another " + key)
        .found("\"" + option + "\", in " + table.place + " \"" + found + "\"")
        .hint("Leave the option out, or mend the file");
  return option;
}

} // namespace

GaitCycle gait_cycle(const NumberTable &table, const GaitOptions &options, const double body_weight)
{
  const std::optional<std::size_t> phase_column = find_phase(table);
  const bool has_phase = phase_column.has_value();
  const std::size_t when = has_phase                    ? *phase_column
                           : find_column(table, "time") ? column(table, "time")
                                                        : column(table, "phase");
  const std::array<std::size_t, 3> components{column(table, "Fx"), column(table, "Fy"), column(table, "Fz")};
  const std::string frame = stated(table, "frame", "Frame", options.frame, {"x medial", "x lateral"}),
                    unit = stated(table, "unit", "Unit", options.unit, {"N", "%BW"});
  const Vector3 scale = (unit == "N" ? 1.0 : body_weight / 100) * Vector3(frame == "x medial" ? 1 : -1, 1, 1);

  GaitCycle cycle;
  cycle.place = table.place;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::vector<double> &row = table.rows[i];
    if (i > 0 && row[when] <= table.rows[i - 1][when])
      throw Fault(Exit::input, "gait-order", table.place + ":" + std::to_string(table.lines[i]),
                  "the rows do not ascend in \"" + table.columns[when] + "\"")
          .found(to_text(row[when]) + " after " + to_text(table.rows[i - 1][when]))
          .wanted("one cycle, in the order of time");
    cycle.phase.push_back(row[when]);
    cycle.force.push_back(
        scale.cwiseProduct(Vector3(row[components[0]], row[components[1]], row[components[2]])));
  }
  if (cycle.phase.size() < 2)
    throw Fault(Exit::input, "gait-order", table.place, "a cycle of one row")
        .found("1 row")
        .wanted("at least two");
  double peak = 0;
  for (const Vector3 &force : cycle.force) peak = std::max(peak, force.norm());
  if (const double share = 100 * peak / body_weight; !(share >= 50 && share <= 1000))
    throw Fault(Exit::model, "units", table.place, "the largest force of the cycle has no plausible size")
        .found(fmt::format("{:.4g} N, {:.3g} % of the body weight of {} N, as the unit is {}", peak, share,
                           to_text(body_weight), unit))
        .wanted("50 to 1000 % of body weight")
        .hint("State the unit in which the file counts, N or %BW");
  if (!has_phase) {
    const double first = cycle.phase.front(), length = cycle.phase.back() - first;
    for (double &phase : cycle.phase) phase = 100 * (phase - first) / length;
  }
  return cycle;
}

Vector3 GaitCycle::force_at(const double at) const
{
  if (!(at >= phase.front() && at <= phase.back()))
    throw Fault(Exit::input, "gait-phase", "Loads/Gait cycle/Phases [%]",
                "a phase outside the rows of the file")
        .found(at)
        .wanted(to_text(phase.front()) + " to " + to_text(phase.back()) + " %, as in " + place);
  const auto after = std::max(std::lower_bound(phase.begin(), phase.end(), at), phase.begin() + 1);
  const auto i = static_cast<std::size_t>(after - phase.begin());
  const double share = (at - phase[i - 1]) / (phase[i] - phase[i - 1]);
  return (1 - share) * force[i - 1] + share * force[i];
}

} // namespace wolff::loads
