// Host bone at a point: each branch of both laws, balance, bounds, exact courses, and what is refused.
#include "tissue/bone_remodelling.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::tissue;

namespace {

RemodellingOptions energy_law()
{
  RemodellingOptions options;
  options.law = "energy with lazy zone";
  options.rate = 4;
  return options;
}

RemodellingOptions mechanostat_law()
{
  RemodellingOptions options;
  options.law = "mechanostat";
  options.largest_loss = 0.002;
  options.largest_gain = 0.001;
  return options;
}

double rate(const BoneLoad &load, const double density, const RemodellingOptions &options)
{
  return remodelling_laws().at(options.law).law(load, density, options);
}

} // namespace

// Density 0.5, Psi = U/0.5; the zone reaches from 0.65 * 0.0025 = 0.001625 to 1.35 * 0.0025 = 0.003375 J/g.
BOOST_AUTO_TEST_CASE(energy_law_follows_the_excess_over_its_lazy_zone, *boost::unit_test::tolerance(1e-12))
{
  const RemodellingOptions options = energy_law();
  BOOST_TEST(rate({0.5 * 0.005, 0}, 0.5, options) == 4 * (0.005 - 0.003375));
  BOOST_TEST(rate({0.5 * 0.001, 0}, 0.5, options) == 4 * (0.001 - 0.001625));
  for (const double stimulus : {0.0017, 0.0025, 0.0033})
    BOOST_TEST(rate({0.5 * stimulus, 0}, 0.5, options) == 0.0);
  RemodellingOptions other = options;
  other.density_exponent = 2;
  other.lazy_zone = 0.1;
  other.reference = 0.004;
  BOOST_TEST(rate({0.25 * 0.005, 0}, 0.5, other) == 4 * (0.005 - 0.0044));
}

BOOST_AUTO_TEST_CASE(mechanostat_law_is_piecewise_linear_in_the_level, *boost::unit_test::tolerance(1e-14))
{
  const RemodellingOptions options = mechanostat_law();
  struct Row
  {
    double level, rate;
  };
  for (const Row &row : {Row{0, -0.002}, Row{0.25, -0.0015}, Row{1, 0}, Row{1.7, 0}, Row{2, 0},
                         Row{2.5, 0.0005}, Row{3, 0.001}, Row{3.6, 0.001}, Row{4, 0.001}})
    BOOST_TEST(rate({0, row.level}, 0.5, options) == row.rate, "level " << row.level);
}

BOOST_AUTO_TEST_CASE(nothing_changes_in_balance_not_even_a_bit)
{
  BOOST_TEST(density_after(0.1 + 0.2, {0.3 * 0.0025, 0}, 30, energy_law()) == 0.1 + 0.2);
  BOOST_TEST(density_after(0.1 + 0.2, {0, 1.5}, 30, mechanostat_law()) == 0.1 + 0.2);
}

