// Isotropic linear elasticity at one point, small strain. Not for anisotropic or non-linear materials.
#pragma once

#include "base/errors.h"
#include "base/tensor.h"

#include <optional>
#include <string>

namespace wolff::material {

struct Elastic
{
  double youngs_modulus = 0; ///< E [MPa]
  double poisson_ratio = 0;  ///< nu [-]

  bool operator==(const Elastic &) const = default;
};

/// lambda = E nu / ((1 + nu)(1 - 2 nu)) [MPa]
inline double lame_lambda(const Elastic &m)
{
  return m.youngs_modulus * m.poisson_ratio / ((1 + m.poisson_ratio) * (1 - 2 * m.poisson_ratio));
}

/// mu = E / (2 (1 + nu)) [MPa]
inline double shear_modulus(const Elastic &m)
{
  return m.youngs_modulus / (2 * (1 + m.poisson_ratio));
}

/// K = E / (3 (1 - 2 nu)) [MPa]
inline double bulk_modulus(const Elastic &m)
{
  return m.youngs_modulus / (3 * (1 - 2 * m.poisson_ratio));
}

/// E = 9 K mu / (3 K + mu), nu = (3 K - 2 mu) / (2 (3 K + mu)); K and mu in MPa, not both zero.
inline Elastic from_bulk_and_shear(const double bulk, const double shear)
{
  return {9 * bulk * shear / (3 * bulk + shear), (3 * bulk - 2 * shear) / (2 * (3 * bulk + shear))};
}

/// sigma = lambda tr(epsilon) I + 2 mu epsilon [MPa]; tension positive.
inline SymmetricTensor stress(const Elastic &m, const SymmetricTensor &strain)
{
  SymmetricTensor sigma = 2 * shear_modulus(m) * strain;
  const double volumetric = lame_lambda(m) * strain.trace();
  for (std::size_t i = 0; i < 3; ++i) sigma.components[i] += volumetric;
  return sigma;
}

/// epsilon = ((1 + nu) sigma - nu tr(sigma) I) / E [-]; the inverse of stress().
inline SymmetricTensor strain(const Elastic &m, const SymmetricTensor &stress)
{
  SymmetricTensor epsilon = (1 + m.poisson_ratio) / m.youngs_modulus * stress;
  const double volumetric = m.poisson_ratio / m.youngs_modulus * stress.trace();
  for (std::size_t i = 0; i < 3; ++i) epsilon.components[i] -= volumetric;
  return epsilon;
}

/// Band of moduli [MPa] outside of which a unit has been mistaken: porcine marrow is 2.5e-4, which the models
/// of healing replace by about 1; tungsten carbide is 7e5, and no implant comes near 3e5.
constexpr double least_plausible_modulus = 1e-3, greatest_plausible_modulus = 3e5;

/**
 * What is wrong with these constants, if anything: nu outside (-1, 0.5), E not positive, or E outside the
 * plausible band. @p place is the file, @p subject the material or cell. All are faults with exit code 3.
 */
std::optional<Fault> inadmissible(const Elastic &m, const std::string &place, const std::string &subject);

} // namespace wolff::material
