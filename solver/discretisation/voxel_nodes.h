// Nodes of an ordinary deal.II mesh with one cell a voxel, for the assembled matrix: another road to the
// unknowns of the bricks, and to elements of degree 2.
#pragma once

#include "base/ghost_exchange.h"
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

  const GhostExchange &exchange() const { return exchange_; }
  std::size_t n_owned() const { return exchange_.n_owned(); }
  std::size_t n_local() const { return exchange_.n_local(); }
  std::int64_t n_global() const { return n_global_; }

  /// Local numbers of the nodes of an owned brick, x fastest.
  const std::uint32_t *of_brick(const std::size_t brick) const
  {
    return nodes_of_bricks_.data() + brick * nodes_per_brick();
  }
  std::int64_t global_number(const std::size_t node) const { return global_[node]; }
  bool is_hanging(const std::size_t node) const { return is_hanging_[node] != 0; }

  /// Number of nodes of the whole mesh that do not hang. Collective.
  std::int64_t n_free_global() const;

private:
  int n_ = 0;
  MPI_Comm comm_ = MPI_COMM_SELF;
  std::int64_t n_global_ = 0;
  GhostExchange exchange_;
  std::vector<std::uint32_t> nodes_of_bricks_;
  std::vector<std::int64_t> global_;
  std::vector<std::uint8_t> is_hanging_;
};

} // namespace wolff::discretisation
