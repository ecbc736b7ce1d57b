// From the load cases of a case to forces on the model's nodes: contact on the head, muscles on the shaft.
#pragma once

#include "coupling/model.h"

namespace wolff::coupling {

/// The load cases that a case asks for; reads the file of a gait cycle.
/// @throws Fault, FaultList as loads::load_set(), loads::gait_cycle() and io::read_number_table()
std::vector<loads::LoadCase> read_load_set(const Case &input);

/**
 * Nodal forces of each load case on a model with a solver. Says on the log how each case pushes and where it
 * acts, and warns of muscles that attach below the distal cut: they are left out, as what is below is held.
 * @throws Fault (exit 3): load-on-void, muscle-off-bone. Collective.
 */
std::vector<NodalForces> nodal_forces(const Model &model, Log &log);

/// The same without a solver, for a model that was built to look at: what a run would find wrong. Collective.
void check_loads(const Model &model, Log &log);

/// All nodal forces of load case @p index times @p factor, as the solver takes them.
std::vector<double> forces_of(const Model &model, std::size_t index, double factor);

} // namespace wolff::coupling
