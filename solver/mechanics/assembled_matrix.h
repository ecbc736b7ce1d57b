// The stiffness of a forest of voxels as one sparse matrix, with an algebraic multigrid preconditioner. Costs
// some four kilobytes an unknown: a yardstick and a fallback, no match for the brick operator.
#pragma once

#include "discretisation/voxel_nodes.h"
#include "mechanics/cube_element.h"

#include <memory>
#include <vector>

namespace wolff::mechanics {

/// What the matrix is made of.
struct AssembledInput
{
  const discretisation::BrickForest &forest;
  const discretisation::VoxelNodes &nodes;
  const CubeElement &element;
  const std::vector<double> &lambda, &mu;   ///< [MPa], brick * 512 + voxel, zero in void
  const std::vector<Vector3> &position;     ///< of each local node on an owned brick [mm]
  const std::vector<std::uint8_t> &is_free; ///< three a local node, ghosts current
};

/**
 * K of the free displacements [N/mm], hanging nodes eliminated.
 *
 * Only nodes that move have rows, three each and side by side: rows of held nodes would be aggregates of
 * their own for the multigrid, and singular on its coarse level. A component that is held while its node
 * moves keeps its diagonal entry and nothing else.
 *
 * The preconditioner is one V-cycle of smoothed aggregation (ML of Trilinos) that knows the six rigid
 * motions.
 */
class AssembledMatrix
{
public:
  /// Adds up the elements and sets up the preconditioner. Collective.
  explicit AssembledMatrix(const AssembledInput &input);
  ~AssembledMatrix();

  std::size_t n_rows() const; ///< of this rank

  /// Between values at local nodes (three each) and rows of this rank; nodes without rows are left alone.
  void to_rows(const std::vector<double> &at_nodes, std::vector<double> &rows) const;
  void to_nodes(const std::vector<double> &rows, std::vector<double> &at_nodes) const;

  void apply(const std::vector<double> &x, std::vector<double> &image) const;    ///< image = K x. Collective.
  void precondition(const std::vector<double> &r, std::vector<double> &z) const; ///< z ~ K^-1 r. Collective.

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace wolff::mechanics
