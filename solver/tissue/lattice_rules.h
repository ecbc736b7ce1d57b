// The daily chances of the cells of the lattice model: division, differentiation, death, with the variants of
// the published programs as options. What a cell does with its chance is regeneration/lattice_day.h.
#pragma once

#include "base/options.h"
#include "tissue/kinetics.h"
#include "tissue/lattice_draws.h"
#include "tissue/lattice_sites.h"

#include <array>
#include <cstdint>
#include <string>

namespace wolff::tissue {

/// Numbers are daily fractions p of the cells concerned unless said otherwise; defaults are those of the
/// program of Perier-Metz et al. 2020.
struct LatticeOptions
{
  double msc_division = 0.60, fibroblast_division = 0.55, chondrocyte_division = 0.20,
         osteoblast_division = 0.30;
  std::string division_patterns = "one or both move"; ///< or "one moves"
  double differentiation = 0.30;
  double graft_differentiation = 0.30; ///< inside graft, under a stimulus for bone
  int differentiation_from = 6;        ///< first day on which cells differentiate or die
  int maturation_age = 6;              ///< of a stromal cell that differentiates [day]
  double msc_death = 0, osteoblast_death = 0.16, chondrocyte_death = 0.10, fibroblast_death = 0.05;
  bool bone_dies_of_disuse_only = false;

  int drop_day = 15;      ///< activity falls after this day
  double drop_factor = 1; ///< by which division and differentiation are divided then [-]
  std::string late_msc_division = "everywhere"; ///< after that day: everywhere | in graft | nowhere

  /// Of scaffold sites with fewer than three scaffold neighbours, and with all six; others stay.
  double surface_erosion = 0, bulk_erosion = 0;

  double spacing = 0.1; ///< of the sites [mm]
  int jumps = 7;        ///< a day
  bool surface_guided_migration = false, surface_guided_deposition = false;
  std::string graft_regions; ///< of a run, whose tissue has graft in it; empty: none
  bool migration_into_graft_only = false;
  int graft_migration_from = 10; ///< [day]

  int turns = 8; ///< of division and of migration (regeneration/lattice_day.h)
  bool legacy = false;
  int seed = 1;

  /// Diffusivity of lone stromal cells, N l^2/6 [mm^2/day].
  double diffusivity() const { return jumps * spacing * spacing / 6; }

  bool erodes() const { return surface_erosion > 0 || bulk_erosion > 0; }

  /// Section "Lattice" inside the section that is open.
  void declare(Options &options);
};

/// The rules of one day: chances as bounds on 32 uniform bits (base/counter_random.h).
struct LatticeDay
{
  using Bounds = std::array<std::uint64_t, 5>; ///< in the order of Window
  int day = 1;
  std::uint32_t maturation_age = 6;
  bool cells_change = true; ///< differentiation and death have begun
  bool surface_guided_migration = false, surface_guided_deposition = false;
  DivisionPatterns patterns = DivisionPatterns::one_or_both_move;
  CodeSet jump_targets = sites::free_for_jump;
  std::uint32_t jumps = 7;

  std::array<Bounds, 2> differentiation{};                   ///< outside graft, inside
  std::array<std::array<Bounds, n_occupants>, 2> division{}; ///< outside graft, inside
  std::array<Bounds, n_occupants> death{};
  std::array<std::uint64_t, n_directions + 1> erosion{}; ///< of scaffold, by its scaffold neighbours
};

/// The phenotype that a stimulus makes of a stromal cell; none under disuse.
constexpr Occupant phenotype_under(const Window window)
{
  constexpr std::array<Occupant, 5> made{Occupant::none, Occupant::mature_osteoblast,
                                         Occupant::immature_osteoblast, Occupant::chondrocyte,
                                         Occupant::fibroblast};
  return made[static_cast<std::size_t>(window)];
}

/// Does the stimulus favour this phenotype? Both kinds of osteoblast are at home under either bone stimulus.
bool favours(Window window, Occupant occupant);

/**
 * The chances of day @p day (the first after surgery is 1):
 * - a stromal cell divides under any stimulus, a formed one where the stimulus favours it;
 * - a mature stromal cell takes the phenotype of the stimulus, under disuse none;
 * - a formed cell dies where the stimulus does not favour it; osteoblasts, on request, under disuse only;
 * - a site of scaffold erodes by the number of its neighbours of scaffold: below three, or all six;
 * - after drop_day the chances of division and differentiation are divided by drop_factor.
 * Source: Checa & Prendergast 2009 Ann Biomed Eng 37:129; Perier-Metz, Duda & Checa 2020 Front Bioeng
 * Biotechnol 8:585799 and 2022 Acta Biomater 145:329, and the programs published with them.
 */
LatticeDay lattice_day(const LatticeOptions &options, int day);

} // namespace wolff::tissue
