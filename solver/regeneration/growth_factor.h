// A growth factor from carriers: what each carrier releases over time, where the factor goes, and what it
// does to the differentiation of stromal cells.
#pragma once

#include "base/errors.h"
#include "regeneration/tissue_state.h"
#include "regeneration/transport.h"

#include <optional>

namespace wolff::regeneration {

/// R(t) = R_end (b (1 - exp(-k_1 t)) + (1 - b) (1 - exp(-k_2 t))): share of the load released t days after it
/// was placed [-].
struct ReleaseCurve
{
  double end = 1;        ///< R_end [-]
  double fast_share = 0; ///< b [-]
  double fast_rate = 0;  ///< k_1 [1/day]
  double slow_rate = 0;  ///< k_2 [1/day]

  /// 0 before the carrier is there.
  double operator()(double days) const;
};

struct GrowthFactorOptions
{
  std::string kind = "osteogenic"; ///< osteogenic | like VEGF
  std::string release = "none";    ///< none | collagen sponge | hyaluronan gel | custom
  ReleaseCurve custom;
  std::vector<double> days, amounts; ///< of each carrier: [day], [ng]
  std::string regions;
  double diffusivity = 8.64;  ///< [mm^2/day]
  double half_life = 6.3;     ///< [h]
  std::string rim = "closed"; ///< closed | carried away
  double longest_step = 0.1;  ///< [day]
  double ceiling = 0.94;      ///< A [-]
  double half_effect = 0;     ///< K [ng/mm^3], 0 is not stated
  double flow_share = 0;      ///< of the day in which the flux of the last solve carries it [-], 0: never

  void declare(Options &options);
  bool is_on() const { return release != "none"; }
  bool is_like_vegf() const { return kind == "like VEGF"; }
};

/// A load of factor that is placed on a day; no region: the whole healing domain.
struct Carrier
{
  double day = 0;    ///< since surgery
  double amount = 0; ///< [ng]
  std::optional<Region> region;
};

/// The curve that the options name; the two named ones are shapes in vitro.
ReleaseCurve release_curve(const GrowthFactorOptions &options);
/// @throws Fault (exit 2): lists of different length, a negative entry, an unknown region
std::vector<Carrier> carriers_of(const GrowthFactorOptions &options);
/// Coefficients that are needed and not stated (exit 2); not what carriers_of finds.
std::vector<Fault> check(const GrowthFactorOptions &options);

/**
 * Mean rate of release over [day, day + days] [ng/(mm^3 day)] of each owned cell: the load goes evenly into
 * what the scaffold leaves free of the domain's cells of its region.
 * @throws Fault (exit 3) if such a region is empty. Collective.
 */
CellField release_rate(const discretisation::CellMesh &mesh, const std::vector<Carrier> &carriers,
                       const ReleaseCurve &curve, double days, const TissueState &state);

/// What a step did [ng].
struct FactorReport
{
  double released = 0;
  double relative_error = 0; ///< of the balance [-]
  int iterations = 0;
};

/**
 * dg/dt = div(D (1 - scaffold) grad g) - (ln 2/half life) g + release, in steps of at most longest_step, each
 * with the exact release of its days; no flux through the rim, or g = 0 at its faces to viable marrow
 * ("carried away"). In state.growth_factor. With a @p flux of the owned cells [mm/s] each step begins with
 * dg/dt = - div(flow_share q g), upwind (Transport::carry). Collective.
 */
FactorReport spread_factor(const discretisation::CellMesh &mesh, const Transport &transport,
                           const GrowthFactorOptions &options, const std::vector<Carrier> &carriers,
                           const TransportOptions &transport_options, double days, TissueState &state,
                           std::vector<Vector3> flux = {});

/// 1 + A g/(K + g): factor on the differentiation into osteoblasts.
double osteogenic_factor(double density, const GrowthFactorOptions &options);

} // namespace wolff::regeneration
