#include "stimulus/rules.h"

#include <algorithm>

namespace wolff::stimulus {

namespace {

// S = gamma_oct/a. With a and the thresholds of the biphasic rule this is its exact rescaling to strains
// (bone below 1.99 %, woven bone below 3.75 %, cartilage below 11.25 %).
Axes shear_only(const PointMechanics &point, const RuleSettings &settings)
{
  return {octahedral_shear_strain(point.strain, settings.octahedral) / settings.options.strain_scale, 0, 0};
}

// S = gamma_oct/a + v/b
Axes shear_and_flow(const PointMechanics &point, const RuleSettings &settings)
{
  return {shear_only(point, settings)[0] + point.fluid_speed / settings.options.flow_scale, 0, 0};
}

Response by_thresholds(const Axes &axes, const RuleSettings &settings)
{
  const double s = axes[0];
  return {s, classify(s, settings.thresholds),
          windows(s, settings.thresholds, settings.options.window_width)};
}

} // namespace

const Table<StimulusRule> &stimulus_rules()
{
  static const Table<StimulusRule> table{
      {"shear only",
       "octahedral shear strain; needs no fluid and does not depend on the mesh at interfaces",
       "Isaksson et al. 2006 J Biomech 39:1507",
       {shear_only, by_thresholds}},
      {"shear and flow",
       "octahedral shear strain and fluid velocity of a biphasic tissue",
       "Lacroix & Prendergast 2002 J Biomech 35:1163",
       {shear_and_flow, by_thresholds}},
  };
  return table;
}

void StimulusOptions::declare(Options &options)
{
  options.add_choice("Rule", rule, stimulus_rules().names(),
                     "From the mechanics at a point to the tissue that it calls for.");
  options.add_choice("Threshold set", threshold_set,
                     {"Perier-Metz 2020", "Lacroix-Prendergast 2002", "custom"},
                     "Thresholds on S: 0.01, 0.53, 1, 3; or 0.01, 0.267, 1, 3; or the four numbers below.");
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
  options.add("Window width [-]", window_width,
              "Relative width of the transition between phenotypes; 0 for sharp thresholds.", between(0, 0.5),
              "5 to 10 %, a numerical choice [C]");
  options.add_choice("Combination", combination, combinations().names(),
                     "How several load cases of a day become one: of what the rule compares with its "
                     "thresholds, the value of largest magnitude or a mean.");
}

Thresholds thresholds_of(const StimulusOptions &options)
{
  if (options.threshold_set == "Perier-Metz 2020") return {0.01, 0.53, 1, 3};
  if (options.threshold_set == "Lacroix-Prendergast 2002") return {0.01, 0.267, 1, 3};
  if (options.threshold_set != "custom")
    throw Fault(Exit::input, "unknown-name", "Threshold set", "no set of this name")
        .found(options.threshold_set)
        .wanted("one of: Perier-Metz 2020, Lacroix-Prendergast 2002, custom");
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

RuleSettings::RuleSettings(const StimulusOptions &chosen)
    : options(chosen), thresholds(thresholds_of(chosen)),
      octahedral(chosen.octahedral == "tensor" ? OctahedralShear::tensor
                                               : OctahedralShear::legacy_engineering),
      combination(combinations().at(chosen.combination).law)
{
}

Stimulus::Stimulus(const StimulusOptions &options)
    : settings_(options), rule_(stimulus_rules().at(options.rule).law)
{
}

Response Stimulus::of_cases(const std::span<const PointMechanics> cases,
                            const std::span<const double> cycles) const
{
  if (!cycles.empty() && cycles.size() != cases.size())
    throw Fault(Exit::model, "load-cycles", "", "numbers of cycles for the load cases")
        .found(std::to_string(cycles.size()))
        .wanted(std::to_string(cases.size()) + ", one for each load case");
  CombinedAxes combined(settings_.combination);
  for (std::size_t i = 0; i < cases.size(); ++i)
    combined.add(rule_.measure(cases[i], settings_), cycles.empty() ? 1 : cycles[i]);
  return rule_.judge(combined.axes(), settings_);
}

double Stimulus::fluid_speed(const double darcy_flux, const double porosity) const
{
  return settings_.options.fluid == "Darcy flux" ? darcy_flux : seepage_speed(darcy_flux, porosity);
}

} // namespace wolff::stimulus
