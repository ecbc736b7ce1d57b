// The stimulus rules: from the mechanics at one point and one load to the tissue it calls for.
// A rule first measures what it compares, then judges it, so that several load cases are combined between the
// two (combination.h). A rule that is one number S is judged by thresholds, one on two axes judges itself.
#pragma once

#include "base/table.h"
#include "stimulus/combination.h"
#include "stimulus/measures.h"
#include "stimulus/phenotype.h"
#include "stimulus/point.h"
#include "stimulus/stimulus_options.h"

#include <span>

namespace wolff::stimulus {

/// What a rule may look at, prepared once for many points.
struct RuleSettings
{
  /// @throws Fault or FaultList: all that check() finds
  explicit RuleSettings(const StimulusOptions &options);

  StimulusOptions options;
  Thresholds thresholds;
  OctahedralShear octahedral;
  Combination combination;
  Phenotype one_bone;
};

struct StimulusRule
{
  Axes (*measure)(const PointMechanics &, const RuleSettings &);
  /// @throws Fault (exit 4) if an axis is not finite
  Response (*judge)(const Axes &, const RuleSettings &);
};

const Table<StimulusRule> &stimulus_rules();

/// The response to one number S: phenotype by the thresholds, and smooth windows.
Response respond(double stimulus, const RuleSettings &settings);

/// The rule of the options, looked up once; then called point by point.
class Stimulus
{
public:
  /// @throws Fault or FaultList: unknown rule (exit 2), and all that check() finds
  explicit Stimulus(const StimulusOptions &options);

  Response operator()(const PointMechanics &point) const { return of_cases({&point, 1}); }

  /**
   * The response of a point to all load cases of a day, combined as the options say. No allocation. One case
   * gives what the rule gives for it, bit for bit.
   * @param cycles of each case, finite and not negative; an empty list counts every case once
   * @throws Fault (exit 3): no case, lists of different length, or cycles that sum to zero; (exit 4) as rules
   */
  Response of_cases(std::span<const PointMechanics> cases, std::span<const double> cycles = {}) const;

  const RuleSettings &settings() const { return settings_; }

  /// Fluid speed [mm/s] as the options define it, from |Darcy flux| [mm/s] and porosity [-].
  double fluid_speed(double darcy_flux, double porosity) const;

private:
  RuleSettings settings_;
  StimulusRule rule_;
};

} // namespace wolff::stimulus
