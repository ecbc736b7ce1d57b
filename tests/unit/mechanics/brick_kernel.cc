// The brick kernel against dense element matrices: single voxels (V101) and whole bricks.
#include "mechanics/brick_kernel.h"

#include "support/elastic_element.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace wolff;
using tests::ElementMatrix;

namespace {

ElementMatrix kernel_matrix(const double h, const double lambda, const double mu)
{
  Eigen::Matrix<double, 24, 24, Eigen::RowMajor> k;
  mechanics::voxel_stiffness(h, lambda, mu, k.data());
  return k;
}

/// Largest difference between kernel and dense matrices over a brick of random moduli, relative to the
/// largest force.
template <typename T>
double brick_error(const int n)
{
  std::mt19937 random(static_cast<unsigned>(n));
  std::uniform_real_distribution<double> any(-1.0, 1.0);
  const int m = n + 1, nodes = m * m * m;
  const T h = static_cast<T>(0.37);
  std::vector<T> lambda(static_cast<std::size_t>(n * n * n)), mu(lambda.size()),
      u(static_cast<std::size_t>(3 * nodes)), f(u.size(), T(0));
  for (std::size_t v = 0; v < lambda.size(); ++v) {
    lambda[v] = static_cast<T>(v % 7 == 3 ? 0.0 : 2.0 + any(random)); // every seventh voxel is void
    mu[v] = static_cast<T>(v % 7 == 3 ? 0.0 : 1.5 + any(random));
  }
  for (T &value : u) value = static_cast<T>(any(random));
  mechanics::add_brick_forces<T>(n, h, lambda.data(), mu.data(), u.data(), f.data());

  std::vector<double> expected(u.size(), 0.0);
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        const auto v = static_cast<std::size_t>((k * n + j) * n + i);
        const ElementMatrix ke = tests::element_stiffness({h, h, h}, lambda[v], mu[v]);
        const auto place = [&](const int row) {
          const int corner = row / 3;
          return static_cast<std::size_t>(
              row % 3 * nodes + ((k + (corner >> 2)) * m + j + (corner >> 1 & 1)) * m + i + (corner & 1));
        };
        for (int row = 0; row < 24; ++row)
          for (int column = 0; column < 24; ++column)
            expected[place(row)] += ke(row, column) * u[place(column)];
      }
  double error = 0, scale = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    error = std::max(error, std::abs(f[i] - expected[i]));
    scale = std::max(scale, std::abs(expected[i]));
  }
  return error / scale;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_voxel_has_the_stiffness_that_quadrature_gives_for_any_poisson_ratio)
{
  for (const double nu : {-0.5, 0.0, 0.167, 0.3, 0.49}) {
    const double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu);
    const ElementMatrix exact = tests::element_stiffness({0.25, 0.25, 0.25}, lambda, mu);
    BOOST_TEST((kernel_matrix(0.25, lambda, mu) - exact).cwiseAbs().maxCoeff() <
               1e-15 * exact.cwiseAbs().maxCoeff() * 24);
    // The diagonal that the smoother uses is the diagonal of that matrix.
    BOOST_TEST(mechanics::voxel_diagonal(0.25, lambda, mu) == exact(0, 0),
               boost::test_tools::tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(v101_the_unit_voxel_has_the_tabulated_first_row_and_eigenvalues)
{
  for (const auto &[label, nu] :
       {std::pair("E=1;nu=0.3;h=1x1x1", 0.3), std::pair("E=1;nu=0.49;h=1x1x1", 0.49)}) {
    const double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu);
    const ElementMatrix k = kernel_matrix(1, lambda, mu);
    const Eigen::SelfAdjointEigenSolver<ElementMatrix> solver(k);
    const auto table = tests::reference_table("hex8_stiffness_eigenvalues.csv", 72, 3);
    int rows = 0, zeros = 0;
    for (const auto &row : table)
      if (row[0] == label) {
        BOOST_TEST(std::abs(solver.eigenvalues()[rows] - std::stod(row[2])) < 1e-13);
        zeros += std::abs(solver.eigenvalues()[rows]) < 1e-13 ? 1 : 0;
        ++rows;
      }
    BOOST_TEST(rows == 24);
    BOOST_TEST(zeros == 6); // rigid motions and nothing else
  }
  const ElementMatrix k = kernel_matrix(1, 0.3 / (1.3 * 0.4), 0.5 / 1.3);
  int column = 0;
  for (const auto &row : tests::reference_table("hex8_unit_stiffness_row0.csv", 24, 2))
    BOOST_TEST(std::abs(k(0, column++) - std::stod(row[1])) < 1e-13);
  BOOST_TEST(column == 24);
}

BOOST_AUTO_TEST_CASE(bricks_of_every_size_agree_with_the_dense_matrices_in_double_and_float)
{
  BOOST_TEST_MESSAGE("instruction set: " << mechanics::kernel_instruction_set());
  for (const int n : {1, 2, 4, 8}) {
    BOOST_TEST(brick_error<double>(n) < 1e-14); // rounding
    BOOST_TEST(brick_error<float>(n) < 1e-6);
  }
}
