#include "stimulus/measures.h"

#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>

namespace wolff::stimulus {

namespace {

/// sqrt(sum of the squared differences of the principal values), without an eigenvalue problem.
double spread(const SymmetricTensor &t)
{
  const double a = t.xx() - t.yy(), b = t.yy() - t.zz(), c = t.zz() - t.xx();
  return std::sqrt(a * a + b * b + c * c + 6 * (t.xy() * t.xy() + t.yz() * t.yz() + t.xz() * t.xz()));
}

} // namespace

double octahedral_shear_strain(const SymmetricTensor &strain, const OctahedralShear shear)
{
  if (shear == OctahedralShear::tensor) return 2.0 / 3.0 * spread(strain);
  SymmetricTensor doubled = strain;
  for (std::size_t i = 3; i < 6; ++i) doubled.components[i] *= 2;
  return 2.0 / 3.0 * spread(doubled);
}

double von_mises_strain(const SymmetricTensor &strain)
{
  return std::sqrt(2.0) / 3.0 * spread(strain);
}

double octahedral_shear_stress(const SymmetricTensor &stress)
{
  return spread(stress) / 3;
}

double von_mises_stress(const SymmetricTensor &stress)
{
  return spread(stress) / std::sqrt(2.0);
}

double hydrostatic_stress(const SymmetricTensor &stress)
{
  return stress.trace() / 3;
}

double mean_total_stress(const SymmetricTensor &effective_stress, const double biot_coefficient,
                         const double pore_pressure)
{
  return hydrostatic_stress(effective_stress) - biot_coefficient * pore_pressure;
}

std::array<double, 3> principal_values(const SymmetricTensor &t)
{
  // The solver may turn what is no number into one that looks sound.
  for (const double component : t.components)
    if (!std::isfinite(component)) {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      return {none, none, none};
    }
  Eigen::Matrix3d matrix;
  matrix << t.xx(), t.xy(), t.xz(), t.xy(), t.yy(), t.yz(), t.xz(), t.yz(), t.zz();
  // The iterative solver: the closed form of computeDirect loses half of the digits when eigenvalues
  // coincide.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(matrix, Eigen::EigenvaluesOnly);
  const Eigen::Vector3d ascending = solver.eigenvalues();
  return {ascending[2], ascending[1], ascending[0]};
}

double minimum_principal(const SymmetricTensor &t)
{
  return principal_values(t)[2];
}

double largest_principal_by_magnitude(const SymmetricTensor &t)
{
  const std::array<double, 3> descending = principal_values(t);
  return std::abs(descending[0]) > std::abs(descending[2]) ? descending[0] : descending[2];
}

double strain_energy_density(const SymmetricTensor &effective_stress, const SymmetricTensor &strain)
{
  return contract(effective_stress, strain) / 2;
}

} // namespace wolff::stimulus
