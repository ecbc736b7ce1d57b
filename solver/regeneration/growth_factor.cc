#include "regeneration/growth_factor.h"

#include "regeneration/cell_dose.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

namespace {

constexpr double hours_per_day = 24, seconds_per_day = 86400;

} // namespace

double ReleaseCurve::operator()(const double days) const
{
  if (!(days > 0)) return 0;
  return end *
         (fast_share * -std::expm1(-fast_rate * days) + (1 - fast_share) * -std::expm1(-slow_rate * days));
}

void GrowthFactorOptions::declare(Options &options)
{
  options.add_choice("Kind", kind, {"osteogenic", "like VEGF"},
                     "Speeds differentiation into osteoblasts; or adds to VEGF, which must be computed.");
  options.add_choice("Release", release, {"none", "collagen sponge", "hyaluronan gel", "custom"},
                     "Curve of the carrier: all within a day, less than 20 % in a week (both in vitro, "
                     "PMC4137170 [V]), or the numbers below.");
  options.add("Released in the end [-]", custom.end, "R_end of a custom curve.", fraction());
  options.add("Fast share [-]", custom.fast_share, "Of a custom curve: released at the fast rate.",
              fraction(), "no default: of the carrier [U]");
  options.add("Fast rate [1/day]", custom.fast_rate, "Of a custom curve.", non_negative(),
              "no default: of the carrier [U]");
  options.add("Slow rate [1/day]", custom.slow_rate, "Of a custom curve.", non_negative(),
              "no default: of the carrier [U]");
  options.add("Days [day]", days, "Day on which each carrier is placed; empty for none.");
  options.add("Amounts [ng]", amounts, "Load of each carrier.", 0, "no default: to be stated [U]");
  options.add("Regions", regions,
              "Region of each carrier, separated by commas: lesion, track, scaffold pore, healing domain.");
  options.add("Diffusivity [mm^2/day]", diffusivity, "D in tissue; times what the scaffold leaves free.",
              positive(), "1e-10 m^2/s, model input of Poh et al. 2019 Sci Rep [V], not measured");
  options.add("Half-life [h]", half_life, "In tissue; minutes when free, hours when bound.", positive(),
              "80 per month, model input of Poh et al. 2019 Sci Rep [V], not measured");
  options.add_choice("At the rim", rim, {"closed", "carried away"},
                     "Faces to viable marrow: no flux, or all that arrives is gone.");
  options.add("Longest step [day]", longest_step, "Of the field of the factor.", {0, 10, true, false},
              "numerical choice [C]: 0.4 half-lives");
  options.add("Ceiling of the effect [-]", ceiling,
              "A: differentiation into osteoblasts is 1 + A times faster where the factor abounds.",
              non_negative(), "0.30 to 0.50 a day with a stimulating graft [V] as continuous rates [C]");
  options.add("Half effect [ng/mm^3]", half_effect, "K: density at which half of that is reached.",
              non_negative(), "no defensible number exists [U]: 0 is not stated");
  options.add(
      "Share of the day with flow [-]", flow_share,
      "In which the Darcy flux of the last solve of the mechanics carries the factor; loads come and go, "
      "and what remains of their flow over a day is not known. 0: it is not carried.",
      fraction(), "no defensible number exists [U]: off unless stated");
}

ReleaseCurve release_curve(const GrowthFactorOptions &options)
{
  if (options.release == "collagen sponge") return {1, 1, std::log(100), 0};     // 99 % in a day
  if (options.release == "hyaluronan gel") return {1, 0, 0, -std::log(0.8) / 7}; // 20 % in 7 days, the bound
  return options.custom;
}

std::vector<Carrier> carriers_of(const GrowthFactorOptions &options)
{
  const std::string place = "Regeneration/Growth factor/";
  const std::vector<std::optional<Region>> regions = regions_of(options.regions, place + "Regions");
  const auto require = [&](const std::string &name, const std::size_t count) {
    if (count == options.days.size()) return;
    throw Fault(Exit::input, count == 0 ? "option-missing" : "option-value", place + name,
                "one entry for each carrier is needed")
        .found(std::to_string(count) + " entries")
        .wanted(std::to_string(options.days.size()) + " entries, as many as days");
  };
  require("Amounts [ng]", options.amounts.size());
  require("Regions", regions.size());
  std::vector<Carrier> carriers;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (!(options.days[i] >= 0 && options.amounts[i] >= 0))
      throw Fault(Exit::input, "option-value", place + "Days [day], Amounts [ng]", "value out of range")
          .found(to_text(options.days[i]) + ", " + to_text(options.amounts[i]))
          .wanted(non_negative().description());
    carriers.push_back({options.days[i], options.amounts[i], regions[i]});
  }
  return carriers;
}

