// ranks: 1 2 3 4
// links: tissue
// The cell lattice: equal cells on any number of ranks, one cell a site, and each rule seen to act.
#include "regeneration/lattice.h"

#include "base/errors.h"
#include "support/small_lattice.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

using namespace wolff;
using namespace wolff::regeneration;
using tissue::Ground;
using tissue::LatticeOptions;
using tissue::Occupant;
using tissue::Window;

namespace {

/// Boxes that fit no slab, and elements that reach over all of them.
ElementGrid labelled()
{
  ElementGrid grid = ElementGrid::blocks(tests::small_extent, 3);
  grid.label = [](const std::int64_t x, const std::int64_t y, const std::int64_t z) {
    return x == 1 && y == 1 ? std::int64_t{-1} : (x + 2 * y + z) % 13 * 3;
  };
  return grid;
}

struct Variant
{
  std::string name;
  LatticeOptions options;
  ElementGrid grid;
};

std::vector<Variant> variants()
{
  const ElementGrid blocks = ElementGrid::blocks(tests::small_extent, 4);
  std::vector<Variant> all{{"2020", {}, blocks}};
  const auto add = [&](const std::string &name, const ElementGrid &grid, const auto &change) {
    LatticeOptions options;
    change(options);
    all.push_back({name, options, grid});
  };
  add("2022", blocks, [](LatticeOptions &o) {
    o.division_patterns = "one moves";
    o.drop_factor = 5;
    o.surface_guided_migration = o.surface_guided_deposition = o.bone_dies_of_disuse_only = true;
  });
  add("non-stimulated", blocks, [](LatticeOptions &o) { o.late_msc_division = "nowhere"; });
  add("stimulated", blocks, [](LatticeOptions &o) {
    o.late_msc_division = "in graft";
    o.graft_differentiation = 0.5;
    o.migration_into_graft_only = true;
  });
  add("stromal cells die", labelled(), [](LatticeOptions &o) {
    o.msc_death = 0.05;
    o.jumps = 14;
  });
  add("scaffold erodes", labelled(), [](LatticeOptions &o) {
    o.bulk_erosion = 0.3;
    o.surface_erosion = 0.3;
    o.surface_guided_migration = true;
  });
  add("legacy", blocks, [](LatticeOptions &o) { o.legacy = true; });
  add("legacy, elements of several ranks", labelled(), [](LatticeOptions &o) {
    o.legacy = true;
    o.msc_death = 0.05;
    o.surface_guided_migration = true;
  });
  return all;
}

Lattice small(const MPI_Comm comm, const Variant &variant)
{
  return Lattice(comm, tests::small_extent, tests::small_ground, variant.grid, variant.options);
}

/// A box of tissue without walls inside, one element.
Lattice box(const std::int64_t n, const LatticeOptions &options, const Ground ground = Ground::tissue)
{
  const LatticeExtent extent{n, n, n};
  return Lattice(
      MPI_COMM_WORLD, extent, [=](auto, auto, auto) { return ground; }, ElementGrid::blocks(extent, 8),
      options);
}

std::vector<Window> everywhere(const Lattice &lattice, const Window window)
{
  return std::vector<Window>(lattice.elements().size(), window);
}

std::int64_t summed(std::int64_t n)
{
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  return n;
}

/// Each site has at most one cell, and the sites' own codes agree with the lists.
bool is_sound(const Lattice &lattice)
{
  std::set<std::array<std::int64_t, 3>> places;
  bool sound = true;
  for (const PlacedCell &c : lattice.cells()) {
    sound = sound && c.kind != Occupant::none && places.insert({c.x, c.y, c.z}).second;
    sound = sound && c.z >= lattice.slab().z_begin() && c.z < lattice.slab().z_end();
  }
  std::size_t on_sites = 0;
  for (std::int64_t z = lattice.slab().z_begin(); z < lattice.slab().z_end(); ++z)
    for (std::int64_t y = 0; y < lattice.slab().extent().ny; ++y)
      for (std::int64_t x = 0; x < lattice.slab().extent().nx; ++x)
        on_sites += tissue::occupant_of(lattice.slab().code(lattice.slab().index(x, y, z))) != Occupant::none;
  return sound && on_sites == places.size();
}

} // namespace

