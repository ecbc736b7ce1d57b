// Biot's constants of a fluid-filled tissue at one point, from its drained and grain moduli.
#pragma once

#include "material/elastic.h"

#include <optional>
#include <string>

namespace wolff::material {

struct Poroelastic
{
  double permeability = 0;       ///< mobility k = kappa/viscosity [mm^4/(N s)]; 1 is 1e-12 m^4/(N s)
  double grain_bulk_modulus = 0; ///< K_s [MPa]
  double fluid_bulk_modulus = 0; ///< K_f [MPa]
  double porosity = 0;           ///< phi [-]

  bool operator==(const Poroelastic &) const = default;
};

/// alpha = 1 - K_d/K_s [-], K_d the drained bulk modulus.
inline double biot_coefficient(const Elastic &drained, const Poroelastic &p)
{
  return 1 - bulk_modulus(drained) / p.grain_bulk_modulus;
}

/// 1/M = phi/K_f + (alpha - phi)/K_s [1/MPa]
inline double storage(const Elastic &drained, const Poroelastic &p)
{
  return p.porosity / p.fluid_bulk_modulus +
         (biot_coefficient(drained, p) - p.porosity) / p.grain_bulk_modulus;
}

/**
 * What is wrong with these constants, if anything: Biot's theory needs porosity <= alpha <= 1. Sets that
 * break it are in print (bone of 17 GPa with grains of 13.92 GPa has alpha < 0). Exit code 3.
 */
std::optional<Fault> inadmissible(const Elastic &drained, const Poroelastic &p, const std::string &place,
                                  const std::string &subject);

} // namespace wolff::material
