// How well, and at what cost, the equilibria of one step were solved, all load cases together.
#pragma once

#include "mechanics/elastic_solver.h"

#include <algorithm>

namespace wolff::analysis {

struct SolveQuality
{
  int iterations = 0;                                             ///< of all solves
  double residual = 0, force_imbalance = 0, energy_imbalance = 0; ///< the worst of all
  double setup_seconds = 0, solve_seconds = 0;                    ///< of all

  void add(const mechanics::SolveReport &solve)
  {
    iterations += solve.iterations;
    residual = std::max(residual, solve.residual);
    force_imbalance = std::max(force_imbalance, solve.force_imbalance());
    energy_imbalance = std::max(energy_imbalance, solve.energy_imbalance());
    setup_seconds += solve.setup_seconds;
    solve_seconds += solve.solve_seconds;
  }
};

} // namespace wolff::analysis
