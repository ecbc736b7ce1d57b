// The Lagrange hexahedron of degree 1 or 2 on a cube: shape functions and the stiffness of an isotropic
// material, written out from their definitions. For the assembled matrix; the brick operator has its own,
// faster way.
#pragma once

#include "base/tensor.h"

#include <Eigen/Dense>

#include <array>

namespace wolff::mechanics {

/// Nodes stand on a lattice of (degree + 1)^3 points, x fastest; components of a node are neighbours.
class CubeElement
{
public:
  explicit CubeElement(int degree);

  int degree() const { return degree_; }
  int n_nodes() const { return (degree_ + 1) * (degree_ + 1) * (degree_ + 1); }

  /// N_a [-] at @p xi in [0, 1]^3.
  double shape(int node, const Vector3 &xi) const;
  /// dN_a / dxi [-]; over the edge of the cube, the gradient [1/mm].
  Vector3 slope(int node, const Vector3 &xi) const;

  /**
   * Stiffness of a cube of edge h [mm]: K = h (lambda A + mu B) [N/mm], with the integrals over the unit cube
   *   A_(a,i)(b,j) = int dN_a/dx_i dN_b/dx_j,
   *   B_(a,i)(b,j) = int dN_a/dx_j dN_b/dx_i + delta_ij grad N_a . grad N_b,
   * exact by Gauss' rule of degree + 1 points.
   */
  const Eigen::MatrixXd &per_lambda() const { return per_lambda_; }
  const Eigen::MatrixXd &per_mu() const { return per_mu_; }

private:
  std::array<double, 3> factors(int node, const Vector3 &xi, int derived) const;

  int degree_;
  Eigen::MatrixXd per_lambda_, per_mu_;
};

/// Points and weights of Gauss' rule with three points on [0, 1]: exact to degree 5.
struct GaussPoint
{
  double place, weight;
};
std::array<GaussPoint, 3> three_gauss_points();

} // namespace wolff::mechanics
