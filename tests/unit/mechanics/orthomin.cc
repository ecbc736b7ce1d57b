// Truncated GCR on small systems: symmetric ones need one kept direction, others the whole memory, and a
// direction that is already in the memory is no breakdown.
// ranks: 1 2 3
#include "mechanics/orthomin.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace wolff;

namespace {

int rank_of_mine()
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

/// Rows of each rank of a block diagonal matrix, a block a rank: [2 + k + rank, upwind] on a line of @p n.
std::vector<double> image_of(const std::vector<double> &x, const double upwind)
{
  std::vector<double> y(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    y[k] = (2.0 + static_cast<double>(k) + rank_of_mine()) * x[k];
    if (k > 0) y[k] -= (1 + upwind) * x[k - 1];
    if (k + 1 < x.size()) y[k] -= (1 - upwind) * x[k + 1];
  }
  return y;
}

struct Solved
{
  int steps;
  double residual, recurrence;
};

Solved solve(const std::size_t memory, const double upwind, const double goal)
{
  const std::size_t n = 20;
  std::vector<double> b(n), x(n, 0.0);
  for (std::size_t k = 0; k < n; ++k) b[k] = std::sin(1.0 + 3.0 * static_cast<double>(k) + rank_of_mine());
  mechanics::Orthomin directions(memory, MPI_COMM_WORLD);
  std::vector<double> r = b;
  Solved found{0, 0, 1e300};
  while (found.recurrence > goal && found.steps < 500) {
    std::vector<double> z = r, w = image_of(z, upwind);
    found.recurrence = directions.step(z, w, x, r).residual;
    ++found.steps;
  }
  BOOST_TEST(directions.n_kept() <= memory);
  const std::vector<double> image = image_of(x, upwind);
  for (std::size_t k = 0; k < n; ++k) found.residual += (b[k] - image[k]) * (b[k] - image[k]);
  MPI_Allreduce(MPI_IN_PLACE, &found.residual, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  found.residual = std::sqrt(found.residual);
  return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_recurrence_is_the_residual)
{
  for (const std::size_t memory : {1, 3, 50}) {
    const Solved found = solve(memory, 0.3, 1e-6);
    BOOST_TEST_CONTEXT("memory " << memory)
    {
      BOOST_TEST(found.recurrence <= 1e-6);
      BOOST_TEST(std::abs(found.residual - found.recurrence) < 1e-7);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_direction_is_enough_where_the_matrix_is_symmetric)
{
  const int one = solve(1, 0, 1e-6).steps, all = solve(60, 0, 1e-6).steps;
  BOOST_TEST(one <= all + 2); // floats
  BOOST_TEST(solve(1, 0.9, 1e-6).steps > solve(60, 0.9, 1e-6).steps + 2);
}

BOOST_AUTO_TEST_CASE(a_direction_twice_is_a_breakdown_that_is_told)
{
  mechanics::Orthomin directions(4, MPI_COMM_WORLD);
  std::vector<double> x(3, 0.0), r{1, 2, 3};
  std::vector<double> z{1, 0, 0}, w{1, 0, 0};
  const double after = directions.step(z, w, x, r).residual;
  BOOST_TEST(std::isfinite(after));
  BOOST_TEST(std::abs(r[0]) < 1e-15);
  BOOST_TEST(x[0] == 1);
  z = w = {0, 0, 0};
  BOOST_TEST(!std::isfinite(directions.step(z, w, x, r).residual));
  BOOST_TEST(x[0] == 1); // nothing is lost
}
