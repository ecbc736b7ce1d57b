#include "regeneration/oxygen.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

void OxygenOptions::declare(Options &options)
{
  options.add_choice("Model", model, {"off", "at rest"}, "Whether oxygen is computed in the healing domain.");
  options.add("Diffusivity [mm^2/day]", diffusivity, "D of oxygen in granulation tissue.", positive(),
              "1.7e-9 m^2/s in fibrin gel, Ehsan & George 2013 Tissue Eng A 19:1433 [V]");
  options.add("Largest uptake [mol/(cell day)]", largest_uptake, "Of one living cell where oxygen abounds.",
              non_negative(), "1.3e-17 mol/s, lung fibroblasts, Ehsan & George 2013 [V]");
  options.add("Half uptake [mol/m^3]", half_uptake, "Oxygen at which a cell takes up half of that.",
              positive(), "8.0e-3, Ehsan & George 2013 [V]");
  options.add("Living cells per counted cell [-]", cells_per_counted,
              "Counted cells are parcels of the lattice models; this many cells breathe in each.", positive(),
              "10000 cells/mm^3 in woven bone [M] over the capacity of 1000/mm^3 [V]");
  options.add("Blood level [mol/m^3]", blood_level, "Oxygen in vessels and in viable marrow at the rim.",
              positive(), "lower end of scaffold culture, 0.05 to 0.20 [V], taken for marrow [M]");
  options.add("Vessel exchange [mm^2/day]", exchange,
              "Oxygen that a length of vessel gives, per difference of the levels.", non_negative(),
              "Krogh's 2 pi D/ln(R/r) [C] with R = 0.15 mm, r = 0.005 mm [M]");
}

OxygenReport solve_uptake(const Transport &transport, const Transport::Conductances &conductances,
                          const TransportOptions &transport_options, const CellField &supply,
                          const Uptake &uptake, const MPI_Comm comm, CellField &field)
{
  constexpr int most_rounds = 500;
  const double settled = 1e-8 * uptake.level;
  LinearReaction reaction{uptake.source, uptake.loss};
  OxygenReport report;
  CellField before;
  double change = 0;
  do {
    if (report.rounds == most_rounds)
      throw Fault(Exit::not_converged, "not-converged", "Regeneration/Oxygen",
                  "uptake after " + std::to_string(report.rounds) + " rounds: change of oxygen [mol/m^3]")
          .found(change)
          .wanted("at most " + to_text(settled));
    for (const std::uint32_t i : transport.domain_cells())
      reaction.loss[i] = uptake.loss[i] + uptake.largest[i] / (uptake.half + field[i]);
    before = field;
    report.iterations += transport.rest(field, conductances, transport_options, &supply, reaction);
    change = 0;
    for (const std::uint32_t i : transport.domain_cells())
      change = std::max(change, std::abs(field[i] - before[i]));
    MPI_Allreduce(MPI_IN_PLACE, &change, 1, MPI_DOUBLE, MPI_MAX, comm);
    ++report.rounds;
  } while (change > settled);
  return report;
}

OxygenReport solve_oxygen(const Transport &transport, const OxygenOptions &options,
                          const TransportOptions &transport_options, const MPI_Comm comm, TissueState &state)
{
  constexpr double per_cubic_metre = 1e9; // mol/mm^3 to mol/m^3
  const std::size_t n = state.n_cells();
  const CellField &scaffold = state.fractions[material::index(material::Tissue::scaffold)];
  CellField diffusivity(n, 0.0);
  const CellField supply(n, options.blood_level), nothing(n, 0.0);
  Uptake uptake{nothing, nothing, nothing, options.half_uptake, options.blood_level};
  for (const std::uint32_t i : transport.domain_cells()) {
    diffusivity[i] = options.diffusivity * (1 - scaffold[i]);
    double counted = 0;
    for (const CellField &densities : state.cells) counted += densities[i];
    uptake.largest[i] = counted * options.cells_per_counted * options.largest_uptake * per_cubic_metre;
    uptake.loss[i] = options.exchange * state.vessel_density[i];
    uptake.source[i] = uptake.loss[i] * options.blood_level;
  }
  return solve_uptake(transport, transport.conductances(diffusivity), transport_options, supply, uptake, comm,
                      state.oxygen);
}

} // namespace wolff::regeneration
