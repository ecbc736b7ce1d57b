// links: stimulus
// Cell and matrix kinetics at one point: each rate alone against its exponential, conservation, positivity,
// and a healing history.
#include "tissue/kinetics.h"

#include "base/errors.h"
#include "stimulus/phenotype.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>
#include <random>

using namespace wolff;
using namespace wolff::tissue;
using material::Tissue;

namespace {

constexpr Windows disuse{1, 0, 0, 0, 0}, mature{0, 1, 0, 0, 0}, immature{0, 0, 1, 0, 0},
    chondral{0, 0, 0, 1, 0}, fibrous_window{0, 0, 0, 0, 1};

double share(const PointState &state, const Tissue tissue)
{
  return state.fractions[material::index(tissue)];
}

double sum(const PointState &state)
{
  return std::accumulate(state.fractions.begin(), state.fractions.end(), 0.0);
}

PointState with_cells(const Cell cell, const double density)
{
  PointState state;
  state.cells[index(cell)] = density;
  return state;
}

/// Only the processes that a test switches on.
KineticsOptions nothing()
{
  KineticsOptions o;
  o.msc_division = o.fibroblast_division = o.chondrocyte_division = o.osteoblast_division = 0;
  o.differentiation = o.msc_death = o.fibroblast_death = o.chondrocyte_death = o.osteoblast_death = 0;
  o.fibrous_production = o.cartilage_production = o.bone_production = o.endochondral = 0;
  o.bone_maturation = 0;
  o.activity_afterwards = 1;
  return o;
}

} // namespace

// Daily fractions p become rates ln(1 + p) and -ln(1 - p), so one day multiplies by 1 + p or 1 - p. Dilute
// cells (1e-7 of capacity) leave no crowding; 1e-6: the integrator keeps 1e-7 a step.
BOOST_AUTO_TEST_CASE(dilute_cells_follow_the_exponential_rates_of_the_lattice_fractions,
                     *boost::unit_test::tolerance(1e-6))
{
  KineticsOptions o = nothing();
  o.msc_division = std::log(1.60);
  const double c = 1e-4;
  PointState state = advance(with_cells(Cell::immature_msc, c), disuse, 0, 1, o);
  BOOST_TEST(state.cells[0] + state.cells[1] + state.cells[2] + state.cells[3] == 1.60 * c);

  struct Kind
  {
    Cell cell;
    Windows window;
    double KineticsOptions::*division, KineticsOptions::*death;
    double birth, loss, default_birth, default_loss;
  };
  const KineticsOptions defaults;
  for (const Kind &kind : {Kind{Cell::fibroblast, fibrous_window, &KineticsOptions::fibroblast_division,
                                &KineticsOptions::fibroblast_death, 0.55, 0.05, 0.438, 0.051},
                           Kind{Cell::chondrocyte, chondral, &KineticsOptions::chondrocyte_division,
                                &KineticsOptions::chondrocyte_death, 0.20, 0.10, 0.182, 0.105},
                           Kind{Cell::osteoblast, immature, &KineticsOptions::osteoblast_division,
                                &KineticsOptions::osteoblast_death, 0.30, 0.16, 0.262, 0.174}}) {
    KineticsOptions one = nothing();
    one.*kind.division = std::log(1 + kind.birth);
    one.*kind.death = -std::log(1 - kind.loss);
    const PointState now = with_cells(kind.cell, c);
    BOOST_TEST(advance(now, kind.window, 0, 1, one).cells[index(kind.cell)] == (1 + kind.birth) * c);
    BOOST_TEST(advance(now, disuse, 0, 1, one).cells[index(kind.cell)] == (1 - kind.loss) * c);
    BOOST_TEST(advance(now, disuse, 0, 3, one).cells[index(kind.cell)] == std::pow(1 - kind.loss, 3) * c);
    BOOST_TEST((defaults.*kind.division) == kind.default_birth); // three digits of the table of rates
    BOOST_TEST((defaults.*kind.death) == kind.default_loss);
    BOOST_TEST(std::abs(defaults.*kind.division - one.*kind.division) < 6e-4);
    BOOST_TEST(std::abs(defaults.*kind.death - one.*kind.death) < 6e-4);
  }

  KineticsOptions becoming = nothing();
  becoming.differentiation = -std::log(1 - 0.30);
  state = advance(with_cells(Cell::mature_msc, c), mature, 0, 1, becoming);
  BOOST_TEST(state.cells[index(Cell::mature_msc)] == 0.70 * c);
  BOOST_TEST(state.cells[index(Cell::osteoblast)] == 0.30 * c);
}

