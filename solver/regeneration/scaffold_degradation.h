// The scaffold goes while the bone heals: what a step of any backend is followed by. The laws are those of
// material/degradation.h, the surface of a resolved scaffold that of scaffold_erosion.h.
#pragma once

#include "material/degradation.h"
#include "regeneration/regenerate.h"
#include "regeneration/scaffold_parts.h"

#include <functional>
#include <optional>
#include <string>

namespace wolff::regeneration {

struct ScaffoldDegradation
{
  material::DegradationLaw law;
  CellField solid_on_day_0;                    ///< share of scaffold of each owned cell
  std::optional<material::ErosionCurve> curve; ///< homogenised: solid fraction under even erosion, if known
  CellField envelope_share;                    ///< homogenised: of each owned cell; else empty
  double pinch_off = 0;                        ///< homogenised: solid fraction of loose pieces [-]
  ScaffoldEnds ends;
  bool stops_when_apart = false;
  std::function<void(const std::string &)> say;                               ///< one line a step
  std::function<void(const std::string &name, const std::string &what)> warn; ///< once for each name
};

/**
 * The scaffold of @p state after @p days more. Molar mass falls; the bulk loses its share; the surface
 * recedes, of a homogenised lattice by its curve. Volume that is lost becomes granulation tissue, space that
 * healing may fill, so the sum of the fractions is kept. Tissue in the pores neither slows nor follows the
 * surface.
 * @return volume lost, of all ranks [mm^3]. Collective.
 */
double degrade(const discretisation::CellMesh &mesh, const ScaffoldDegradation &scaffold, double days,
               TissueState &state);

/// scaffold_density of a state whose scaffold was @p solid_on_day_0, whoever has changed it.
void update_scaffold_density(const CellField &solid_on_day_0, TissueState &state);

/// Share of solid below which a cell does not hold together with others.
CellField least_solid(const ScaffoldDegradation &scaffold, std::size_t n_cells);

/**
 * A backend whose steps degrade the scaffold afterwards, and that says when parts come loose or the ends are
 * no longer connected. @p mesh must outlive it.
 * @throws Fault (exit 3) then, on all ranks, if the case says so
 */
Regenerate with_degradation(const discretisation::CellMesh &mesh, Regenerate backend,
                            ScaffoldDegradation scaffold);

} // namespace wolff::regeneration
