// ranks: 1 2
// links: discretisation
// Diffusion on a few cells, by hand.
#include "regeneration/transport.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

constexpr double rounding = 1e-12; // a handful of operations after a solve to 1e-12

/// Two cells of edge 1 in a row: the voxels at x = 0.5 and 1.5 of one brick.
CellMesh pair()
{
  tests::Box box;
  box.brick_edge = 8;
  box.solid = [](const Vector3 &x) { return x[0] < 2 && x[1] < 1 && x[2] < 1; };
  return tests::cells_of(box);
}

/// Values of the cells by their x, gathered on all ranks.
std::vector<double> by_x(const CellMesh &mesh, const CellField &field, const std::vector<double> &places)
{
  std::vector<double> values;
  for (const double x : places) {
    double value = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (std::abs(mesh.cell(i).centre[0] - x) < 1e-9) value = field[i];
    values.push_back(tests::summed(value));
  }
  return values;
}

} // namespace

BOOST_AUTO_TEST_CASE(two_cells_exchange_through_the_harmonic_mean_of_their_diffusivities)
{
  // T = 1/(0.5/2 + 0.5/6) = 3; backward Euler over dt = 0.5: difference 8/(1 + 2*3*0.5) = 2 about the mean 6.
  const CellMesh mesh = pair();
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  const CellField D = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 2.0 : 6.0; });
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 10.0 : 2.0; });
  const TransportBalance balance = transport.advance(c, transport.conductances(D), 0.5, {});
  const std::vector<double> found = by_x(mesh, c, {0.5, 1.5});
  BOOST_TEST(found[0] == 7.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(found[1] == 5.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(balance.before == 12.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(balance.after == 12.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(balance.smallest == 5.0, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(nothing_passes_where_the_diffusivity_is_zero_or_the_cell_is_outside)
{
  const CellMesh mesh = pair();
  const CellField start = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 10.0 : 2.0; });
  {
    const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
    CellField c = start;
    transport.advance(
        c,
        transport.conductances(tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 1.0 : 0.0; })),
        100, {});
    BOOST_TEST(by_x(mesh, c, {0.5, 1.5}) == std::vector<double>({10, 2}), boost::test_tools::per_element());
  }
  std::vector<Role> roles;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    roles.push_back(mesh.cell(i).centre[0] < 1 ? Role::domain : Role::outside);
  const Transport transport(mesh, roles);
  CellField c = start;
  transport.advance(c, transport.conductances(CellField(mesh.n_owned(), 1.0)), 100, {});
  BOOST_TEST(by_x(mesh, c, {0.5, 1.5}) == std::vector<double>({10, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_supply_face_holds_its_density_and_can_be_closed)
{
  // W = 1 * 1/0.5 = 2; dt = 1: c = (4 + 2*10)/(1 + 2) = 8, so 4 entered.
  const CellMesh mesh = pair();
  std::vector<Role> roles;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    roles.push_back(mesh.cell(i).centre[0] < 1 ? Role::domain : Role::supply);
  const Transport transport(mesh, roles);
  const Transport::Conductances conductances = transport.conductances(CellField(mesh.n_owned(), 1.0));
  const CellField supply(mesh.n_owned(), 10.0), closed(mesh.n_owned(), -1.0);
  CellField c(mesh.n_owned(), 4.0);
  const TransportBalance balance = transport.advance(c, conductances, 1, {}, &supply);
  BOOST_TEST(by_x(mesh, c, {0.5})[0] == 8.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(by_x(mesh, c, {1.5})[0] == 4.0); // not of the domain: as it was
  BOOST_TEST(balance.supplied == 4.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(balance.correction <= rounding);
  BOOST_TEST(transport.advance(c, conductances, 1, {}, &closed).supplied == 0.0);
  BOOST_TEST(by_x(mesh, c, {0.5})[0] == 8.0, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(cells_of_different_size_are_weighted_by_their_half_edges)
{
  // Coarse cells of edge 1 beside fine ones of edge 1/2 that fill the common face: a problem in x alone with
  // T = 1/(0.5 + 0.25) = 4/3 for the whole face. Volumes 1 and 1/2: dt = 0.3 gives 1/(1 + dt T (1 + 2)) =
  // 1/2.2.
  tests::Box box;
  box.brick_edge = 8;
  box.bricks = {2, 1, 1};
  box.split = [](const Vector3 &centre) { return centre[0] > 8; };
  box.solid = [](const Vector3 &x) { return x[0] > 7 && x[0] < 8.5 && x[1] < 1 && x[2] < 1; };
  const CellMesh mesh = tests::cells_of(box);
  BOOST_TEST(mesh.n_global() == 5);
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 8 ? 2.2 : 0.0; });
  transport.advance(c, transport.conductances(CellField(mesh.n_owned(), 1.0)), 0.3, {});
  // Mean (2.2 * 1)/1.5; the difference falls from 2.2 to 1.
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    BOOST_TEST(c[i] == 2.2 / 1.5 + (mesh.cell(i).centre[0] < 8 ? 1.0 / 3 : -2.0 / 3),
               boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(a_solver_that_may_not_iterate_is_a_fault_and_not_an_answer)
{
  const CellMesh mesh = tests::cells_of({});
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return x[0]; });
  TransportOptions options;
  options.most_iterations = 1;
  try {
    transport.advance(c, transport.conductances(CellField(mesh.n_owned(), 1.0)), 1, options);
    BOOST_ERROR("no fault");
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::not_converged));
    BOOST_TEST(fault.name() == "not-converged");
    BOOST_TEST(fault.line().find("diffusion after 1 iterations") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_field_that_is_not_finite_is_a_fault)
{
  const CellMesh mesh = pair();
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  CellField c(mesh.n_owned(), std::nan(""));
  BOOST_CHECK_THROW(transport.advance(c, transport.conductances(CellField(mesh.n_owned(), 1.0)), 1, {}),
                    Fault);
}
