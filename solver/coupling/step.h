// The two halves of a step: equilibrium and stimulus of a tissue state, and the state after some days.
#pragma once

#include "coupling/model.h"
#include "mechanics/pilot_motion.h"

#include <functional>
#include <optional>

namespace wolff::coupling {

/// What equilibrium under one load case gives, one entry an owned cell at its centre.
struct Mechanics
{
  /// Three a local node [mm]; on a pilot node relative to the distal end, which moves with it.
  std::vector<double> displacement;
  std::vector<SymmetricTensor> strain, stress; ///< [-], [MPa]
  mechanics::SolveReport report;
  std::optional<mechanics::PilotMotion> pilot; ///< on a pilot node

  /// With fluid in the pores only (pore_flow.h); empty where the case is drained.
  std::vector<double> pore_pressure;                 ///< one a local node [MPa]
  std::vector<double> cell_pressure, biot, porosity; ///< [MPa], [-], [-]
  std::vector<Vector3> darcy_flux;                   ///< -k grad p [mm/s]
  std::vector<double> flux_size; ///< |q|, over the regularisation length if there is one [mm/s]
  double fluid_imbalance = 0;    ///< of the last step of the ramp [-]
};

/// In the order of Model::load_set.
using LoadedMechanics = std::vector<Mechanics>;
/// One vector a load case, three numbers a local node [mm]; an empty one, or none, stands for zero.
using Displacements = std::vector<std::vector<double>>;

Displacements displacements_of(const LoadedMechanics &mechanics);

/// Of every cell: drained, that of its tissue, or of the foundation where the support makes it one.
std::vector<material::Elastic> elasticity(const Model &model, const regeneration::TissueState &state);

/**
 * div(sigma) + f = 0 under each load case with the moduli of @p state, which are set up once; each case
 * starts from its own entry of @p starts, the displacements of the step before.
 *
 * The forces are those of the load set times the factor of the schedule on the day of the state. The model is
 * linear: where the factor has changed since the step before, the start is scaled; where it is zero, nothing
 * is solved and everything is zero. Collective.
 */
LoadedMechanics solve_equilibrium(Model &model, const regeneration::TissueState &state,
                                  const Displacements &starts);

/// The flux that the fluid has in a cell as the mean over the cycles of all load cases, @p flux of each of
/// them; one case counts whole, whether its cycles are known or not [mm/s].
Vector3 mean_flux(const Model &model, const std::vector<Vector3> &flux);

/// S and the windows of every cell, of all load cases together as Stimulus/Combination says. @throws Fault
/// (exit 4) on all ranks if a strain is not finite
std::vector<stimulus::Response> evaluate_stimulus(const Model &model, const LoadedMechanics &mechanics);

/// The next state: the backend, then the material that follows the tissue. Collective.
regeneration::Regenerated regenerate_and_update(const Model &model, const regeneration::Regenerate &backend,
                                                const regeneration::TissueState &before,
                                                const std::vector<stimulus::Response> &response, double days);

} // namespace wolff::coupling
