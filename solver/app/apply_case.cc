// From assignments to options, and what to say about those that fit none.
#include "app/case_file.h"

#include "app/utf8.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

namespace wolff::app {

namespace {

namespace fs = std::filesystem;

bool from_command_line(const Place &place)
{
  return place.file == command_line && place.column == 0;
}

const Option *find_option(const Assignment &assignment, const Options &options)
{
  for (const Option &option : options.all()) {
    if (from_command_line(assignment.place)
            ? option.path() == assignment.name
            : option.name == assignment.name && option.section == assignment.section)
      return &option;
  }
  return nullptr;
}

std::string joined(const std::vector<std::string> &section)
{
  std::string text;
  for (const std::string &part : section) text += (text.empty() ? "" : "/") + part;
  return text;
}

/// All subsections that hold an option.
std::set<std::vector<std::string>> known_sections(const Options &options)
{
  std::set<std::vector<std::string>> known;
  for (const Option &option : options.all())
    for (std::size_t depth = 1; depth <= option.section.size(); ++depth)
      known.emplace(option.section.begin(), option.section.begin() + static_cast<std::ptrdiff_t>(depth));
  return known;
}

std::vector<std::string> outer(const std::vector<std::string> &section)
{
  return {section.begin(), section.end() - 1};
}

std::string did_you_mean(const std::string &name)
{
  return name.empty() ? "The command \"wolff parameters\" lists all options."
                      : "Did you mean \"" + name + "\"?";
}

/// What the user most likely meant: an option of the same section first, then one of this very name
/// elsewhere.
std::string advice(const Assignment &wrong, const Options &options)
{
  // A path from the command line is split at the last slash that is not part of the unit.
  const std::string path = wrong.path();
  const std::size_t slash = path.rfind('/', path.find(" ["));
  const std::string section = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string name = path.substr(section.size());
  std::vector<std::string> here, all;
  for (const Option &option : options.all()) {
    all.push_back(option.path());
    if (option.path() == section + option.name) here.push_back(option.name);
  }
  for (const std::string &known : here)
    if (known.starts_with(name + " [")) return did_you_mean(section + known); // the unit was left out
  const std::string near = nearest_name(name, here);
  if (!near.empty()) return did_you_mean(section + near);
  for (const Option &option : options.all())
    if (option.name == name) return did_you_mean(option.path());
  if (!here.empty() && !section.empty()) return "\"" + section + "\" holds: " + join(here) + ".";
  return did_you_mean(nearest_name(path, all));
}

std::optional<Fault> set_option(const Assignment &assignment, const Options &options)
{
  const std::string place = from_command_line(assignment.place) ? command_line : assignment.place.text();
  const Option *option = find_option(assignment, options);
  const bool is_version = assignment.section.empty() && assignment.name == version_name;
  if (option == nullptr && !is_version)
    return Fault(Exit::input, "unknown-option", place, "there is no option \"" + assignment.path() + "\"")
        .hint(advice(assignment, options));
  if (is_version && assignment.value != std::to_string(case_format_version))
    return Fault(Exit::input, "format-version", place, "this format of case files is not known")
        .found(shortened(assignment.value))
        .wanted(std::to_string(case_format_version));
  if (first_bad_byte(assignment.value) != std::string::npos && from_command_line(assignment.place))
    return Fault(Exit::input, "option-value", place,
                 "the value of \"" + assignment.path() + "\" is not text in UTF-8");
  if (option == nullptr) return std::nullopt;
  try {
    option->set(assignment.value);
  } catch (const std::invalid_argument &wanted) {
    return Fault(Exit::input, "option-value", place, "\"" + assignment.path() + "\" has no admissible value")
        .found("\"" + shortened(assignment.value) + "\"")
        .wanted(wanted.what());
  }
  return std::nullopt;
}

} // namespace

void apply(const CaseFile &input, Options &options)
{
  std::vector<Problem> problems = input.problems;
  std::set<std::vector<std::string>> unknown;
  const std::set<std::vector<std::string>> known = known_sections(options);
  std::vector<std::string> known_paths;
  for (const std::vector<std::string> &section : known) known_paths.push_back(joined(section));
  for (const Subsection &subsection : input.subsections) {
    if (known.contains(subsection.section) || !unknown.insert(subsection.section).second) continue;
    if (unknown.contains(outer(subsection.section))) continue; // said once, for the outermost
    const std::string path = joined(subsection.section);
    Fault fault(Exit::input, "unknown-subsection", subsection.place.text(),
                "there is no subsection \"" + path + "\"");
    if (subsection.section.back().find('/') != std::string::npos)
      fault.hint("A subsection is opened inside the other, not by a path.");
    else
      fault.hint(did_you_mean(nearest_name(path, known_paths)));
    problems.push_back({subsection.place, fault});
  }
  for (const Assignment &assignment : input.assignments) {
    if (unknown.contains(assignment.section)) continue;
    const std::optional<Fault> fault = set_option(assignment, options);
    if (fault) problems.push_back({assignment.place, *fault});
  }

  const auto file_number = [&](const Place &place) {
    const auto file = std::find_if(input.files.begin(), input.files.end(),
                                   [&](const SourceFile &f) { return f.path == place.file; });
    return file - input.files.begin(); // the command line comes last
  };
  std::stable_sort(problems.begin(), problems.end(), [&](const Problem &a, const Problem &b) {
    return std::make_tuple(file_number(a.place), a.place.line, a.place.column) <
           std::make_tuple(file_number(b.place), b.place.line, b.place.column);
  });
  std::vector<Fault> faults;
  for (const Problem &problem : problems) faults.push_back(problem.fault);
  throw_if_any(std::move(faults));
}

std::string resolved_path(const CaseFile &input, const std::string &option, const std::string &value)
{
  const Assignment *assignment = input.assignment_of(option);
  if (value.empty() || fs::path(value).is_absolute() || input.files.empty()) return value;
  if (assignment != nullptr && from_command_line(assignment->place)) return value;
  const std::string &file = assignment != nullptr ? assignment->place.file : input.files.front().path;
  return (fs::path(file).parent_path() / value).string();
}

} // namespace wolff::app
