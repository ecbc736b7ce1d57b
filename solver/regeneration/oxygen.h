// Oxygen in the healing domain, at rest at every step of the regeneration: it settles within minutes, tissue
// within days. Supplied by viable marrow at the rim and by vessels, used up by cells.
#pragma once

#include "regeneration/tissue_state.h"
#include "regeneration/transport.h"

namespace wolff::regeneration {

struct OxygenOptions
{
  std::string model = "off";          ///< off | at rest
  double diffusivity = 146.88;        ///< D_n [mm^2/day]
  double largest_uptake = 1.1232e-12; ///< V_max [mol/(cell day)]
  double half_uptake = 8e-3;          ///< K_m [mol/m^3]
  double cells_per_counted = 10;      ///< living cells behind each counted one [-]
  double blood_level = 0.05;          ///< n_b [mol/m^3]
  double exchange = 271;              ///< kappa_v [mm^2/day]

  void declare(Options &options);
  bool is_on() const { return model != "off"; }
};

/// What one solution took.
struct OxygenReport
{
  int rounds = 0, iterations = 0; ///< of the uptake; of conjugate gradients in all of them
};

/// Supply and uptake of each owned cell; n in the unit of `half`.
struct Uptake
{
  CellField source;  ///< [n/day]
  CellField loss;    ///< [1/day]
  CellField largest; ///< q [n/day]
  double half;       ///< K_m [n]
  double level;      ///< of what supplies the domain: changes below 1e-8 of it end the rounds [n]
};

/**
 * 0 = div(D grad n) + source - loss n - q n/(K_m + n), n = @p supply at supply faces. The uptake is taken as
 * a loss q/(K_m + n) with the n of the round before, so that no n becomes negative, however large q is.
 * @p field is the first guess and takes the answer.
 * @throws Fault (exit 4) if 500 rounds are not enough or a solve fails. Collective.
 */
OxygenReport solve_uptake(const Transport &transport, const Transport::Conductances &conductances,
                          const TransportOptions &transport_options, const CellField &supply,
                          const Uptake &uptake, MPI_Comm comm, CellField &field);

/**
 * 0 = div(D_n (1 - scaffold) grad n) + kappa_v v (n_b - n) - N c V_max n/(K_m + n)
 * in the domain, n = n_b at its supply faces; v the vessel density, c all counted cells, N living cells
 * behind each. In state.oxygen, which stays as it is outside of the domain; its rounds start from what is
 * there. Source: Ehsan & George 2013 Tissue Eng A 19:1433 (constants).
 * @throws Fault as solve_uptake. Collective.
 */
OxygenReport solve_oxygen(const Transport &transport, const OxygenOptions &options,
                          const TransportOptions &transport_options, MPI_Comm comm, TissueState &state);

} // namespace wolff::regeneration
