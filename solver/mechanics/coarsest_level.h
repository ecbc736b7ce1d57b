// The coarsest multigrid level, small enough to be assembled and factored on every rank.
#pragma once

#include "discretisation/brick_nodes.h"

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>

#include <cstdint>
#include <functional>
#include <vector>

namespace wolff::mechanics {

class CoarsestLevel
{
public:
  /// Matrix of one voxel, (8 block)^2 row-major, node * block + component, x fastest, from its edge [mm] and
  /// its numbers.
  using VoxelMatrix = std::function<void(double edge, const double *numbers, double *matrix)>;

  /**
   * Gathers the voxels of all ranks and factors the matrix of the unknowns.
   * @param block       unknowns a node
   * @param is_unknown  block flags an owned node
   * @param numbers     @p per_voxel numbers of each voxel of the owned bricks; all zero: no part of the body
   * @throws Fault coarsest-level (exit 4) if the matrix is singular. Collective.
   */
  void factor(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes,
              std::size_t block, const std::vector<std::uint8_t> &is_unknown,
              const std::vector<double> &numbers, std::size_t per_voxel, const VoxelMatrix &voxel_matrix);

  /// x = A^-1 b on owned entries, zero where nothing is unknown. Collective.
  void solve(const std::vector<float> &b, std::vector<float> &x) const;

private:
  MPI_Comm comm_ = MPI_COMM_SELF;
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factor_;
  std::vector<int> unknown_of_;      ///< owned entry (node * block + component) -> unknown, or -1
  std::vector<int> counts_, begins_; ///< unknowns of each rank
};

} // namespace wolff::mechanics
