// What the voxels of a box are made of: Lame moduli of every voxel of this rank.
#pragma once

#include "coupling/box_forest.h"
#include "coupling/problem.h"

#include <cstdint>
#include <vector>

namespace wolff::coupling {

/// Moduli [MPa] of all voxels of the owned bricks (brick * 512 + voxel); zero in void.
struct BoxMaterial
{
  std::vector<double> lambda, mu;
  std::vector<std::int32_t> labels;     ///< of an image with phases, if they were asked for
  std::int64_t near_incompressible = 0; ///< solid voxels of all ranks with a Poisson ratio above 0.49
};

/// Moduli of a box from the expressions of the problem. @throws Fault: exit 3 `modulus-range`,
/// `poisson-range` with the place; on all ranks. Collective.
BoxMaterial box_material(const discretisation::BrickForest &forest, const VoxelBox &box,
                         const Problem &problem);

} // namespace wolff::coupling
