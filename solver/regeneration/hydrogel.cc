#include "regeneration/hydrogel.h"

#include "regeneration/cell_dose.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

void HydrogelOptions::declare(Options &options)
{
  options.add("Regions", regions,
              "Regions whose free volume the gel fills, separated by commas: lesion, track, scaffold pore, "
              "healing domain; empty: no gel.");
  options.add("Placed on [day]", day, "Day since surgery.", non_negative());
  options.add("Young modulus [MPa]", youngs_modulus, "Of the fresh gel.", positive(),
              "1 to 20 kPa [M], their geometric mean");
  options.add("Permeability [mm^4/(N s)]", permeability, "Of the fresh gel; needed where fluid flows.",
              non_negative(), "no defensible number exists [U]: 0 is not stated");
  options.add("Degradation half-time [day]", half_time,
              "In which half of the gel has given way to granulation tissue.", non_negative(),
              "no defensible number exists [U]: 0 is not stated");
}

std::vector<Fault> check(const HydrogelOptions &options, const bool has_flow)
{
  std::vector<Fault> faults;
  if (!options.is_on()) return faults;
  try {
    regions_of(options.regions, "Regeneration/Hydrogel/Regions");
  } catch (const Fault &fault) {
    faults.push_back(fault);
  }
  const auto require = [&](const double value, const std::string &name) {
    if (value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Hydrogel/" + name,
                             "a number that is in use has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(options.half_time, "Degradation half-time [day]");
  if (has_flow) require(options.permeability, "Permeability [mm^4/(N s)]");
  return faults;
}

Hydrogel::Hydrogel(const HydrogelOptions &options) : options_(options)
{
  if (options.is_on()) regions_ = regions_of(options.regions, "Regeneration/Hydrogel/Regions");
}

double Hydrogel::share(const TissueState &state, const std::size_t cell) const
{
  const double age = state.day - options_.day;
  if (regions_.empty() || age < -1e-9 || state.healing_domain[cell] == 0)
    return 0; // rounding of sums of steps
  for (const std::optional<Region> &region : regions_)
    if (!region || state.region[cell] == static_cast<std::uint8_t>(*region))
      return std::min(1.0, std::exp2(-age / options_.half_time));
  return 0;
}

material::Elastic Hydrogel::free_volume(const material::Elastic &granulation, const double share) const
{
  return {share * options_.youngs_modulus + (1 - share) * granulation.youngs_modulus,
          granulation.poisson_ratio};
}

material::Poroelastic Hydrogel::free_volume(material::Poroelastic granulation, const double share) const
{
  granulation.permeability = share * options_.permeability + (1 - share) * granulation.permeability;
  return granulation;
}

} // namespace wolff::regeneration
