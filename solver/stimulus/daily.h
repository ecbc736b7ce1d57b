// Measures of a whole day at one point: sums over its load cases with their cycles. Not combinations of a
// rule's axes (combination.h).
#pragma once

#include "base/options.h"
#include "stimulus/point.h"

#include <span>

namespace wolff::stimulus {

struct DailyOptions
{
  bool are_written = false;
  double hydrostatic_weight = 0.5; ///< k [-]
  double exponent = 4;             ///< m [-]

  void declare(Options &options);
};

/**
 * Osteogenic index I = sum N_i (tau_oct,i + k D_i) [MPa/day], N_i cycles a day, tau_oct octahedral shear
 * stress, D mean total stress (tension positive). Cartilage is thought to ossify where I is large.
 * @param k weight of the hydrostatic stress [-], 0.3 to 1 [M]
 * Source: Carter, Orr, Fyhrie & Schurman 1987 Clin Orthop 219:237.
 * @throws Fault (exit 3) if there is not one number of cycles for each case
 */
double osteogenic_index(std::span<const PointMechanics> cases, std::span<const double> cycles, double k);

/// Effective stress sqrt(2 E U) [MPa], U strain energy density [MPa] of a point with Young modulus E [MPa].
double effective_stress(double youngs_modulus, double strain_energy_density);

/**
 * Daily stress stimulus psi = (sum N_i s_i^m)^(1/m) [MPa/day], s effective stress, N_i cycles a day.
 * @param exponent m [-], 4 [M]; psi of bone in balance is about 50 MPa/day [M]
 * Source: Beaupre, Orr & Carter 1990 J Orthop Res 8:651.
 * @throws Fault (exit 3) as osteogenic_index
 */
double daily_stress_stimulus(std::span<const PointMechanics> cases, std::span<const double> cycles,
                             double youngs_modulus, double exponent);

} // namespace wolff::stimulus
