// Pore fluid in one brick of voxels: storage, flow, and the coupling with the displacement, without a matrix.
// Includes no deal.II: like brick_kernel.h, compiled once for each instruction set and chosen at run time.
#pragma once

namespace wolff::mechanics {

/// What the voxels of one brick hold, n^3 numbers each, x fastest.
template <typename T>
struct PoreVoxels
{
  const T *storage;       ///< 1/M [1/MPa]
  const T *stabilisation; ///< s [1/MPa], or null
  const T *mobility;      ///< k [mm^4/(N s)]
  const T *biot;          ///< alpha [-], or null if nothing couples
};

/**
 * Forces on the fluid, [mm^3], and on the skeleton, [N], of a brick of n^3 cubic voxels of edge h [mm]:
 *   f_p = (C + S + dt H) p + Q^T u,   f_u = -Q p
 * with Q_ij = int alpha N_j div N_i and H_ij = int k grad N_i . grad N_j, trilinear and integrated exactly,
 * and, each voxel's eight nodes having an eighth of its volume, C = sum p^2 / M and S = sum s (p - mean p)^2.
 * In the parity modes of a voxel (solver/doc/model.md) C, S and H are diagonal.
 *
 * @param u, f_u  three components one after the other, each (n+1)^3 values, x fastest; null leaves them out
 * @param p       (n+1)^3 values; null leaves out what depends on it
 * @param f_p     or null
 * @param n       1, 2, 4 or 8
 */
template <typename T>
void pore_forces(int n, T h, T dt, const PoreVoxels<T> &voxels, const T *u, const T *p, T *f_u, T *f_p);

} // namespace wolff::mechanics
