// ranks: 1 2 4
// links: discretisation
// Sources and losses beside diffusion, densities at rest, and drift up a gradient: by hand, then their
// balances and signs on an octree with hanging nodes.
#include "regeneration/time_scheme.h"
#include "regeneration/transport.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

constexpr double rounding = 1e-12; // a handful of operations after a solve to 1e-12

/// Cells of edge 1 in a row along x.
CellMesh row_of(const int count)
{
  tests::Box box;
  box.brick_edge = 8;
  box.solid = [count](const Vector3 &x) { return x[0] < count && x[1] < 1 && x[2] < 1; };
  return tests::cells_of(box);
}

CellMesh octree()
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  box.split = [](const Vector3 &centre) { return centre[0] < 1 && centre[1] > centre[2]; };
  return tests::cells_of(box);
}

double total(const CellMesh &mesh, const CellField &field)
{
  double sum = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) sum += mesh.volume(i) * field[i];
  return tests::summed(sum);
}

double at(const CellMesh &mesh, const CellField &field, const double x)
{
  double value = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (std::abs(mesh.cell(i).centre[0] - x) < 1e-9) value = field[i];
  return tests::summed(value);
}

CellField random_field(const CellMesh &mesh, const std::uint64_t seed, const double largest)
{
  CellField field(mesh.n_owned());
  for (std::size_t i = 0; i < field.size(); ++i)
    field[i] = largest * tests::number_of_cell(mesh.cell(i).id, seed);
  return field;
}

std::vector<Role> all_domain(const CellMesh &mesh)
{
  return std::vector<Role>(mesh.n_owned(), Role::domain);
}

} // namespace

