// The verbs for a box or an image of voxels: one equilibrium, no healing.
#pragma once

#include "coupling/box_model.h"
#include "coupling/run.h"

#include <string>

namespace wolff::coupling {

/// Build the model, say what its solution will need, solve nothing. @throws Fault, FaultList. Collective.
void check_box(const Case &input, MPI_Comm comm, Log &log);

/// Write the model to @p folder/model.pvtu, to look at. Returns the file. Collective.
std::string write_box_model(const Case &input, MPI_Comm comm, Log &log, const std::string &folder);

/**
 * Solve, and leave summary.json and, unless Fields = none, mechanics.pvtu in @p folder. Returns the summary's
 * path. @throws Fault, FaultList. Collective.
 */
std::string solve_box(const Case &input, MPI_Comm comm, Log &log, const std::string &folder);

/// The same with what a run leaves beside it: lock, log, case, status. @throws as solve_box, and exit 2 for
/// what a run of one step does not have: restart, exchange, a backend of regeneration. Collective.
Exit run_box(const Case &input, MPI_Comm comm, Log &log, const RunSettings &settings);

/// @throws Fault (exit 2): a verb or switch that needs tissue was used with a body that has none
[[noreturn]] void refuse_tissue(const Case &input, const std::string &what);

} // namespace wolff::coupling
