// Nodes of an ordinary deal.II mesh with one cell a voxel, for the assembled matrix: another road to the
// unknowns of the bricks, and to elements of degree 2.
#pragma once

#include "discretisation/brick_forest.h"
#include "discretisation/hanging_nodes.h"

#include <cstdint>
#include <vector>

namespace wolff::discretisation {

/**
 * Elements FE_Q(degree) on the voxels, so 8 * degree intervals between nodes along a brick's edge and values
 * of that degree in each voxel. The mesh is given back once the nodes are numbered; every voxel is on the
 * rank of its brick.
 */
class VoxelNodes : public HangingNodes
{
public:
  /// @p degree 1 or 2. Collective. @throws Fault (exit 7) if the number of nodes exceeds the index type
  VoxelNodes(const BrickForest &forest, int degree);

  int n() const { return n_; } ///< intervals between nodes along a brick's edge
  std::size_t nodes_per_brick() const { return static_cast<std::size_t>((n_ + 1) * (n_ + 1) * (n_ + 1)); }

  /// Local numbers of the nodes of an owned brick, x fastest.
  const std::uint32_t *of_brick(const std::size_t brick) const
  {
    return nodes_of_bricks_.data() + brick * nodes_per_brick();
  }
  std::int64_t global_number(const std::size_t node) const { return global_[node]; }

private:
  int n_ = 0;
  std::vector<std::uint32_t> nodes_of_bricks_;
  std::vector<std::int64_t> global_;
};

} // namespace wolff::discretisation
