// How far it is through some cells of the mesh to others: from a rim into a lesion, or out of it into bone.
#pragma once

#include "discretisation/cell_mesh.h"

#include <vector>

namespace wolff::regeneration {

/**
 * Distance [mm] from the faces of the @p from cells to the centres of the owned cells, along ways that stay
 * in the @p through cells; infinity for cells that no way reaches and for all others. Both masks have one
 * entry an owned cell.
 *
 * The eikonal equation |grad d| = 1 by Godunov's upwind differences on cells, also of different size, swept
 * until nothing moves by more than 1e-9 mm: exact along an axis, too far by up to a fifth of a cell's edge
 * near an edge of the rim, order about one. The same on any number of ranks to that tolerance. Collective.
 */
discretisation::CellField distance_through(const discretisation::CellMesh &mesh,
                                           const std::vector<bool> &through, const std::vector<bool> &from);

} // namespace wolff::regeneration
