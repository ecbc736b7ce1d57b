// ranks: 1 2 4
// links: regeneration
// V604: uptake in a sphere. First order c0 R sinh(phi r/R)/(r sinh phi); zero order c0 - Q (R^2 - r^2)/(6 D),
// and beyond the critical Q a core where nothing is left. The exact value stands on the faces of the
// staircase.
#include "regeneration/oxygen.h"

#include "base/errors.h"
#include "support/box_cells.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

using namespace wolff;
using namespace wolff::regeneration;
using tests::number;

namespace {

constexpr double R = 1, D = 0.2, c0 = 1;
using Exact = std::function<double(double)>; ///< of the distance from the centre

/// An eighth of a ball, voxels of 1/n: three faces of the box are planes of symmetry.
struct Ball
{
  Ball(const unsigned bricks, const bool hanging)
      : mesh([&] {
          tests::Box box;
          box.bricks = {bricks, bricks, bricks};
          box.brick_edge = 1.25 / bricks; // two voxels and more beyond the ball
          if (hanging) box.split = [](const Vector3 &centre) { return centre.maxCoeff() < 0.6; };
          return tests::cells_of(box);
        }())
  {
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      roles.push_back(mesh.cell(i).centre.norm() < R ? Role::domain : Role::supply);
  }

  /// At each cell of the domain the mean of the exact values at the centres of its faces to the outside.
  CellField supply(const Exact &exact) const
  {
    CellField inside(mesh.n_local(), 0.0), value(mesh.n_owned(), 0.0), area(mesh.n_owned(), 0.0);
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) inside[i] = roles[i] == Role::domain ? 1 : 0;
    mesh.update_ghosts(inside);
    for (const discretisation::CellFace &face : mesh.faces())
      for (const auto &[here, there, side] :
           {std::tuple{face.first, face.second, 0.5}, std::tuple{face.second, face.first, -0.5}}) {
        if (here >= mesh.n_owned() || inside[here] == 0 || inside[there] != 0) continue;
        Vector3 centre = mesh.cell(here).centre; // of the common face, where both cells have the same edge
        if (mesh.cell(there).edge < mesh.cell(here).edge) centre = mesh.cell(there).centre;
        const double edge = std::min(mesh.cell(here).edge, mesh.cell(there).edge);
        centre[face.axis] += (mesh.cell(there).edge < mesh.cell(here).edge ? -side : side) * edge;
        value[here] += face.area * exact(centre.norm());
        area[here] += face.area;
      }
    for (std::size_t i = 0; i < value.size(); ++i)
      if (area[i] > 0) value[i] /= area[i];
    return value;
  }

  /// Relative L2 error over the ball.
  double error(const CellField &c, const Exact &exact) const
  {
    double difference = 0, norm = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      if (roles[i] != Role::domain) continue;
      const double there = exact(mesh.cell(i).centre.norm());
      difference += mesh.volume(i) * (c[i] - there) * (c[i] - there);
      norm += mesh.volume(i) * there * there;
    }
    return std::sqrt(tests::summed(difference) / tests::summed(norm));
  }

  CellMesh mesh;
  std::vector<Role> roles;
};

double first_order(const double k, const double r)
{
  const double phi = R * std::sqrt(k / D);
  if (r < 1e-6) return c0 * phi / std::sinh(phi);
  return c0 * R * std::sinh(phi * r / R) / (r * std::sinh(phi));
}

/// Radius of the core without oxygen; 0 up to the critical uptake 6 D c0/R^2.
double core(const double Q)
{
  if (Q <= 6 * D * c0 / (R * R)) return 0;
  double low = 0, high = R; // Q/(6D) (R^2 - 3 a^2 + 2 a^3/R) falls with the core's radius a
  for (int i = 0; i < 100; ++i) {
    const double a = (low + high) / 2;
    (Q / (6 * D) * (R * R - 3 * a * a + 2 * a * a * a / R) > c0 ? low : high) = a;
  }
  return (low + high) / 2;
}

double zero_order(const double Q, const double r)
{
  const double a = core(Q);
  if (a == 0) return c0 - Q * (R * R - r * r) / (6 * D);
  return r <= a ? 0 : Q / (6 * D) * (r * r - 3 * a * a + 2 * a * a * a / r);
}