// After t_L the rates are a_inf times smaller; a step across t_L is the product of its parts.
BOOST_AUTO_TEST_CASE(activity_slows_division_from_its_day_on, *boost::unit_test::tolerance(1e-6))
{
  KineticsOptions o = nothing();
  o.msc_division = 0.5;
  o.active_until = 15;
  o.activity_afterwards = 0.2;
  const PointState now = with_cells(Cell::mature_msc, 1e-4);
  const auto total = [](const PointState &s) { return std::accumulate(s.cells.begin(), s.cells.end(), 0.0); };
  BOOST_TEST(total(advance(now, disuse, 10, 2, o)) == 1e-4 * std::exp(1.0));
  BOOST_TEST(total(advance(now, disuse, 15, 2, o)) == 1e-4 * std::exp(0.2));
  BOOST_TEST(total(advance(now, disuse, 14, 2, o)) == 1e-4 * std::exp(0.5 + 0.1));
  BOOST_TEST(activity(14.999, o) == 1.0);
  BOOST_TEST(activity(15, o) == 0.2);
}

// Osteoblasts at capacity and constant: theta' = -P theta, so the bone made in t is 1 - e^(-P t).
BOOST_AUTO_TEST_CASE(matrix_fills_the_free_volume_exponentially, *boost::unit_test::tolerance(1e-6))
{
  KineticsOptions o = nothing();
  o.bone_production = 0.1;
  PointState state = with_cells(Cell::osteoblast, o.capacity);
  state.fractions = {};
  state.fractions[material::index(Tissue::granulation)] = 0.6;
  state.fractions[material::index(Tissue::scaffold)] = 0.4;
  const PointState woven = advance(state, immature, 0, 5, o);
  BOOST_TEST(share(woven, Tissue::immature_bone) == 0.6 * (1 - std::exp(-0.5)));
  BOOST_TEST(share(woven, Tissue::mature_bone) == 0.0);
  BOOST_TEST(share(woven, Tissue::scaffold) == 0.4);
  const PointState lamellar = advance(state, mature, 0, 5, o);
  BOOST_TEST(share(lamellar, Tissue::mature_bone) == 0.6 * (1 - std::exp(-0.5)));
  const Windows half{0, 0.5, 0.5, 0, 0};
  const PointState both = advance(state, half, 0, 5, o);
  BOOST_TEST(share(both, Tissue::mature_bone) == 0.3 * (1 - std::exp(-0.5)));
  BOOST_TEST(share(both, Tissue::immature_bone) == 0.3 * (1 - std::exp(-0.5)));
}

