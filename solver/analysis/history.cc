#include "analysis/history.h"

#include "analysis/apparent_stiffness.h"
#include "analysis/cell_kinds.h"
#include "analysis/percentiles.h"
#include "analysis/solve_quality.h"
#include "analysis/strain_risk.h"
#include "analysis/zones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace wolff::analysis {

namespace {

using material::Tissue;
using Row = std::vector<Quantity>;

void require_sizes(const HistoryInput &in)
{
  const auto require = [&](const char *array, const std::size_t size) {
    if (size != in.mesh.n_owned())
      throw std::invalid_argument(std::string("history: ") + array + " has " + std::to_string(size) +
                                  " entries for " + std::to_string(in.mesh.n_owned()) + " cells");
  };
  require("tissue state", in.state.n_cells());
  require("strain", in.strain.size());
  require("stress", in.stress.size());
  require("stimulus response", in.response.size());
  require("head mask", in.in_head.size());
  if (in.scaffold_on_day_0) require("scaffold of day 0", in.scaffold_on_day_0->size());
  for (const FurtherLoadCase &load : in.further) {
    require("strain of a further load case", load.strain.size());
    require("stress of a further load case", load.stress.size());
  }
}

void add_zone(Row &row, const ZoneMeans &means, const std::string &zone)
{
  row.push_back({"volume_" + zone + "_mm3", means.volume, "volume of the zone"});
  row.push_back({"bone_fraction_" + zone, means.new_bone(), "new bone, immature and mature, by volume"});
  for (const Tissue tissue : {Tissue::granulation, Tissue::fibrous, Tissue::cartilage, Tissue::immature_bone,
                              Tissue::mature_bone, Tissue::necrotic_bone})
    row.push_back({material::tissue_names()[material::index(tissue)] + "_fraction_" + zone,
                   means.fraction(tissue), "share of the volume of the zone"});
  row.push_back({"msc_density_" + zone + "_per_mm3", means.msc(), "stromal cells of all stages, mean"});
  row.push_back({"osteoblast_density_" + zone + "_per_mm3",
                 means.cells[tissue::index(tissue::Cell::osteoblast)], "mean"});
  row.push_back({"oxygen_" + zone + "_mol_per_m3", means.oxygen, "mean; zero where it is not computed"});
  row.push_back({"vessel_density_" + zone + "_mm_per_mm3", means.vessel_density,
                 "length of vessels per volume, mean; zero where it is not computed"});
  row.push_back({"growth_factor_" + zone + "_ng_per_mm3", means.growth_factor, "mean"});
}

/// What is left of the scaffold.
void add_scaffold(Row &row, const HistoryInput &in, const MPI_Comm comm)
{
  const auto &solid = in.state.fractions[material::index(Tissue::scaffold)];
  const auto &on_day_0 = in.scaffold_on_day_0 ? *in.scaffold_on_day_0 : solid;
  // Volume, volume on day 0, and the integral of the molar mass over the latter.
  std::array<long double, 3> here{}, sums{};
  for (std::size_t i = 0; i < solid.size(); ++i) {
    const long double volume = in.mesh.volume(i);
    here[0] += volume * solid[i];
    here[1] += volume * on_day_0[i];
    here[2] += volume * on_day_0[i] * in.state.mw_ratio[i];
  }
  MPI_Reduce(here.data(), sums.data(), 3, MPI_LONG_DOUBLE, MPI_SUM, 0, comm);
  MPI_Bcast(sums.data(), 3, MPI_LONG_DOUBLE, 0, comm);
  const bool exists = sums[1] > 0;
  const auto lost = static_cast<double>(sums[1] - sums[0]);
  row.push_back({"scaffold_volume_mm3", static_cast<double>(sums[0]), "solid of the scaffold"});
  row.push_back({"scaffold_left", exists ? static_cast<double>(sums[0] / sums[1]) : no_value,
                 "that volume over the one of the day of surgery"});
  row.push_back({"scaffold_mass_lost_mg",
                 exists && in.scaffold_density ? lost * *in.scaffold_density : no_value,
                 "volume lost since surgery times the density of the material"});
  row.push_back({"scaffold_molar_mass_ratio", exists ? static_cast<double>(sums[2] / sums[1]) : no_value,
                 "molar mass of the scaffold over that of the day of surgery, mean"});
}

void add_tissues(Row &row, const HistoryInput &in, const MPI_Comm comm)
{
  const auto means = zone_means(in.mesh, in.state, in.in_head, in.response, comm);
  const auto of = [&](const Zone zone) -> const ZoneMeans & { return means[static_cast<std::size_t>(zone)]; };

  for (const Zone zone : {Zone::lesion, Zone::scaffold_pore, Zone::track, Zone::healing_domain, Zone::head})
    add_zone(row, of(zone), zone_names()[static_cast<std::size_t>(zone)]);

  const ZoneMeans &pore = of(Zone::scaffold_pore);
  const double pore_space = 1 - pore.fraction(Tissue::scaffold);
  row.push_back({"bone_ingrowth_scaffold_pore", pore_space > 0 ? pore.new_bone() / pore_space : no_value,
                 "new bone over the volume that the solid of the scaffold leaves free in its pore voxels"});
  add_scaffold(row, in, comm);
  const ZoneMeans &whole = of(Zone::whole);
  row.push_back({"msc_total", whole.volume > 0 ? whole.msc() * whole.volume : 0.0,
                 "number of stromal cells of all stages in the body"});
  for (std::size_t p = 0; p < stimulus::n_phenotypes; ++p)
    row.push_back({"phenotype_share_" + stimulus::phenotype_names()[p],
                   of(Zone::healing_domain).phenotypes[p],
                   "share of the healing domain where the stimulus calls for it"});
}

/// Order of the sets of samples.
enum Set : std::size_t
{
  stress_scaffold,
  stress_host,
  stress_lesion,
  stress_new_bone,
  tension_head,
  compression_head,
  tension_lesion,
  compression_lesion,
  risk_head,
  risk_lesion,
  risk_dead,
  n_sets
};
using Samples = std::vector<std::vector<VolumeSample>>;

/// A measure of one tensor at a cell under the load case where it is largest; NaN if it is NaN in any.
template <typename MeasureOfTensor>
double worst(const HistoryInput &in, const std::vector<SymmetricTensor> &of_first,
             const std::vector<SymmetricTensor> &(*of_further)(const FurtherLoadCase &),
             const std::size_t cell, const MeasureOfTensor &measure)
{
  double value = measure(of_first[cell]);
  for (const FurtherLoadCase &load : in.further)
    if (const double other = measure(of_further(load)[cell]); other > value || std::isnan(other))
      value = other;
  return value;
}

Samples samples_of(const HistoryInput &in)
{
  const auto strain_of = [](const FurtherLoadCase &load) -> const auto &
  {
    return load.strain;
  };
  const auto stress_of = [](const FurtherLoadCase &load) -> const auto &
  {
    return load.stress;
  };
  const auto worst_strain = [&](const auto &measure, const std::size_t i) {
    return worst(in, in.strain, strain_of, i, measure);
  };
  const auto risk = [](const SymmetricTensor &strain) { return strain_risk_index(strain); };
  Samples sets(n_sets);
  for (std::size_t i = 0; i < in.mesh.n_owned(); ++i) {
    const CellKind kind(in.state, i);
    const double volume = in.mesh.volume(i),
                 stress = worst(in, in.stress, stress_of, i, stimulus::von_mises_stress);
    if (kind.is_scaffold()) sets[stress_scaffold].push_back({stress, volume});
    if (kind.is_host_bone()) sets[stress_host].push_back({stress, volume});
    if (kind.is_new_bone()) sets[stress_new_bone].push_back({stress, volume});
    if (kind.is_lesion()) {
      sets[stress_lesion].push_back({stress, volume});
      sets[tension_lesion].push_back({worst_strain(tensile_strain, i), volume});
      sets[compression_lesion].push_back({worst_strain(compressive_strain, i), volume});
    }
    if (kind.is_lesion_bone()) sets[risk_lesion].push_back({worst_strain(risk, i), volume});
    if (kind.is_lesion() && in.state.fractions[material::index(Tissue::necrotic_bone)][i] > 0)
      sets[risk_dead].push_back({worst_strain(risk, i) / in.dead_strain_limit, volume});
    if (!in.in_head[i]) continue;
    if (kind.is_cancellous_host()) {
      sets[tension_head].push_back({worst_strain(tensile_strain, i), volume});
      sets[compression_head].push_back({worst_strain(compressive_strain, i), volume});
    }
    if (kind.is_host_bone()) sets[risk_head].push_back({worst_strain(risk, i), volume});
  }
  return sets;
}

struct RiskVolume
{
  double exceeded, whole; ///< [mm^3]
};

/// Volume with an index above one. Not a number counts as above: a strain that nobody knows is no safe
/// strain.
RiskVolume risk_volume(const std::vector<VolumeSample> &indices, const MPI_Comm comm)
{
  long double here[2] = {0, 0}, sums[2] = {0, 0};
  for (const VolumeSample &index : indices) {
    if (!(index.value <= 1)) here[0] += index.volume;
    here[1] += index.volume;
  }
  MPI_Reduce(here, sums, 2, MPI_LONG_DOUBLE, MPI_SUM, 0, comm);
  MPI_Bcast(sums, 2, MPI_LONG_DOUBLE, 0, comm);
  return {static_cast<double>(sums[0]), static_cast<double>(sums[1])};
}

void add_risk(Row &row, const std::string &where, const std::string &what, const RiskVolume &volume,
              const std::vector<double> &index)
{
  const bool exists = volume.whole > 0;
  row.push_back({"strain_risk_volume_" + where + "_mm3", exists ? volume.exceeded : no_value,
                 what + " with a principal strain above 0.73 % in tension or 1.04 % in compression"});
  row.push_back({"strain_risk_share_" + where, exists ? volume.exceeded / volume.whole : no_value,
                 "that volume over all " + what});
  row.push_back({"strain_risk_index_p99_" + where, index[0],
                 "principal strain over its limit, 99th percentile by volume, " + what});
  row.push_back({"strain_risk_index_largest_" + where, index[1],
                 "principal strain over its limit, largest; depends on the mesh, " + what});
}

/// @return strength over stress, or no value
double factor(const std::optional<double> &strength, const double stress)
{
  return strength && stress > 0 ? *strength / stress : no_value;
}

void add_mechanics(Row &row, const HistoryInput &in, const MPI_Comm comm)
{
  row.push_back({"apparent_stiffness_N_per_mm", apparent_stiffness(in.solve),
                 "applied force over the mean displacement of the load along it"});

  const Samples samples = samples_of(in);
  const auto values = percentiles(samples, {99, 100}, comm);

  const auto add_stress = [&](const std::string &where, const std::string &what, const Set set) {
    row.push_back({"von_mises_p99_" + where + "_MPa", values[set][0], "99th percentile by volume, " + what});
    row.push_back({"von_mises_largest_" + where + "_MPa", values[set][1],
                   "largest of all voxels; depends on the mesh, " + what});
  };
  add_stress("scaffold", "voxels at least half of scaffold", stress_scaffold);
  add_stress("host_bone", "viable trabecular and cortical bone", stress_host);
  add_stress("lesion", "lesion without scaffold", stress_lesion);
  add_stress("new_bone", "voxels at least half of new bone", stress_new_bone);

  const auto add_strain = [&](const std::string &sense, const std::string &where, const std::string &what,
                              const Set set) {
    row.push_back({"principal_strain_" + sense + "_p99_" + where, values[set][0],
                   "magnitude, 99th percentile by volume, " + what});
  };
  add_strain("tension", "cancellous_head", "viable trabecular bone of the head", tension_head);
  add_strain("compression", "cancellous_head", "viable trabecular bone of the head", compression_head);
  add_strain("tension", "lesion", "lesion without scaffold", tension_lesion);
  add_strain("compression", "lesion", "lesion without scaffold", compression_lesion);

  row.push_back({"factor_to_yield_scaffold", factor(in.scaffold_yield_strength, values[stress_scaffold][0]),
                 "yield strength over the 99th percentile of the von Mises stress"});
  // A load between zero and its peak has half of the peak as amplitude; its mean stress is not corrected for.
  // Taking the peak as amplitude covers both on the safe side.
  row.push_back({"factor_to_fatigue_scaffold",
                 factor(in.scaffold_fatigue_strength, values[stress_scaffold][0]),
                 "fatigue strength (amplitude) over the 99th percentile of the von Mises stress at the peak "
                 "of the load"});

  add_risk(row, "head", "viable bone of the head", risk_volume(samples[risk_head], comm), values[risk_head]);
  add_risk(row, "lesion", "bone of the lesion", risk_volume(samples[risk_lesion], comm), values[risk_lesion]);
  add_risk(row, "dead_bone", "dead bone of the lesion, limits times its strength over modulus ratio",
           risk_volume(samples[risk_dead], comm), values[risk_dead]);
}

void add_solution(Row &row, const HistoryInput &in, const MPI_Comm comm)
{
  SolveQuality solve;
  solve.add(in.solve);
  for (const FurtherLoadCase &load : in.further) solve.add(load.solve);
  double seconds = solve.setup_seconds + solve.solve_seconds;
  MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm);
  row.push_back({"solver_iterations", static_cast<double>(solve.iterations), "of the equilibrium"});
  row.push_back({"solver_relative_residual", solve.residual, "after the last iteration"});
  row.push_back({"solver_force_imbalance", solve.force_imbalance,
                 "applied force plus reaction over the larger of both"});
  row.push_back({"solver_energy_imbalance", solve.energy_imbalance,
                 "strain energy less external work over the larger of both"});
  row.push_back({"solver_seconds", seconds, "of the slowest process"});