BOOST_AUTO_TEST_CASE(sixty_days_of_every_variant_give_the_same_cells_on_any_number_of_ranks)
{
  std::set<std::uint64_t> different;
  for (const Variant &variant : variants()) {
    BOOST_TEST_CONTEXT(variant.name)
    {
      Lattice alone = small(MPI_COMM_SELF, variant), together = small(MPI_COMM_WORLD, variant);
      tests::fill(alone);
      tests::fill(together);
      for (int day = 1; day <= 60; ++day) {
        const LatticeReport a = alone.advance(day, tests::mixed_stimulus(alone, day));
        const LatticeReport b = together.advance(day, tests::mixed_stimulus(together, day));
        BOOST_REQUIRE(a.jumps == b.jumps);
        BOOST_REQUIRE(a.blocked_jumps == b.blocked_jumps);
        BOOST_REQUIRE(a.lost_divisions == b.lost_divisions);
        BOOST_REQUIRE(a.left == b.left);
        BOOST_REQUIRE(a.eroded == b.eroded);
        BOOST_REQUIRE(a.born == b.born);
        BOOST_REQUIRE(a.died == b.died);
        BOOST_REQUIRE(a.differentiated == b.differentiated);
        BOOST_REQUIRE(alone.checksum() == together.checksum());
      }
      BOOST_TEST(alone.counts() == together.counts());
      BOOST_TEST(is_sound(alone));
      BOOST_TEST(is_sound(together));
      const auto counts = together.counts();
      for (std::size_t kind = 0; kind < tissue::n_occupants; ++kind) BOOST_TEST(counts[kind] > 0);
      different.insert(together.checksum());
    }
  }
  BOOST_TEST(different.size() == variants().size()); // every variant does something
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_cells_and_the_same_seed_the_same)
{
  const auto run = [](const int seed) {
    Variant variant{"", {}, ElementGrid::blocks(tests::small_extent, 4)};
    variant.options.seed = seed;
    Lattice lattice = small(MPI_COMM_WORLD, variant);
    tests::fill(lattice);
    for (int day = 1; day <= 8; ++day) lattice.advance(day, tests::mixed_stimulus(lattice, day));
    return lattice.checksum();
  };
  BOOST_TEST(run(1) == run(1));
  BOOST_TEST(run(1) != run(2));
}

// Bin(n, p): mean and variance of the number that differentiates in an element, over 512 elements of some 100
// cells each; chi-square of 511 degrees has a standard deviation of sqrt(2 511).
BOOST_AUTO_TEST_CASE(numbers_that_differentiate_in_an_element_are_binomial)
{
  LatticeOptions o = tests::quiet();
  o.differentiation = 0.3;
  Lattice lattice = box(64, o);
  const auto cells = lattice.seed([](auto x, auto y, auto z, PlacedCell &cell) {
    cell.age = 6;
    return (x + 2 * y + 3 * z) % 5 == 0;
  });
  BOOST_TEST(cells > 50000);
  const std::vector<std::uint32_t> before = lattice.element_counts();
  const LatticeReport report = lattice.advance(6, everywhere(lattice, Window::cartilage));
  const std::vector<std::uint32_t> after = lattice.element_counts();
  double chi_square = 0, sums[2];
  std::int64_t changed = 0;
  for (std::size_t e = 0; e < lattice.elements().size(); ++e) {
    const double n = before[6 * e + 1], k = after[6 * e + index(Occupant::chondrocyte)];
    BOOST_TEST(after[6 * e + 1] + k == n);
    chi_square += (k - 0.3 * n) * (k - 0.3 * n) / (n * 0.3 * 0.7);
    changed += static_cast<std::int64_t>(k);
  }
  sums[0] = chi_square;
  sums[1] = static_cast<double>(lattice.elements().size());
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  BOOST_TEST(std::abs(sums[0] - sums[1]) < 5 * std::sqrt(2 * sums[1]));
  changed = summed(changed);
  BOOST_TEST(changed == report.differentiated[index(Occupant::chondrocyte)]);
  const double mean = 0.3 * static_cast<double>(cells);
  BOOST_TEST(std::abs(static_cast<double>(changed) - mean) < 5 * std::sqrt(0.7 * mean));
}

