// How far an assembled solution is from exact fields, at points of its voxels: for problems that elements of
// degree 2 solve exactly.
#pragma once

#include "mechanics/assembled_solver.h"
#include "support/elastic_box.h"

#include <algorithm>
#include <cmath>

namespace wolff::tests {

struct ExactFields
{
  Vector3 (*displacement)(const Vector3 &x);   ///< [mm]
  SymmetricTensor (*strain)(const Vector3 &x); ///< [-]
};

/// Largest norms over all ranks: displacement and its error, strain and its error, stress of the latter.
struct LargestNorms
{
  double displacement = 0, displacement_error = 0, strain = 0, strain_error = 0, stress_error = 0;
  double cells = 0; ///< that were looked at
};

/// At two corners, in the middle of a face, and at one more point of each stiff voxel. Collective.
inline LargestNorms largest_norms(const mechanics::AssembledSolver &solver, const BrickForest &forest,
                                  const Moduli &moduli, const std::vector<double> &u,
                                  const ExactFields &exact)
{
  const auto norm = [](const SymmetricTensor &t) { return std::sqrt(contract(t, t)); };
  LargestNorms found;
  const auto raise = [](double &most, const double value) { most = std::max(most, value); };
  for (std::size_t voxel = 0; voxel < moduli.mu.size(); ++voxel) {
    if (moduli.mu[voxel] == 0) continue;
    ++found.cells;
    const auto &brick = forest.brick(voxel / brick_voxels);
    const int v = static_cast<int>(voxel % brick_voxels);
    for (const Vector3 &xi :
         {Vector3(0, 0, 0), Vector3(0.5, 1, 0.5), Vector3(0.2, 0.7, 0.9), Vector3(1, 1, 1)}) {
      const Vector3 x = discretisation::node_position(brick, voxels_per_edge, v % 8, v / 8 % 8, v / 64) +
                        brick.voxel_edge() * xi;
      const auto number = static_cast<std::uint32_t>(voxel);
      const Vector3 displacement = exact.displacement(x);
      const SymmetricTensor strain = exact.strain(x), apart = solver.strain(u, number, xi) + (-1.0) * strain;
      raise(found.displacement, displacement.norm());
      raise(found.displacement_error, (solver.displacement(u, number, xi) - displacement).norm());
      raise(found.strain, norm(strain));
      raise(found.strain_error, norm(apart));
      raise(found.stress_error, norm(stress_of(moduli.lambda[voxel], moduli.mu[voxel], apart)));
    }
  }
  for (double *const value : {&found.displacement, &found.displacement_error, &found.strain,
                              &found.strain_error, &found.stress_error})
    *value = largest(*value);
  found.cells = total(found.cells);
  return found;
}

} // namespace wolff::tests
