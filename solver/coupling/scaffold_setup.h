// The scaffold of a model beyond its shares of the voxels: stiffness of a homogenised lattice, and how the
// solid goes in time.
#pragma once

#include "base/log.h"
#include "coupling/model.h"
#include "coupling/voxels.h"

namespace wolff::coupling {

/// Modulus of the lattice, and how much of each cell it fills; says what the homogenisation leaves out.
/// Collective.
void homogenise_scaffold(Model &model, const Voxels &voxels, Log &log);

/// The numbers of the law, from options and material. @throws Fault (exit 2) on all ranks if one is missing
void set_degradation_law(Model &model);

/// What a step needs beside the state of day 0, which must be set; says the law, and whether the scaffold
/// hangs together. Collective.
void prepare_degradation(Model &model, Log &log);

/// Where a homogenised scaffold guides cells, its surface; with degradation as the lattice erodes evenly.
/// After prepare_degradation.
regeneration::HomogenisedSurface homogenised_surface(const Model &model);

} // namespace wolff::coupling
