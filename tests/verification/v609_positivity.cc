// ranks: 1 2 3 4
// links: regeneration
// V609: a step of 0 and 1 stays between 0 and 1 for every time step, with hanging faces and jumps of D too.
#include "regeneration/transport.h"
#include "support/box_cells.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

struct Extremes
{
  double smallest = 1, greatest = 0, clipped = 0; ///< clipped: over the total
};

Extremes after_one_step(const bool hanging, const std::string &scheme, const double steps_of_h2_over_D)
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  if (hanging) box.split = [](const Vector3 &centre) { return centre[0] < 1 && centre[1] < 1; };
  const CellMesh mesh = tests::cells_of(box);
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  CellField D(mesh.n_owned(), 1.0);
  if (hanging) // jumps of 1e4 between neighbours
    for (std::size_t i = 0; i < D.size(); ++i)
      D[i] = tests::number_of_cell(mesh.cell(i).id, 2) < 0.5 ? 1 : 1e-4;
  CellField c = tests::field_of(mesh, [](const Vector3 &x) { return x[0] + x[2] < 1.5 ? 1.0 : 0.0; });

  const double h = 1.0 / 8;
  TransportOptions options;
  options.scheme = scheme;
  options.relative_residual = 1e-14; // the bound below is on single cells
  const TransportBalance balance =
      transport.advance(c, transport.conductances(D), steps_of_h2_over_D * h * h, options);
  Extremes extremes;
  for (const double value : c) {
    extremes.smallest = std::min(extremes.smallest, value);
    extremes.greatest = std::max(extremes.greatest, value);
  }
  extremes.smallest = -tests::largest(-extremes.smallest);
  extremes.greatest = tests::largest(extremes.greatest);
  extremes.clipped = balance.clipped / balance.before;
  BOOST_TEST(balance.smallest == extremes.smallest);
  BOOST_TEST(balance.relative_error() <= 1e-12);
  return extremes;
}

} // namespace

BOOST_AUTO_TEST_CASE(backward_euler_keeps_values_between_the_extremes_for_every_step_length)
{
  for (const bool hanging : {false, true})
    for (const double length : {1e-6, 1e-3, 0.1, 1.0 / 6, 1.0, 10.0, 1e3, 1e6}) {
      const Extremes found = after_one_step(hanging, "backward Euler", length);
      BOOST_TEST_MESSAGE("V609 " << (hanging ? "hanging" : "uniform") << ", D dt/h^2 = " << length << ": ["
                                 << found.smallest << ", 1 + " << found.greatest - 1 << "], clipped "
                                 << found.clipped);
      tests::record("V609", hanging ? "hanging" : "uniform", "smallest value", found.smallest, ">= 0");
      tests::record("V609", hanging ? "hanging" : "uniform", "clipped over total", found.clipped, "<= 1e-8");
      BOOST_TEST(found.smallest >= 0.0);
      BOOST_TEST(found.greatest <= 1 + 1e-12);
      BOOST_TEST(found.clipped <= 1e-8);
    }
}

BOOST_AUTO_TEST_CASE(crank_nicolson_overshoots_when_the_step_is_long)
{
  // With D dt/h^2 = 100 the differences between neighbours at the step change sign.
  const Extremes found = after_one_step(false, "Crank-Nicolson", 100);
  BOOST_TEST_MESSAGE("V609 Crank-Nicolson: [" << found.smallest << ", " << found.greatest << "]");
  BOOST_TEST(found.smallest < -0.1);
  BOOST_TEST(found.clipped == 0.0);
}
