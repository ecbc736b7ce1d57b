// Scalar measures of strain, stress and flow at one point, each defined once. Tension positive; strains are
// tensor components (a shear entry is half the engineering shear).
#pragma once

#include "base/tensor.h"

#include <array>

namespace wolff::stimulus {

/// Which shear entries go into the octahedral shear strain.
enum class OctahedralShear
{
  tensor,            ///< the definition
  legacy_engineering ///< engineering shears in their place: pure shear counts twice, as in published programs
};

/**
 * gamma_oct = (2/3) sqrt((e1 - e2)^2 + (e2 - e3)^2 + (e3 - e1)^2) [-], e1..e3 the principal strains.
 * Isochoric uniaxial strain e gives sqrt(2) e, simple shear gamma gives 0.8165 gamma (legacy: 1.633 gamma).
 */
double octahedral_shear_strain(const SymmetricTensor &strain,
                               OctahedralShear shear = OctahedralShear::tensor);

/// sqrt(2/3 e:e) [-] with the deviator e: gamma_oct / sqrt(2). Isochoric uniaxial strain e gives e.
double von_mises_strain(const SymmetricTensor &strain);

/// (1/3) sqrt((s1 - s2)^2 + (s2 - s3)^2 + (s3 - s1)^2), unit of the stress. Uniaxial s gives 0.4714 s.
double octahedral_shear_stress(const SymmetricTensor &stress);

/// sqrt(3/2 s:s) with the deviator s, unit of the stress. Uniaxial s gives s.
double von_mises_stress(const SymmetricTensor &stress);

/// tr(sigma)/3, unit of the stress; of total stress it includes the pore pressure, of effective stress not.
double hydrostatic_stress(const SymmetricTensor &stress);

/// sigma'_h - alpha p, unit of the stress: mean *total* stress from the effective stress, Biot's coefficient
/// and the pore pressure (positive in compression). Tension positive.
double mean_total_stress(const SymmetricTensor &effective_stress, double biot_coefficient,
                         double pore_pressure);

/// Eigenvalues of a strain or stress in descending order, accurate to rounding also when two coincide;
/// NaN if any component is not finite.
std::array<double, 3> principal_values(const SymmetricTensor &tensor);

/// The most compressive eigenvalue, e3.
double minimum_principal(const SymmetricTensor &tensor);

/// The eigenvalue of largest magnitude with its sign; of equal magnitudes the compressive one.
double largest_principal_by_magnitude(const SymmetricTensor &tensor);

/// U = sigma':epsilon / 2 [MPa = N mm/mm^3] with the effective stress sigma'.
double strain_energy_density(const SymmetricTensor &effective_stress, const SymmetricTensor &strain);

/// Speed of the fluid in the pores [mm/s]: Darcy flux (volume per total area and time) over porosity.
inline double seepage_speed(const double darcy_flux, const double porosity)
{
  return darcy_flux / porosity;
}

} // namespace wolff::stimulus
