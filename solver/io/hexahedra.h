// Are eight points a hexahedron that a finite element can use? Geometry of single cells only.
#pragma once

#include "io/vtk_grid.h"

namespace wolff::io {

/// Cells whose shape is not usable, and the size of the others.
struct HexahedraReport
{
  std::size_t n_bad = 0;
  std::vector<std::int64_t> first_bad; ///< at most ten cell indices
  double worst = 0;     ///< least scaled Jacobian of the bad cells [-]: 1 for a cube, negative if inverted
  double mean_edge = 0; ///< cube root of the mean volume of the sound cells [length unit of the file]
};

/**
 * The Jacobian determinant of the trilinear map at each of the eight corners (the triple product of the three
 * edges that meet there), divided by the cube of the longest edge, must exceed @p least. The centre alone
 * would pass cells that are twisted or have repeated nodes.
 *
 * All cells of @p grid must be VTK hexahedra.
 */
HexahedraReport check_hexahedra(const VtkGrid &grid, double least = 1e-9);

} // namespace wolff::io
