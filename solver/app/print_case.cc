#include "app/print_case.h"

#include "app/case_file.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

namespace wolff::app {

namespace {

namespace Patterns = dealii::Patterns;

int to_int(const double bound)
{
  constexpr double most = std::numeric_limits<int>::max(), least = std::numeric_limits<int>::min();
  return static_cast<int>(std::clamp(bound, least, most));
}

/// ParameterHandler's pattern closest to the option. Ranges of it are closed; open ends are in the
/// documentation.
std::unique_ptr<Patterns::PatternBase> pattern(const Option &option)
{
  const auto bound = [](const double b, const double otherwise) { return std::isfinite(b) ? b : otherwise; };
  switch (option.kind) {
  case Option::Kind::number:
    return std::make_unique<Patterns::Double>(
        bound(option.range.least, Patterns::Double::min_double_value),
        bound(option.range.greatest, Patterns::Double::max_double_value));
  case Option::Kind::integer:
    return std::make_unique<Patterns::Integer>(to_int(option.range.least), to_int(option.range.greatest));
  case Option::Kind::boolean:
    return std::make_unique<Patterns::Bool>();
  case Option::Kind::numbers:
    return std::make_unique<Patterns::List>(Patterns::Double());
  case Option::Kind::choice: {
    std::string names;
    for (const std::string &choice : option.choices) names += (names.empty() ? "" : "|") + choice;
    return std::make_unique<Patterns::Selection>(names);
  }
  case Option::Kind::text:
    break;
  }
  return std::make_unique<Patterns::Anything>();
}

/// The value as a .prm file can hold it: see parse_prm for the double quotes.
std::string in_prm(const std::string &value)
{
  const auto control = [](const unsigned char c) { return c < 0x20; };
  const bool plain = value.find('#') == std::string::npos &&
                     std::none_of(value.begin(), value.end(), control) && !value.starts_with('"') &&
                     !value.ends_with('\\') && !value.starts_with(' ') && !value.ends_with(' ');
  return plain ? value : quoted(value);
}

std::string documentation(const Option &option)
{
  std::string text = option.meaning;
  // A list of names is its own documentation in the pattern only as long as nobody reads the file alone.
  text += (text.empty() || text.ends_with(' ') ? "" : " ") + ("Admissible: " + admissible(option) + ".");
  if (!option.source.empty()) text += " Source: " + option.source;
  return text;
}

} // namespace

std::string admissible(const Option &option)
{
  switch (option.kind) {
  case Option::Kind::number:
    return option.range.description();
  case Option::Kind::integer:
    return "a whole number" + option.range.description().substr(std::string("a number").size());
  case Option::Kind::boolean:
    return "true or false";
  case Option::Kind::numbers:
    return "numbers separated by commas";
  case Option::Kind::choice:
    return "one of: " + join(option.choices, option.choices.size());
  case Option::Kind::text:
    break;
  }
  return "text";
}

std::string print_case(const Options &options, const CaseFormat format)
{
  const auto shown = [&](const std::string &value) {
    return format == CaseFormat::json ? value : in_prm(value);
  };
  dealii::ParameterHandler handler;
  if (options.find(version_name) == nullptr)
    handler.declare_entry(version_name, std::to_string(case_format_version), Patterns::Integer(),
                          "Version of the format of case files.");
  for (const Option &option : options.all()) {
    for (const std::string &name : option.section) handler.enter_subsection(name);
    handler.declare_entry(option.name, shown(option.default_text), *pattern(option), documentation(option));
    handler.set(option.name, shown(option.get()));
    for (std::size_t depth = 0; depth < option.section.size(); ++depth) handler.leave_subsection();
  }
  using Style = dealii::ParameterHandler;
  std::ostringstream text;
  handler.print_parameters(text, format == CaseFormat::json  ? Style::ShortJSON | Style::KeepDeclarationOrder
                                 : format == CaseFormat::prm ? Style::ShortPRM | Style::KeepDeclarationOrder
                                                             : Style::PRM | Style::KeepDeclarationOrder);
  return text.str();
}

} // namespace wolff::app
