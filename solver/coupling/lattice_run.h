// A run of the cell lattice alone under a given stimulus: no mechanics, one lattice after the other for an
// ensemble of seeds. Leaves history.csv with mean and spread, summary.json, and views of the first seed.
#pragma once

#include "coupling/run.h"

#include <string>

namespace wolff::coupling {

/// Everything short of a day: says how large the lattice is, and reads the elements. @throws Fault,
/// FaultList. Collective.
void check_lattice(const Case &input, MPI_Comm comm, Log &log);

/**
 * history.csv: a row a day; of each quantity the mean over the seeds, and with `_sd` its standard deviation
 * (n - 1; empty for one seed). Fractions are shares of the tissue sites. Every seed's cells are the same on
 * any number of ranks. Stopped on request or before a time limit (exit 75) with a checkpoint, the run goes on
 * from it, on any number of ranks, and ends with the files of one that was not stopped.
 * @throws Fault, FaultList. Collective.
 */
Exit run_lattice(const Case &input, MPI_Comm comm, Log &log, const RunSettings &settings);

/// @throws Fault (exit 2): a verb or switch that needs mechanics was used with the lattice alone
[[noreturn]] void refuse_mechanics(const Case &input, const std::string &what);

} // namespace wolff::coupling