// r' = B (U/r - c) with c = (1 + s) Psi_0 has -r/c - U/c^2 ln(U - c r) = B t + constant.
BOOST_AUTO_TEST_CASE(course_under_a_constant_load_is_the_exact_one)
{
  const RemodellingOptions options = energy_law();
  const double energy = 0.003, c = 1.35 * 0.0025;
  const auto time = [&](const double r) {
    return (-r / c - energy / (c * c) * std::log(energy - c * r)) / 4;
  };
  const double before = 0.4, after = density_after(before, {energy, 0}, 20, options);
  BOOST_TEST(after > before + 0.1);
  BOOST_TEST(time(after) - time(before) == 20.0, boost::test_tools::tolerance(1e-6)); // 1e-7 of the density
  // Two halves are the whole, and after long the stimulus is the edge of the zone: U/r = c.
  const double half = density_after(before, {energy, 0}, 10, options);
  BOOST_TEST(density_after(half, {energy, 0}, 10, options) == after, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(density_after(before, {energy, 0}, 20000, options) == energy / c,
             boost::test_tools::tolerance(1e-5));
}

// Without load the loss is 4 * 0.65 * 0.0025 = 0.0065 a day: 0.5 falls to 0.37 in 20 days, and to the bound
// in 76.
BOOST_AUTO_TEST_CASE(unloaded_bone_falls_to_the_least_density_and_no_further)
{
  const RemodellingOptions options = energy_law();
  BOOST_TEST(density_after(0.5, {}, 20, options) == 0.37, boost::test_tools::tolerance(1e-7));
  BOOST_TEST(density_after(0.5, {}, 76, options) == 0.01);
  BOOST_TEST(density_after(0.5, {}, 7600, options) == 0.01);
  BOOST_TEST(density_after(0.01, {}, 10, options) == 0.01);
  // Below the bound already, as in a cell with little bone: it does not fall on, and may rise.
  BOOST_TEST(density_after(0.005, {}, 10, options) == 0.005);
  BOOST_TEST(density_after(0.005, {1e-4, 0}, 1, options) > 0.005);
}

BOOST_AUTO_TEST_CASE(overloaded_bone_rises_to_the_greatest_density_and_no_further)
{
  BOOST_TEST(density_after(1.7, {1, 0}, 100, energy_law()) == 1.74);
  BOOST_TEST(density_after(1.7, {0, 3}, 10, mechanostat_law()) == 1.71, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(density_after(1.7, {0, 3}, 100, mechanostat_law()) == 1.74);
  BOOST_TEST(density_after(1.78, {0, 3}, 100, mechanostat_law()) == 1.78);
}

BOOST_AUTO_TEST_CASE(numbers_without_a_default_must_be_stated_for_the_law_that_reads_them)
{
  RemodellingOptions options;
  BOOST_TEST(check(options).empty());
  const auto missing = [&](const std::string &law) {
    options.law = law;
    std::vector<std::string> places;
    for (const Fault &fault : check(options)) {
      BOOST_TEST(fault.name() == "option-missing");
      places.push_back(fault.place());
    }
    return places;
  };
  BOOST_TEST(missing("energy with lazy zone") ==
                 (std::vector<std::string>{"Regeneration/Host bone/Energy rate [(g/cm^3)^2/(MPa day)]"}),
             boost::test_tools::per_element());
  BOOST_TEST(missing("mechanostat") ==
                 (std::vector<std::string>{"Regeneration/Host bone/Largest loss [g/(cm^3 day)]",
                                           "Regeneration/Host bone/Largest gain [g/(cm^3 day)]"}),
             boost::test_tools::per_element());
  BOOST_TEST(check(energy_law()).empty());
  BOOST_TEST(check(mechanostat_law()).empty());
  RemodellingOptions bounds = energy_law();
  bounds.least_density = 1.74;
  BOOST_REQUIRE(check(bounds).size() == 1u);
  BOOST_TEST(check(bounds)[0].name() == "value-range");
}

BOOST_AUTO_TEST_CASE(instability_is_told_where_the_modulus_grows_at_least_as_fast_as_the_mass)
{
  RemodellingOptions options = energy_law();
  BOOST_TEST(is_unstable(1.49, options));
  BOOST_TEST(is_unstable(1, options));
  BOOST_TEST(!is_unstable(0.99, options));
  options.density_exponent = 2;
  BOOST_TEST(!is_unstable(1.49, options));
  options.density_exponent = 1;
  options.influence_length = 0.5;
  BOOST_TEST(!is_unstable(1.49, options));
  BOOST_TEST(!is_unstable(1.49, mechanostat_law()));
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_a_fault_and_not_a_density)
{
  const double none = std::nan("");
  const auto refuses = [](const double density, const BoneLoad &load) {
    BOOST_CHECK_EXCEPTION(density_after(density, load, 1, energy_law()), Fault, [](const Fault &fault) {
      return fault.name() == "tissue-state" && fault.code() == Exit::not_converged;
    });
  };
  refuses(none, {});
  refuses(0, {});
  refuses(0.5, {none, 0});
  refuses(0.5, {-1, 0});
  refuses(0.5, {0, none});
}