BOOST_AUTO_TEST_CASE(bone_replaces_cartilage_matures_and_is_resorbed_at_its_rates,
                     *boost::unit_test::tolerance(1e-6))
{
  KineticsOptions o = nothing();
  o.endochondral = 0.3;
  PointState state = with_cells(Cell::osteoblast, o.capacity / 2);
  state.fractions = {};
  state.fractions[material::index(Tissue::cartilage)] = 0.8;
  state.fractions[material::index(Tissue::granulation)] = 0.2;
  const PointState replaced = advance(state, immature, 0, 4, o);
  BOOST_TEST(share(replaced, Tissue::cartilage) == 0.8 * std::exp(-0.3 * 0.5 * 4));
  BOOST_TEST(share(replaced, Tissue::immature_bone) == 0.8 * (1 - std::exp(-0.6)));
  BOOST_TEST(share(replaced, Tissue::granulation) == 0.2);
  BOOST_TEST((advance(state, chondral, 0, 4, o) == state)); // no bone stimulus, no replacement

  o = nothing();
  o.bone_maturation = 0.05;
  o.bone_resorption = 0.02;
  PointState bone;
  bone.fractions = {};
  bone.fractions[material::index(Tissue::immature_bone)] = 1;
  const PointState older = advance(bone, mature, 0, 10, o);
  BOOST_TEST(share(older, Tissue::mature_bone) == 1 - std::exp(-0.5));
  BOOST_TEST((advance(bone, immature, 0, 10, o) == bone));
  const PointState lost = advance(bone, disuse, 0, 10, o);
  BOOST_TEST(share(lost, Tissue::granulation) == 1 - std::exp(-0.2));

  o = nothing();
  o.fibrous_removal = 0.1;
  o.cartilage_removal = 0.2;
  PointState soft;
  soft.fractions = {};
  soft.fractions[material::index(Tissue::fibrous)] = 0.5;
  soft.fractions[material::index(Tissue::cartilage)] = 0.5;
  const PointState cleared = advance(soft, fibrous_window, 0, 5, o);
  BOOST_TEST(share(cleared, Tissue::fibrous) == 0.5);
  BOOST_TEST(share(cleared, Tissue::cartilage) == 0.5 * std::exp(-1.0));
}

// Random states, windows, steps and rates up to 100 times the defaults.
BOOST_AUTO_TEST_CASE(fractions_sum_to_one_and_nothing_turns_negative_whatever_the_input)
{
  std::mt19937 generator(3);
  std::uniform_real_distribution<double> uniform;
  for (int k = 0; k < 300; ++k) {
    KineticsOptions o;
    const double factor = std::pow(10, 2 * uniform(generator));
    o.msc_division *= factor;
    o.differentiation *= factor;
    o.bone_production *= factor;
    o.cartilage_production *= factor;
    o.endochondral *= factor;
    o.bone_resorption = uniform(generator);
    PointState state;
    double total = 0;
    for (double &f : state.fractions) total += f = uniform(generator) < 0.5 ? 0.0 : uniform(generator);
    state.fractions[0] += 0.01;
    total += 0.01;
    for (double &f : state.fractions) f /= total;
    for (double &c : state.cells) c = uniform(generator) < 0.3 ? 0.0 : 1500 * uniform(generator);
    PointState before = state;
    for (int step = 0; step < 10; ++step) {
      Windows w{};
      double weights = 0;
      for (double &x : w) weights += x = uniform(generator);
      for (double &x : w) x /= weights;
      state = advance(state, w, 3.0 * step, 3.0, o);
      BOOST_TEST(std::abs(sum(state) - 1) < 1e-12);
      for (const double f : state.fractions) BOOST_TEST((f >= 0 && f <= 1 + 1e-12));
      for (const double c : state.cells) BOOST_TEST((c >= 0 && std::isfinite(c)));
    }
    for (const Tissue fixed : {Tissue::marrow, Tissue::cancellous_bone, Tissue::cortical_bone,
                               Tissue::articular_cartilage, Tissue::necrotic_bone, Tissue::scaffold})
      BOOST_TEST(share(state, fixed) == share(before, fixed));
  }
}

// The rates are what advance integrates: the difference quotient over a short step equals them to first
// order.
BOOST_AUTO_TEST_CASE(rates_are_the_derivative_of_advance)
{
  PointState state;
  state.cells = {50, 60, 70, 80, 20, 30, 90};
  state.fractions = {};
  state.fractions[material::index(Tissue::granulation)] = 0.6;
  state.fractions[material::index(Tissue::cartilage)] = 0.2;
  state.fractions[material::index(Tissue::immature_bone)] = 0.2;
  const Windows w{0.1, 0.2, 0.3, 0.3, 0.1};
  const KineticsOptions o;
  const PointState rate = rates(state, w, 1, o);
  const double days = 1e-4; // second-order terms then are about 1e-4 of the rate
  const PointState after = advance(state, w, 1, days, o);
  double change = 0;
  for (std::size_t i = 0; i < n_cells; ++i)
    BOOST_TEST(std::abs((after.cells[i] - state.cells[i]) / days - rate.cells[i]) <
               1e-3 * (1 + std::abs(rate.cells[i])));
  for (std::size_t i = 0; i < material::n_tissues; ++i) {
    BOOST_TEST(std::abs((after.fractions[i] - state.fractions[i]) / days - rate.fractions[i]) < 1e-5);
    change += rate.fractions[i];
  }
  BOOST_TEST(std::abs(change) < 1e-16);
}

