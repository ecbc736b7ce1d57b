#include "analysis/zones.h"

#include "analysis/quantity.h"

namespace wolff::analysis {

namespace {

constexpr std::size_t n_means = material::n_tissues + tissue::n_cells + stimulus::n_phenotypes + 3;

/// Volume, then the integrals.
using ZoneSums = std::array<long double, 1 + n_means>;

bool lies_in(const Zone zone, const TissueState &state, const std::vector<std::uint8_t> &in_head,
             const std::size_t cell)
{
  const auto region = static_cast<regeneration::Region>(state.region[cell]);
  switch (zone) {
  case Zone::lesion:
    return region == regeneration::Region::lesion;
  case Zone::scaffold_pore:
    return region == regeneration::Region::scaffold_pore;
  case Zone::track:
    return region == regeneration::Region::track;
  case Zone::healing_domain:
    return state.healing_domain[cell] != 0;
  case Zone::head:
    return in_head[cell] != 0;
  default:
    return true;
  }
}

ZoneMeans means_of(const ZoneSums &sums)
{
  ZoneMeans means;
  means.volume = static_cast<double>(sums[0]);
  std::size_t next = 1;
  const auto take = [&](double &mean) {
    mean = sums[0] > 0 ? static_cast<double>(sums[next] / sums[0]) : no_value;
    ++next;
  };
  for (double &mean : means.fractions) take(mean);
  for (double &mean : means.cells) take(mean);
  for (double &mean : means.phenotypes) take(mean);
  for (double *mean : {&means.oxygen, &means.vessel_density, &means.growth_factor}) take(*mean);
  return means;
}

} // namespace

const std::array<std::string, n_zones> &zone_names()
{
  static const std::array<std::string, n_zones> names{
      {"lesion", "scaffold_pore", "track", "healing_domain", "head", "whole"}};
  return names;
}

double ZoneMeans::new_bone() const
{
  return fraction(material::Tissue::immature_bone) + fraction(material::Tissue::mature_bone);
}

double ZoneMeans::msc() const
{
  double sum = 0;
  for (std::size_t stage = 0; stage <= tissue::index(tissue::Cell::mature_msc); ++stage) sum += cells[stage];
  return sum;
}

std::array<ZoneMeans, n_zones> zone_means(const CellMesh &mesh, const TissueState &state,
                                          const std::vector<std::uint8_t> &in_head,
                                          const std::vector<stimulus::Response> &response,
                                          const MPI_Comm comm)
{
  std::array<ZoneSums, n_zones> here{}, sums{};
  std::array<double, n_means> values{};
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    std::size_t next = 0;
    for (const auto &fraction : state.fractions) values[next++] = fraction[i];
    for (const auto &density : state.cells) values[next++] = density[i];
    for (std::size_t p = 0; p < stimulus::n_phenotypes; ++p)
      values[next++] = static_cast<std::size_t>(response[i].phenotype) == p ? 1 : 0;
    for (const auto *field : {&state.oxygen, &state.vessel_density, &state.growth_factor})
      values[next++] = (*field)[i];

    const long double volume = mesh.volume(i);
    for (std::size_t zone = 0; zone < n_zones; ++zone) {
      if (!lies_in(static_cast<Zone>(zone), state, in_head, i)) continue;
      here[zone][0] += volume;
      for (std::size_t k = 0; k < n_means; ++k) here[zone][k + 1] += volume * values[k];
    }
  }
  // One rank adds and hands the sums on, so that all ranks hold the same bits.
  constexpr int count = static_cast<int>(n_zones * (1 + n_means));
  MPI_Reduce(here.front().data(), sums.front().data(), count, MPI_LONG_DOUBLE, MPI_SUM, 0, comm);
  MPI_Bcast(sums.front().data(), count, MPI_LONG_DOUBLE, 0, comm);

  std::array<ZoneMeans, n_zones> means;
  for (std::size_t zone = 0; zone < n_zones; ++zone) means[zone] = means_of(sums[zone]);
  return means;
}

} // namespace wolff::analysis
