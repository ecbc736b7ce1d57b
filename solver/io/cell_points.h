// The corner points of cube cells, each point once, as a VTK file wants them. Cells of several sizes may
// meet: a small cell's corner on the face of a large one is a point of its own.
#pragma once

#include "discretisation/cell_mesh.h"

#include <cstdint>
#include <span>
#include <vector>

namespace wolff::io {

struct CellPoints
{
  std::vector<double> xyz;           ///< three coordinates of each point [mm]
  std::vector<std::int32_t> corners; ///< eight points of each cell in the order of VTK_HEXAHEDRON

  std::size_t n_points() const { return xyz.size() / 3; }
  std::size_t n_cells() const { return corners.size() / 8; }
};

/**
 * Points in the order in which the cells name them first, so that equal cells give equal files.
 * @throws Fault exit 70 if the cells do not lie on one lattice of their smallest edge, exit 7 beyond 2^31
 * points or 2^21 lattice steps along an axis
 */
CellPoints corner_points(std::span<const discretisation::Cell> cells);

/**
 * From values at the eight corners of each cell, x fastest then y then z (corner 0 at the least coordinates),
 * to values at the points. A point takes the value that the first cell with this corner gives: meant for
 * continuous fields.
 * @param corner_values  cell after cell, corner after corner, @p components numbers each
 */
std::vector<double> point_values(const CellPoints &points, std::span<const double> corner_values,
                                 int components);

} // namespace wolff::io
