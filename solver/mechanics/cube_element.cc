#include "mechanics/cube_element.h"

#include <cmath>
#include <vector>

namespace wolff::mechanics {

std::array<GaussPoint, 3> three_gauss_points()
{
  return {{{0.5 - std::sqrt(0.15), 5.0 / 18}, {0.5, 8.0 / 18}, {0.5 + std::sqrt(0.15), 5.0 / 18}}};
}

CubeElement::CubeElement(const int degree) : degree_(degree)
{
  const int size = 3 * n_nodes();
  per_lambda_ = per_mu_ = Eigen::MatrixXd::Zero(size, size);
  const auto points = three_gauss_points(); // one more than degree 1 needs, and exact as well
  for (const GaussPoint &x : points)
    for (const GaussPoint &y : points)
      for (const GaussPoint &z : points) {
        const double weight = x.weight * y.weight * z.weight;
        std::vector<Vector3> slopes;
        for (int a = 0; a < n_nodes(); ++a) slopes.push_back(slope(a, Vector3(x.place, y.place, z.place)));
        for (int a = 0; a < n_nodes(); ++a)
          for (int b = 0; b < n_nodes(); ++b) {
            const Vector3 &ga = slopes[static_cast<std::size_t>(a)],
                          &gb = slopes[static_cast<std::size_t>(b)];
            per_lambda_.block<3, 3>(3 * a, 3 * b) += weight * ga * gb.transpose();
            per_mu_.block<3, 3>(3 * a, 3 * b) +=
                weight * (gb * ga.transpose() + ga.dot(gb) * Eigen::Matrix3d::Identity());
          }
      }
}

/// The three one-dimensional Lagrange polynomials whose product is N_a; that of axis @p derived as its slope.
std::array<double, 3> CubeElement::factors(const int node, const Vector3 &xi, const int derived) const
{
  const int m = degree_ + 1;
  const std::array<int, 3> at{node % m, node / m % m, node / (m * m)};
  std::array<double, 3> result{};
  for (int d = 0; d < 3; ++d) {
    const int mine = at[static_cast<std::size_t>(d)];
    const auto factor = [&](const int other) { return (degree_ * xi[d] - other) / (mine - other); };
    double value = 1, slope = 0; // the product rule, factor by factor
    for (int other = 0; other < m; ++other) {
      if (other == mine) continue;
      slope = slope * factor(other) + value * degree_ / (mine - other);
      value *= factor(other);
    }
    result[static_cast<std::size_t>(d)] = d == derived ? slope : value;
  }
  return result;
}

double CubeElement::shape(const int node, const Vector3 &xi) const
{
  const auto f = factors(node, xi, -1);
  return f[0] * f[1] * f[2];
}

Vector3 CubeElement::slope(const int node, const Vector3 &xi) const
{
  Vector3 result;
  for (int d = 0; d < 3; ++d) {
    const auto f = factors(node, xi, d);
    result[d] = f[0] * f[1] * f[2];
  }
  return result;
}

} // namespace wolff::mechanics
