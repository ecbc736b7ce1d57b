// Points, vectors and symmetric second-order tensors at one point. Lengths in mm.
// Not for fields: a field is an array of numbers per cell (see discretisation/).
#pragma once

#include <Eigen/Core>

#include <array>

namespace wolff {

using Vector3 = Eigen::Vector3d;

/**
 * Symmetric tensor by its six *tensor* components (a shear entry is epsilon_xy, not gamma_xy).
 *
 * The order XX YY ZZ XY YZ XZ is the one ParaView gives to six-component arrays, so `components`
 * can be written to VTK as it stands.
 */
struct SymmetricTensor
{
  std::array<double, 6> components{}; ///< XX YY ZZ XY YZ XZ

  double xx() const { return components[0]; }
  double yy() const { return components[1]; }
  double zz() const { return components[2]; }
  double xy() const { return components[3]; }
  double yz() const { return components[4]; }
  double xz() const { return components[5]; }

  double trace() const { return xx() + yy() + zz(); }

  bool operator==(const SymmetricTensor &) const = default;
};

inline SymmetricTensor operator*(const double factor, const SymmetricTensor &t)
{
  SymmetricTensor product;
  for (std::size_t i = 0; i < 6; ++i) product.components[i] = factor * t.components[i];
  return product;
}

inline SymmetricTensor operator+(const SymmetricTensor &a, const SymmetricTensor &b)
{
  SymmetricTensor sum;
  for (std::size_t i = 0; i < 6; ++i) sum.components[i] = a.components[i] + b.components[i];
  return sum;
}

/// Double contraction a:b; shear components count twice.
inline double contract(const SymmetricTensor &a, const SymmetricTensor &b)
{
  const auto &p = a.components;
  const auto &q = b.components;
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + 2.0 * (p[3] * q[3] + p[4] * q[4] + p[5] * q[5]);
}

} // namespace wolff
