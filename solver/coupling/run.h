// The time loop: solve, regenerate, solve, ... in memory or through files, with what a run leaves behind.
#pragma once

#include "coupling/field_files.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wolff::coupling {

/// What the command line and the program add to a case.
struct RunSettings
{
  std::string folder;  ///< of the results
  std::string restart; ///< "auto", a checkpoint folder, or empty
  bool overwrite = false, break_lock = false;
  bool exchange = false;            ///< every state and stimulus goes through its file
  std::optional<double> time_limit; ///< wall time [s]
  std::vector<std::string> allow_change;

  std::string case_text; ///< the case after defaults, as a case file
  std::vector<std::pair<std::string, std::string>> versions;
  std::vector<std::pair<std::string, std::string>> input_checksums; ///< path, SHA-256
  std::function<bool()> stop_requested;                             ///< agreed over all ranks
  /// Told what is complete: the last step, and the step of the last checkpoint, -1 without one.
  std::function<void(std::int64_t step, std::int64_t checkpoint)> is_kept;
};

/// Returns the exit code: finished, or stopped with a checkpoint written. @throws Fault, FaultList.
/// Collective.
Exit run(const Case &input, MPI_Comm comm, Log &log, const RunSettings &settings);

/// One half of a step through files, for the verbs `solve` and `regenerate`. Both return the file they wrote.
std::string solve_step(const Case &input, MPI_Comm comm, Log &log, const std::string &state_file,
                       const std::string &folder);
std::string regenerate_step(const Case &input, MPI_Comm comm, Log &log, const std::string &mechanics_file,
                            const std::string &state_file, const std::string &folder);

} // namespace wolff::coupling
