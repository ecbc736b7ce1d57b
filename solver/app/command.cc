#include "app/command.h"

#include "base/errors.h"
#include "base/options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <stdexcept>

namespace wolff::app {

namespace {

using Switches = std::vector<std::string>;

/// What a verb takes beside its case file. The one list of verbs.
struct Grammar
{
  VerbHelp help;
  bool takes_case = true;
  Switches switches;
};

Switches operator+(Switches a, const Switches &b)
{
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Switches model_switches{"--set", "--drop-islands", "--accept-units"};
const Switches output_switches{"--output", "--overwrite", "--break-lock"};

const std::vector<Grammar> &grammar()
{
  static const std::vector<Grammar> verbs{
      {{"run", "CASE", "the coupled loop of mechanics and regeneration"},
       true,
       model_switches + output_switches +
           Switches{"--restart", "--exchange", "--allow-change", "--time-limit"}},
      {{"check", "CASE", "everything short of solving: all problems, counts, memory and time"},
       true,
       model_switches},
      {{"model", "CASE", "build the model and write it as VTK"}, true, model_switches + output_switches},
      {{"solve", "CASE [--state FILE]", "one mechanics step: tissue state in, mechanics and stimulus out"},
       true,
       model_switches + output_switches + Switches{"--state"}},
      {{"regenerate", "CASE --mechanics FILE", "one regeneration step: mechanics in, next tissue state out"},
       true,
       model_switches + output_switches + Switches{"--state", "--mechanics"}},
      {{"parameters", "[--format md|prm|json|exchange]", "the reference of all options, or of the exchange files"}, false, {"--format"}},
  };
  return verbs;
}

const Grammar *find_verb(const std::string &name)
{
  for (const Grammar &verb : grammar())
    if (verb.help.name == name) return &verb;
  return nullptr;
}

std::vector<std::string> verb_names()
{
  std::vector<std::string> names;
  for (const Grammar &verb : grammar()) names.push_back(verb.help.name);
  return names;
}

std::string general_help()
{
  std::string text = "wolff VERB [CASE] [OPTIONS]\n\nverbs:\n";
  for (const Grammar &verb : grammar()) {
    const std::string call = verb.help.name + " " + verb.help.usage;
    text +=
        "  " + call + std::string(call.size() < 36 ? 36 - call.size() : 1, ' ') + verb.help.meaning + "\n";
  }
  text += "\n  --version                           version, libraries and how the program was built\n"
          "  VERB --help                         the options of a verb\n"
          "\nAny option of the case: --set \"Section/Option [unit]=value\"; `wolff parameters` lists them.\n";
  return text;
}

[[noreturn]] void refuse(const std::string &place, const std::string &problem, const std::string &found,
                         const std::string &wanted, const std::string &hint)
{
  Fault fault(Exit::input, "usage", place, problem);
  if (!found.empty()) fault.found(found);
  if (!wanted.empty()) fault.wanted(wanted);
  if (!hint.empty()) fault.hint(hint);
  throw fault;
}

/// Every switch that exists, bound to the member it fills; a verb takes some of them.
void add_switch(CLI::App &app, const std::string &name, Command &command, std::string &time_limit)
{
  const auto value = [&](std::string &target, const std::string &type, const std::string &meaning) {
    return app.add_option(name, target, meaning)->type_name(type);
  };
  // One value each time: a list must not swallow the case file behind it.
  const auto repeated = [&](std::vector<std::string> &target, const std::string &type,
                            const std::string &meaning) {
    return app.add_option(name, target, meaning)
        ->type_name(type)
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  };
  if (name == "--set")
    repeated(command.settings, "\"SECTION/OPTION [UNIT]=VALUE\"",
             "set an option of the case; may be repeated");
  else if (name == "--allow-change")
    repeated(command.allow_change, "OPTION", "option that may differ from the checkpoint's; may be repeated");
  else if (name == "--restart")
    value(command.restart, "auto|PATH", "continue from the newest sound checkpoint, or from this one");
  else if (name == "--output")
    value(command.output, "DIR", "folder of the results");
  else if (name == "--state")
    value(command.state_file, "FILE", "tissue state (VTK)");
  else if (name == "--mechanics")
    value(command.mechanics_file, "FILE", "mechanics and stimulus (VTK)")->required();
  else if (name == "--format")
    value(command.format, "md|prm|json|exchange", "form of the reference");
  else if (name == "--time-limit")
    value(time_limit, "TIME", "stop with a checkpoint before this: seconds, HH:MM:SS or D-HH:MM:SS");
  else if (name == "--exchange")
    app.add_flag(name, command.exchange, "pass every step through VTK files");
  else if (name == "--overwrite")
    app.add_flag(name, command.overwrite, "replace the results of an earlier run");
  else if (name == "--drop-islands")
    app.add_flag(name, command.drop_islands, "remove parts that are not connected to a support");
  else if (name == "--accept-units")
    app.add_flag(name, command.accept_units, "accept magnitudes that look like another unit");
  else if (name == "--break-lock")
    app.add_flag(name, command.break_lock, "take over the folder of a run that no longer lives");
}

/// What CLI11 did not know: name the first and the nearest switch.
void refuse_unexpected(const Grammar &verb, std::vector<std::string> unexpected)
{
  std::erase(unexpected, "--");
  if (unexpected.empty()) return;
  const std::string place = "wolff " + verb.help.name;
  const std::string first = unexpected.front();
  if (!first.starts_with("-"))
    refuse(place, "an argument too many", "\"" + first + "\"",
           "wolff " + verb.help.name + " " + verb.help.usage, "");
  const std::string name = first.substr(0, first.find('='));
  const std::string near = nearest_name(name, verb.switches + Switches{"--help"});
  refuse(place, "this verb has no such option", "\"" + name + "\"",
         verb.switches.empty() ? "no option" : "one of: " + join(verb.switches, verb.switches.size()),
         near.empty() ? "A file name that begins with a dash goes behind --."
                      : "Did you mean \"" + near + "\"?");
}

} // namespace

const std::vector<VerbHelp> &verb_helps()
{
  static const std::vector<VerbHelp> helps = [] {
    std::vector<VerbHelp> all;
    for (const Grammar &verb : grammar()) all.push_back(verb.help);
    return all;
  }();
  return helps;
}

Command parse_command_line(const int argc, const char *const *argv)
{
  Command command;
  if (argc < 2)
    refuse("wolff", "a verb is missing", "", "one of: " + join(verb_names()), "wolff --help explains them.");
  command.verb = argv[1];
  if (command.verb == "--help" || command.verb == "-h" || command.verb == "help") {
    command.verb = "help";
    command.text = general_help();
    return command;
  }
  if (command.verb == "--version") {
    if (argc > 2)
      refuse("wolff --version", "an argument too many", "\"" + std::string(argv[2]) + "\"",
             "nothing behind it", "");
    command.verb = "version";
    return command;
  }
  const Grammar *verb = find_verb(command.verb);
  if (verb == nullptr) {
    const std::string near = nearest_name(command.verb, verb_names() + Switches{"--version", "--help"});
    Fault fault(Exit::input, "unknown-verb", "wolff", "there is no such verb");
    fault.found("\"" + command.verb + "\"").wanted("one of: " + join(verb_names()));
    if (!near.empty()) fault.hint("Did you mean \"" + near + "\"?");
    throw fault;
  }

  CLI::App app(verb->help.meaning, "wolff " + command.verb);
  app.allow_extras();
  std::string time_limit;
  CLI::Option *case_file =
      verb->takes_case ? app.add_option("CASE", command.case_file, "case file (.prm or .json)") : nullptr;
  for (const std::string &name : verb->switches) add_switch(app, name, command, time_limit);

  std::vector<std::string> arguments(argv + 2, argv + argc);
  std::reverse(arguments.begin(), arguments.end()); // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp &) {
    command.verb = "help";
    command.text = app.help();
    return command;
  } catch (const CLI::ParseError &e) {
    refuse_unexpected(*verb, app.remaining());
    refuse("wolff " + command.verb, e.what(), "", "wolff " + verb->help.name + " " + verb->help.usage, "");
  }
  refuse_unexpected(*verb, app.remaining());
  if (case_file != nullptr && case_file->count() == 0)
    refuse("wolff " + command.verb, "the case file is missing", "",
           "wolff " + verb->help.name + " " + verb->help.usage, "");
  const Switches formats{"md", "prm", "json", "exchange"};
  if (std::find(formats.begin(), formats.end(), command.format) == formats.end())
    refuse("--format", "this format is not known", "\"" + command.format + "\"", "one of: " + join(formats),
           "");
  if (app.get_option_no_throw("--time-limit") != nullptr && app.count("--time-limit") > 0) try {
      command.time_limit_s = duration_in_seconds(time_limit);
    } catch (const std::invalid_argument &wanted) {
      refuse("--time-limit", "this is no time", "\"" + time_limit + "\"", wanted.what(), "");
    }
  return command;
}

double duration_in_seconds(const std::string &text)
{
  const std::invalid_argument wanted("seconds, HH:MM:SS or D-HH:MM:SS, greater than 0");
  double days = 0, seconds = 0;
  std::string clock = text;
  try {
    const std::size_t dash = text.find('-');
    if (dash != std::string::npos && dash != 0) {
      days = parse_number(text.substr(0, dash));
      clock = text.substr(dash + 1);
    }
    const auto colons = std::count(clock.begin(), clock.end(), ':');
    if (colons > 2 || (dash != std::string::npos && colons != 2)) throw wanted;
    for (std::size_t begin = 0; begin <= clock.size();) {
      const std::size_t end = std::min(clock.find(':', begin), clock.size());
      const double part = parse_number(clock.substr(begin, end - begin));
      if (part < 0 || (begin > 0 && part >= 60)) throw wanted;
      seconds = 60 * seconds + part;
      begin = end + 1;
    }
  } catch (const std::invalid_argument &) {
    throw wanted;
  }
  seconds += 86400 * days;
  if (!(seconds > 0)) throw wanted;
  return seconds;
}

} // namespace wolff::app
