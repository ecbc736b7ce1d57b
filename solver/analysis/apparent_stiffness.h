// Stiffness of the whole body as a testing machine would see it.
#pragma once

#include "analysis/quantity.h"
#include "mechanics/elastic_solver.h"

namespace wolff::analysis {

/**
 * k = |F|^2 / (2 W) [N/mm] with the applied force F and the work W it does.
 *
 * With supports that do not move, 2 W = sum of f.u = |F| d, where d is the mean displacement of the load
 * along F, weighted by the load; so k = |F| / d. With several forces (contact and muscles) F is their
 * resultant and d the displacement that a single force of this work would need: a number to compare designs
 * under the same loads with, not a material property. NaN without a resultant or without positive work, as in
 * a body that is moved by its supports alone.
 */
inline double apparent_stiffness(const mechanics::SolveReport &solve)
{
  const double force_squared = solve.applied.squaredNorm();
  return force_squared > 0 && solve.external_work > 0 ? force_squared / (2 * solve.external_work) : no_value;
}

} // namespace wolff::analysis
