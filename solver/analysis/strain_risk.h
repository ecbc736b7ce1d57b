// How near the strain of bone is to the strain at which bone yields. It ranks designs by mechanical risk; it
// says nothing about what will happen to a patient.
#pragma once

#include "base/tensor.h"
#include "stimulus/measures.h"

#include <algorithm>

namespace wolff::analysis {

/// Schileo et al. 2014, J Biomech: with these limits the failure loads of 14 femora were predicted with R^2 =
/// 0.89 [V]. Found for viable bone of the proximal femur; dead bone has no limits of its own here.
struct StrainLimits
{
  double tension = 0.0073;     ///< principal strain [-]
  double compression = 0.0104; ///< magnitude of the principal strain [-]
};

/// Largest tensile principal strain [-], zero where none is tensile.
inline double tensile_strain(const SymmetricTensor &strain)
{
  return std::max(stimulus::principal_values(strain)[0], 0.0);
}

/// Magnitude of the largest compressive principal strain [-], zero where none is compressive.
inline double compressive_strain(const SymmetricTensor &strain)
{
  return std::max(-stimulus::principal_values(strain)[2], 0.0);
}

/// max(e1 / limit in tension, -e3 / limit in compression, 0) [-]; the limit is exceeded above one.
inline double strain_risk_index(const SymmetricTensor &strain, const StrainLimits &limits = {})
{
  const auto principal = stimulus::principal_values(strain);
  return std::max({principal[0] / limits.tension, -principal[2] / limits.compression, 0.0});
}

} // namespace wolff::analysis
