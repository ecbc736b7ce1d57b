#include "regeneration/vesicles.h"

#include "regeneration/cell_dose.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

void VesicleOptions::declare(Options &options)
{
  const std::string no_number = "no defensible number exists [U]: off unless stated";
  options.add("Days [day]", days, "Day of each dose since surgery; empty for none.");
  options.add("Doses [unit]", doses, "Amount of each dose, in any unit that all options here share.", 0,
              "no default: to be stated [U]");
  options.add("Regions", regions,
              "Region of each dose, separated by commas: lesion, track, scaffold pore, healing domain.");
  options.add("Half-life [day]", half_life, "Of vesicles in the tissue.", non_negative(),
              "no defensible number exists [U]: 0 is not stated");
  options.add("Half effect [unit/mm^3]", half_effect, "Density at which half of the effects is reached.",
              non_negative(), "no defensible number exists [U]: 0 is not stated");
  options.add("Recruitment [-]", recruitment, "G: vessel tips that enter are 1 + G times as many.",
              non_negative(), no_number);
  options.add("Survival [-]", survival, "B: share of the deaths of stromal cells that is prevented.",
              fraction(), no_number);
}

std::vector<VesicleDose> vesicle_doses(const VesicleOptions &options)
{
  const std::string place = "Regeneration/Vesicles/";
  const std::vector<std::optional<Region>> regions = regions_of(options.regions, place + "Regions");
  if (options.doses.size() != options.days.size() || regions.size() != options.days.size())
    throw Fault(Exit::input, options.doses.empty() ? "option-missing" : "option-value",
                place + "Doses [unit], Regions", "one entry for each dose is needed")
        .found(std::to_string(options.doses.size()) + " and " + std::to_string(regions.size()) + " entries")
        .wanted(std::to_string(options.days.size()) + " entries, as many as days");
  std::vector<VesicleDose> list;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (!(options.days[i] >= 0 && options.doses[i] >= 0))
      throw Fault(Exit::input, "option-value", place + "Days [day], Doses [unit]", "value out of range")
          .found(to_text(options.days[i]) + ", " + to_text(options.doses[i]))
          .wanted(non_negative().description());
    list.push_back({options.days[i], options.doses[i], regions[i]});
  }
  return list;
}

std::vector<Fault> check(const VesicleOptions &options)
{
  std::vector<Fault> faults;
  if (!options.is_on()) return faults;
  const auto require = [&](const double value, const std::string &name) {
    if (value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Vesicles/" + name,
                             "a coefficient that is in use has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(options.half_life, "Half-life [day]");
  require(options.half_effect, "Half effect [unit/mm^3]");
  return faults;
}

void release_vesicles(const discretisation::CellMesh &mesh, const VesicleOptions &options, const double days,
                      TissueState &state)
{
  if (!options.is_on()) return;
  const double rate = std::log(2) / options.half_life;
  const CellField &scaffold = state.fractions[material::index(material::Tissue::scaffold)];
  for (double &density : state.vesicles) density *= std::exp(-rate * days);
  constexpr double same_day = 1e-9; // a day that is before the end by rounding only belongs to the next step
  for (const VesicleDose &dose : vesicle_doses(options)) {
    const double until = state.day + days - dose.day; // how long it has decayed by the end of the step
    if (!(dose.day >= state.day - same_day && until > same_day)) continue;
    const auto holds = [&](const std::size_t i) {
      return state.healing_domain[i] != 0 &&
             (!dose.region || state.region[i] == static_cast<std::uint8_t>(*dose.region));
    };
    double volume = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (holds(i)) volume += mesh.volume(i) * (1 - scaffold[i]);
    MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());
    if (!(volume > 0))
      throw Fault(Exit::model, "value-range", "Regeneration/Vesicles",
                  "dose of day " + to_text(dose.day) + ": volume of its region [mm^3]")
          .found(volume)
          .wanted("some volume that is not scaffold");
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (holds(i))
        state.vesicles[i] +=
            dose.amount / volume * (1 - scaffold[i]) * std::exp(-rate * std::max(0.0, until));
  }
}

double vesicle_effect(const double density, const VesicleOptions &options)
{
  if (!options.is_on()) return 0;
  return density / (options.half_effect + density);
}

} // namespace wolff::regeneration
