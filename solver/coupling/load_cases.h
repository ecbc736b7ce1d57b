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

/// Forces of size one on the head along the guides of the model's pilot node; empty without. @throws Fault
/// load-on-void (exit 3). Collective.
std::vector<NodalForces> guide_forces(const Model &model);

/// All nodal forces of load case @p index times @p factor, as the solver takes them.
std::vector<double> forces_of(const Model &model, std::size_t index, double factor);

/// Adds @p factor times @p sparse to @p forces.
void add_forces(const NodalForces &sparse, double factor, std::vector<double> &forces);

/// Work of the forces on a displacement [N mm] whose ghosts and hanging entries are current, on all ranks
/// together. Collective.
double work_of(const NodalForces &sparse, const std::vector<double> &displacement, MPI_Comm comm);

} // namespace wolff::coupling
