// The pore fluid of a mixture of tissues at one point: Biot's constants from the shares of the tissues.
#pragma once

#include "material/poroelastic.h"
#include "material/tissue_kind.h"

#include <array>

namespace wolff::material {

/// One entry a tissue, in the order of Tissue. Metal has no permeability and no porosity, and is its own
/// grain.
using TissuePores = std::array<Poroelastic, n_tissues>;

/// What a solid without pores is among tissues.
Poroelastic impermeable(const Elastic &solid);

/// The fluid at one point.
struct PoreFluid
{
  bool is_present = false;   ///< false: impermeable, all else is zero
  double biot = 0;           ///< alpha [-]
  double storage = 0;        ///< 1/M [1/MPa]
  double mobility = 0;       ///< k [mm^4/(N s)]
  double porosity = 0;       ///< phi [-]
  bool is_admissible = true; ///< porosity <= alpha <= 1 before any clamping
};

/**
 * k, K_s, K_f and phi are the means of the tissues weighted with their shares, as published programs take
 * them for a voxel of several tissues; alpha and 1/M follow with the drained moduli of the mixture.
 *
 * Shares of cancellous and necrotic bone are those of their struts alone (tissue_kind.h), while their
 * constants are those of struts and pores: marrow and granulation tissue count to them as far as they fill
 * these pores, phi/(1 - phi) for one part of struts. From half of its volume without permeability on the
 * point is sealed. Where alpha leaves [phi, 1] it is taken back into it and is_admissible says so: what to do
 * about it is the caller's choice.
 */
PoreFluid pore_fluid(const TissueFractions &fractions, const TissuePores &pores, const Elastic &drained);

/// c = k / (1/M + alpha^2 / H) [mm^2/s], H the drained modulus of uniaxial strain: the square root of c t is
/// how far pressure spreads in a time t.
double consolidation_coefficient(const PoreFluid &fluid, const Elastic &drained);

} // namespace wolff::material