BOOST_AUTO_TEST_CASE(one_cell_follows_the_stage_of_each_scheme)
{
  // c' = 6 - 2 c from c = 1, one step of 0.5: backward Euler (1 + 3)/(1 + 1) = 2; Crank-Nicolson
  // (1 + 0.25 (6 - 2) + 0.25 6)/(1 + 0.5) = 7/3.
  const CellMesh mesh = row_of(1);
  const Transport transport(mesh, all_domain(mesh));
  const CellField one(mesh.n_owned(), 1.0);
  const LinearReaction reaction{CellField(mesh.n_owned(), 6.0), CellField(mesh.n_owned(), 2.0)};
  for (const auto &[scheme, expected] : {std::pair<std::string, double>{"backward Euler", 2},
                                         std::pair<std::string, double>{"Crank-Nicolson", 7.0 / 3}}) {
    TransportOptions options;
    options.scheme = scheme;
    CellField c = one;
    const TransportBalance balance =
        transport.advance(c, transport.conductances(one), 0.5, options, nullptr, &reaction);
    BOOST_TEST(at(mesh, c, 0.5) == expected, boost::test_tools::tolerance(rounding));
    BOOST_TEST(balance.reacted == expected - 1, boost::test_tools::tolerance(rounding));
    BOOST_TEST(balance.supplied == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(a_reaction_is_accounted_for_by_every_scheme_and_keeps_signs_with_backward_euler)
{
  const CellMesh mesh = octree();
  const Transport transport(mesh, all_domain(mesh));
  const Transport::Conductances conductances = transport.conductances(random_field(mesh, 2, 0.3));
  for (const Entry<TimeScheme> &entry : time_schemes()) {
    TransportOptions options;
    options.scheme = entry.name;
    options.substeps = 3;
    const LinearReaction reaction{random_field(mesh, 3, 50), random_field(mesh, 4, 20)};
    CellField c = random_field(mesh, 5, 10);
    const double before = total(mesh, c);
    const TransportBalance balance = transport.advance(c, conductances, 1, options, nullptr, &reaction);
    BOOST_TEST(before + balance.reacted == total(mesh, c), boost::test_tools::tolerance(1e-10));
    BOOST_TEST(balance.relative_error() <= 1e-10);
    if (entry.law.keeps_signs()) BOOST_TEST(balance.smallest >= 0.0);
  }
}

BOOST_AUTO_TEST_CASE(a_huge_loss_empties_a_cell_without_passing_zero)
{
  const CellMesh mesh = octree();
  const Transport transport(mesh, all_domain(mesh));
  const LinearReaction reaction{{}, random_field(mesh, 6, 1e9)};
  CellField c = random_field(mesh, 5, 10);
  const TransportBalance balance =
      transport.advance(c, transport.conductances(random_field(mesh, 2, 0.3)), 10, {}, nullptr, &reaction);
  BOOST_TEST(balance.smallest >= 0.0);
  BOOST_TEST(balance.after < 1e-3 * balance.before);
}

BOOST_AUTO_TEST_CASE(at_rest_two_cells_share_what_the_wall_gives)
{
  // Cells at 0.5 and 1.5, wall of density 1 beside the first, D = 1, loss 1: wall conductance 2, between 1.
  //   2 (1 - a) + (b - a) - a = 0,  (a - b) - b = 0:  a = 4/7, b = 2/7
  const CellMesh mesh = row_of(3);
  std::vector<Role> roles;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    roles.push_back(mesh.cell(i).centre[0] < 1 ? Role::supply : Role::domain);
  const Transport transport(mesh, roles);
  const CellField one(mesh.n_owned(), 1.0);
  CellField c(mesh.n_owned(), 0.3);
  transport.rest(c, transport.conductances(one), {}, &one, {{}, one});
  BOOST_TEST(at(mesh, c, 1.5) == 4.0 / 7, boost::test_tools::tolerance(1e-10));
  BOOST_TEST(at(mesh, c, 2.5) == 2.0 / 7, boost::test_tools::tolerance(1e-10));
  BOOST_TEST(at(mesh, c, 0.5) == 0.3); // outside of the domain
}

BOOST_AUTO_TEST_CASE(at_rest_a_cell_that_nothing_reaches_keeps_its_density)
{
  const CellMesh mesh = row_of(4);
  std::vector<Role> roles;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    roles.push_back(mesh.cell(i).centre[0] < 1 ? Role::supply : Role::domain);
  const Transport transport(mesh, roles);
  // Nothing passes through the third cell, so the fourth one is alone.
  const CellField D =
      tests::field_of(mesh, [](const Vector3 &x) { return x[0] > 2 && x[0] < 3 ? 0.0 : 1.0; });
  const CellField loss = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 2 ? 2.0 : 0.0; });
  const CellField one(mesh.n_owned(), 1.0);
  CellField c(mesh.n_owned(), 0.25);
  transport.rest(c, transport.conductances(D), {}, &one, {{}, loss});
  BOOST_TEST(at(mesh, c, 1.5) == 0.5, boost::test_tools::tolerance(1e-10)); // 2 (1 - c) = 2 c
  BOOST_TEST(at(mesh, c, 2.5) == 0.25);
  BOOST_TEST(at(mesh, c, 3.5) == 0.25);
}

BOOST_AUTO_TEST_CASE(drift_carries_the_density_upstream_of_each_face_up_the_gradient)
{
  // Attractant 0, 1, 3: X = 0.1 between the cells, flux 0.1*1*8 from the first, 0.1*2*4 from the second.
  const CellMesh mesh = row_of(3);
  const Transport transport(mesh, all_domain(mesh));
  const auto by_place = [&](const double a, const double b, const double c) {
    return tests::field_of(mesh, [=](const Vector3 &x) { return x[0] < 1 ? a : x[0] < 2 ? b : c; });
  };
  CellField c = by_place(8, 4, 1);
  const int parts = transport.drift(c, by_place(0, 1, 3), CellField(mesh.n_owned(), 0.1), 0.5);
  BOOST_TEST(parts == 1);
  BOOST_TEST(at(mesh, c, 0.5) == 8 - 0.5 * 0.8, boost::test_tools::tolerance(rounding));
  BOOST_TEST(at(mesh, c, 1.5) == 4 + 0.5 * (0.8 - 0.8), boost::test_tools::tolerance(rounding));
  BOOST_TEST(at(mesh, c, 2.5) == 1 + 0.5 * 0.8, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(drift_keeps_amount_and_sign_beside_finer_cells_for_every_length_of_the_step)
{
  const CellMesh mesh = octree();
  const Transport transport(mesh, all_domain(mesh));
  for (const double days : {1e-3, 0.1, 3.0}) {
    CellField c = random_field(mesh, 8, 1);
    for (std::size_t i = 0; i < c.size(); i += 3) c[i] = 0;
    const double before = total(mesh, c);
    const int parts = transport.drift(c, random_field(mesh, 9, 5), random_field(mesh, 10, 0.02), days);
    BOOST_TEST_MESSAGE("drift over " << days << " days in " << parts << " parts");
    BOOST_TEST(parts >= 1);
    BOOST_TEST(total(mesh, c) == before, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(*std::min_element(c.begin(), c.end()) >= 0.0);
  }
}

BOOST_AUTO_TEST_CASE(a_flow_carries_the_density_upstream_of_each_face)
{
  // Faces of 1 mm^2 with the mean flux of their cells, 0.2 and 0.3 mm/day; nothing through the rim.
  const CellMesh mesh = row_of(3);
  const Transport transport(mesh, all_domain(mesh));
  const auto by_place = [&](const double a, const double b, const double c) {
    return tests::field_of(mesh, [=](const Vector3 &x) { return x[0] < 1 ? a : x[0] < 2 ? b : c; });
  };
  for (const double sign : {1.0, -1.0}) {
    std::vector<Vector3> flux;
    for (const double q : by_place(0.1, 0.3, 0.3))
      flux.emplace_back(sign * q, 5, -7); // across the row nothing
    CellField c = by_place(8, 4, 1);
    BOOST_TEST(transport.carry(c, flux, 0.5) == 1);
    const double first = 0.2 * (sign > 0 ? 8 : -4), second = 0.3 * (sign > 0 ? 4 : -1);
    BOOST_TEST(at(mesh, c, 0.5) == 8 - 0.5 * first, boost::test_tools::tolerance(rounding));
    BOOST_TEST(at(mesh, c, 1.5) == 4 + 0.5 * (first - second), boost::test_tools::tolerance(rounding));
    BOOST_TEST(at(mesh, c, 2.5) == 1 + 0.5 * second, boost::test_tools::tolerance(rounding));
  }
}

BOOST_AUTO_TEST_CASE(an_even_flow_moves_the_middle_of_a_cloud_with_itself)
{
  // Upwind widens a cloud, but its middle moves at the speed of the flow until it reaches the rim.
  const CellMesh mesh = row_of(12);
  const Transport transport(mesh, all_domain(mesh));
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return x[0] > 3 && x[0] < 4 ? 2.0 : 0.0; });
  const int parts = transport.carry(c, std::vector<Vector3>(mesh.n_owned(), Vector3(0.8, 0, 0)), 4);
  BOOST_TEST(parts == 4); // 3.2 mm in parts of at most 0.9 cells
  double moment = 0;
  for (std::size_t i = 0; i < c.size(); ++i) moment += mesh.volume(i) * c[i] * mesh.cell(i).centre[0];
  const double amount = total(mesh, c);
  BOOST_TEST(tests::summed(moment) / amount == 3.5 + 3.2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(at(mesh, c, 3.5) < 2.0);
}

BOOST_AUTO_TEST_CASE(a_flow_keeps_amount_and_sign_beside_finer_cells_and_refuses_another_unit)
{
  const CellMesh mesh = octree();
  const Transport transport(mesh, all_domain(mesh));
  const CellField x = random_field(mesh, 11, 2), y = random_field(mesh, 12, 2), z = random_field(mesh, 13, 2);
  std::vector<Vector3> flux;
  for (std::size_t i = 0; i < x.size(); ++i) flux.emplace_back(x[i] - 1, y[i] - 1, z[i] - 1);
  for (const double days : {1e-3, 0.1, 3.0}) {
    CellField c = random_field(mesh, 8, 1);
    for (std::size_t i = 0; i < c.size(); i += 3) c[i] = 0;
    const double before = total(mesh, c);
    BOOST_TEST(transport.carry(c, flux, days) >= 1);
    BOOST_TEST(total(mesh, c) == before, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(*std::min_element(c.begin(), c.end()) >= 0.0);
  }
  CellField c = random_field(mesh, 8, 1);
  for (Vector3 &q : flux) q *= 86400; // a flux in mm/s
  BOOST_CHECK_THROW(transport.carry(c, flux, 1), Fault);
}

BOOST_AUTO_TEST_CASE(drift_refuses_a_mobility_in_another_unit_and_does_nothing_without_gradient)
{
  const CellMesh mesh = octree();
  const Transport transport(mesh, all_domain(mesh));
  const CellField one(mesh.n_owned(), 1.0);
  CellField c = random_field(mesh, 8, 1);
  const CellField before = c;
  BOOST_TEST(transport.drift(c, one, one, 5) == 0);
  BOOST_TEST((c == before));
  BOOST_CHECK_THROW(transport.drift(c, random_field(mesh, 9, 5), CellField(mesh.n_owned(), 1e6), 1), Fault);
}

BOOST_AUTO_TEST_CASE(multigrid_gives_the_same_densities_in_iterations_that_do_not_grow_with_the_mesh)
{
  // At rest with supply at one end and a small loss: the hardest of these systems for Jacobi.
  std::vector<int> jacobi_iterations, amg_iterations;
  for (const unsigned bricks : {2U, 4U}) {
    tests::Box box;
    box.bricks = {bricks, bricks, bricks};
    box.brick_edge = 8.0 / bricks;
    box.split = [](const Vector3 &centre) { return centre.maxCoeff() < 4; };
    const CellMesh mesh = tests::cells_of(box);
    std::vector<Role> roles;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      roles.push_back(mesh.cell(i).centre[2] < 1 ? Role::supply : Role::domain);
    const Transport transport(mesh, roles);
    CellField D = random_field(mesh, 2, 1);
    for (std::size_t i = 0; i < D.size(); ++i)
      D[i] = D[i] < 0.02 ? 0 : std::pow(10.0, 2 * D[i]); // cells that nothing reaches among them
    const CellField one(mesh.n_owned(), 1.0), loss(mesh.n_owned(), 0.01);
    const Transport::Conductances conductances = transport.conductances(D);
    TransportOptions jacobi, amg;
    amg.preconditioner = "AMG";
    CellField a(mesh.n_owned(), 0.5), b = a, again = a;
    jacobi_iterations.push_back(transport.rest(a, conductances, jacobi, &one, {{}, loss}));
    amg_iterations.push_back(transport.rest(b, conductances, amg, &one, {{}, loss}));
    transport.rest(again, conductances, amg, &one, {{}, loss});
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
    BOOST_TEST(tests::largest(worst) <= 1e-9);
    BOOST_TEST((b == again)); // a restart must go on bit for bit
  }
  BOOST_TEST_MESSAGE("iterations with Jacobi " << jacobi_iterations[0] << ", " << jacobi_iterations[1]
                                               << "; with AMG " << amg_iterations[0] << ", "
                                               << amg_iterations[1]);
  BOOST_TEST(jacobi_iterations[1] > 1.5 * jacobi_iterations[0]);
  BOOST_TEST(amg_iterations[1] <= amg_iterations[0] + 8);
  BOOST_TEST(amg_iterations[1] < 0.25 * jacobi_iterations[1]);
}