BOOST_AUTO_TEST_CASE(legacy_runs_round_the_numbers_of_an_element_down)
{
  LatticeOptions o = tests::quiet();
  o.differentiation = 0.3;
  o.fibroblast_death = 0.05;
  o.msc_division = 0.6;
  o.division_patterns = "one moves";
  o.legacy = true;
  const auto with = [&](const int mscs, const int fibroblasts) {
    Lattice lattice = box(8, o);
    std::vector<PlacedCell> cells;
    for (int k = 0; k < mscs + fibroblasts; ++k)
      cells.push_back(
          {1 + 2 * (k % 3), 1 + 2 * (k / 3 % 3), k / 9, k < mscs ? Occupant::msc : Occupant::fibroblast, 6});
    lattice.place(cells);
    return lattice.advance(6, everywhere(lattice, Window::cartilage));
  };
  // "Fewer than 4 mature stromal cells never differentiate, fewer than 20 fibroblasts never die."
  BOOST_TEST(with(3, 0).differentiated[index(Occupant::chondrocyte)] == 0);
  BOOST_TEST(with(4, 0).differentiated[index(Occupant::chondrocyte)] == 1);
  BOOST_TEST(with(10, 0).differentiated[index(Occupant::chondrocyte)] == 3);
  BOOST_TEST(with(0, 19).died[index(Occupant::fibroblast)] == 0);
  BOOST_TEST(with(0, 20).died[index(Occupant::fibroblast)] == 1);
  BOOST_TEST(with(0, 39).died[index(Occupant::fibroblast)] == 1);
  BOOST_TEST(with(1, 0).born[index(Occupant::msc)] == 0);
  BOOST_TEST(with(3, 0).born[index(Occupant::msc)] == 1);
}

BOOST_AUTO_TEST_CASE(a_cell_that_has_no_age_never_matures)
{
  LatticeOptions o = tests::quiet();
  o.differentiation = 1;
  Lattice lattice = box(8, o);
  lattice.place({{1, 1, 1, Occupant::msc, 0}, {5, 5, 5, Occupant::msc, 1}});
  for (int day = 1; day <= 12; ++day) lattice.advance(day, everywhere(lattice, Window::fibrous));
  BOOST_TEST(lattice.counts()[index(Occupant::msc)] == 1);
  BOOST_TEST(lattice.counts()[index(Occupant::fibroblast)] == 1);
  for (const PlacedCell &c : lattice.cells())
    if (c.kind == Occupant::msc) BOOST_TEST(static_cast<int>(c.age) == 0);
}

BOOST_AUTO_TEST_CASE(division_in_a_full_neighbourhood_is_lost)
{
  LatticeOptions o = tests::quiet();
  o.msc_division = 1;
  Lattice full = box(8, o);
  full.seed([](auto, auto, auto, PlacedCell &) { return true; });
  BOOST_TEST(full.advance(1, everywhere(full, Window::resorption)).lost_divisions == 512);
  // One free site in a full box: its six neighbours want it, one gets it.
  Lattice nearly = box(8, o);
  nearly.seed([](auto x, auto y, auto z, PlacedCell &) { return x != 4 || y != 4 || z != 4; });
  const LatticeReport report = nearly.advance(1, everywhere(nearly, Window::resorption));
  BOOST_TEST(report.born[index(Occupant::msc)] == 1);
  BOOST_TEST(report.lost_divisions == 510);
  BOOST_TEST(nearly.counts()[0] == 0);
}

BOOST_AUTO_TEST_CASE(daughters_are_young_and_the_mother_of_2022_keeps_her_age)
{
  for (const bool is_2022 : {false, true}) {
    LatticeOptions o = tests::quiet();
    o.msc_division = 1;
    if (is_2022) o.division_patterns = "one moves";
    Lattice lattice = box(16, o);
    lattice.seed([](auto x, auto y, auto z, PlacedCell &cell) {
      cell.age = 30;
      return x % 4 == 1 && y % 4 == 1 && z % 4 == 1;
    });
    lattice.advance(1, everywhere(lattice, Window::resorption));
    std::int64_t young = 0, old = 0, stayed = 0;
    for (const PlacedCell &c : lattice.cells()) {
      young += c.age == 2; // 1 in the morning
      old += c.age == 31;
      stayed += c.x % 4 == 1 && c.y % 4 == 1 && c.z % 4 == 1;
    }
    BOOST_TEST(summed(young) == (is_2022 ? 64 : 128));
    BOOST_TEST(summed(old) == (is_2022 ? 64 : 0));
    // 15 of 21 patterns leave the mother's site: 64 cells, 5 standard deviations are 18.
    const auto left = static_cast<double>(64 - summed(stayed));
    BOOST_TEST(std::abs(left - (is_2022 ? 0 : 64 * 15.0 / 21)) <= (is_2022 ? 0 : 18));
  }
}

