// The stimulus rules: from the mechanics at one point and one load to the tissue it calls for.
// A rule first measures what it compares, then judges it, so that several load cases are combined between the
// two (combination.h). A rule that is one number S is judged by thresholds, one on two axes judges itself.
#pragma once

#include "base/options.h"
#include "base/table.h"
#include "stimulus/combination.h"
#include "stimulus/measures.h"
#include "stimulus/phenotype.h"
#include "stimulus/point.h"

#include <span>
#include <string>

namespace wolff::stimulus {

struct StimulusOptions
{
  std::string rule = "shear only";

  // The primary papers could not be read, and print-outs differ in the split of mature and immature bone. The
  // default is the value of the program whose rates and mixture are also offered here, so that a set stays
  // whole.
  std::string threshold_set = "Perier-Metz 2020";
  double resorption_below = 0.01; ///< custom thresholds [-]
  double mature_bone_below = 0.53;
  double immature_below = 1;
  double cartilage_below = 3;

  double strain_scale = 0.0375; ///< a [-]
  double flow_scale = 3.0e-3;   ///< b [mm/s]
  std::string fluid = "Darcy flux";
  std::string octahedral = "tensor";
  double window_width = 0.05; ///< relative width of the smooth windows [-]
  std::string combination = "maximum";

  void declare(Options &options);
};

/// The thresholds that the options ask for: a named set, or the custom numbers.
/// @throws Fault (exit 3) if custom thresholds do not ascend
Thresholds thresholds_of(const StimulusOptions &options);

/// What a rule may look at, prepared once for many points.
struct RuleSettings
{
  /// @throws Fault as thresholds_of
  explicit RuleSettings(const StimulusOptions &options);

  StimulusOptions options;
  Thresholds thresholds;
  OctahedralShear octahedral;
  Combination combination;
};

struct StimulusRule
{
  Axes (*measure)(const PointMechanics &, const RuleSettings &);
  /// @throws Fault (exit 4) if an axis is not finite
  Response (*judge)(const Axes &, const RuleSettings &);
};

const Table<StimulusRule> &stimulus_rules();

/// The rule of the options, looked up once; then called point by point.
class Stimulus
{
public:
  /// @throws Fault: unknown rule (exit 2), thresholds that do not ascend (exit 3)
  explicit Stimulus(const StimulusOptions &options);

  Response operator()(const PointMechanics &point) const { return of_cases({&point, 1}); }

  /**
   * The response of a point to all load cases of a day, combined as the options say. No allocation.
   * @param cycles of each case; an empty list counts every case once
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
