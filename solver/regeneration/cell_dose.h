// Cell therapy: which number of stromal cells is put where and on which day.
#pragma once

#include "base/options.h"
#include "discretisation/cell_mesh.h"
#include "regeneration/tissue_state.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::regeneration {

/// Where a dose goes: a region, or the whole healing domain.
struct Dose
{
  double day = 0;       ///< since surgery
  double number = 0;    ///< stromal cells (colony-forming units), not nucleated cells [-]
  double retention = 1; ///< share that stays at the site [-]
  std::optional<Region> region;
};

/// The schedule as lists of equal length; an empty list is no therapy.
struct DoseOptions
{
  std::vector<double> days, numbers, retentions;
  std::string regions;

  void declare(Options &options);
};

/// @throws Fault (exit 2): a number or a retention is not stated, lists differ in length, a region is unknown
std::vector<Dose> doses_of(const DoseOptions &options);

/**
 * Put a dose into the state, as stromal cells of the first stage with the same density everywhere in the free
 * volume (granulation tissue) of its region inside the healing domain. Returns the number of cells that
 * stayed.
 * @throws Fault (exit 3) if there is no free volume. Collective.
 */
double apply_dose(const discretisation::CellMesh &mesh, const Dose &dose, TissueState &state);

} // namespace wolff::regeneration
