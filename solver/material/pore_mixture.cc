#include "material/pore_mixture.h"

#include <algorithm>

namespace wolff::material {

PoreFluid pore_fluid(const TissueFractions &fractions, const TissuePores &pores, const Elastic &drained)
{
  Poroelastic mean;
  double porous = 0;
  for (std::size_t t = 0; t < n_tissues; ++t) {
    if (!pores[t] || fractions[t] <= 0) continue;
    porous += fractions[t];
    mean.permeability += fractions[t] * pores[t]->permeability;
    mean.grain_bulk_modulus += fractions[t] * pores[t]->grain_bulk_modulus;
    mean.fluid_bulk_modulus += fractions[t] * pores[t]->fluid_bulk_modulus;
    mean.porosity += fractions[t] * pores[t]->porosity;
  }
  if (porous <= 0.5) return {};
  mean.grain_bulk_modulus /= porous;
  mean.fluid_bulk_modulus /= porous;
  mean.porosity /= porous;
  PoreFluid fluid;
  fluid.is_present = true;
  fluid.mobility = mean.permeability; // what is impermeable counts as zero
  fluid.porosity = porous * mean.porosity;
  const double alpha = biot_coefficient(drained, mean);
  fluid.is_admissible = alpha >= mean.porosity && alpha <= 1;
  fluid.biot = std::clamp(alpha, mean.porosity, 1.0);
  fluid.storage = porous * (mean.porosity / mean.fluid_bulk_modulus +
                            (fluid.biot - mean.porosity) / mean.grain_bulk_modulus);
  return fluid;
}

double consolidation_coefficient(const PoreFluid &fluid, const Elastic &drained)
{
  const double modulus = lame_lambda(drained) + 2 * shear_modulus(drained);
  return fluid.mobility / (fluid.storage + fluid.biot * fluid.biot / modulus);
}

} // namespace wolff::material