BOOST_AUTO_TEST_CASE(guided_cells_stay_at_surfaces_and_free_ones_do_not)
{
  // A scaffold wall across the middle: guided cells that start beside it never leave its two layers.
  const LatticeExtent extent{12, 12, 24};
  for (const bool guided : {false, true}) {
    LatticeOptions o = tests::quiet();
    o.jumps = 7;
    o.surface_guided_migration = guided;
    o.surface_guided_deposition = true;
    Lattice lattice(
        MPI_COMM_WORLD, extent,
        [](auto, auto, const std::int64_t z) { return z == 11 ? Ground::scaffold : Ground::tissue; },
        ElementGrid::blocks(extent, 4), o);
    lattice.seed(
        [](auto x, auto y, auto z, PlacedCell &) { return (z == 10 || z == 12) && (x + y) % 3 == 0; });
    for (int day = 1; day <= 5; ++day) lattice.advance(day, everywhere(lattice, Window::fibrous));
    std::int64_t away = 0, moved = 0;
    for (const PlacedCell &c : lattice.cells()) {
      away += c.z < 10 || c.z > 12;
      moved += (c.x + c.y) % 3 != 0;
    }
    BOOST_TEST((summed(away) == 0) == guided);
    BOOST_TEST(summed(moved) > 0);
  }
}

BOOST_AUTO_TEST_CASE(guided_deposition_begins_at_a_surface_and_goes_on_from_cell_to_cell)
{
  const LatticeExtent extent{12, 12, 24};
  LatticeOptions o = tests::quiet();
  o.differentiation = 1;
  o.surface_guided_deposition = true;
  for (const bool stacked : {false, true}) {
    Lattice lattice(
        MPI_COMM_WORLD, extent,
        [](auto, auto, const std::int64_t z) { return z == 11 ? Ground::host_bone : Ground::tissue; },
        ElementGrid::blocks(extent, 4), o);
    lattice.seed([=](auto x, auto y, auto z, PlacedCell &cell) {
      cell.age = 6;
      return x % 3 == 1 && y % 3 == 1 && (stacked || z % 2 == 0);
    });
    const auto settled = [&](const int day) {
      return lattice.advance(day, everywhere(lattice, Window::fibrous))
          .differentiated[index(Occupant::fibroblast)];
    };
    // Alone, the 2 x 16 cells at the bone; in columns, those above them follow, all in the end.
    const std::int64_t first = settled(6);
    if (!stacked) BOOST_TEST(first == 2 * 16);
    if (stacked) BOOST_TEST(first > 2 * 16);
    std::int64_t all = first;
    for (int day = 7; day < 30; ++day) all += settled(day);
    BOOST_TEST(all == (stacked ? 23 * 16 : 2 * 16));
  }
}

BOOST_AUTO_TEST_CASE(cells_outside_of_tissue_and_marrow_are_lost_in_the_evening)
{
  LatticeOptions o = tests::quiet();
  o.jumps = 7;
  const LatticeExtent extent{10, 10, 20};
  Lattice lattice(
      MPI_COMM_WORLD, extent,
      [](auto, auto, const std::int64_t z) {
        return z < 8 ? Ground::tissue : z < 12 ? Ground::marrow : Ground::outside;
      },
      ElementGrid::blocks(extent, 4), o);
  const std::int64_t cells = lattice.seed([](auto x, auto, auto z, PlacedCell &) { return x == 4 && z > 5; });
  std::int64_t left = 0;
  for (int day = 1; day <= 10; ++day) {
    left += lattice.advance(day, everywhere(lattice, Window::fibrous)).left;
    for (const PlacedCell &c : lattice.cells()) BOOST_REQUIRE(c.z < 12);
  }
  BOOST_TEST(left > 0);
  BOOST_TEST(lattice.n_stromal() == cells - left);
}

BOOST_AUTO_TEST_CASE(migration_into_graft_only_takes_cells_into_graft_and_not_out)
{
  LatticeOptions o = tests::quiet();
  o.jumps = 7;
  o.migration_into_graft_only = true;
  o.graft_migration_from = 3;
  const LatticeExtent extent{12, 12, 16};
  Lattice lattice(
      MPI_COMM_WORLD, extent,
      [](auto, auto, const std::int64_t z) { return z < 8 ? Ground::tissue : Ground::graft; },
      ElementGrid::blocks(extent, 4), o);
  lattice.seed([](auto x, auto y, auto z, PlacedCell &) { return (x + y + z) % 4 == 0; });
  const auto in_graft = [&] {
    std::int64_t n = 0;
    for (const PlacedCell &c : lattice.cells()) n += c.z >= 8;
    return summed(n);
  };
  std::int64_t before = 0;
  for (int day = 1; day <= 12; ++day) {
    lattice.advance(day, everywhere(lattice, Window::fibrous));
    if (day > 3) BOOST_TEST(in_graft() >= before);
    before = in_graft();
  }
  BOOST_TEST(before > lattice.n_stromal() / 2);
}

