// From tissue shares to the elastic constants that mechanics uses: mixture voxel by voxel, then smoothing in
// time.
#pragma once

#include "material/mixture.h"
#include "material/smoothing.h"
#include "regeneration/hydrogel.h"
#include "regeneration/scaffold_stiffness.h"
#include "regeneration/tissue_state.h"

namespace wolff::regeneration {

/// Number of earlier values that a state must keep for this smoothing.
std::size_t history_length(const material::SmoothingOptions &options);

/// On day 0: every cell gets the constants of its mixture, and has had them at all earlier updates. Free
/// volume is granulation tissue, or @p gel.
void initialise_material(TissueState &state, const material::TissueElasticity &tissues,
                         const material::MixtureOptions &mixture, const ScaffoldStiffness &scaffold = {},
                         const HydrogelOptions &gel = {});

/**
 * Move the constants of the healing domain, and of cells with a scaffold that degrades, towards those of the
 * mixture over @p days. A moving average takes one value a call: call it at equal intervals. @throws Fault
 * (exit 3) if the state has another length of history
 */
void update_material(TissueState &state, const material::TissueElasticity &tissues,
                     const material::MixtureOptions &mixture, const material::SmoothingOptions &smoothing,
                     double days, const ScaffoldStiffness &scaffold = {}, const HydrogelOptions &gel = {});

} // namespace wolff::regeneration
