// The stiffness of a whole forest on one level, applied brick by brick. Knows nothing of supports: what is
// held is masked by whoever calls.
#pragma once

#include "discretisation/brick_nodes.h"

#include <vector>

namespace wolff::mechanics {

/**
 * Internal forces f = K u [N] of displacements u [mm].
 *
 * A vector holds three components for each local node (node * 3 + component), owned nodes first. Entries of
 * hanging nodes in f are zero: what acts there is folded onto their masters.
 */
template <typename T>
class ElasticOperator
{
public:
  ElasticOperator(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes);

  /// Lame moduli [MPa] of every voxel of the owned bricks (n^3 a brick, x fastest); zero where the voxel is
  /// void.
  void set_moduli(std::vector<T> lambda, std::vector<T> mu);
  const std::vector<T> &lambda() const { return lambda_; }
  const std::vector<T> &mu() const { return mu_; }

  /// f = K u. Updates the ghosts and hanging entries of @p u; entries of f that other ranks own come out
  /// zero.
  void apply(std::vector<T> &u, std::vector<T> &f) const;

  /// Diagonal of K, one value a node (all three components share it); owned nodes, zero where nothing is
  /// stiff.
  std::vector<T> diagonal() const;

  std::size_t vector_size() const { return 3 * nodes_.n_local(); }
  const discretisation::BrickNodes &nodes() const { return nodes_; }
  const discretisation::BrickForest &forest() const { return forest_; }

private:
  void gather(std::size_t brick, const T *u, T *local) const;

  const discretisation::BrickForest &forest_;
  const discretisation::BrickNodes &nodes_;
  std::vector<T> lambda_, mu_;
  std::vector<std::uint8_t> is_void_; ///< bricks without any stiffness are skipped
};

} // namespace wolff::mechanics