BOOST_AUTO_TEST_CASE(a_site_on_the_border_of_two_elements_belongs_to_the_upper_one)
{
  // Centres 50, 150, 250 ... of a spacing of 100 on elements of 250 from -200 on: 250, 350, 450 | 550 ...
  BOOST_TEST(elements_along(8, 100, 200, 250, 3) == std::vector<std::int32_t>({1, 1, 1, 2, 2, -1, -1, -1}),
             boost::test_tools::per_element());
  BOOST_TEST(elements_along(3, 100, -200, 250, 2) == std::vector<std::int32_t>({-1, -1, 0}),
             boost::test_tools::per_element());
  BOOST_TEST(ElementGrid::blocks({10, 10, 30}, 4).alignment() == 4);
}

BOOST_AUTO_TEST_CASE(slabs_have_three_layers_or_none_and_share_the_work)
{
  using Cuts = std::vector<std::int64_t>;
  BOOST_TEST(slab_cuts(std::vector<double>(40, 1.0), 4, 4) == Cuts({0, 12, 20, 32, 40}),
             boost::test_tools::per_element());
  std::vector<double> heavy(30, 0.0);
  heavy[29] = 1;
  for (const auto &[weights, alignment] :
       {std::pair(heavy, 1), std::pair(heavy, 5), std::pair(std::vector<double>(5, 1.0), 1),
        std::pair(std::vector<double>(7, 1.0), 1), std::pair(std::vector<double>(7, 1.0), 4),
        std::pair(std::vector<double>(2, 1.0), 1), std::pair(std::vector<double>(31, 0.0), 2)})
    for (int ranks = 1; ranks < 9; ++ranks) {
      const Cuts cuts = slab_cuts(weights, alignment, ranks);
      BOOST_REQUIRE(static_cast<int>(cuts.size()) == ranks + 1);
      BOOST_TEST(cuts.front() == 0);
      BOOST_TEST(cuts.back() == static_cast<std::int64_t>(weights.size()));
      for (std::size_t r = 0; r + 1 < cuts.size(); ++r) {
        const std::int64_t layers = cuts[r + 1] - cuts[r];
        BOOST_TEST((layers == 0 || layers >= 3 || layers == cuts.back()));
        BOOST_TEST((cuts[r] % alignment == 0 || cuts[r] == cuts.back()));
      }
    }
}

BOOST_AUTO_TEST_CASE(a_stimulus_for_another_number_of_elements_is_refused)
{
  Lattice lattice = box(8, {});
  BOOST_CHECK_EXCEPTION(lattice.advance(1, std::vector<Window>(lattice.elements().size() + 1)), Fault,
                        [](const Fault &f) { return f.name() == "lattice-elements"; });
}

