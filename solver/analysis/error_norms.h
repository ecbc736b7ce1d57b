// How far a computed displacement and its stress are from an exact solution, as relative norms over the stiff
// voxels. Not for errors of the geometry: the exact solution is taken on the voxels as they are.
#pragma once

#include "analysis/quantity.h"
#include "base/tensor.h"
#include "mechanics/elastic_solver.h"

#include <functional>
#include <vector>

namespace wolff::analysis {

/// As functions of the place [mm]; either may be empty. They may throw a Fault.
struct ExactSolution
{
  std::function<Vector3(const Vector3 &)> displacement;   ///< [mm]
  std::function<SymmetricTensor(const Vector3 &)> stress; ///< [MPa]
};

/// What was solved; the moduli have one entry for each voxel of owned bricks (brick * 512 + voxel), 0 in
/// void.
struct SolvedBody
{
  const mechanics::ElasticSolver &solver;
  const discretisation::BrickForest &forest;
  const std::vector<double> &lambda, &mu; ///< Lame moduli [MPa]
};

/**
 * Each is a norm of the difference over the norm of the exact field on the same voxels [-]; `no_value` where
 * the exact field is not given or zero. ||f||^2 is the integral of f:f, by 3 x 3 x 3 Gauss points a voxel, at
 * centres by the midpoint rule. Exact strains are those that the exact stress has in the voxel's material.
 */
struct ErrorNorms
{
  double displacement_L2 = no_value;
  double displacement_max = no_value;         ///< largest |u_h - u| over largest |u|, at the Gauss points
  double displacement_L2_weighted = no_value; ///< with E of the voxel as weight: ||u||^2 = integral of E u.u
  double stress_L2 = no_value, stress_centres_L2 = no_value;
  double strain_centres_L2 = no_value;
  double octahedral_shear_L2 = no_value, octahedral_shear_centres_L2 = no_value;
  double energy = no_value; ///< |U_h - U| / U of the strain energy U, half the integral of stress:strain
};

/**
 * @param u displacement [mm]; its ghosts and hanging entries are updated
 * @return the same on all ranks, up to rounding the same on any number of them. Collective.
 * @throws what the exact solution throws, on all ranks
 */
ErrorNorms error_norms(const SolvedBody &body, std::vector<double> &u, const ExactSolution &exact);

/// Those that have a value, under the names above.
std::vector<Quantity> quantities(const ErrorNorms &norms);

} // namespace wolff::analysis
