// Stiffness of one brick of voxels: forces += K u, without a matrix. Includes no deal.II: the sources behind
// it are compiled once for each instruction set and chosen at run time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wolff::mechanics {

/**
 * Adds the internal nodal forces [N] of a brick of n^3 cubic voxels of edge h [mm] to @p forces.
 *
 * Voxel v has Lame moduli lambda[v], mu[v] [MPa]; K is the exactly integrated trilinear stiffness, applied
 * through its parity modes (solver/doc/model.md, "The operator on bricks").
 *
 * @param displacement, forces  three components one after the other, each (n+1)^3 values, x fastest
 * @param n                     1, 2, 4 or 8
 */
template <typename T>
void add_brick_forces(int n, T h, const T *lambda, const T *mu, const T *displacement, T *forces);

/// Instruction set chosen at start: "AVX-512", "AVX2" or "SSE2".
const char *kernel_instruction_set();

/// Those that this processor has, the best last; and the choice of another than the best, for tests and
/// measurements.
/// @throws Fault (exit 2) if the processor has no such set
std::vector<std::string> kernel_instruction_sets();
void choose_kernel_instruction_set(const std::string &name);

/// Stiffness of one voxel as a dense row-major 24 x 24 matrix (node * 3 + component, x fastest); tests,
/// coarsest level.
void voxel_stiffness(double h, double lambda, double mu, double *matrix);

/// Diagonal entry of K that one voxel gives to each of its nodes and components [N/mm].
template <typename T>
constexpr T voxel_diagonal(const T h, const T lambda, const T mu)
{
  return h * (lambda + 4 * mu) / 9;
}

/**
 * Largest eigenvalue of the stiffness of one voxel, h (3 lambda + 2 mu) / 2 (all eight nodes move outwards),
 * or h mu (shear) with a negative Poisson ratio [N/mm]. Summed over the voxels of each node it bounds the
 * whole stiffness.
 */
template <typename T>
constexpr T voxel_bound(const T h, const T lambda, const T mu)
{
  return h * (lambda > 0 ? 3 * lambda + 2 * mu : 2 * mu) / 2;
}

} // namespace wolff::mechanics
