// What supply and signals do to a point: gates, windows under a gate, death without oxygen, a faster
// osteoblast.
#include "tissue/environment.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::tissue;

namespace {

constexpr Windows bone_stimulus{0, 0.3, 0.6, 0.1, 0};

double sum(const Windows &windows)
{
  double total = 0;
  for (const double weight : windows) total += weight;
  return total;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_gate_is_closed_without_supply_half_open_at_its_middle_and_a_switch_without_width)
{
  BOOST_TEST(gate(0, 0.01, 0.1) == 0.0);
  BOOST_TEST(gate(0.01, 0.01, 0.1) == 0.5);
  BOOST_TEST(gate(0.02, 0.01, 0.1) == 1 / (1 + std::pow(2.0, -10)), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(gate(1e300, 0.01, 0.1) == 1.0);
  BOOST_TEST(gate(0.0099, 0.01, 0) == 0.0);
  BOOST_TEST(gate(0.01, 0.01, 0) == 1.0);
}

BOOST_AUTO_TEST_CASE(the_rule_says_which_supply_opens_and_none_is_always_open)
{
  SupplyGateOptions options;
  BOOST_TEST(bone_gate({0, 0}, options) == 1.0);
  options.rule = "vessels";
  BOOST_TEST(bone_gate({1, 0}, options) == 0.0);
  BOOST_TEST(bone_gate({0, 31.8}, options) == 0.5);
  options.rule = "oxygen";
  options.oxygen = 0.004;
  BOOST_TEST(bone_gate({0.004, 0}, options) == 0.5);
  BOOST_TEST(bone_gate({0, 100}, options) == 0.0);
}

BOOST_AUTO_TEST_CASE(what_bone_loses_under_a_gate_goes_to_cartilage_or_to_nothing)
{
  SupplyGateOptions options;
  BOOST_TEST((gated(bone_stimulus, 1, options) == bone_stimulus));
  const Windows quarter = gated(bone_stimulus, 0.25, options);
  BOOST_TEST(quarter[1] == 0.075, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(quarter[2] == 0.15, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(quarter[3] == 0.1 + 0.75 * 0.9, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(sum(quarter) == 1.0, boost::test_tools::tolerance(1e-14));
  options.without = "no differentiation";
  BOOST_TEST(sum(gated(bone_stimulus, 0.25, options)) == 0.1 + 0.25 * 0.9,
             boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(hypoxic_death_is_off_by_default_and_needs_its_threshold)
{
  SupplyGateOptions options;
  BOOST_TEST(hypoxic_death(0, options) == 0.0);
  BOOST_TEST(check(options).empty());
  options.hypoxic_death = 0.2;
  BOOST_TEST(check(options).size() == 1U);
  options.critical_oxygen = 0.002;
  BOOST_TEST(check(options).empty());
  BOOST_TEST(hypoxic_death(0, options) == 0.2);
  BOOST_TEST(hypoxic_death(0.002, options) == 0.1);
  BOOST_TEST(hypoxic_death(1, options) == 0.0, boost::test_tools::tolerance(1e-12));
  options.rule = "oxygen";
  BOOST_TEST(check(options).size() == 1U);
}

BOOST_AUTO_TEST_CASE(signals_change_the_rates_that_they_name_and_no_others)
{
  PointState state;
  state.cells = {100, 90, 80, 70, 60, 50, 40};
  const KineticsOptions options;
  const PointState plain = rates(state, bone_stimulus, 1, options),
                   faster = rates(state, bone_stimulus, 1, options, {.osteogenic = 1.5}),
                   dying = rates(state, bone_stimulus, 1, options, {.added_msc_death = 0.1});
  // Half as many again of d a W_b c_m = 0.357 * 0.9 * 70.
  const double more = 0.5 * 0.357 * 0.9 * 70;
  for (std::size_t k = 0; k < n_cells; ++k) {
    const double change = k == index(Cell::mature_msc) ? -more : k == index(Cell::osteoblast) ? more : 0;
    BOOST_TEST(faster.cells[k] - plain.cells[k] == change, boost::test_tools::tolerance(1e-10));
    const bool stromal = k <= index(Cell::mature_msc);
    BOOST_TEST(dying.cells[k] - plain.cells[k] == (stromal ? -0.1 * state.cells[k] : 0),
               boost::test_tools::tolerance(1e-10));
  }
  BOOST_TEST((faster.fractions == plain.fractions));
  // Another activity is that of a later day; a factor on differentiation is one on its rate.
  BOOST_TEST((rates(state, bone_stimulus, 1, options, {.activity = options.activity_afterwards}) ==
              rates(state, bone_stimulus, 100, options)));
  KineticsOptions slower = options;
  slower.differentiation *= 0.25;
  BOOST_TEST((rates(state, bone_stimulus, 1, options, {.differentiation = 0.25}) ==
              rates(state, bone_stimulus, 1, slower)));
  BOOST_CHECK_THROW(advance(state, bone_stimulus, 0, 1, options, {.activity = 1.5}), Fault);
  BOOST_TEST((rates(state, bone_stimulus, 1, options, Signals{}) == plain));
  BOOST_CHECK_THROW(advance(state, bone_stimulus, 0, 1, options, {.osteogenic = std::nan("")}), Fault);
  BOOST_CHECK_THROW(advance(state, bone_stimulus, 0, 1, options, {.added_msc_death = -0.1}), Fault);
}

BOOST_AUTO_TEST_CASE(without_oxygen_the_same_stimulus_makes_cartilage_and_no_bone)
{
  PointState state;
  state.cells[index(Cell::mature_msc)] = 300;
  SupplyGateOptions gates;
  const auto after = [&](const double open) {
    return advance(state, gated({0, 0, 1, 0, 0}, open, gates), 0, 10, {});
  };
  const auto share = [](const PointState &point, const material::Tissue tissue) {
    return point.fractions[material::index(tissue)];
  };
  using material::Tissue;
  BOOST_TEST(share(after(0), Tissue::cartilage) > 0.1);
  BOOST_TEST(share(after(0), Tissue::immature_bone) == 0.0);
  BOOST_TEST(share(after(1), Tissue::cartilage) == 0.0);
  BOOST_TEST(share(after(1), Tissue::immature_bone) > 0.05);
}
