// The two halves of a step: equilibrium and stimulus of a tissue state, and the state after some days.
#pragma once

#include "coupling/model.h"

#include <functional>

namespace wolff::coupling {

/// What equilibrium gives, one entry an owned cell at its centre.
struct Mechanics
{
  std::vector<double> displacement;            ///< three a local node [mm]
  std::vector<SymmetricTensor> strain, stress; ///< [-], [MPa]
  mechanics::SolveReport report;

  /// With fluid in the pores only (pore_flow.h); empty where the case is drained.
  std::vector<double> pore_pressure;                        ///< one a local node [MPa]
  std::vector<double> cell_pressure, biot, porosity;        ///< [MPa], [-], [-]
  std::vector<Vector3> darcy_flux;                          ///< -k grad p [mm/s]
  std::vector<double> flux_size; ///< |q|, over the regularisation length if there is one [mm/s]
  double fluid_imbalance = 0;    ///< of the last step of the ramp [-]
};

/// div(sigma) + f = 0 with the moduli of @p state, starting from @p start (empty: from zero). Collective.
Mechanics solve_equilibrium(Model &model, const regeneration::TissueState &state,
                            const std::vector<double> &start);

/// S and the windows of every cell. @throws Fault (exit 4) on all ranks if a strain is not finite
std::vector<stimulus::Response> evaluate_stimulus(const Model &model, const Mechanics &mechanics);

/// The next state: the backend, then the material that follows the tissue. Collective.
regeneration::Regenerated regenerate_and_update(const Model &model, const regeneration::Regenerate &backend,
                                                const regeneration::TissueState &before,
                                                const std::vector<stimulus::Response> &response, double days);

} // namespace wolff::coupling
