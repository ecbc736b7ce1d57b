// The surface of a resolved scaffold recedes into its voxels. How fast is material/degradation.h.
#pragma once

#include "discretisation/cell_mesh.h"

namespace wolff::regeneration {

/**
 * Take the layer of thickness @p depth off the surface of @p solid, shares of owned cells in [0, 1].
 *
 * Solid is exposed across a side of its cell if no cell beyond it holds any, or if nothing is there. What is
 * left of a cell that the front has reached covers the cell behind it, so one cell a column is eroded at a
 * time and an even front along an axis of the mesh is exact, beside finer cells too. A cell with exposed
 * sides loses A depth: what its sides show along the normal, which is the mean of the exposed sides of the
 * solid around it. Where both sides along an axis are exposed there is no one normal, and A^2 is the sum of
 * the squared areas along the axes. A ball of 6 (12) voxels radius shrinks 9 % (6 %) too fast over a third of
 * it; struts of two voxels go a third too early [C]. What a cell does not have is taken from the cells behind
 * it as seen from its exposed sides; where nothing is behind it, all is gone there. In substeps of a quarter
 * of the smallest voxel. @return volume lost, of all ranks [mm^3]. Collective.
 */
double erode_surface(const discretisation::CellMesh &mesh, double depth, discretisation::CellField &solid);

} // namespace wolff::regeneration
