#include "app/parameter_reference.h"

#include "app/case_file.h"
#include "app/print_case.h"

#include <nlohmann/json.hpp>

namespace wolff::app {

namespace {

const char *const head =
    "# Options of a case\n"
    "\n"
    "Written by `wolff parameters`; do not edit. A case file sets an option inside the subsections that its "
    "heading\n"
    "names, `--set \"Section/Option [unit]=value\"` sets it on the command line. The unit is part of the "
    "name. A physical\n"
    "number has a source and a mark: [V] read in the source, [C] computed from it, [M] from memory, [U] the\n"
    "user's own.\n";

std::string kind_name(const Option::Kind kind)
{
  switch (kind) {
  case Option::Kind::number:
    return "number";
  case Option::Kind::integer:
    return "integer";
  case Option::Kind::boolean:
    return "boolean";
  case Option::Kind::text:
    return "text";
  case Option::Kind::choice:
    return "choice";
  case Option::Kind::numbers:
    return "numbers";
  }
  return "";
}

/// Text inside a cell of a Markdown table.
std::string cell(const std::string &text)
{
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += '\\';
    safe += c == '\n' || c == '\r' ? ' ' : c;
  }
  return safe;
}

std::string heading(const std::vector<std::string> &section)
{
  std::string text;
  for (const std::string &name : section) text += (text.empty() ? "" : " / ") + name;
  return text.empty() ? "Top level" : text;
}

std::string markdown(const Options &options)
{
  const char *const columns =
      "| option | default | admissible | meaning | source |\n| --- | --- | --- | --- | --- |\n";
  std::string text = head;
  // Sections in the order of their first option; the options of a section need not be declared together.
  std::vector<std::vector<std::string>> sections{{}};
  for (const Option &option : options.all())
    if (std::find(sections.begin(), sections.end(), option.section) == sections.end())
      sections.push_back(option.section);
  for (const std::vector<std::string> &section : sections) {
    text += "\n## " + heading(section) + "\n\n" + columns;
    if (section.empty() && options.find(version_name) == nullptr)
      text += "| `Format version` | must be stated | " + std::to_string(case_format_version) +
              " | Version of the format of case files. |  |\n";
    for (const Option &option : options.all()) {
      if (option.section != section) continue;
      text += "| `" + cell(option.name) + "` | " +
              (option.default_text.empty() ? "(empty)" : cell(option.default_text)) + " | " +
              cell(admissible(option)) + " | " + cell(option.meaning) + " | " + cell(option.source) + " |\n";
    }
  }
  return text;
}

std::string records(const Options &options)
{
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Option &option : options.all()) {
    nlohmann::ordered_json record = {{"path", option.path()},
                                     {"section", option.section},
                                     {"name", option.name},
                                     {"kind", kind_name(option.kind)},
                                     {"default", option.default_text},
                                     {"admissible", admissible(option)},
                                     {"meaning", option.meaning},
                                     {"source", option.source}};
    if (!option.choices.empty()) record["choices"] = option.choices;
    all.push_back(record);
  }
  return all.dump(2) + "\n";
}

} // namespace

std::string parameter_reference(const Options &options, const std::string &format)
{
  if (format == "md") return markdown(options);
  if (format == "json") return records(options);
  if (format == "prm") return print_case(options, CaseFormat::documented_prm);
  throw Fault(Exit::input, "usage", "--format", "this format is not known")
      .found(format)
      .wanted("md, prm or json");
}

} // namespace wolff::app
