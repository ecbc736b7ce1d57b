#include "regeneration/vessels.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

namespace {

const std::string not_stated = "no defensible number exists [U]: 0 is not stated";
const std::string no_number = "no defensible number exists [U]: off unless stated";

constexpr double hours_per_day = 24;

} // namespace

void VesselOptions::declare(Options &options)
{
  options.add_choice("Model", model, {"off", "tips and density"},
                     "Whether vessels grow into the healing domain.");
  options.add_choice("Enter from", enter, {"everywhere", "rim of the lesion", "wall of the track"},
                     "Which faces to viable marrow let vessels in: all, those of the lesion, or those of the "
                     "track and the scaffold in it.");
  options.add("Tip motility [mm^2/day]", motility, "Random part of the way of sprouts.", non_negative(),
              not_stated);
  options.add("Sprout speed [mm/day]", sprout_speed,
              "Length of vessel that a tip leaves behind in a day; 0.1 to 1 in the literature.",
              non_negative(), not_stated);
  options.add("Tips at the rim [1/mm^3]", tips_at_rim, "Density of sprouts at the faces where they enter.",
              non_negative(), not_stated);
  options.add("Chemotaxis [mm^5/(ng day)]", chemotaxis,
              "Speed of tips per gradient of VEGF, which must be computed.", non_negative(), no_number);
  options.add("Branching [1/(mm day)]", branching, "Tips that a length of vessel makes in a day.",
              non_negative(), no_number);
  options.add("Half branching [ng/mm^3]", half_branching,
              "VEGF at which vessels branch at half of that rate; 0: they always do.", non_negative(),
              no_number);
  options.add("Tip loss [1/day]", tip_loss, "Sprouts that stop.", non_negative(), no_number);
  options.add("Anastomosis [mm^2/day]", anastomosis, "Sprouts that meet a vessel, per density of vessels.",
              non_negative(), no_number);
  options.add("Regression [1/day]", regression, "Vessels that are lost.", non_negative(), no_number);
  options.add_choice("Growth", growth, {"everywhere", "where the stimulus allows bone"},
                     "Sprouts stop where the stimulus is above that of bone, as of Checa & Prendergast 2009 "
                     "[M].");
  options.add("Host density [mm/mm^3]", host_density,
              "Vessel density of viable bone, written to files; no equation reads it.", non_negative(),
              no_number);
}

void VegfOptions::declare(Options &options)
{
  options.add_choice("Model", model, {"off", "at rest"}, "Whether VEGF is computed in the healing domain.");
  options.add("Diffusivity [mm^2/day]", diffusivity, "D in tissue.", positive(),
              "1e-11 to 1e-10 m^2/s [M], their geometric mean");
  options.add("Half-life [h]", half_life, "Of free VEGF in tissue; 0.5 to 1.5.", positive(), "[M]");
  options.add("Production without oxygen [ng/day]", production, "Of one counted cell.", non_negative(),
              not_stated);
  options.add("Half oxygen [mol/m^3]", half_oxygen, "At which a cell makes half of that.", non_negative(),
              not_stated);
  options.add("Uptake by vessels [mm^2/day]", vessel_uptake, "Loss per density of vessels.", non_negative(),
              no_number);
}

