#include "material/pore_mixture.h"

#include <algorithm>

namespace wolff::material {

namespace {

/// Shares with the pores of struts counted to them.
TissueFractions with_their_pores(TissueFractions shares, const TissuePores &pores)
{
  for (const Tissue struts : {Tissue::cancellous_bone, Tissue::necrotic_bone}) {
    double &share = shares[index(struts)];
    const double porosity = std::min(pores[index(struts)].porosity, 0.99);
    double room = share * porosity / (1 - porosity);
    for (const Tissue filler : {Tissue::marrow, Tissue::granulation}) {
      const double taken = std::min(room, shares[index(filler)]);
      shares[index(filler)] -= taken;
      share += taken;
      room -= taken;
    }
  }
  return shares;
}

} // namespace

Poroelastic impermeable(const Elastic &solid)
{
  return {
      .permeability = 0, .grain_bulk_modulus = bulk_modulus(solid), .fluid_bulk_modulus = 0, .porosity = 0};
}

PoreFluid pore_fluid(const TissueFractions &fractions, const TissuePores &pores, const Elastic &drained)
{
  const TissueFractions shares = with_their_pores(fractions, pores);
  Poroelastic mean;
  double porous = 0;
  for (std::size_t t = 0; t < n_tissues; ++t) {
    mean.grain_bulk_modulus += shares[t] * pores[t].grain_bulk_modulus;
    mean.porosity += shares[t] * pores[t].porosity;
    if (pores[t].permeability == 0) continue;
    porous += shares[t];
    mean.permeability += shares[t] * pores[t].permeability;
    mean.fluid_bulk_modulus += shares[t] * pores[t].fluid_bulk_modulus;
  }
  if (porous <= 0.5) return {};
  mean.fluid_bulk_modulus /= porous;
  PoreFluid fluid;
  fluid.is_present = true;
  fluid.mobility = mean.permeability;
  fluid.porosity = mean.porosity;
  const double alpha = biot_coefficient(drained, mean);
  fluid.is_admissible = alpha >= mean.porosity && alpha <= 1;
  fluid.biot = std::clamp(alpha, mean.porosity, 1.0);
  fluid.storage =
      mean.porosity / mean.fluid_bulk_modulus + (fluid.biot - mean.porosity) / mean.grain_bulk_modulus;
  return fluid;
}

double consolidation_coefficient(const PoreFluid &fluid, const Elastic &drained)
{
  const double modulus = lame_lambda(drained) + 2 * shear_modulus(drained);
  return fluid.mobility / (fluid.storage + fluid.biot * fluid.biot / modulus);
}

} // namespace wolff::material
