// Extracellular vesicles as a field that decays where they were put: an option without any defensible number,
// off unless a case states them all.
#pragma once

#include "base/errors.h"
#include "regeneration/tissue_state.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::regeneration {

struct VesicleOptions
{
  std::vector<double> days, doses; ///< [day], [any unit]
  std::string regions;
  double half_life = 0;   ///< [day], 0 is not stated
  double half_effect = 0; ///< K [unit/mm^3], 0 is not stated
  double recruitment = 0; ///< G: tips that enter are 1 + G times as many where vesicles abound [-]
  double survival = 0;    ///< B: share of the deaths of stromal cells that they prevent there [-]

  void declare(Options &options);
  bool is_on() const { return !days.empty(); }
};

struct VesicleDose
{
  double day = 0, amount = 0;
  std::optional<Region> region;
};

/// @throws Fault (exit 2) as carriers_of()
std::vector<VesicleDose> vesicle_doses(const VesicleOptions &options);
/// What is not stated (exit 2).
std::vector<Fault> check(const VesicleOptions &options);

/**
 * Density from state.day to state.day + days: each dose goes evenly into what the scaffold leaves free of its
 * region on its day, and all decays with the half-life, exactly. In state.vesicles.
 * @throws Fault (exit 3) if a region is empty. Collective.
 */
void release_vesicles(const discretisation::CellMesh &mesh, const VesicleOptions &options, double days,
                      TissueState &state);

/// e/(K + e) in [0, 1]; 0 without vesicles.
double vesicle_effect(double density, const VesicleOptions &options);

} // namespace wolff::regeneration
