// Cells and matrix at one point: division, maturation, differentiation, death, matrix production,
// endochondral replacement, maturation of bone, resorption. Migration, vessels and growth factors are fields
// and not here; what they do to a point comes in as its windows and signals (environment.h).
#pragma once

#include "base/options.h"
#include "material/tissue_kind.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wolff::tissue {

/// Stages of the maturation of stromal cells: a chain reproduces the six-day threshold better than one decay.
constexpr std::size_t n_maturation_stages = 3;

enum class Cell : std::uint8_t
{
  immature_msc, ///< first stage; the other stages follow
  mature_msc = n_maturation_stages,
  fibroblast,
  chondrocyte,
  osteoblast
};
constexpr std::size_t n_cells = n_maturation_stages + 4;
constexpr std::size_t n_msc_stages = n_maturation_stages + 1; ///< the mature one too

constexpr std::size_t index(const Cell cell)
{
  return static_cast<std::size_t>(cell);
}

/// VTK arrays are called name + "_per_mm3".
const std::array<std::string, n_cells> &cell_names();

/// Order of the weights that a stimulus gives to the phenotypes.
enum class Window : std::uint8_t
{
  resorption,
  mature_bone,
  immature_bone,
  cartilage,
  fibrous
};
using Windows = std::array<double, 5>;

/// Everything that kinetics at a point must remember.
struct PointState
{
  std::array<double, n_cells> cells{};        ///< [1/mm^3]
  material::TissueFractions fractions{{1.0}}; ///< sum one; granulation tissue is the free volume
  /// Of the stromal cells of each stage, those that were implanted and descend from such: never more than
  /// there are [1/mm^3]
  std::array<double, n_msc_stages> implanted{};

  bool operator==(const PointState &) const = default;
};

/// Rates are per day. Daily fractions p of the lattice models become ln(1 + p) for births, -ln(1 - p) for
/// losses.
struct KineticsOptions
{
  double capacity = 1000; ///< c_max [1/mm^3]

  double msc_division = 0.27;
  double fibroblast_division = 0.438;
  double chondrocyte_division = 0.182;
  double osteoblast_division = 0.262;
  double maturation_time = 6; ///< of stromal cells, all stages together [day]
  double differentiation = 0.357;
  double msc_death = 0;
  double fibroblast_death = 0.051;
  double chondrocyte_death = 0.105;
  double osteoblast_death = 0.174;

  double fibrous_production = 0.06;
  double cartilage_production = 0.2;
  double bone_production = 0.1;
  double endochondral = 0.1;
  double bone_maturation = 0.05;
  double fibrous_removal = 0;
  double cartilage_removal = 0;
  double bone_resorption = 0;

  // The activity factor lumps inflammation, factors and graft and is the only calibrated description of the
  // slowing of repair, so it is on. Of the calibrated values 0.5 is the one of a defect with a scaffold in it
  // (0.2 an empty one), which is what this program is for.
  double active_until = 15;         ///< t_L [day]
  double activity_afterwards = 0.5; ///< a_inf [-]

  void declare(Options &options);
};

/// What fields around the point add to its rates; the default adds nothing.
struct Signals
{
  double activity = -1;            ///< in place of a(t) [-]; negative: none
  double differentiation = 1;      ///< factor on differentiation into any phenotype [-]
  double osteogenic = 1;           ///< factor on the differentiation into osteoblasts [-]
  double implanted_osteogenic = 1; ///< a further one for implanted cells [-]
  double added_msc_death = 0;      ///< of stromal cells [1/day]
  double msc_death_factor = 1;     ///< on all their deaths [-]
};

/// a(t) [-]: 1 before day t_L, a_inf from then on.
double activity(double day, const KineticsOptions &options);

/**
 * Rate of change per day of every member of the state at @p day. With c the cell densities over capacity,
 * theta the granulation fraction, W the windows, a the activity, g = (1 - sum(c)/theta)_+ the room left:
 *
 *   stage 1:      r_m a g (sum of stages + c_m) - 3/tau c_1 - l_m c_1
 *   stage k:      3/tau c_(k-1) - 3/tau c_k - l_m c_k
 *   mature MSC:   3/tau c_3 - d a (W_f + W_c + s W_b) c_m - l_m c_m            W_b = W_immature + W_mature
 *   j = f, c, b:  d a W_j c_m + r_j a g W_j c_j - l_j (1 - W_j) c_j            b: s d a W_b c_m
 *   fibrous:      P_f W_f c_f theta - R_f (1 - W_f) m_f
 *   cartilage:    P_c W_c c_c theta - Q W_b c_b m_c - R_c (1 - W_c) m_c
 *   immature:     P_b W_immature c_b theta + Q W_b c_b m_c - M W_mature m_i - R_b W_resorption m_i
 *   mature:       P_b W_mature c_b theta + M W_mature m_i - R_b W_resorption m_m
 *   granulation:  minus the sum of the four
 *
 * Implanted cells i_k, which are among them, obey the same equations but become osteoblasts f times as fast:
 * the mature ones lose d a (W_f + W_c + f s W_b) i_m, all mature ones together (f - 1) s d a W_b i_m more
 * than above, which osteoblasts gain.
 *
 * with s, a factor on d, one on l_m with an addition to it, and another activity from the signals. The other
 * fractions do not change. Continuum form of the lattice models of Checa & Prendergast 2009 (Ann Biomed Eng
 * 37:129) and Perier-Metz et al. 2020, with matrix production after Isaksson et al. 2008.
 */
PointState rates(const PointState &state, const Windows &windows, double day, const KineticsOptions &options,
                 const Signals &signals = {});

/**
 * State after @p days from @p day under constant windows. Error per step 1e-7 relative; densities and
 * fractions stay non-negative, the fractions sum to one to rounding. Deterministic, no allocation; returns
 * the very same state where nothing changes.
 * @throws Fault (exit 4) if the state before is not finite, negative or does not sum to one (1e-9), if
 * windows are not in [0, 1], or if the step cannot be computed (rates too large)
 */
PointState advance(const PointState &state_before, const Windows &windows, double day, double days,
                   const KineticsOptions &options, const Signals &signals = {});

} // namespace wolff::tissue
