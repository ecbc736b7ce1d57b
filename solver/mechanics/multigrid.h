// Preconditioner of the elastic solve: one multigrid W-cycle in float on globally coarsened forests, and
// below the coarsest forest on bricks of 4, 2 and 1 voxels along an edge.
#pragma once

#include "mechanics/elastic_operator.h"
#include "mechanics/transfer.h"

#include <memory>
#include <vector>

namespace wolff::mechanics {

struct MultigridOptions
{
  int smoothing_steps = 3;    ///< degree of the Chebyshev polynomial, before and after the coarse correction
  double smoothing_range = 8; ///< ratio of the largest eigenvalue to the smallest that is smoothed [-]
  int coarse_corrections = 2; ///< 1 V-cycle, 2 W-cycle
};

class Multigrid
{
public:
  /// Builds forests, nodes and transfers of all levels. @p fixed: three flags a local node of the finest
  /// level, set where the displacement is prescribed. Collective.
  Multigrid(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes,
            const MultigridOptions &options);
  ~Multigrid();

  /// New supports: three flags a local node of the finest level, ghosts current. Collective.
  void set_fixed(const std::vector<std::uint8_t> &fixed);

  /// New moduli, averaged to all levels; diagonals, eigenvalue bounds and the coarsest factor follow.
  /// Collective.
  void set_moduli(const std::vector<double> &lambda, const std::vector<double> &mu);

  /// z = M r, a symmetric positive operator. Both have the size of a vector of the finest operator; r is
  /// scaled to one before it is cast to float. Entries of fixed, hanging and inert nodes of z are zero.
  /// Collective.
  void precondition(const std::vector<double> &r, std::vector<double> &z);

  std::size_t n_levels() const { return levels_.size(); }

private:
  struct Level;
  struct Coarsest;

  void cycle(std::size_t level);
  void smooth(Level &level, bool start_from_zero);
  void estimate_eigenvalue(Level &level);

  MPI_Comm comm_;
  MultigridOptions options_;
  std::vector<std::unique_ptr<Level>> levels_; ///< finest first
  std::unique_ptr<Coarsest> coarsest_;
};

} // namespace wolff::mechanics
