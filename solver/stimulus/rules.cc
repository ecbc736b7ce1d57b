#include "stimulus/rules.h"

#include <algorithm>

namespace wolff::stimulus {

namespace {

// S = gamma_oct/a. With a and the thresholds of the biphasic rule this is its exact rescaling to strains
// (bone below 1.99 %, woven bone below 3.75 %, cartilage below 11.25 %).
Response shear_only(const PointMechanics &point, const RuleSettings &settings)
{
  return respond(octahedral_shear_strain(point.strain, settings.octahedral) / settings.options.strain_scale,
                 settings);
}

// S = gamma_oct/a + v/b
Response shear_and_flow(const PointMechanics &point, const RuleSettings &settings)
{
  return respond(octahedral_shear_strain(point.strain, settings.octahedral) / settings.options.strain_scale +
                     point.fluid_speed / settings.options.flow_scale,
                 settings);
}

} // namespace

const Table<StimulusRule> &stimulus_rules()
{
  static const Table<StimulusRule> table{
      {"shear only", "octahedral shear strain; needs no fluid and does not depend on the mesh at interfaces",
       "Isaksson et al. 2006 J Biomech 39:1507", shear_only},
      {"shear and flow", "octahedral shear strain and fluid velocity of a biphasic tissue",
       "Lacroix & Prendergast 2002 J Biomech 35:1163", shear_and_flow},
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
                                               : OctahedralShear::legacy_engineering)
{
}

Response respond(const double stimulus, const RuleSettings &settings)
{
  return {stimulus, classify(stimulus, settings.thresholds),
          windows(stimulus, settings.thresholds, settings.options.window_width)};
}

Stimulus::Stimulus(const StimulusOptions &options)
    : settings_(options), rule_(stimulus_rules().at(options.rule).law)
{
}

double Stimulus::fluid_speed(const double darcy_flux, const double porosity) const
{
  return settings_.options.fluid == "Darcy flux" ? darcy_flux : seepage_speed(darcy_flux, porosity);
}

} // namespace wolff::stimulus
