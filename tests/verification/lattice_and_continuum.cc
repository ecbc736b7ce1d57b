// ranks: 1 2
// links: regeneration tissue
// Where the lattice of cells must agree with the continuum: the walk of lone cells, numbers of cells without
// crowding over sixty days; and how fast a front advances, beside 2 sqrt(r D).
#include "regeneration/lattice.h"

#include "support/small_lattice.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <tuple>

using namespace wolff;
using namespace wolff::regeneration;
using tissue::Ground;
using tissue::LatticeOptions;
using tissue::Occupant;
using tissue::Window;

namespace {

Lattice box(const LatticeExtent &extent, const LatticeOptions &options)
{
  return Lattice(
      MPI_COMM_WORLD, extent, [](auto, auto, auto) { return Ground::tissue; },
      ElementGrid::blocks(extent, 10), options);
}

double summed(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

} // namespace

// 84375 lone walkers in sheets that they leave along z: variance per axis N l^2/3 a day, that is 2 D with
// D = N l^2/6. Standard error sqrt(2/n) = 0.49 %. Neighbours in a sheet, one site in sixteen at first, drive
// each other out of it a little faster.
BOOST_AUTO_TEST_CASE(lone_cells_spread_with_the_variance_of_their_jumps)
{
  constexpr std::int64_t apart = 40;
  constexpr int days = 5;
  LatticeOptions o = tests::quiet();
  o.jumps = 7;
  Lattice lattice = box({300, 300, 15 * apart}, o);
  const std::int64_t n = lattice.seed([](auto x, auto y, auto z, PlacedCell &) {
    return z % apart == apart / 2 && x % 4 == 1 && y % 4 == 1;
  });
  BOOST_TEST(n == 84375);
  const std::vector<Window> stimulus(lattice.elements().size(), Window::fibrous);
  for (int day = 1; day <= days; ++day) lattice.advance(day, stimulus);
  double sum = 0, squares = 0;
  for (const PlacedCell &c : lattice.cells()) {
    const auto height = static_cast<double>(c.z % apart - apart / 2);
    sum += height;
    squares += height * height;
  }
  const double mean = summed(sum) / static_cast<double>(n);
  const double variance = summed(squares) / static_cast<double>(n) - mean * mean;
  BOOST_TEST_MESSAGE("variance " << variance << " sites^2 after " << days
                                 << " days, 2 D t = " << 7.0 * days / 3);
  BOOST_TEST(std::abs(mean) < 5 * std::sqrt(7.0 * days / 3 / static_cast<double>(n)));
  BOOST_TEST(std::abs(variance / (7.0 * days / 3) - 1) < 0.015);
}

// Dilute cells under one stimulus, so that nothing but the chances counts, against the kinetics of the
// continuum with ln(1 + p) and -ln(1 - p): within 2 % on every tenth day. Standard errors are 1 % and less.
BOOST_AUTO_TEST_CASE(dilute_cells_multiply_die_and_differentiate_as_in_the_continuum)
{
  LatticeOptions o = tests::quiet();
  o.jumps = 7;
  o.msc_division = 0.03;
  o.differentiation = 0.02;
  o.fibroblast_death = 0.03;
  o.maturation_age = 0;
  const LatticeExtent extent{160, 160, 160};
  Lattice lattice = box(extent, o);
  const auto sites = static_cast<double>(extent.n_sites());
  lattice.seed([](auto x, auto y, auto z, PlacedCell &cell) {
    const auto words = philox(
        {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(z), 7},
        {3, 0});
    if (words[1] < chance_bound(0.75)) cell.kind = Occupant::fibroblast;
    return words[0] < chance_bound(0.02);
  });
  const auto start = lattice.counts();

  tissue::KineticsOptions continuum;
  continuum.msc_division = std::log(1.03);
  continuum.differentiation = -std::log(1 - 0.02);
  continuum.fibroblast_death = -std::log(1 - 0.03);
  continuum.chondrocyte_division = continuum.bone_production = continuum.cartilage_production = 0;
  continuum.fibrous_production = continuum.endochondral = 0;
  continuum.activity_afterwards = 1;
  tissue::PointState point;
  const auto density = [&](const std::int64_t n) {
    return 0.1 * static_cast<double>(n) / sites;
  }; // no crowding
  const auto msc = index(tissue::Cell::mature_msc), fibroblast = index(tissue::Cell::fibroblast),
             chondrocyte = index(tissue::Cell::chondrocyte);
  point.cells[msc] = density(start[index(Occupant::msc)]);
  point.cells[fibroblast] = density(start[index(Occupant::fibroblast)]);
  continuum.maturation_time = 1e-3; // young cells are mature at once, as on this lattice

  const std::vector<Window> stimulus(lattice.elements().size(), Window::cartilage);
  const tissue::Windows windows{0, 0, 0, 1, 0};
  for (int day = 1; day <= 60; ++day) {
    lattice.advance(day, stimulus);
    point = tissue::advance(point, windows, day - 1, 1, continuum);
    if (day % 10 != 0) continue;
    const auto counts = lattice.counts();
    for (const auto &[name, kind, cell] : {std::tuple("stromal", Occupant::msc, msc),
                                           std::tuple("fibroblasts", Occupant::fibroblast, fibroblast),
                                           std::tuple("chondrocytes", Occupant::chondrocyte, chondrocyte)}) {
      const double wanted = point.cells[cell] * sites * 10, found = static_cast<double>(counts[index(kind)]);
      BOOST_TEST_MESSAGE("day " << day << " " << name << " " << found << ", continuum " << wanted);
      BOOST_TEST(std::abs(found / wanted - 1) < 0.02);
    }
  }
}

// Stromal cells of p = 0.6 advance into empty tissue. The continuum's least speed is 2 sqrt(r D) with r =
// ln 1.6 a day, D = 0.01167 mm^2/day: 0.148 mm/day. In steps of a day, with daughters that leave the mother's
// site, the linear theory of the lattice says 0.155 (least ln G(s)/s over s, G the mean of exp(s
// displacement) over a day's descendants of a cell). Crowded cells jump to what is free rather than wait, so
// they spread faster: 0.177.
BOOST_AUTO_TEST_CASE(a_front_of_dividing_cells_advances_at_a_steady_speed_near_that_of_the_continuum)
{
  LatticeOptions o = tests::quiet();
  o.jumps = 7;
  o.msc_division = 0.6;
  Lattice lattice = box({30, 30, 160}, o);
  lattice.seed([](auto, auto, auto z, PlacedCell &) { return z < 3; });
  const std::vector<Window> stimulus(lattice.elements().size(), Window::fibrous);
  const auto front =
      [&] { // the cells' number in layers of full occupation: where the front would be if sharp
        return static_cast<double>(lattice.n_stromal()) / 900;
      };
  double at_20 = 0, at_40 = 0;
  for (int day = 1; day <= 60; ++day) {
    lattice.advance(day, stimulus);
    if (day == 20) at_20 = front();
    if (day == 40) at_40 = front();
  }
  const double early = (at_40 - at_20) / 20, late = (front() - at_40) / 20;
  const double continuum = 2 * std::sqrt(std::log(1.6) * 7.0 / 6);
  BOOST_TEST_MESSAGE("front: " << 0.1 * early << " mm/day over days 20 to 40, " << 0.1 * late
                               << " over days 40 to 60; 2 sqrt(r D) = " << 0.1 * continuum);
  BOOST_TEST(front() < 150); // still on its way
  BOOST_TEST(std::abs(late / early - 1) < 0.05);
  BOOST_TEST(late / continuum > 1.1);
  BOOST_TEST(late / continuum < 1.3);
}