  const auto *report = in.regeneration;
  row.push_back({"regeneration_iterations", report ? static_cast<double>(report->iterations) : no_value,
                 "of the linear solver of cell transport"});
  row.push_back({"regeneration_mass_balance_error", report ? report->relative_error() : no_value,
                 "cells that appeared or vanished without a cause over all cells"});
  row.push_back({"regeneration_front_voxels", report ? report->front_voxels : no_value,
                 "width of an advancing front of cells in voxels; below five its speed depends on the mesh"});
}

} // namespace

std::vector<Quantity> history_row(const HistoryInput &input, const MPI_Comm comm)
{
  together(comm, [&] { require_sizes(input); });

  Row row;
  row.push_back({"day", input.state.day, "healing time since surgery"});
  row.push_back({"step", static_cast<double>(input.state.step), "updates of the tissue since surgery"});
  add_tissues(row, input, comm);
  add_mechanics(row, input, comm);
  add_solution(row, input, comm);

  // Reports are made on each rank; what is written is what rank 0 says.
  std::vector<double> values;
  for (const Quantity &quantity : row) values.push_back(quantity.value);
  MPI_Bcast(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, 0, comm);
  for (std::size_t i = 0; i < row.size(); ++i) row[i].value = values[i];
  return row;
}

} // namespace wolff::analysis
