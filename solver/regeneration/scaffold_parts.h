// Does the solid of a scaffold still hang together? Parts that are connected through faces of cells, over all
// ranks.
#pragma once

#include "discretisation/cell_mesh.h"

#include <cstdint>
#include <vector>

namespace wolff::regeneration {

/// The ends of the scaffolds, for which connection is asked: of rod r the cells with 2 r + 1 are one end,
/// those with 2 r + 2 the other, all else is 0.
struct ScaffoldEnds
{
  std::vector<std::uint16_t> of_cell; ///< one an owned cell
  std::size_t n_rods = 0;
};

struct ScaffoldParts
{
  std::size_t n_loose = 0;
  double loose_volume = 0;   ///< of solid [mm^3]
  bool are_connected = true; ///< each rod from end to end
};

/**
 * Parts of the cells with a share of solid above @p least. A part is loose if it does not connect the ends of
 * a rod; if no part does, all but the largest are. Collective.
 * @param solid share of each owned cell  @param least of each owned cell
 */
ScaffoldParts scaffold_parts(const discretisation::CellMesh &mesh, const discretisation::CellField &solid,
                             const discretisation::CellField &least, const ScaffoldEnds &ends);

/// Volume of the pores from which no way leads out through cells that are not full of solid [mm^3].
/// @param in_scaffold owned cells in an envelope, pore or solid. Collective.
double closed_pore_volume(const discretisation::CellMesh &mesh, const discretisation::CellField &solid,
                          const std::vector<bool> &in_scaffold);

} // namespace wolff::regeneration
