#include "regeneration/scaffold_stiffness.h"

namespace wolff::regeneration {

using material::Elastic;

Elastic voxel_elastic(const TissueState &state, const std::size_t cell, const material::Mixture &mixture,
                      const material::TissueElasticity &tissues, const ScaffoldStiffness &scaffold)
{
  constexpr std::size_t solid = material::index(material::Tissue::scaffold);
  material::TissueFractions fractions;
  for (std::size_t k = 0; k < material::n_tissues; ++k) fractions[k] = state.fractions[k][cell];
  const double share = fractions[solid];
  if (share == 0) return mixture(fractions, tissues);
  const double solid_ratio =
      scaffold.degrades ? material::solid_modulus_ratio(state.mw_ratio[cell], scaffold.law) : 1;
  if (!scaffold.lattice) {
    if (solid_ratio == 1) return mixture(fractions, tissues);
    material::TissueElasticity softened = tissues;
    softened[solid].youngs_modulus *= solid_ratio;
    return mixture(fractions, softened);
  }

  const double within = scaffold.envelope_share[cell];
  Elastic lattice = (*scaffold.lattice)(share / within, solid_ratio);
  lattice.youngs_modulus *= within;
  const double room = 1 - share;
  if (room <= 0) return lattice;
  for (double &fraction : fractions) fraction /= room;
  fractions[solid] = 0;
  Elastic pore = mixture(fractions, tissues);
  pore.youngs_modulus *= room;
  const double sum = lattice.youngs_modulus + pore.youngs_modulus;
  if (sum == 0) return {0, lattice.poisson_ratio};
  return {sum,
          (lattice.youngs_modulus * lattice.poisson_ratio + pore.youngs_modulus * pore.poisson_ratio) / sum};
}

} // namespace wolff::regeneration
