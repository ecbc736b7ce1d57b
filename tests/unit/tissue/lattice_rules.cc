// Codes of sites, daily chances with their variants, and patterns of division of the cell lattice.
#include "tissue/lattice_rules.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

using namespace wolff;
using namespace wolff::tissue;

namespace {

std::uint64_t bound(const double p)
{
  return chance_bound(p);
}

std::size_t at(const Window w)
{
  return static_cast<std::size_t>(w);
}

constexpr Occupant msc = Occupant::msc, ob = Occupant::mature_osteoblast,
                   young_ob = Occupant::immature_osteoblast, cc = Occupant::chondrocyte,
                   fb = Occupant::fibroblast;

} // namespace

BOOST_AUTO_TEST_CASE(a_code_names_ground_and_occupant_and_every_code_is_distinct)
{
  std::set<SiteCode> seen;
  for (const Ground ground : {Ground::tissue, Ground::graft, Ground::marrow, Ground::outside,
                              Ground::host_bone, Ground::scaffold, Ground::plate, Ground::wall}) {
    const bool for_all = ground == Ground::tissue || ground == Ground::graft;
    const bool for_msc = ground == Ground::marrow || ground == Ground::outside;
    for (std::size_t o = 0; o < (for_all ? n_occupants : for_msc ? 2 : 1); ++o) {
      const SiteCode code = site_code(ground, static_cast<Occupant>(o));
      BOOST_TEST(seen.insert(code).second);
      BOOST_TEST(code <= site_code_bits);
      BOOST_TEST((ground_of(code) == ground));
      BOOST_TEST(index(occupant_of(code)) == o);
    }
  }
}

BOOST_AUTO_TEST_CASE(sets_of_sites_hold_what_their_names_say)
{
  using namespace sites;
  BOOST_TEST(contains(free_for_jump, site_code(Ground::outside)));
  BOOST_TEST(!contains(free_for_birth, site_code(Ground::outside)));
  BOOST_TEST(!contains(free_for_jump, site_code(Ground::tissue, msc)));
  BOOST_TEST(!contains(surface, site_code(Ground::tissue, msc)));
  BOOST_TEST(contains(surface, site_code(Ground::graft, cc)));
  BOOST_TEST(contains(surface, site_code(Ground::host_bone)));
  BOOST_TEST(contains(surface, site_code(Ground::scaffold)));
  BOOST_TEST(!contains(surface, site_code(Ground::plate))); // steel is excluded
  BOOST_TEST(!contains(surface, site_code(Ground::wall)));
  BOOST_TEST(contains(in_elements, site_code(Ground::graft, fb)));
  BOOST_TEST(!contains(in_elements, site_code(Ground::marrow, msc)));
}

BOOST_AUTO_TEST_CASE(the_defaults_are_the_chances_of_the_2020_program)
{
  const LatticeDay day = lattice_day({}, 20);
  for (const Window w : {Window::resorption, Window::mature_bone, Window::fibrous})
    BOOST_TEST(day.division[0][index(msc)][at(w)] == bound(0.60));
  BOOST_TEST(day.division[0][index(fb)][at(Window::fibrous)] == bound(0.55));
  BOOST_TEST(day.division[1][index(cc)][at(Window::cartilage)] == bound(0.20));
  BOOST_TEST(day.division[0][index(ob)][at(Window::immature_bone)] == bound(0.30));
  BOOST_TEST(day.division[0][index(cc)][at(Window::fibrous)] == 0U);
  BOOST_TEST(day.differentiation[0][at(Window::cartilage)] == bound(0.30));
  BOOST_TEST(day.differentiation[1][at(Window::mature_bone)] == bound(0.30));
  BOOST_TEST(day.differentiation[0][at(Window::resorption)] == 0U);
  BOOST_TEST(day.death[index(ob)][at(Window::cartilage)] == bound(0.16));
  BOOST_TEST(day.death[index(young_ob)][at(Window::mature_bone)] == 0U); // any bone stimulus spares it
  BOOST_TEST(day.death[index(cc)][at(Window::mature_bone)] == bound(0.10));
  BOOST_TEST(day.death[index(fb)][at(Window::resorption)] == bound(0.05));
  BOOST_TEST(day.death[index(fb)][at(Window::fibrous)] == 0U);
  BOOST_TEST(day.death[index(msc)][at(Window::resorption)] == 0U);
  BOOST_TEST(day.jumps == 7U);
  BOOST_TEST(!lattice_day({}, 5).cells_change);
  BOOST_TEST(lattice_day({}, 6).cells_change);
}