std::vector<Fault> check(const GrowthFactorOptions &options)
{
  std::vector<Fault> faults;
  if (!options.is_on()) return faults;
  const auto require = [&](const bool stated, const std::string &name) {
    if (!stated)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Growth factor/" + name,
                             "a coefficient that is in use has no default [U]")
                           .found("0 or nothing, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(!options.days.empty(), "Days [day]");
  if (!options.is_like_vegf()) require(options.half_effect > 0, "Half effect [ng/mm^3]");
  if (options.release == "custom") {
    if (options.custom.fast_share > 0) require(options.custom.fast_rate > 0, "Fast rate [1/day]");
    if (options.custom.fast_share < 1) require(options.custom.slow_rate > 0, "Slow rate [1/day]");
  }
  return faults;
}

CellField release_rate(const discretisation::CellMesh &mesh, const std::vector<Carrier> &carriers,
                       const ReleaseCurve &curve, const double days, const TissueState &state)
{
  const CellField &scaffold = state.fractions[material::index(material::Tissue::scaffold)];
  CellField rate(mesh.n_owned(), 0.0);
  for (const Carrier &carrier : carriers) {
    const double since = state.day - carrier.day;
    const double released = carrier.amount * (curve(since + days) - curve(since));
    if (released == 0) continue;
    const auto holds = [&](const std::size_t i) {
      return state.healing_domain[i] != 0 &&
             (!carrier.region || state.region[i] == static_cast<std::uint8_t>(*carrier.region));
    };
    double volume = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (holds(i)) volume += mesh.volume(i) * (1 - scaffold[i]);
    MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());
    if (!(volume > 0))
      throw Fault(Exit::model, "value-range", "Regeneration/Growth factor",
                  "carrier of day " + to_text(carrier.day) + ": volume of its region [mm^3]")
          .found(volume)
          .wanted("some volume that is not scaffold");
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (holds(i)) rate[i] += released / (days * volume) * (1 - scaffold[i]);
  }
  return rate;
}

FactorReport spread_factor(const discretisation::CellMesh &mesh, const Transport &transport,
                           const GrowthFactorOptions &options, const std::vector<Carrier> &carriers,
                           const TransportOptions &transport_options, const double days, TissueState &state,
                           std::vector<Vector3> flux)
{
  const std::size_t n = state.n_cells();
  for (Vector3 &q : flux) q *= options.flow_share * seconds_per_day; // mm/day from here on
  const ReleaseCurve curve = release_curve(options);
  const CellField &scaffold = state.fractions[material::index(material::Tissue::scaffold)];
  CellField diffusivity(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) diffusivity[i] = options.diffusivity * (1 - scaffold[i]);
  const Transport::Conductances conductances = transport.conductances(diffusivity);
  const CellField nothing(n, 0.0);
  const CellField *supply = options.rim == "carried away" ? &nothing : nullptr;
  LinearReaction reaction{{}, CellField(n, std::log(2) * hours_per_day / options.half_life)};

  FactorReport report;
  const int parts = std::max(1, static_cast<int>(std::ceil(days / options.longest_step * (1 - 1e-9))));
  const double step = days / parts, start = state.day;
  for (int part = 0; part < parts; ++part) {
    state.day = start + part * step;
    if (!flux.empty()) transport.carry(state.growth_factor, flux, step);
    reaction.source = release_rate(mesh, carriers, curve, step, state);
    const TransportBalance balance =
        transport.advance(state.growth_factor, conductances, step, transport_options, supply, &reaction);
    report.iterations += balance.iterations;
    report.relative_error = std::max(report.relative_error, balance.relative_error());
    for (const Carrier &carrier : carriers)
      report.released +=
          carrier.amount * (curve(state.day + step - carrier.day) - curve(state.day - carrier.day));
  }
  state.day = start;
  return report;
}

double osteogenic_factor(const double density, const GrowthFactorOptions &options)
{
  if (!options.is_on() || options.is_like_vegf()) return 1;
  return 1 + options.ceiling * density / (options.half_effect + density);
}

} // namespace wolff::regeneration
