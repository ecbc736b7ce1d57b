// The options of all stimulus rules, and what of them contradicts itself.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "stimulus/carter.h"
#include "stimulus/claes_heigele.h"
#include "stimulus/daily.h"
#include "stimulus/mechanostat.h"
#include "stimulus/phenotype.h"

#include <string>
#include <vector>

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

  // Rules with one class of bone. Mature: bone ripens in the kinetics only where mature bone is called for,
  // so with the other choice new bone would stay woven for ever.
  std::string one_bone = "mature bone";

  ClaesHeigeleOptions claes_heigele;
  CarterOptions carter;
  MechanostatOptions mechanostat;
  DailyOptions daily;

  void declare(Options &options);
};

/**
 * The thresholds on S that the options ask for: a named set, or the custom numbers. The set of Isaksson has
 * strains of 0.05, 2.5 and 5 % over the strain scale and one class of bone, whose other phenotype gets an
 * empty interval.
 * @throws Fault: unknown set (exit 2), custom thresholds that do not ascend (exit 3)
 */
Thresholds thresholds_of(const StimulusOptions &options);

/// The phenotype of rules with one class of bone.
Phenotype one_bone_phenotype(const StimulusOptions &options);

/// All that is wrong with the options of the chosen rule, at once.
std::vector<Fault> check(const StimulusOptions &options);

} // namespace wolff::stimulus