BOOST_AUTO_TEST_CASE(variants_change_the_chances_they_name_and_no_others)
{
  LatticeOptions o;
  o.drop_factor = 5;
  BOOST_TEST(lattice_day(o, 15).division[0][index(msc)][0] == bound(0.60));
  BOOST_TEST(lattice_day(o, 16).division[0][index(msc)][0] == bound(0.12));
  BOOST_TEST(lattice_day(o, 16).differentiation[0][at(Window::fibrous)] == bound(0.06));
  BOOST_TEST(lattice_day(o, 16).death[index(ob)][at(Window::fibrous)] == bound(0.16)); // deaths do not drop

  o = {};
  o.late_msc_division = "nowhere";
  BOOST_TEST(lattice_day(o, 15).division[0][index(msc)][0] == bound(0.60));
  BOOST_TEST(lattice_day(o, 16).division[1][index(msc)][0] == 0U);
  BOOST_TEST(lattice_day(o, 16).division[0][index(fb)][at(Window::fibrous)] == bound(0.55));
  o.late_msc_division = "in graft";
  BOOST_TEST(lattice_day(o, 16).division[0][index(msc)][0] == 0U);
  BOOST_TEST(lattice_day(o, 16).division[1][index(msc)][0] == bound(0.60));

  o = {};
  o.graft_differentiation = 0.5;
  BOOST_TEST(lattice_day(o, 10).differentiation[1][at(Window::immature_bone)] == bound(0.5));
  BOOST_TEST(lattice_day(o, 10).differentiation[1][at(Window::cartilage)] == bound(0.3));
  BOOST_TEST(lattice_day(o, 10).differentiation[0][at(Window::immature_bone)] == bound(0.3));

  o = {};
  o.bone_dies_of_disuse_only = true;
  BOOST_TEST(lattice_day(o, 10).death[index(ob)][at(Window::fibrous)] == 0U);
  BOOST_TEST(lattice_day(o, 10).death[index(ob)][at(Window::resorption)] == bound(0.16));
  BOOST_TEST(lattice_day(o, 10).death[index(cc)][at(Window::fibrous)] == bound(0.10));

  o = {};
  o.migration_into_graft_only = true;
  BOOST_TEST((lattice_day(o, 9).jump_targets == sites::free_for_jump));
  BOOST_TEST((lattice_day(o, 10).jump_targets == sites::free_in_graft));
}

// Six free neighbours: 6 + 15 = 21 patterns, 6 in the program of 2022. Each as often as the others: 5
// standard deviations of a binomial count.
BOOST_AUTO_TEST_CASE(patterns_of_division_are_chosen_uniformly_among_the_free_ones)
{
  constexpr int n = 84000;
  for (const auto &[patterns, free, expected] :
       {std::tuple(DivisionPatterns::one_or_both_move, 63U, 21U),
        std::tuple(DivisionPatterns::one_moves, 63U, 6U),
        std::tuple(DivisionPatterns::one_or_both_move, 0b101001U, 6U),
        std::tuple(DivisionPatterns::one_or_both_move, 0b000100U, 1U)}) {
    std::map<std::pair<int, int>, int> seen;
    for (std::uint32_t i = 0; i < n; ++i) {
      const Division d = choose_division(patterns, free, philox({i, 1, 2, 3}, {4, 5})[0]);
      BOOST_REQUIRE((free >> d.first & 1U) == 1U);
      if (d.second != no_direction) BOOST_REQUIRE(((free >> d.second & 1U) == 1U && d.second > d.first));
      ++seen[{d.first, d.second}];
    }
    BOOST_TEST(seen.size() == expected);
    const double mean = static_cast<double>(n) / expected;
    for (const auto &[pattern, count] : seen)
      BOOST_TEST(std::abs(count - mean) <= 5 * std::sqrt(mean * (1 - 1.0 / expected)));
  }
}

BOOST_AUTO_TEST_CASE(draws_differ_by_site_day_purpose_round_and_seed)
{
  const Draws draws{7, 3};
  std::set<std::uint32_t> first{draws(5, Purpose::jump, 0)[0],
                                draws(6, Purpose::jump, 0)[0],
                                draws(5 + (std::uint64_t{1} << 32), Purpose::jump, 0)[0],
                                draws(5, Purpose::fate, 0)[0],
                                draws(5, Purpose::jump, 1)[0],
                                Draws{7, 4}(5, Purpose::jump, 0)[0],
                                Draws{8, 3}(5, Purpose::jump, 0)[0],
                                Draws{7 + (std::uint64_t{1} << 32), 3}(5, Purpose::jump, 0)[0]};
  BOOST_TEST(first.size() == 8U);
  BOOST_TEST(draws(5, Purpose::jump, 1)[2] == draws(5, Purpose::jump, 1)[2]);
}
