// The bricks of a box of voxels, in trees that multigrid can coarsen.
#pragma once

#include "discretisation/brick_forest.h"
#include "discretisation/expression.h"

#include <array>
#include <memory>

namespace wolff::coupling {

/// A box of cubes: of a case, or the extent of an image.
struct VoxelBox
{
  Vector3 origin = Vector3::Zero(); ///< least corner [mm]
  std::array<int, 3> voxels{};      ///< along x, y, z
  double edge = 0;                  ///< of a voxel of the base level [mm]

  Vector3 greatest() const { return origin + edge * Vector3(voxels[0], voxels[1], voxels[2]); }
  double volume() const { return edge * edge * edge * voxels[0] * voxels[1] * voxels[2]; }
};

/// The coarsest bricks: how many along each axis, and how often they are halved down to the base level.
struct Trees
{
  std::array<unsigned, 3> counts{};
  unsigned levels = 0;
};

/**
 * As many halvings as the numbers of base bricks allow without a rest; if that leaves so many trees that the
 * coarsest level of the multigrid would be large, more halvings with trees that reach beyond the box.
 */
Trees trees_of(const VoxelBox &box);

/**
 * Bricks of the base level wherever the closed box is, coarser ones beyond it, and finer ones by
 * @p refined_where: while its value at a brick's centre exceeds the level of the brick above the base. Bricks
 * that touch the box are of the base level as well, so that no node of the box hangs on a void brick.
 * @throws Fault exit 7 if the levels do not suffice, exit 2 from the expression; on all ranks. Collective.
 */
std::unique_ptr<discretisation::BrickForest> build_forest(MPI_Comm comm, const VoxelBox &box,
                                                          const discretisation::Expression *refined_where,
                                                          std::int64_t most_bricks);

} // namespace wolff::coupling
