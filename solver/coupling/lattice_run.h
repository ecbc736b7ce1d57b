// A run of the cell lattice alone under a given stimulus: no mechanics, one lattice after the other for an
// ensemble of seeds. Leaves history.csv with mean and spread, and summary.json.
#pragma once

#include "coupling/run.h"

#include <string>

namespace wolff::coupling {

/// Everything short of a day: builds nothing, says how large the lattice is. @throws Fault, FaultList.
void check_lattice(const Case &input, MPI_Comm comm, Log &log);

/**
 * history.csv: a row a day; of each quantity the mean over the seeds, and with `_sd` its standard deviation
 * (n - 1; empty for one seed). Fractions are shares of the tissue sites. Every seed's cells are the same on
 * any number of ranks. @throws Fault, FaultList. Collective.
 */
Exit run_lattice(const Case &input, MPI_Comm comm, Log &log, const RunSettings &settings);

/// @throws Fault (exit 2): a verb or switch that needs mechanics was used with the lattice alone
[[noreturn]] void refuse_mechanics(const Case &input, const std::string &what);

} // namespace wolff::coupling
