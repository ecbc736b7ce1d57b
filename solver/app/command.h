// The command line: which verb, on which files, with which switches. Nothing is opened or checked beyond its
// form.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace wolff::app {

/// What the user asked for. Members that a verb does not take keep their defaults.
struct Command
{
  std::string verb;                      ///< a verb, or "help" or "version"
  std::string text;                      ///< help: what to print
  std::string case_file;                 ///< a case, or (check) a VTK file
  std::string state_file;                ///< --state: tissue state to start from
  std::string mechanics_file;            ///< --mechanics: what `regenerate` reads
  std::vector<std::string> settings;     ///< --set, in their order: "Section/Option [unit]=value"
  std::string restart;                   ///< --restart: "auto", a checkpoint, or empty
  std::string output;                    ///< --output: folder; empty: the case decides
  bool exchange = false;                 ///< --exchange: the loop goes through VTK files
  bool overwrite = false;                ///< --overwrite: results of an earlier run may be replaced
  std::string format = "md";             ///< --format of `parameters`
  bool drop_islands = false;             ///< --drop-islands: unsupported parts are removed, with a warning
  bool accept_units = false;             ///< --accept-units: implausible magnitudes are accepted
  std::vector<std::string> allow_change; ///< --allow-change: options that may differ from the checkpoint's
  bool break_lock = false;               ///< --break-lock: take over the folder of a run that no longer lives
  std::optional<double> time_limit_s;    ///< --time-limit [s], from the start of the program
};

/// A verb as the help shows it.
struct VerbHelp
{
  std::string name;
  std::string usage;   ///< "CASE [--state FILE]"
  std::string meaning; ///< one line
};
const std::vector<VerbHelp> &verb_helps();

/**
 * @throws Fault (exit 2, name usage or unknown-verb), with the nearest verb or flag
 *
 * `--help` anywhere gives the verb "help" with the page as `text`. After `--` a name may begin with a dash.
 */
Command parse_command_line(int argc, const char *const *argv);

/**
 * Seconds of "90", "MM:SS", "HH:MM:SS" or "D-HH:MM:SS", the forms of a batch system. A plain number is
 * seconds.
 * @throws std::invalid_argument that says what is wanted
 */
double duration_in_seconds(const std::string &text);

} // namespace wolff::app
