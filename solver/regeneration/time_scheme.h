// Implicit time schemes for y' = f(y) as one stage each: solve  y - weight h f(y) = known.
// Only the numbers; who uses them solves the stage (regeneration/transport.cc: a linear system).
#pragma once

#include "base/table.h"

namespace wolff::regeneration {

/**
 * known = now y_n + before y_(n-1) + rate h f(y_n), with now + before = 1.
 * A scheme with a `before` begins with one step of backward Euler.
 */
struct TimeScheme
{
  double weight; ///< of the new rate [-]
  double now, before, rate;

  bool two_steps() const { return before != 0; }
  /// With a matrix that has no positive off-diagonal entry the stage keeps signs for every step length.
  bool keeps_signs() const { return before == 0 && rate == 0; }
};

inline const Table<TimeScheme> &time_schemes()
{
  static const Table<TimeScheme> table{
      {"backward Euler", "order 1; positive and bounded for every step length", "", {1, 1, 0, 0}},
      {"Crank-Nicolson", "order 2; overshoots when the step is long", "", {0.5, 1, 0, 0.5}},
      {"BDF2", "order 2 over the substeps of a step; overshoots a little", "", {2. / 3, 4. / 3, -1. / 3, 0}}};
  return table;
}

} // namespace wolff::regeneration
