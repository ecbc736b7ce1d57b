// The one door of all regeneration backends: the state after some days from the state before and the
// stimulus.
#pragma once

#include "regeneration/signal_fields.h"
#include "regeneration/tissue_state.h"
#include "stimulus/rules.h"

#include <functional>
#include <vector>

namespace wolff::regeneration {

/// What a backend says about its step; a number that it cannot know stays at its default. Numbers of cells
/// count all kinds over the healing domain, all ranks together.
struct RegenerationReport
{
  int steps = 0;
  int iterations = 0;   ///< of the linear solver, of all fields together
  SignalReport signals; ///< of oxygen, vessels and factors
  double cells_before = 0;
  double supplied = 0; ///< came from viable marrow around the domain
  double dosed = 0;    ///< were injected
  double reacted = 0;  ///< births less deaths
  double cells_after = 0;
  double clipped = 0;            ///< negative numbers set to zero: the solver's rounding
  double smallest_density = 0;   ///< [1/mm^3]
  double fraction_sum_error = 0; ///< largest |sum of fractions - 1| [-]
  /// Width of an advancing front of cells, sqrt(D/r), over the edge of the coarsest voxel in the domain [-].
  double front_voxels = 0;
  double seconds = 0;

  /// |before + supplied + dosed + reacted - after| over the larger of before and after [-].
  double relative_error() const;
  /// Below five voxels the speed of the front depends on the mesh.
  bool front_is_resolved() const { return front_voxels >= 5; }
};

struct Regenerated
{
  TissueState after;
  RegenerationReport report;
};

/// @p stimulus of each owned cell; only that of the healing domain is looked at. Collective.
using Regenerate = std::function<Regenerated(const TissueState &before,
                                             const std::vector<stimulus::Response> &stimulus, double days)>;

} // namespace wolff::regeneration
