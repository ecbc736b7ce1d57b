// One pass over all bricks of 8^3 voxels for the pore fluid: gather pressures and displacements, apply
// pore_kernel.h, and add what comes out where it belongs. Includes no deal.II: compiled once for each
// instruction set and chosen at run time.
#pragma once

#include "mechanics/pore_kernel.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace wolff::mechanics {

/// The bricks of one rank. Vectors hold one or three numbers for each local node, the interiors of the bricks
/// first (discretisation::BrickNodes).
template <typename T>
struct PoreSweep
{
  std::size_t n_bricks;
  const std::array<std::uint32_t, 27> *parts; ///< first node of interior, faces, edges, corners of each brick
  const std::uint8_t *has_fluid;              ///< one a brick
  const T *voxel_edge;                        ///< one a brick [mm]
  PoreVoxels<T> voxels;                       ///< of the first brick, 512 numbers a brick
};

/**
 *   f_p = (C + S + dt H) p + Q^T u,   f_u += push Q p
 * f_p is written on the interior nodes of the bricks and added to on nodes that bricks share, where it must
 * be zero before. Null vectors as in pore_forces(). Ghosts and hanging entries of u and p must be current.
 */
template <typename T>
void sweep_pores(const PoreSweep<T> &bricks, T dt, T push, const T *u, const T *p, T *f_u, T *f_p);

} // namespace wolff::mechanics
