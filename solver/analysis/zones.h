// The parts of the body that a designer looks at, and what each holds on average.
#pragma once

#include "material/tissue_kind.h"
#include "regeneration/tissue_state.h"
#include "stimulus/rules.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wolff::analysis {

using discretisation::CellMesh;
using regeneration::TissueState;

/// Zones may overlap: the head holds part of the lesion, the healing domain most of the others.
enum class Zone : std::uint8_t
{
  lesion,         ///< cells of the region of this name
  scaffold_pore,  ///< likewise
  track,          ///< likewise
  healing_domain, ///< cells whose tissue may change
  head,           ///< cells whose centre lies in the femoral head
  whole           ///< all cells
};
constexpr std::size_t n_zones = 6;

/// In the order of Zone, as they stand in the names of quantities.
const std::array<std::string, n_zones> &zone_names();

/// Integral over a zone divided by its volume; NaN in a zone without cells.
struct ZoneMeans
{
  double volume = 0;                                       ///< [mm^3], zero without cells
  std::array<double, material::n_tissues> fractions{};     ///< [-], in the order of Tissue
  std::array<double, tissue::n_cells> cells{};             ///< [1/mm^3], in the order of Cell
  std::array<double, stimulus::n_phenotypes> phenotypes{}; ///< share of the volume [-]
  double oxygen = 0;                                       ///< [mol/m^3]
  double vessel_density = 0;                               ///< [mm/mm^3]
  double growth_factor = 0;                                ///< [ng/mm^3]

  double fraction(const material::Tissue tissue) const { return fractions[material::index(tissue)]; }
  /// Immature and mature bone [-].
  double new_bone() const;
  /// Stromal cells of all stages [1/mm^3].
  double msc() const;
};

/**
 * Means over each zone, the same on all ranks. Summed in extended precision, so that another number of ranks
 * changes the last digit at most. @p in_head and @p response have one entry for each owned cell. Collective.
 */
std::array<ZoneMeans, n_zones> zone_means(const CellMesh &mesh, const TissueState &state,
                                          const std::vector<std::uint8_t> &in_head,
                                          const std::vector<stimulus::Response> &response, MPI_Comm comm);

} // namespace wolff::analysis