BOOST_AUTO_TEST_CASE(one_long_step_equals_many_short_ones)
{
  PointState many = with_cells(Cell::immature_msc, 100), one = many;
  const Windows w{0, 0.2, 0.8, 0, 0};
  const KineticsOptions o;
  one = advance(one, w, 0, 30, o);
  for (int day = 0; day < 30; ++day) many = advance(many, w, day, 1, o);
  // 1e-5: thirty steps of 1e-7, magnified by growth
  for (std::size_t i = 0; i < n_cells; ++i)
    BOOST_TEST(std::abs(one.cells[i] - many.cells[i]) < 1e-5 * o.capacity);
  for (std::size_t i = 0; i < material::n_tissues; ++i)
    BOOST_TEST(std::abs(one.fractions[i] - many.fractions[i]) < 1e-5);
}

// A defect seeded with a tenth of capacity: cartilage under high strain, then bone in its place, and the bone
// matures. What the coupled loop does at each point, without the mechanics.
BOOST_AUTO_TEST_CASE(a_seeded_defect_heals_through_cartilage_to_mature_bone)
{
  const KineticsOptions o;
  PointState state = with_cells(Cell::immature_msc, 100);
  for (int day = 0; day < 28; ++day) state = advance(state, chondral, day, 1, o);
  const double callus = share(state, Tissue::cartilage);
  BOOST_TEST(callus > 0.2);
  BOOST_TEST(share(state, Tissue::immature_bone) == 0.0);
  for (int day = 28; day < 84; ++day) state = advance(state, immature, day, 1, o);
  BOOST_TEST(share(state, Tissue::cartilage) < callus);
  BOOST_TEST(share(state, Tissue::immature_bone) > 0.2);
  for (int day = 84; day < 200; ++day) state = advance(state, mature, day, 1, o);
  BOOST_TEST(share(state, Tissue::mature_bone) > 0.6);
  BOOST_TEST(share(state, Tissue::immature_bone) < 0.05);
}

BOOST_AUTO_TEST_CASE(points_without_cells_or_change_are_returned_bit_for_bit)
{
  PointState state;
  state.fractions = {};
  state.fractions[material::index(Tissue::marrow)] = 0.7 + 1e-12;
  state.fractions[material::index(Tissue::cancellous_bone)] = 0.3;
  BOOST_TEST((advance(state, mature, 0, 10, KineticsOptions()) == state));
}

