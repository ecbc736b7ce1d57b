// The stiffness of a whole forest on one level, applied brick by brick. Knows nothing of supports: what is
// held is masked by whoever calls.
#pragma once

#include "discretisation/brick_nodes.h"
#include "mechanics/brick_sweep.h"
#include "mechanics/solve_profile.h"

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
  /// Time is counted in @p profile if there is one; all must outlive the operator.
  ElasticOperator(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes,
                  SolveProfile *profile = nullptr);

  /// Lame moduli [MPa] of every voxel of the owned bricks (n^3 a brick, x fastest); zero where the voxel is
  /// void.
  void set_moduli(std::vector<T> lambda, std::vector<T> mu);
  const std::vector<T> &lambda() const { return lambda_; }
  const std::vector<T> &mu() const { return mu_; }

  /// f = K u. Updates the ghosts and hanging entries of @p u; entries of f that other ranks own come out
  /// zero. This rank's share of u.K u is added to @p energy.
  void apply(std::vector<T> &u, std::vector<T> &f, double *energy = nullptr) const;

  /// r = b - K x on owned entries, zero where @p inverse_diagonal (three an owned node) is. r may be any
  /// vector but x. Updates the ghosts and hanging entries of @p x.
  void residual(std::vector<T> &x, const std::vector<T> &b, const std::vector<T> &inverse_diagonal,
                std::vector<T> &r) const;

  /// One step of a Chebyshev-Jacobi smoother in the pass over the bricks: d = keep d + add D^-1 (b - K x),
  /// then x += d.
  void chebyshev_step(std::vector<T> &x, const std::vector<T> &b, const std::vector<T> &inverse_diagonal,
                      std::vector<T> &d, T keep, T add) const;

  /// Diagonal of K, one value a node (all three components share it); owned nodes, zero where nothing is
  /// stiff.
  std::vector<T> diagonal() const;

  /// A diagonal matrix B, stored like the diagonal, with u.K u <= u.B u for every u: no eigenvalue of B^-1 K
  /// is greater than one.
  std::vector<T> bound() const;

  std::size_t vector_size() const { return 3 * nodes_.n_local(); }
  const discretisation::BrickNodes &nodes() const { return nodes_; }
  const discretisation::BrickForest &forest() const { return forest_; }

private:
  template <typename Entry>
  std::vector<T> sum_over_voxels(const Entry &voxel_entry, bool is_bound) const;
  void make_current(std::vector<T> &u) const;
  BrickSweep<T> sweep() const;
  void gather_shared() const;
  void apply_small(const std::vector<T> &u, std::vector<T> &f, double *energy) const;

  const discretisation::BrickForest &forest_;
  const discretisation::BrickNodes &nodes_;
  mutable SolveProfile own_profile_;
  SolveProfile &profile_;
  std::vector<T> lambda_, mu_;
  std::vector<std::uint64_t> stiff_rows_; ///< of each brick: zero where it is void
  std::vector<T> voxel_edge_;
  /// Forces on the nodes from nodes_.first_shared() on, gathered during a pass and zero between passes.
  mutable std::vector<T> shared_;
  mutable std::vector<T> small_; ///< forces on interior nodes where bricks have fewer than eight voxels
};

} // namespace wolff::mechanics
