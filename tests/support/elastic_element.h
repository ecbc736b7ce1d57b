// Stiffness of a trilinear box by 2x2x2 Gauss quadrature, written out from the definition K = int B^T C B:
// the yardstick for the kernel of the program, which never forms B.
#pragma once

#include <Eigen/Dense>

#include <array>
#include <cmath>

namespace wolff::tests {

using ElementMatrix = Eigen::Matrix<double, 24, 24>;

/// Rows and columns are node * 3 + component, nodes with x fastest. Edges [mm], moduli [MPa].
inline ElementMatrix element_stiffness(const std::array<double, 3> &edges, const double lambda,
                                       const double mu)
{
  Eigen::Matrix<double, 6, 6> c = Eigen::Matrix<double, 6, 6>::Zero();
  c.topLeftCorner<3, 3>().setConstant(lambda);
  for (int i = 0; i < 3; ++i) {
    c(i, i) += 2 * mu;
    c(3 + i, 3 + i) = mu; // engineering shear strains xy, yz, xz
  }
  ElementMatrix k = ElementMatrix::Zero();
  const double g = 0.5 / std::sqrt(3.0);
  for (int q = 0; q < 8; ++q) {
    const std::array<double, 3> x{0.5 + (q & 1 ? g : -g), 0.5 + (q & 2 ? g : -g), 0.5 + (q & 4 ? g : -g)};
    Eigen::Matrix<double, 6, 24> b = Eigen::Matrix<double, 6, 24>::Zero();
    for (int node = 0; node < 8; ++node) {
      std::array<double, 3> gradient{};
      for (int axis = 0; axis < 3; ++axis) {
        double value = 1 / edges[static_cast<std::size_t>(axis)];
        for (int d = 0; d < 3; ++d) {
          const bool upper = node >> d & 1;
          const double xi = x[static_cast<std::size_t>(d)];
          value *= d == axis ? (upper ? 1.0 : -1.0) : (upper ? xi : 1 - xi);
        }
        gradient[static_cast<std::size_t>(axis)] = value;
      }
      for (int i = 0; i < 3; ++i) b(i, 3 * node + i) = gradient[static_cast<std::size_t>(i)];
      b(3, 3 * node) = gradient[1];
      b(3, 3 * node + 1) = gradient[0];
      b(4, 3 * node + 1) = gradient[2];
      b(4, 3 * node + 2) = gradient[1];
      b(5, 3 * node) = gradient[2];
      b(5, 3 * node + 2) = gradient[0];
    }
    k += b.transpose() * c * b * (edges[0] * edges[1] * edges[2] / 8);
  }
  return k;
}

} // namespace wolff::tests
