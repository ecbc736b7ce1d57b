// How the solid of a scaffold goes, at one point: molar mass and stiffness by hydrolysis, the speed at which
// its surface recedes, and the solid fraction of a lattice under even erosion. Where the surface is, is known
// to regeneration/ only.
#pragma once

#include "material/material_table.h"

#include <limits>
#include <string>
#include <vector>

namespace wolff::material {

/// `subsection Scaffold degradation`. Zero stands for the value of the material's table where it may have
/// one.
struct DegradationOptions
{
  std::string law = "none"; ///< none | constant front | hydrolysis | surface and bulk rule
  double front_speed = 0;   ///< [um/day]
  double hydrolysis_rate = 0;
  double modulus_exponent = -1;    ///< p [-], negative: not stated
  double initial_molar_mass = 0;   ///< M_n on day 0 [g/mol], 0: not stated
  double critical_molar_mass = 0;  ///< [g/mol]
  double surface_loss = 0;         ///< share of the surface's sites a day [1/day]
  double bulk_loss = 0;            ///< of all others [1/day]
  double site_edge = 0.05;         ///< [mm]
  std::string when_apart = "warn"; ///< warn | stop

  bool is_on() const { return law != "none"; }
  void declare(Options &options);
};

/// What can be seen without the table of the material: a law without its [U] numbers.
std::vector<Fault> check(const DegradationOptions &options);

/// The numbers of a law; the default does nothing.
struct DegradationLaw
{
  double front_speed = 0;      ///< of the surface, into the solid [mm/day]
  double hydrolysis_rate = 0;  ///< k in M' = -k M [1/day]
  double modulus_exponent = 0; ///< p in E_s = E_0 (M/M_0)^p [-]
  double bulk_rate = 0;        ///< k_b in m' = -k_b m of all solid [1/day]
  /// The front stands still until M/M_0 is below this [-].
  double critical_ratio = std::numeric_limits<double>::infinity();
};

/**
 * The law that the options name for this solid. Rule of surface and bulk: a site of edge l at the surface
 * goes on a day with probability p_s, so the surface recedes by p_s l a day on average, whatever the voxels;
 * of the bulk a share p_b goes a day, k_b = -ln(1 - p_b).
 * @throws Fault (exit 2) if neither option nor table has a number that the law needs
 */
DegradationLaw degradation_law(const DegradationOptions &options, const MaterialTable &solid);

/// M/M_0 after @p days, exactly.
double molar_mass_after(double ratio, double days, const DegradationLaw &law);
/// How far the surface recedes in @p days that begin with M/M_0 = @p ratio [mm].
double front_depth(double ratio, double days, const DegradationLaw &law);
/// Share of the solid that the bulk rule leaves after @p days.
double bulk_kept(double days, const DegradationLaw &law);
/// E_s/E_0.
double solid_modulus_ratio(double molar_mass_ratio, const DegradationLaw &law);

/**
 * Even erosion of a lattice: d' = -s_v(d) for every length by which its surface recedes, s_v the area of the
 * surface per volume. Integrated exactly for s_v linear between samples, so that many small steps are one
 * large one; below the first sample s_v goes with d^e, e = 2/3 for pieces that keep their shape, 0 for
 * sheets.
 */
class ErosionCurve
{
public:
  /// @param densities ascending, above 0  @param areas s_v at them [1/mm]
  ErosionCurve(std::vector<double> densities, std::vector<double> areas, double first_power);

  /// Solid fraction after the surface has receded by @p depth [mm]; zero once all is gone.
  double density_after(double density, double depth) const;
  /// s_v [1/mm].
  double area(double density) const;

private:
  double depth_of(double density) const;
  double density_of(double depth) const;

  std::vector<double> density_, area_, depth_; ///< depth at which each sample is reached from nothing [mm]
  double power_;
};

} // namespace wolff::material