std::vector<Fault> check(const VesselOptions &vessels, const VegfOptions &vegf, const OxygenOptions &oxygen)
{
  std::vector<Fault> faults;
  const auto require = [&](const double value, const std::string &name) {
    if (value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/" + name,
                             "a coefficient that is in use has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  const auto need = [&](const bool is_there, const std::string &option, const std::string &needed) {
    if (!is_there)
      faults.push_back(Fault(Exit::input, "option-contradicts", "Regeneration/" + option,
                             "this needs a field that is not computed")
                           .found(needed + " = off")
                           .wanted("the field, or this option at 0 or off"));
  };
  if (vessels.is_on()) {
    require(vessels.motility, "Vessels/Tip motility [mm^2/day]");
    require(vessels.sprout_speed, "Vessels/Sprout speed [mm/day]");
    require(vessels.tips_at_rim, "Vessels/Tips at the rim [1/mm^3]");
    if (vessels.chemotaxis > 0) need(vegf.is_on(), "Vessels/Chemotaxis [mm^5/(ng day)]", "VEGF/Model");
    if (vessels.half_branching > 0) need(vegf.is_on(), "Vessels/Half branching [ng/mm^3]", "VEGF/Model");
  }
  if (vegf.is_on()) {
    require(vegf.production, "VEGF/Production without oxygen [ng/day]");
    require(vegf.half_oxygen, "VEGF/Half oxygen [mol/m^3]");
    need(oxygen.is_on(), "VEGF/Model", "Oxygen/Model");
  }
  return faults;
}

int solve_vegf(const Transport &transport, const VegfOptions &options,
               const TransportOptions &transport_options, const CellField &release, TissueState &state)
{
  const std::size_t n = state.n_cells();
  const CellField &scaffold = state.fractions[material::index(material::Tissue::scaffold)];
  CellField diffusivity(n, 0.0);
  LinearReaction reaction{CellField(n, 0.0), CellField(n, 0.0)};
  for (const std::uint32_t i : transport.domain_cells()) {
    diffusivity[i] = options.diffusivity * (1 - scaffold[i]);
    double counted = 0;
    for (const CellField &densities : state.cells) counted += densities[i];
    const double starved = options.half_oxygen / (options.half_oxygen + state.oxygen[i]);
    reaction.source[i] = options.production * counted * starved + (release.empty() ? 0 : release[i]);
    reaction.loss[i] =
        std::log(2) * hours_per_day / options.half_life + options.vessel_uptake * state.vessel_density[i];
  }
  return transport.rest(state.vegf, transport.conductances(diffusivity), transport_options, nullptr,
                        reaction);
}

int grow_vessels(const Transport &transport, const VesselOptions &options,
                 const TransportOptions &transport_options, const std::vector<stimulus::Response> &stimulus,
                 const CellField &recruited, const double days, TissueState &state)
{
  const std::size_t n = state.n_cells();
  const CellField &theta = state.fractions[material::index(material::Tissue::granulation)];
  const auto enters = [&](const std::size_t i) {
    const bool lesion = state.region[i] == static_cast<std::uint8_t>(Region::lesion);
    return options.enter == "everywhere" || lesion == (options.enter == "rim of the lesion");
  };
  CellField diffusivity(n, 0.0), mobility(n, 0.0), speed(n, 0.0), supply(n, -1.0);
  LinearReaction reaction{CellField(n, 0.0), CellField(n, 0.0)};
  for (const std::uint32_t i : transport.domain_cells()) {
    double allowed = 1;
    if (options.growth != "everywhere") {
      const auto &w = stimulus[i].windows;
      allowed = std::min(1.0, w[0] + w[1] + w[2]); // resorption, mature bone, immature bone
    }
    diffusivity[i] = options.motility * theta[i] * allowed;
    mobility[i] = options.chemotaxis * allowed;
    speed[i] = options.sprout_speed * allowed;
    if (enters(i)) supply[i] = options.tips_at_rim * recruited[i];
    const double stimulated =
        options.half_branching > 0 ? state.vegf[i] / (options.half_branching + state.vegf[i]) : 1;
    reaction.source[i] = options.branching * stimulated * state.vessel_density[i];
    reaction.loss[i] = options.tip_loss + options.anastomosis * state.vessel_density[i];
  }
  if (options.chemotaxis > 0) transport.drift(state.vessel_tips, state.vegf, mobility, days);
  const int iterations = transport
                             .advance(state.vessel_tips, transport.conductances(diffusivity), days,
                                      transport_options, &supply, &reaction)
                             .iterations;
  for (const std::uint32_t i : transport.domain_cells())
    state.vessel_density[i] =
        (state.vessel_density[i] + days * speed[i] * state.vessel_tips[i]) / (1 + days * options.regression);
  return iterations;
}

} // namespace wolff::regeneration
