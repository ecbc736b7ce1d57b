// Density of formed (host) bone under its daily load, at one point: strain energy with a lazy zone, or the
// windows of the mechanostat. Not for the callus, whose tissues follow kinetics.h.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "base/table.h"

#include <string>
#include <vector>

namespace wolff::tissue {

struct RemodellingOptions
{
  std::string law = "none";

  double reference = 0.0025;   ///< Psi_0 [J/g]
  double lazy_zone = 0.35;     ///< s [-], half width of the zone over Psi_0
  double density_exponent = 1; ///< m [-]
  double rate = 0;             ///< B [(g/cm^3)^2/(MPa day)], 0 is not stated

  double largest_loss = 0; ///< l [g/(cm^3 day)] of the mechanostat without strain, 0 is not stated
  double largest_gain = 0; ///< g [g/(cm^3 day)] of the mechanostat from overload on, 0 is not stated

  double least_density = 0.01;    ///< [g/cm^3]
  double greatest_density = 1.74; ///< [g/cm^3]
  double influence_length = 0;    ///< of the filter of the stimulus between points [mm], 0 is none

  void declare(Options &options);
};

/// What load does to a point of bone in a day.
struct BoneLoad
{
  double energy_density = 0;    ///< U, mean over the cycles of all load cases [MPa]
  double mechanostat_level = 0; ///< class of the peak strain as a continuous number, stimulus/mechanostat.h
};

/**
 * Rate of the apparent density [g/(cm^3 day)], r the density [g/cm^3], without bounds:
 *     energy with lazy zone   B (Psi - (1 + s) Psi_0) above the zone, B (Psi - (1 - s) Psi_0) below, 0
 * inside, Psi = U/r^m [J/g for m = 1; MPa = J/cm^3] mechanostat             -l (1 - L) in disuse (L < 1), 0
 * adapted, g (L - 2) in formation, g from L = 3 on Sources: Weinans, Huiskes & Grootenboer 1992 J Biomech
 * 25:1425; Frost 1987 Anat Rec 219:1. Damage by overload is not in either.
 */
using RemodellingLaw = double (*)(const BoneLoad &, double density, const RemodellingOptions &);

/// By the names of the option `Law`, without "none".
const Table<RemodellingLaw> &remodelling_laws();

/// Numbers that have no default and are not stated (exit 2), bounds that contradict each other (exit 3).
std::vector<Fault> check(const RemodellingOptions &options);

/**
 * Cell by cell, E = c r^n with stimulus U/r^m is unstable for n >= m: neighbours part into full and empty
 * bone in a pattern of the mesh (Harrigan & Hamilton). True where that is to be warned of: the energy law,
 * without filter.
 * @param modulus_exponent n of the density law [-]
 */
bool is_unstable(double modulus_exponent, const RemodellingOptions &options);

/**
 * Apparent density [g/cm^3] after @p days under constant load, kept between the bounds; a density outside of
 * them may only move towards them. The same number where the rate is zero. Error 1e-7 relative.
 * @throws Fault (exit 4) if the density is not positive, the load is not finite, or the step cannot be
 * computed
 */
double density_after(double density, const BoneLoad &load, double days, const RemodellingOptions &options);

} // namespace wolff::tissue
