#include "stimulus/rules.h"

#include <algorithm>
#include <cmath>

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
  return respond(axes[0], settings);
}

Axes claes_heigele(const PointMechanics &point, const RuleSettings &settings)
{
  return claes_heigele_axes(point, settings.options.claes_heigele);
}

Response judge_claes_heigele(const Axes &axes, const RuleSettings &settings)
{
  return claes_heigele_response(axes, settings.options.claes_heigele, settings.one_bone,
                                settings.options.window_width);
}

Axes carter(const PointMechanics &point, const RuleSettings &)
{
  return carter_axes(point);
}

Response judge_carter(const Axes &axes, const RuleSettings &settings)
{
  return carter_response(axes, settings.options.carter, settings.one_bone, settings.options.window_width);
}

// The magnitude, not the signed strain: a mean over load cases must not cancel tension with compression.
Axes mechanostat(const PointMechanics &point, const RuleSettings &)
{
  return {std::abs(largest_principal_by_magnitude(point.strain)), 0, 0};
}

Response judge_mechanostat(const Axes &axes, const RuleSettings &settings)
{
  return mechanostat_response(axes[0], settings.options.mechanostat, settings.options.window_width);
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
      {"Claes-Heigele",
       "hydrostatic stress and principal strain",
       "Claes & Heigele 1999 J Biomech 32:255",
       {claes_heigele, judge_claes_heigele}},
      {"Carter",
       "hydrostatic stress, tensile strain and perfusion; its thresholds must be stated",
       "Carter et al. 1988 J Orthop Res 6:736",
       {carter, judge_carter}},
      {"mechanostat",
       "largest principal strain; for formed bone",
       "Frost 1987 Anat Rec 219:1",
       {mechanostat, judge_mechanostat}},
  };
  return table;
}

RuleSettings::RuleSettings(const StimulusOptions &chosen)
    : options(chosen), octahedral(chosen.octahedral == "tensor" ? OctahedralShear::tensor
                                                                : OctahedralShear::legacy_engineering),
      combination(combinations().at(chosen.combination).law), one_bone(one_bone_phenotype(chosen))
{
  throw_if_any(check(chosen));
  thresholds = thresholds_of(chosen);
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

Response Stimulus::of_cases(const std::span<const PointMechanics> cases,
                            const std::span<const double> cycles) const
{
  if (!cycles.empty()) require_cycles(cases.size(), cycles);
  CombinedAxes combined(settings_.combination);
  double peak_strain = 0, energy = 0, all_cycles = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const double n = cycles.empty() || cases.size() == 1 ? 1 : cycles[i];
    combined.add(rule_.measure(cases[i], settings_), n);
    peak_strain = std::max(peak_strain, std::abs(largest_principal_by_magnitude(cases[i].strain)));
    energy += n * strain_energy_density(cases[i].stress, cases[i].strain);
    all_cycles += n;
  }
  Response response = rule_.judge(combined.axes(), settings_);
  response.mechanostat_level = mechanostat_level(peak_strain, settings_.options.mechanostat);
  response.energy_density = all_cycles > 0 ? energy / all_cycles : 0;
  return response;
}

double Stimulus::fluid_speed(const double darcy_flux, const double porosity) const
{
  return settings_.options.fluid == "Darcy flux" ? darcy_flux : seepage_speed(darcy_flux, porosity);
}

} // namespace wolff::stimulus