BOOST_AUTO_TEST_CASE(elements_of_several_ranks_count_once_and_add_up)
{
  const Lattice lattice = small(MPI_COMM_WORLD, {"", {}, labelled()});
  const LatticeElements &elements = lattice.elements();
  // Labels are 0, 3, ... 36, and every one is all over the lattice.
  const std::vector<std::uint8_t> first = elements.are_first_seen(MPI_COMM_WORLD);
  BOOST_TEST(summed(std::count(first.begin(), first.end(), 1)) == 13);
  const std::vector<std::uint32_t> counts = lattice.element_counts();
  std::vector<std::int64_t> sites;
  for (std::size_t e = 0; e < elements.size(); ++e) {
    sites.push_back(counts[e * tissue::n_occupants]);
    sites.push_back(1);
  }
  elements.sum_over_ranks(MPI_COMM_WORLD, 2, sites);
  std::vector<std::int64_t> expected(13, 0), ranks(13, 0);
  for (std::int64_t z = 0; z < tests::small_extent.nz; ++z)
    for (std::int64_t y = 0; y < tests::small_extent.ny; ++y)
      for (std::int64_t x = 0; x < tests::small_extent.nx; ++x) {
        const bool none = x / 3 == 1 && y / 3 == 1;
        const tissue::SiteCode code = tissue::site_code(tests::small_ground(x, y, z));
        if (!none && tissue::contains(tissue::sites::in_elements, code))
          ++expected[static_cast<std::size_t>((x / 3 + 2 * (y / 3) + z / 3) % 13)];
      }
  for (std::size_t e = 0; e < elements.size(); ++e) {
    const auto label = static_cast<std::size_t>(elements.ids()[e] / 3);
    BOOST_TEST(sites[2 * e] == expected[label]);
    ranks[label] = 1;
  }
  MPI_Allreduce(MPI_IN_PLACE, ranks.data(), 13, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  for (std::size_t e = 0; e < elements.size(); ++e)
    BOOST_TEST(sites[2 * e + 1] == ranks[static_cast<std::size_t>(elements.ids()[e] / 3)]);
}

// A block of 6^3 sites of scaffold, a wire and single sites. By hand: inside the block six scaffold
// neighbours, on its faces five, edges four, corners three; along the wire two, at its ends one; single sites
// none.
BOOST_AUTO_TEST_CASE(scaffold_erodes_by_its_number_of_scaffold_neighbours)
{
  const LatticeExtent extent{24, 24, 24};
  const auto is_block = [](auto x, auto y, auto z) {
    return x < 9 && x >= 3 && y < 9 && y >= 3 && z < 9 && z >= 3;
  };
  const auto is_wire = [](auto x, auto y, auto z) { return x == 15 && y == 5 && z >= 2 && z < 22; };
  const auto is_single = [](auto x, auto y, auto z) {
    return y >= 12 && x % 2 == 0 && y % 2 == 0 && z % 2 == 0;
  };
  const auto ground = [&](auto x, auto y, auto z) {
    return is_block(x, y, z) || is_wire(x, y, z) || is_single(x, y, z) ? Ground::scaffold : Ground::tissue;
  };
  const auto after_a_day = [&](const double surface, const double bulk) {
    LatticeOptions o = tests::quiet();
    o.surface_erosion = surface;
    o.bulk_erosion = bulk;
    Lattice lattice(MPI_COMM_WORLD, extent, ground, ElementGrid::blocks(extent, 5), o);
    const auto sites = lattice.counts()[0];
    const LatticeReport report = lattice.advance(1, everywhere(lattice, Window::cartilage));
    BOOST_TEST(lattice.counts()[0] - sites == report.eroded); // it is tissue now
    std::int64_t left = 0;
    for (const std::uint32_t n : lattice.element_scaffold()) left += n;
    BOOST_TEST(summed(left) + report.eroded == 6 * 6 * 6 + 20 + 12 * 12 * 6);
    bool right = true;
    for (const SitePlace &s : lattice.eroded())
      right = right && (surface > 0 ? !is_block(s.x, s.y, s.z)
                                    : s.x > 3 && s.x < 8 && s.y > 3 && s.y < 8 && s.z > 3 && s.z < 8);
    BOOST_TEST(right);
    return report.eroded;
  };
  BOOST_TEST(after_a_day(1, 0) == 20 + 12 * 12 * 6);
  BOOST_TEST(after_a_day(0, 1) == 4 * 4 * 4);
  // Bin(884, 0.3): mean 265, standard deviation 13.6.
  BOOST_TEST(std::abs(static_cast<double>(after_a_day(0.3, 0)) - 0.3 * 884) < 4 * 13.6);
}

BOOST_AUTO_TEST_CASE(a_lattice_with_erosion_goes_on_from_its_cells_and_eroded_sites)
{
  const auto all = variants();
  const Variant &variant =
      *std::find_if(all.begin(), all.end(), [](const Variant &v) { return v.name == "scaffold erodes"; });
  Lattice whole = small(MPI_COMM_SELF, variant);
  tests::fill(whole);
  for (int day = 1; day <= 12; ++day) whole.advance(day, tests::mixed_stimulus(whole, day));
  BOOST_TEST(whole.eroded().size() > 5U);
  Lattice again = small(MPI_COMM_WORLD, variant);
  BOOST_TEST(again.erode(whole.eroded()) == static_cast<std::int64_t>(whole.eroded().size()));
  BOOST_TEST(again.place(whole.cells()) == static_cast<std::int64_t>(whole.cells().size()));
  for (int day = 13; day <= 25; ++day) {
    whole.advance(day, tests::mixed_stimulus(whole, day));
    again.advance(day, tests::mixed_stimulus(again, day));
    BOOST_REQUIRE(whole.checksum() == again.checksum());
  }
  BOOST_TEST(again.erode({{1, 5, 20}}) == 0); // tissue, not scaffold
}
