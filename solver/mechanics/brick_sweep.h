// One pass over all bricks of 8^3 voxels: gather displacements, apply the stiffness, and finish what the pass
// is for while the forces are still in cache. Includes no deal.II: like brick_kernel.h, compiled once for
// each instruction set and chosen at run time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wolff::mechanics {

/**
 * The bricks of one rank. Vectors hold three components for each local node, the interiors of the bricks
 * first (discretisation::BrickNodes); forces on nodes that bricks share are added to @p shared, which holds
 * three numbers for each node from @p first_shared on and must be zero before.
 */
template <typename T>
struct BrickSweep
{
  std::size_t n_bricks;
  const std::array<std::uint32_t, 27> *parts; ///< first node of interior, faces, edges, corners of each brick
  const std::uint64_t *stiff_rows; ///< one a brick: bit 8 k + j is set where row j of layer k is not void
  const T *voxel_edge;             ///< one a brick [mm]
  const T *lambda, *mu;            ///< 512 a brick [MPa]
  std::size_t first_shared;
  T *shared;
};

/// f = K u on interior nodes; adds u.K u of these bricks to @p energy unless that is null.
template <typename T>
void sweep_forces(const BrickSweep<T> &bricks, const T *u, T *f, double *energy);

/// r = b - K x on interior nodes, zero where @p inverse_diagonal is. r may be any vector but x.
template <typename T>
void sweep_residual(const BrickSweep<T> &bricks, const T *x, const T *b, const T *inverse_diagonal, T *r);

/// d = keep d + add D^-1 (b - K x), then x += d, on interior nodes.
template <typename T>
void sweep_chebyshev(const BrickSweep<T> &bricks, T *x, const T *b, const T *inverse_diagonal, T *d, T keep,
                     T add);

/// Trilinear interpolation from (m+1)^3 nodes to (2m+1)^3, and its transpose; x fastest, the @p block
/// components of a node (3 or 1) side by side. m is 4 at most.
void interpolate_box(int m, int block, const float *coarse, float *fine);
void restrict_box(int m, int block, const float *fine, float *coarse);

} // namespace wolff::mechanics
