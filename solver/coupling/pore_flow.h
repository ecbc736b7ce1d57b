// Flow of the interstitial fluid while a load comes on: poroelasticity on the mesh of a femur in place of a
// drained equilibrium.
#pragma once

#include "base/log.h"
#include "coupling/step.h"
#include "material/pore_mixture.h"
#include "mechanics/poroelastic_solver.h"
#include "regeneration/hydrogel.h"

#include <memory>
#include <vector>

namespace wolff::coupling {

/// What a state of the tissue means for the fluid; all ranks together.
struct PoreReport
{
  std::int64_t cells = 0;       ///< with fluid
  std::int64_t sealed = 0;      ///< without: metal
  std::int64_t clamped = 0;     ///< whose alpha was taken back into [porosity, 1]
  std::int64_t thin_layers = 0; ///< where pressure spreads less than a voxel during the ramp
  double thinnest_layer = 0;    ///< sqrt(c ramp) [mm]
  double layer_over_voxel = 0;  ///< least sqrt(c ramp) / voxel edge [-]
  std::int64_t short_steps = 0; ///< cells with dt < h^2/(6 c), where a consistent storage would oscillate
};

/// The constants of the tissues in a cell: marrow and cancellous bone by the viscosity of marrow with the
/// cell's label, granulation tissue by the share of @p gel in the free volume.
material::TissuePores pores_in(const material::TissuePores &tissues, const PoreOptions &options,
                               const regeneration::Hydrogel &gel, const regeneration::TissueState &state,
                               std::size_t cell);

class PoreFlow
{
public:
  /// Nodes where the fluid may leave, and the constants of the tissues. @throws Fault biot-range (exit 3) if
  /// a tissue's constants are inadmissible and the case does not say that they be clamped. Collective.
  explicit PoreFlow(const Model &model);

  /// Constants of all voxels from a state; moduli of the model's solver come first. @throws Fault biot-range
  /// (exit 3) for a cell as above. Collective.
  const PoreReport &set_state(const regeneration::TissueState &state);

  /// Of the last state. All ranks together.
  const PoreReport &report() const { return report_; }

  /**
   * The load rises from zero at rest to @p forces, in even steps over the ramp time; what is left at its end
   * goes to @p mechanics: displacement, pressure, flux, strain and effective stress. Collective.
   */
  void solve(const std::vector<double> &forces, const regeneration::TissueState &state, Mechanics &mechanics);

private:
  const Model &model_;
  const PoreOptions &options_;
  material::TissuePores pores_;
  std::vector<material::PoreFluid> fluid_; ///< one a cell
  mechanics::PoroelasticSolver solver_;
  PoreReport report_;
};

/// One line for the log, and warnings about what the mesh does not resolve.
void announce(const PoreReport &report, const PoreOptions &options, Log &log);

} // namespace wolff::coupling
