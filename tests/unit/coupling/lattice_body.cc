// The body of the cell lattice alone, by hand: what lies where in a gap of a long bone, and where cells
// begin.
#include "coupling/lattice_body.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace wolff;
using namespace wolff::coupling;
using tissue::Ground;

namespace {

/// Sites of 1 mm with the middle of the lattice on site (20, 20, 30); a gap of 20 mm between bone ends.
LatticeBodyOptions options()
{
  LatticeBodyOptions o;
  o.sites = {41, 41, 61};
  o.gap = 20;
  o.bone_radius = 10;
  o.canal_radius = 7;
  o.callus_radius = 14;
  o.marrow_depth = 4;
  o.periosteum_length = 8;
  o.stimulus = "if(z > 0, 0.3, 2)";
  return o;
}

LatticeBody body(const LatticeBodyOptions &o)
{
  return LatticeBody(o, 1.0, {}, ".");
}

/// Ground at a distance from the axis (along x) and from the middle of the gap [mm].
Ground at(const LatticeBody &b, const int r, const int z)
{
  return b.ground(20 + r, 20, 30 + z);
}

struct Seed
{
  bool is_there;
  int age;
};

Seed seed(const LatticeBody &b, const int r, const int z, const bool legacy = false)
{
  tissue::LatticeOptions rules;
  rules.legacy = legacy;
  regeneration::PlacedCell cell;
  const bool is_there = b.is_seeded(20 + r, 20, 30 + z, rules, cell);
  return {is_there, cell.age};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_gap_has_tissue_and_beyond_it_marrow_bone_and_callus)
{
  const LatticeBody b = body(options());
  for (const int side : {-1, 1}) {
    BOOST_TEST((at(b, 0, side * 9) == Ground::tissue));
    BOOST_TEST((at(b, 14, side * 9) == Ground::tissue));
    BOOST_TEST((at(b, 15, side * 9) == Ground::outside));
    BOOST_TEST((at(b, 6, side * 10) == Ground::marrow)); // the gap ends at 10 mm
    BOOST_TEST((at(b, 7, side * 10) == Ground::host_bone));
    BOOST_TEST((at(b, 10, side * 10) == Ground::host_bone));
    BOOST_TEST((at(b, 11, side * 10) == Ground::tissue));
    BOOST_TEST((at(b, 11, side * 18) == Ground::tissue));
    BOOST_TEST((at(b, 11, side * 19) == Ground::outside)); // callus reaches 8 mm along the bone
    BOOST_TEST((at(b, 6, side * 30) == Ground::marrow));
  }
  LatticeBodyOptions annulus = options();
  annulus.inner_radius = 5;
  BOOST_TEST((at(body(annulus), 4, 0) == Ground::marrow));
  BOOST_TEST((at(body(annulus), 5, 0) == Ground::tissue));
  LatticeBodyOptions box = options();
  box.shape = "box";
  BOOST_TEST((at(body(box), 20, 30) == Ground::tissue));
}

BOOST_AUTO_TEST_CASE(plate_goes_before_scaffold_before_graft)
{
  LatticeBodyOptions o = options();
  o.graft_where = "if(x > 0.5, 1, 0)";
  o.scaffold_where = "if(x > 1.5, 1, 0)";
  o.plate_where = "if(x > 2.5, 1, 0)";
  const LatticeBody b = body(o);
  BOOST_TEST((at(b, 0, 0) == Ground::tissue));
  BOOST_TEST((at(b, 1, 0) == Ground::graft));
  BOOST_TEST((at(b, 2, 0) == Ground::scaffold));
  BOOST_TEST((at(b, 3, 0) == Ground::plate));
  BOOST_TEST((at(b, 3, 10) == Ground::marrow)); // not tissue: stays
}

BOOST_AUTO_TEST_CASE(cells_begin_on_every_third_layer_of_marrow_and_periosteum)
{
  const LatticeBody b = body(options());
  for (const int side : {-1, 1}) {
    for (int beyond = 0; beyond < 12; ++beyond) {
      BOOST_TEST(seed(b, 3, side * (10 + beyond)).is_there == (beyond == 0 || beyond == 3)); // 4 mm deep
      BOOST_TEST(seed(b, 11, side * (10 + beyond)).is_there == (beyond % 3 == 0 && beyond <= 8));
    }
    BOOST_TEST(!seed(b, 12, side * 10).is_there); // the periosteum is one site thick
    BOOST_TEST(!seed(b, 9, side * 10).is_there);
    BOOST_TEST(!seed(b, 3, side * 9).is_there);
  }
}

BOOST_AUTO_TEST_CASE(legacy_cells_in_the_marrow_of_the_far_end_have_no_age)
{
  const LatticeBody b = body(options());
  BOOST_TEST(seed(b, 3, 10).age == 1);
  BOOST_TEST(seed(b, 3, 10, true).age == 0);
  BOOST_TEST(seed(b, 3, -10, true).age == 1);
  BOOST_TEST(seed(b, 11, 10, true).age == 1);
}

BOOST_AUTO_TEST_CASE(graft_cells_are_a_share_of_the_graft)
{
  LatticeBodyOptions o = options();
  o.shape = "box";
  o.graft_where = "if(x > 0.5, 1, 0)";
  o.graft_cells = 0.1;
  const LatticeBody b = body(o);
  int inside = 0, elsewhere = 0;
  for (int x = -20; x <= 20; ++x)
    for (int z = -30; z <= 30; ++z) (x > 0 ? inside : elsewhere) += seed(b, x, z).is_there;
  BOOST_TEST(elsewhere == 0);
  BOOST_TEST(std::abs(inside - 122) < 5 * 10.5); // 0.1 of 20 x 61 sites, five standard deviations
}

BOOST_AUTO_TEST_CASE(further_cells_are_a_share_of_the_sites_that_are_named)
{
  LatticeBodyOptions o = options();
  o.shape = "box";
  o.cells_where = "if(x > 0.5, 1, 0)";
  const auto count = [&] {
    const LatticeBody b = body(o);
    int n = 0;
    for (int x = -20; x <= 20; ++x)
      for (int z = -30; z <= 30; ++z) n += seed(b, x, z).is_there;
    return n;
  };
  BOOST_TEST(count() == 20 * 61);
  o.cells_share = 0.3;
  BOOST_TEST(std::abs(count() - 366) < 5 * 16); // five standard deviations
}

BOOST_AUTO_TEST_CASE(the_stimulus_is_classified_by_the_thresholds)
{
  const LatticeBody b = body(options());
  BOOST_TEST((b.window(Vector3(0, 0, 1)) == tissue::Window::mature_bone)); // S = 0.3
  BOOST_TEST((b.window(Vector3(0, 0, -1)) == tissue::Window::cartilage));  // S = 2
}
