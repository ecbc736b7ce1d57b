#include "stimulus/stimulus_options.h"

#include "stimulus/combination.h"
#include "stimulus/rules.h"

#include <algorithm>

namespace wolff::stimulus {

namespace {

const std::vector<std::string> threshold_sets{"Perier-Metz 2020", "Lacroix-Prendergast 2002", "Isaksson 2006",
                                              "custom"};

} // namespace

void StimulusOptions::declare(Options &options)
{
  options.add_choice("Rule", rule, stimulus_rules().names(),
                     "From the mechanics at a point to the tissue that it calls for.");
  options.add_choice(
      "Threshold set", threshold_set, threshold_sets,
      "Thresholds on S: 0.01, 0.53, 1, 3; or 0.01, 0.267, 1, 3; or, for shear only, octahedral shear strains "
      "of "
      "0.0005, 0.025, 0.05 with one class of bone, Isaksson et al. 2006 [M]; or the four numbers below.");
  options.add("Resorption below [-]", resorption_below, "Custom threshold on S.", positive(),
              "program of Perier-Metz et al. 2020 [V]");
  options.add("Mature bone below [-]", mature_bone_below, "Custom threshold on S.", positive(),
              "program of Perier-Metz et al. 2020 [V]; 0.267 elsewhere [V]");
  options.add("Immature bone below [-]", immature_below, "Custom threshold on S.", positive(),
              "program of Perier-Metz et al. 2020 [V]");
  options.add("Cartilage below [-]", cartilage_below, "Custom threshold on S; fibrous tissue from there on.",
              positive(), "program of Perier-Metz et al. 2020 [V]");
  options.add("Strain scale [-]", strain_scale, "a: octahedral shear strain that alone gives S = 1.",
              positive(), "program of Perier-Metz et al. 2020 [V]");
  options.add("Flow scale [mm/s]", flow_scale, "b: fluid velocity that alone gives S = 1.", positive(),
              "program of Perier-Metz et al. 2020 [V]");
  options.add_choice(
      "Fluid velocity", fluid, {"Darcy flux", "seepage velocity"},
      "Which velocity is compared with the flow scale; the second is the first over porosity.");
  options.add_choice(
      "Octahedral shear strain", octahedral, {"tensor", "legacy engineering"},
      "The second puts engineering shears where tensor shears belong, as published programs did.");
  options.add_choice(
      "One class of bone", one_bone, {"mature bone", "immature bone"},
      "What rules with a single class of bone call for (Isaksson 2006, Claes-Heigele, Carter); "
      "immature bone ripens only where mature bone is called for.");
  options.add("Window width [-]", window_width,
              "Relative width of the transition between phenotypes; 0 for sharp thresholds.", between(0, 0.5),
              "5 to 10 %, a numerical choice [C]");
  options.add_choice("Combination", combination, combinations().names(),
                     "How several load cases of a day become one: of what the rule compares with its "
                     "thresholds, the value of largest magnitude or a mean.");
  claes_heigele.declare(options);
  carter.declare(options);
  {
    const Options::Section section(options, "Mechanostat");
    mechanostat.declare(options);
  }
  const Options::Section section(options, "Daily measures");
  daily.declare(options);
}

Thresholds thresholds_of(const StimulusOptions &options)
{
  if (options.threshold_set == "Perier-Metz 2020") return {0.01, 0.53, 1, 3};
  if (options.threshold_set == "Lacroix-Prendergast 2002") return {0.01, 0.267, 1, 3};
  if (options.threshold_set == "Isaksson 2006") {
    const double a = options.strain_scale, resorption = 0.0005 / a, bone = 0.025 / a, cartilage = 0.05 / a;
    return {resorption, one_bone_phenotype(options) == Phenotype::mature_bone ? bone : resorption, bone,
            cartilage};
  }
  if (options.threshold_set != "custom")
    throw Fault(Exit::input, "unknown-name", "Threshold set", "no set of this name")
        .found(options.threshold_set)
        .wanted("one of: " + join(threshold_sets));
  const Thresholds custom{options.resorption_below, options.mature_bone_below, options.immature_below,
                          options.cartilage_below};
  const bool ascending =
      std::adjacent_find(custom.begin(), custom.end(), std::greater_equal<>()) == custom.end();
  if (!ascending || !(custom.front() > 0)) {
    std::string list;
    for (const double threshold : custom) list += (list.empty() ? "" : ", ") + to_text(threshold);
    throw Fault(Exit::model, "thresholds-order", "", "thresholds of the stimulus [-]")
        .found(list)
        .wanted("positive numbers, each greater than the one before");
  }
  return custom;
}

Phenotype one_bone_phenotype(const StimulusOptions &options)
{
  return options.one_bone == "mature bone" ? Phenotype::mature_bone : Phenotype::immature_bone;
}

std::vector<Fault> check(const StimulusOptions &options)
{
  std::vector<Fault> faults = check(options.mechanostat);
  const auto add = [&](const std::vector<Fault> &more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  if (options.rule == "Claes-Heigele") add(check(options.claes_heigele));
  if (options.rule == "Carter") add(check(options.carter));
  if (options.rule == "shear and flow" && options.threshold_set == "Isaksson 2006")
    faults.push_back(
        Fault(Exit::input, "option-contradicts", "Stimulus/Threshold set", "this set is one of strains alone")
            .found("Isaksson 2006 with the rule shear and flow")
            .wanted("the rule shear only, or another set"));
  try {
    thresholds_of(options);
  } catch (const Fault &fault) {
    faults.push_back(fault);
  }
  return faults;
}

} // namespace wolff::stimulus
