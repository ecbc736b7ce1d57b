// A case file with everything it includes and the --set of the command line, read into assignments; and these
// applied to the declared options. What the options mean is not known here.
#pragma once

#include "app/case_syntax.h"
#include "base/options.h"

#include <mpi.h>

#include <string>
#include <vector>

namespace wolff::app {

/// The version of case files that this program reads: `set Format version = 1`.
constexpr int case_format_version = 1;
constexpr const char *version_name = "Format version";

/// What stands for the file name in the place of an assignment by --set; its line is the number of the --set.
constexpr const char *command_line = "--set";

/// A file that was read, for the record: the bytes as they were.
struct SourceFile
{
  std::string path;
  std::string text;
};

/**
 * What a case says. A file's own assignments win over those of the files it includes, a later include over an
 * earlier one, and --set over all; so the last assignment of an option in the list is the one that holds.
 */
struct CaseFile
{
  std::vector<SourceFile> files; ///< the case file first, then its includes in the order of reading
  std::vector<Assignment> assignments;
  std::vector<Subsection> subsections;
  std::vector<Problem> problems; ///< what could not be read; reported by apply() together with what it finds

  /// The assignment that holds for the option at @p path, or nullptr if none is made.
  const Assignment *assignment_of(const std::string &path) const;
};

/**
 * Read @p path (.prm or .json) and its includes; @p settings are the texts of --set,
 * "Section/Option [unit]=value".
 *
 * @throws Fault (exit 2) if the case file itself cannot be read. All other problems are kept in the result.
 */
CaseFile read_case_file(const std::string &path, const std::vector<std::string> &settings = {});

/// The same on several ranks: rank 0 reads, all get the same result or throw the same fault. Collective.
CaseFile read_case_file(const std::string &path, const std::vector<std::string> &settings, MPI_Comm comm);

/**
 * Set the options. Problems of reading, unknown options and subsections, inadmissible values and a missing
 * format version are all thrown at once, in the order of the files.
 *
 * @throws Fault or FaultList (exit 2)
 */
void apply(const CaseFile &input, Options &options);

/**
 * The file name @p value of the option at @p option as seen from the working directory: in a case file it is
 * relative to the file that sets it, in --set to the working directory. Absolute and empty names stay.
 */
std::string resolved_path(const CaseFile &input, const std::string &option, const std::string &value);

} // namespace wolff::app
