// The stimulus rules: from the mechanics at one point and one load to the tissue it calls for.
// A rule that forms one number S and compares it with thresholds ends in `respond`; a rule on two axes fills
// the response itself. Combining load cases is done with the responses or with S, not here.
#pragma once

#include "base/options.h"
#include "base/table.h"
#include "base/tensor.h"
#include "stimulus/measures.h"
#include "stimulus/phenotype.h"

#include <string>

namespace wolff::stimulus {

/// The mechanics at one point under one load case.
struct PointMechanics
{
  SymmetricTensor strain;
  SymmetricTensor stress;      ///< effective stress [MPa]; equals total stress where the pores are drained
  double fluid_speed = 0;      ///< as StimulusOptions::fluid says [mm/s], not negative
  double pore_pressure = 0;    ///< positive in compression [MPa]
  double biot_coefficient = 0; ///< alpha [-]; total stress is stress - alpha pore_pressure I
};

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

  void declare(Options &options);
};

/// The thresholds that the options ask for: a named set, or the custom numbers.
/// @throws Fault (exit 3) if custom thresholds do not ascend
Thresholds thresholds_of(const StimulusOptions &options);

struct Response
{
  double stimulus = 0; ///< S [-], or the rule's leading measure
  Phenotype phenotype = Phenotype::resorption;
  Windows windows{{1, 0, 0, 0, 0}};
};

/// What a rule may look at, prepared once for many points.
struct RuleSettings
{
  /// @throws Fault as thresholds_of
  explicit RuleSettings(const StimulusOptions &options);

  StimulusOptions options;
  Thresholds thresholds;
  OctahedralShear octahedral;
};

/// @throws Fault (exit 4) if the stimulus is not finite
using StimulusRule = Response (*)(const PointMechanics &, const RuleSettings &);

const Table<StimulusRule> &stimulus_rules();

/// The response of a rule that is one number S: phenotype by thresholds, and smooth windows.
Response respond(double stimulus, const RuleSettings &settings);

/// The rule of the options, looked up once; then called point by point.
class Stimulus
{
public:
  /// @throws Fault: unknown rule (exit 2), thresholds that do not ascend (exit 3)
  explicit Stimulus(const StimulusOptions &options);

  Response operator()(const PointMechanics &point) const { return rule_(point, settings_); }
  const RuleSettings &settings() const { return settings_; }

  /// Fluid speed [mm/s] as the options define it, from |Darcy flux| [mm/s] and porosity [-].
  double fluid_speed(double darcy_flux, double porosity) const;

private:
  RuleSettings settings_;
  StimulusRule rule_;
};

} // namespace wolff::stimulus
