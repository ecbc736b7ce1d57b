// From anatomy to the mesh: the forest of bricks, and the volume shares of the phases in every voxel.
#pragma once

#include "base/log.h"
#include "coupling/case.h"
#include "discretisation/brick_forest.h"
#include "geometry/anatomy.h"

#include <array>
#include <memory>
#include <vector>

namespace wolff::coupling {

/// Volume shares of the phases in a voxel, in the order of geometry::Phase; sum one.
using PhaseShares = std::array<double, geometry::n_phases>;

/// Bricks that cover the body, refined where the geometry asks for it and balanced over the ranks.
/// Collective.
std::unique_ptr<discretisation::BrickForest> build_forest(MPI_Comm comm, const geometry::Anatomy &anatomy,
                                                          const MeshOptions &options);

struct Voxels
{
  std::vector<std::uint8_t> solid; ///< brick * 512 + voxel: at least half of it lies in the body
  std::vector<PhaseShares> shares; ///< of the solid voxels, in their order, without what lies outside
};

/// Sample the phases of all voxels of the owned bricks; a voxel far from every interface takes one sample.
Voxels sample_voxels(const discretisation::BrickForest &forest, const geometry::Anatomy &anatomy,
                     const MeshOptions &options);

} // namespace wolff::coupling