BOOST_AUTO_TEST_CASE(states_that_are_no_tissue_are_refused)
{
  const KineticsOptions o;
  const auto refused = [&](const PointState &state, const Windows &w) {
    try {
      advance(state, w, 0, 1, o);
    } catch (const Fault &fault) {
      return fault.code() == Exit::not_converged && fault.name() == "tissue-state";
    }
    return false;
  };
  PointState state = with_cells(Cell::osteoblast, 10);
  BOOST_TEST(!refused(state, mature));
  state.cells[0] = -1;
  BOOST_TEST(refused(state, mature));
  state.cells[0] = std::nan("");
  BOOST_TEST(refused(state, mature));
  state = {};
  state.fractions[0] = 0.9;
  BOOST_TEST(refused(state, mature));
  state = {};
  BOOST_TEST(refused(state, {0, std::nan(""), 0, 0, 0}));
  BOOST_TEST(refused(state, {0, 1.5, 0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(windows_have_the_order_of_the_phenotypes)
{
  using stimulus::Phenotype;
  const auto same = [](const Window window, const Phenotype phenotype) {
    return static_cast<int>(window) == static_cast<int>(phenotype);
  };
  BOOST_TEST(same(Window::resorption, Phenotype::resorption));
  BOOST_TEST(same(Window::mature_bone, Phenotype::mature_bone));
  BOOST_TEST(same(Window::immature_bone, Phenotype::immature_bone));
  BOOST_TEST(same(Window::cartilage, Phenotype::cartilage));
  BOOST_TEST(same(Window::fibrous, Phenotype::fibrous));
  static_assert(std::tuple_size_v<Windows> == std::tuple_size_v<stimulus::Windows>);
  BOOST_TEST(cell_names()[0] == "immature_msc_1");
  BOOST_TEST(cell_names()[index(Cell::osteoblast)] == "osteoblasts");
}

BOOST_AUTO_TEST_CASE(every_rate_has_a_unit_and_a_source)
{
  Options declared;
  KineticsOptions o;
  o.declare(declared);
  BOOST_TEST(declared.all().size() == 21u);
  for (const Option &option : declared.all()) {
    BOOST_TEST(option.name.find('[') != std::string::npos, option.name);
    BOOST_TEST(option.source.find('[') != std::string::npos, option.name << " has no mark");
  }
}

BOOST_AUTO_TEST_CASE(implanted_cells_become_osteoblasts_at_their_own_rate)
{
  const KineticsOptions o;
  PointState all;
  for (std::size_t k = 0; k < n_msc_stages; ++k) all.cells[k] = 40 + 10 * static_cast<double>(k);
  all.cells[index(Cell::osteoblast)] = 30;

  // If all are implanted, the factor is one on all.
  PointState implanted = all;
  for (std::size_t k = 0; k < n_msc_stages; ++k) implanted.implanted[k] = all.cells[k];
  Signals slower, slower_everywhere;
  slower.implanted_osteogenic = slower_everywhere.osteogenic = 0.4;
  const Windows mixed{0.1, 0.2, 0.4, 0.2, 0.1};
  const PointState expected = advance(all, mixed, 3, 5, o, slower_everywhere),
                   after = advance(implanted, mixed, 3, 5, o, slower);
  for (std::size_t k = 0; k < n_cells; ++k)
    BOOST_TEST(after.cells[k] == expected.cells[k], boost::test_tools::tolerance(1e-6)); // 1e-7 a step
  for (std::size_t k = 0; k < n_msc_stages; ++k)
    BOOST_TEST(after.implanted[k] == after.cells[k], boost::test_tools::tolerance(1e-6));

  // With a factor of one they change nothing, and keep their share of every stage.
  for (std::size_t k = 0; k < n_msc_stages; ++k) implanted.implanted[k] = 0.25 * all.cells[k];
  const PointState alike = advance(implanted, mixed, 3, 5, o), plain = advance(all, mixed, 3, 5, o);
  for (std::size_t k = 0; k < n_cells; ++k)
    BOOST_TEST(alike.cells[k] == plain.cells[k], boost::test_tools::tolerance(1e-6));
  for (std::size_t k = 0; k < n_msc_stages; ++k)
    BOOST_TEST(alike.implanted[k] == 0.25 * alike.cells[k], boost::test_tools::tolerance(1e-6));

  // What the mature ones lose more, osteoblasts gain.
  Signals faster;
  faster.implanted_osteogenic = 3;
  const PointState rate = rates(implanted, immature, 3, o, faster), same = rates(implanted, immature, 3, o);
  const double more = 2 * o.differentiation * implanted.implanted[n_maturation_stages];
  const auto mature_msc = index(Cell::mature_msc), osteoblast = index(Cell::osteoblast);
  BOOST_TEST(rate.cells[mature_msc] == same.cells[mature_msc] - more, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(rate.cells[osteoblast] == same.cells[osteoblast] + more, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(rate.implanted[mature_msc] == same.implanted[mature_msc] - more,
             boost::test_tools::tolerance(1e-12));

  implanted.implanted[0] = 1.1 * all.cells[0];
  BOOST_CHECK_THROW(advance(implanted, immature, 0, 1, o, faster), Fault);
}
