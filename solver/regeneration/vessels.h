// Vessels that grow into the healing domain from viable marrow around it, and the factor (VEGF) of cells
// without oxygen that they follow. A reduced form of the model of Geris et al. 2008; no blood flow.
#pragma once

#include "base/errors.h"
#include "regeneration/oxygen.h"
#include "stimulus/rules.h"

namespace wolff::regeneration {

struct VesselOptions
{
  std::string model = "off";         ///< off | tips and density
  std::string enter = "everywhere";  ///< everywhere | rim of the lesion | wall of the track
  double motility = 0;               ///< D_e [mm^2/day], 0 is not stated
  double sprout_speed = 0;           ///< a_v [mm/day], 0 is not stated
  double tips_at_rim = 0;            ///< [1/mm^3], 0 is not stated
  double chemotaxis = 0;             ///< chi_e [mm^5/(ng day)]
  double branching = 0;              ///< s [1/(mm day)]
  double half_branching = 0;         ///< VEGF at which a vessel branches at half of s [ng/mm^3], 0: always s
  double tip_loss = 0;               ///< l_e [1/day]
  double anastomosis = 0;            ///< b_1 [mm^2/day]
  double regression = 0;             ///< l_v [1/day]
  std::string growth = "everywhere"; ///< everywhere | where the stimulus allows bone
  double host_density = 0;           ///< in viable marrow [mm/mm^3]; for files only

  void declare(Options &options);
  bool is_on() const { return model != "off"; }
};

struct VegfOptions
{
  std::string model = "off"; ///< off | at rest
  double diffusivity = 2.7;  ///< D_g [mm^2/day]
  double half_life = 1;      ///< in tissue [h]
  double production = 0;     ///< p of a counted cell without oxygen [ng/day], 0 is not stated
  double half_oxygen = 0;    ///< n_h at which it makes half of that [mol/m^3], 0 is not stated
  double vessel_uptake = 0;  ///< k_v [mm^2/day]

  void declare(Options &options);
  bool is_on() const { return model != "off"; }
};

/// Coefficients that are needed and not stated, models that need one another (exit 2).
std::vector<Fault> check(const VesselOptions &vessels, const VegfOptions &vegf, const OxygenOptions &oxygen);

/**
 * 0 = div(D_g (1 - scaffold) grad g) + p c n_h/(n_h + n) + release - (ln 2/half life + k_v v) g, no flux
 * through the rim; in state.vegf. At rest, because its half-life is an hour and vessels grow for weeks.
 * @param release of a carrier [ng/(mm^3 day)], one entry an owned cell; empty: none
 * Returns the iterations. Collective.
 */
int solve_vegf(const Transport &transport, const VegfOptions &options,
               const TransportOptions &transport_options, const CellField &release, TissueState &state);

/**
 * Advance tips e and vessel density v by @p days,
 *     de/dt = div(f D_e theta grad e - f chi_e e grad g) + s g/(K + g) v - (l_e + b_1 v) e,
 *     dv/dt = f a_v e - l_v v,
 * theta the free volume, f the share of the stimulus that allows bone (or 1). Tips have the density
 * tips_at_rim times @p recruited of the cell at the faces to viable marrow that vessels may enter. First the
 * drift (positive, upwind), then diffusion with its losses (backward Euler), then v (likewise). Every tip
 * draws a vessel of its own behind it: a_v e is the length that appears, and the direction of growth has no
 * other effect on v. Returns the iterations. Collective.
 */
int grow_vessels(const Transport &transport, const VesselOptions &options,
                 const TransportOptions &transport_options, const std::vector<stimulus::Response> &stimulus,
                 const CellField &recruited, double days, TissueState &state);

} // namespace wolff::regeneration