/// Order between the two finer of three meshes.
double order(const std::vector<double> &errors)
{
  return std::log2(errors[1] / errors[2]);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_formulas_of_this_test_are_those_of_the_reference_table)
{
  for (const tests::Row &row : tests::reference_table("sphere_uptake_steady.csv", 5, 5)) {
    const double r = number(row[0]);
    BOOST_TEST(zero_order(0.4, r) == number(row[1]), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(zero_order(1.0, r) == number(row[2]), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(first_order(0.5, r) == number(row[3]), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(first_order(5, r) == number(row[4]), boost::test_tools::tolerance(1e-13));
  }
  const std::vector<tests::Row> scalars = tests::reference_table("sphere_uptake_scalars.csv", 2, 2);
  BOOST_TEST(6 * D * c0 / (R * R) == number(scalars[0][1]), boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(first_order_uptake_converges_with_order_two)
{
  for (const bool hanging : {false, true})
    for (const double k : {0.5, 5.0}) {
      const Exact exact = [k](const double r) { return first_order(k, r); };
      std::vector<double> errors;
      for (const unsigned bricks : {1U, 2U, 4U}) {
        const Ball ball(bricks, hanging);
        const Transport transport(ball.mesh, ball.roles);
        const CellField supply = ball.supply(exact);
        CellField c(ball.mesh.n_owned(), c0);
        transport.rest(c, transport.conductances(CellField(c.size(), D)), {}, &supply,
                       {{}, CellField(c.size(), k)});
        errors.push_back(ball.error(c, exact));
      }
      const std::string family = hanging ? "hanging" : "uniform";
      BOOST_TEST_MESSAGE("V604 " << family << ", first order k = " << k << ": errors " << errors[0] << " "
                                 << errors[1] << " " << errors[2] << ", order " << order(errors));
      tests::record("V604", family, "first order k = " + std::to_string(k).substr(0, 3) + ", order in L2",
                    order(errors), hanging ? ">= 0.8" : ">= 1.8");
      // At rest the flux between cells of different size is right in the mean of four faces only, and where a
      // change of size meets the staircase not even that: order 1, with a small constant (0.9 at 64 voxels).
      BOOST_TEST(order(errors) >= (hanging ? 0.8 : 1.8));
    }
}

BOOST_AUTO_TEST_CASE(zero_order_uptake_converges_and_is_never_negative_beyond_the_critical_one)
{
  // Michaelis-Menten with a half uptake far below c0 is of zero order but for a boundary layer around the
  // core.
  for (const bool hanging : {false, true})
    for (const double Q : {0.4, 1.0, 2.4, 12.0}) {
      const bool has_core = core(Q) > 0;
      const double half = has_core ? 1e-3 : 1e-6;
      const Exact exact = [Q](const double r) { return zero_order(Q, r); };
      std::vector<double> errors;
      OxygenReport report;
      for (const unsigned bricks : {1U, 2U, 4U}) {
        const Ball ball(bricks, hanging);
        const Transport transport(ball.mesh, ball.roles);
        const CellField supply = ball.supply(exact);
        const std::size_t n = ball.mesh.n_owned();
        CellField c(n, c0);
        report = solve_uptake(transport, transport.conductances(CellField(n, D)), {}, supply,
                              {CellField(n, 0.0), CellField(n, 0.0), CellField(n, Q), half, c0},
                              ball.mesh.comm(), c);
        double least = 1e300;
        for (std::size_t i = 0; i < n; ++i)
          if (ball.roles[i] == Role::domain) least = std::min(least, c[i]);
        BOOST_TEST(-tests::largest(-least) >= 0.0);
        errors.push_back(ball.error(c, exact));
      }
      const std::string family = hanging ? "hanging" : "uniform";
      const double greatest = has_core || hanging ? 2e-2 : 1e-3;
      BOOST_TEST_MESSAGE("V604 " << family << ", zero order Q = " << Q << ", core " << core(Q) << ": errors "
                                 << errors[0] << " " << errors[1] << " " << errors[2] << ", order "
                                 << order(errors) << "; " << report.rounds << " rounds, " << report.iterations
                                 << " iterations");
      tests::record("V604", family, "zero order Q = " + to_text(Q) + ", error in L2", errors[2],
                    "<= " + to_text(greatest));
      BOOST_TEST(errors[2] <=
                 greatest); // with a core: that of the half uptake, of the size of half/c0 in its layer
      if (!has_core && !hanging) BOOST_TEST(order(errors) >= 1.8);
      BOOST_TEST(errors[2] < errors[0]);
    }
}
