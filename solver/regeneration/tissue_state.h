// What the biology of one day is made of: shares of tissues, densities of cells, the smoothed material,
// labels. It is exactly what a tissue file and a checkpoint hold; state_arrays() is the one list of it.
#pragma once

#include "base/options.h"
#include "discretisation/cell_mesh.h"
#include "material/tissue_kind.h"
#include "tissue/kinetics.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace wolff::regeneration {

using discretisation::CellField;
using Labels = std::vector<std::uint8_t>;

/// Where a cell lies; the numbers are written to VTK as `region`.
enum class Region : std::uint8_t
{
  host = 0,
  lesion,
  track,
  scaffold_pore
};
constexpr std::size_t n_regions = 4;
const std::array<std::string, n_regions> &region_names();

/// A single cell of the lattice backend, or a site of scaffold that has eroded (both may be at one place);
/// kind as in tissue/lattice_sites.h.
struct LatticePoint
{
  std::uint16_t x = 0, y = 0, z = 0;
  std::uint8_t kind = 0, age = 0; ///< age [day]
  auto operator<=>(const LatticePoint &) const = default;
};

/// One value per owned cell in every array.
struct TissueState
{
  double day = 0;        ///< since surgery
  std::int64_t step = 0; ///< calls of regenerate since then

  std::array<CellField, material::n_tissues> fractions; ///< [-], sum one
  std::array<CellField, tissue::n_cells> cells;         ///< [1/mm^3]
  /// Of the healing domain, and what is known of the host; zero where not computed (signal_fields.h).
  CellField oxygen;         ///< [mol/m^3]
  CellField vegf;           ///< [ng/mm^3]
  CellField vessel_tips;    ///< [1/mm^3]
  CellField vessel_density; ///< length per volume [mm/mm^3]
  CellField growth_factor;  ///< [ng/mm^3]
  CellField vesicles;       ///< [unit/mm^3]
  CellField carried_msc;    ///< stromal cells still in their carrier [1/mm^3]
  /// Of the stromal cells of each stage those from doses [1/mm^3]; empty unless these differ from the host's.
  std::vector<CellField> implanted_msc;
  CellField debris;           ///< over that of the day of surgery [-]
  CellField m1_macrophages;   ///< [1/mm^3]
  CellField m2_macrophages;   ///< [1/mm^3]
  CellField activity;         ///< of division and differentiation on this day [-]
  CellField scaffold_density; ///< solid of the scaffold over that of day 0; zero where there was none [-]
  CellField mw_ratio;         ///< its molar mass over that of day 0; zero where there was none [-]
  CellField youngs_modulus;   ///< smoothed in time [MPa]
  CellField poisson_ratio;    ///< smoothed in time [-]
  /// Mixture values of the last updates, oldest first; empty unless a moving average smooths.
  std::vector<CellField> youngs_modulus_history, poisson_ratio_history;
  Labels region;                           ///< Region
  Labels healing_domain;                   ///< 1 where tissue may change
  Labels lesion_state;                     ///< LesionState, necrosis.h
  Labels marrow_state;                     ///< MarrowState, necrosis.h
  std::vector<LatticePoint> lattice_cells; ///< of the lattice backend: every single cell, on whichever rank
  std::array<double, 4> lattice_frame{};   ///< place of its site (0, 0, 0), and its spacing [mm]

  std::size_t n_cells() const { return region.size(); }
  bool operator==(const TissueState &) const = default;
};

/// What a state holds beside the arrays that every state has.
struct StateLayout
{
  std::size_t history_length; ///< of the moving average
  bool has_implanted;         ///< stromal cells from doses apart

  StateLayout(const std::size_t history = 0, const bool implanted = false)
      : history_length(history), has_implanted(implanted)
  {
  }
};
StateLayout layout_of(const TissueState &state);

/// All arrays for @p n_cells cells: granulation tissue without cells, host, outside of the healing domain.
TissueState make_tissue_state(std::size_t n_cells, const StateLayout &layout = {});

/// One array of the state. Exactly one accessor is set: `numbers` (Float64) or `labels` (UInt8).
struct StateArray
{
  std::string name; ///< in VTK, ends in its unit
  std::string unit;
  std::string meaning;
  Range range;
  std::function<CellField &(TissueState &)> numbers;
  std::function<Labels &(TissueState &)> labels;

  bool is_label() const { return static_cast<bool>(labels); }
  const CellField &numbers_of(const TissueState &state) const
  {
    return numbers(const_cast<TissueState &>(state));
  }
  const Labels &labels_of(const TissueState &state) const { return labels(const_cast<TissueState &>(state)); }
};

/// Every array of a state of this layout.
std::vector<StateArray> state_arrays(const StateLayout &layout);

/**
 * Check sizes, ranges and sums of all arrays. @p place names the file or step for the message.
 * @throws Fault that names array, cell id and value, on all ranks: wrong size (exit 2), value out of range
 *         (exit 3), value not finite or fractions that do not sum to one (exit 4). Collective.
 */
void require_valid(const discretisation::CellMesh &mesh, const TissueState &state, const std::string &place);

} // namespace wolff::regeneration
