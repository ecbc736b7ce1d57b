// Preconditioner of the elastic solve: one multigrid cycle in float on globally coarsened forests, and
// below the coarsest forest on bricks of 4, 2 and 1 voxels along an edge.
#pragma once

#include "mechanics/coarsest_level.h"
#include "mechanics/elastic_operator.h"
#include "mechanics/transfer.h"

#include <memory>
#include <vector>

namespace wolff::mechanics {

struct MultigridOptions
{
  int smoothing_steps = 4;     ///< degree of the Chebyshev polynomial, before and after the coarse correction
  double smoothing_range = 16; ///< ratio of the largest eigenvalue to the smallest that is smoothed [-]
  int coarse_corrections = 3;  ///< on the first levels below the finest; odd, 1 is a V-cycle
};

class Multigrid
{
public:
  /// Builds forests, nodes and transfers of all levels. @p fixed: three flags a local node of the finest
  /// level, set where the displacement is prescribed. Collective.
  Multigrid(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes,
            const MultigridOptions &options, SolveProfile &profile);
  ~Multigrid();

  /// New supports: three flags a local node of the finest level, ghosts current. Collective.
  void set_fixed(std::vector<std::uint8_t> fixed);

  /// New moduli, averaged to all levels; diagonals and the coarsest factor follow.
  /// Collective.
  void set_moduli(const std::vector<double> &lambda, const std::vector<double> &mu);

  /// x = M b, a symmetric positive operator, from right_hand_side() to correction(); both have the size of a
  /// vector of the finest operator. Entries of fixed, hanging and inert nodes are zero and must be zero.
  /// Scale what goes in to the order of one. Collective.
  void precondition();
  std::vector<float> &right_hand_side();
  const std::vector<float> &correction() const;

  /// Is this component of an owned node of the finest level an unknown: stiff, not held, not hanging?
  bool is_free(std::size_t entry) const;

  std::size_t n_levels() const { return levels_.size(); }

  /// What a level lends to a multigrid of more fields: meshes, the way to the next coarser level (null on the
  /// coarsest), the stiffness, one over the smoother's diagonal (zero where nothing is unknown), and its
  /// vectors.
  struct LevelView
  {
    const discretisation::BrickForest &forest;
    const discretisation::BrickNodes &nodes;
    const Transfer *to_coarser;
    const ElasticOperator<float> &stiffness;
    const std::vector<float> &inverse_diagonal;
    std::vector<float> &x, &b, &d;
  };
  LevelView level(std::size_t l);
  const MultigridOptions &options() const { return options_; }

  /// Visits of the next coarser level from level @p l in one cycle.
  int corrections(std::size_t l) const;

private:
  struct Level;

  void cycle(std::size_t level);

  MPI_Comm comm_;
  MultigridOptions options_;
  SolveProfile &profile_;
  std::vector<std::unique_ptr<Level>> levels_; ///< finest first
  CoarsestLevel coarsest_;
};

/// Polynomial for eigenvalues between 1/range and 1.
struct Chebyshev
{
  explicit Chebyshev(const double range)
      : centre((1 + 1 / range) / 2), half((1 - 1 / range) / 2), sigma(centre / half)
  {
  }
  double centre, half, sigma;
};

/// Chebyshev smoothing of K x = b on one level; x is overwritten or improved, d is lost. Collective.
void smooth(const Multigrid::LevelView &level, const MultigridOptions &options, bool start_from_zero);

} // namespace wolff::mechanics
