// Load cases of a day: each way to combine them, on one number and on two axes, and what is refused.
#include "stimulus/rules.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <random>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

Axes combined(const Combination how, const std::vector<Axes> &cases, const std::vector<double> &cycles)
{
  CombinedAxes all(how);
  for (std::size_t i = 0; i < cases.size(); ++i) all.add(cases[i], cycles[i]);
  return all.axes();
}

Stimulus with(const std::string &rule, const std::string &combination)
{
  StimulusOptions options;
  options.rule = rule;
  options.combination = combination;
  options.carter = {.stress = 0.15, .strain = 0.05};
  return Stimulus(options);
}

PointMechanics random_point(std::mt19937 &generator)
{
  std::normal_distribution<double> normal;
  PointMechanics point;
  for (double &component : point.strain.components) component = 0.01 * normal(generator);
  for (double &component : point.stress.components) component = 0.1 * normal(generator);
  point.fluid_speed = std::abs(1e-3 * normal(generator));
  return point;
}

bool same_bits(const Response &a, const Response &b)
{
  return std::memcmp(&a.stimulus, &b.stimulus, sizeof a.stimulus) == 0 && a.phenotype == b.phenotype &&
         std::memcmp(a.windows.data(), b.windows.data(), sizeof a.windows) == 0;
}

/// Shear whose octahedral shear strain is S times the strain scale.
PointMechanics with_stimulus(const double s)
{
  PointMechanics point;
  point.strain.components[3] = s * 0.0375 * std::sqrt(3.0 / 8);
  return point;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_axis_is_combined_by_itself_with_its_sign)
{
  const std::vector<Axes> cases{{-2, 0.5, 0}, {1, -3, 0}, {1.5, 1, 0}};
  const std::vector<double> cycles{1, 3, 4};
  BOOST_TEST(combined(Combination::maximum, cases, cycles) == (Axes{-2, -3, 0}),
             boost::test_tools::per_element());
  BOOST_TEST(combined(Combination::mean, cases, cycles) == (Axes{0.5 / 3, -1.5 / 3, 0}),
             boost::test_tools::per_element());
  // (-2 + 3 + 6)/8 and (0.5 - 9 + 4)/8
  BOOST_TEST(combined(Combination::cycle_weighted_mean, cases, cycles) == (Axes{7. / 8, -4.5 / 8, 0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_equal_magnitudes_the_first_counts)
{
  BOOST_TEST(combined(Combination::maximum, {{-2, 2, 0}, {2, -2, 0}}, {1, 1}) == (Axes{-2, 2, 0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_in_one_case_is_none_in_the_result)
{
  for (const Combination how : {Combination::maximum, Combination::mean, Combination::cycle_weighted_mean})
    for (std::size_t broken = 0; broken < 3; ++broken) {
      std::vector<Axes> cases(3, {1, 2, 0});
      cases[broken][0] = std::nan("");
      BOOST_TEST(std::isnan(combined(how, cases, {1, 1, 1})[0]));
      BOOST_TEST(combined(how, cases, {1, 1, 1})[1] == 2.0);
    }
}

// 10001.1 cycles: a weight that costs a digit where the mean of one case is formed.
BOOST_AUTO_TEST_CASE(one_case_gives_its_own_axes_bit_for_bit)
{
  std::mt19937 generator(5);
  std::normal_distribution<double> normal;
  for (const auto &combination : combinations())
    for (int k = 0; k < 100; ++k) {
      const Axes axes{normal(generator), normal(generator), 1};
      BOOST_TEST((combined(combination.law, {axes}, {10001.1}) == axes), combination.name);
    }
}

BOOST_AUTO_TEST_CASE(one_case_gives_what_the_rule_gives_bit_for_bit)
{
  std::mt19937 generator(3);
  for (const auto &rule : stimulus_rules())
    for (const auto &combination : combinations()) {
      const Stimulus stimulus = with(rule.name, combination.name);
      for (int k = 0; k < 50; ++k) {
        const PointMechanics point = random_point(generator);
        const double cycles = 10001.1;
        const Response direct =
            rule.law.judge(rule.law.measure(point, stimulus.settings()), stimulus.settings());
        BOOST_TEST(same_bits(stimulus(point), direct), rule.name << ", " << combination.name);
        BOOST_TEST(same_bits(stimulus.of_cases({&point, 1}, {&cycles, 1}), direct), rule.name);
      }
    }
}

// S of 0.2 (mature bone), 0.9 and 2.5: the maximum is cartilage, the mean 1.2 too; with cycles 97, 2, 1 it is
// 0.237.
BOOST_AUTO_TEST_CASE(a_rule_that_is_one_number_combines_it_and_then_classifies)
{
  const std::array cases{with_stimulus(0.2), with_stimulus(0.9), with_stimulus(2.5)};
  const std::array cycles{97.0, 2.0, 1.0};
  const auto response = [&](const std::string &combination) {
    return with("shear only", combination).of_cases(cases, cycles);
  };
  const auto near = boost::test_tools::tolerance(1e-14); // rounding
  BOOST_TEST(response("maximum").stimulus == 2.5, near);
  BOOST_TEST(response("mean").stimulus == 1.2, near);
  BOOST_TEST(response("cycle-weighted mean").stimulus == 0.237, near);
  BOOST_TEST((response("maximum").phenotype == Phenotype::cartilage));
  BOOST_TEST((response("mean").phenotype == Phenotype::cartilage));
  BOOST_TEST((response("cycle-weighted mean").phenotype == Phenotype::mature_bone));
}

// One case with high compression and one with high strain: together they are fibrous tissue, though neither
// is.
BOOST_AUTO_TEST_CASE(a_rule_on_two_axes_combines_them_before_it_judges)
{
  PointMechanics pressed, strained;
  pressed.stress = {{-0.3, -0.3, -0.3, 0, 0, 0}};
  strained.strain = {{0, 0, -0.2, 0, 0, 0}};
  const std::array cases{pressed, strained};
  const Stimulus stimulus = with("Claes-Heigele", "maximum");
  BOOST_TEST((stimulus(pressed).phenotype == Phenotype::cartilage));
  BOOST_TEST((stimulus(strained).phenotype == Phenotype::fibrous));
  BOOST_TEST((stimulus.of_cases(cases).phenotype == Phenotype::fibrous));
  // The means are -0.15 MPa and -0.1: cartilage.
  BOOST_TEST((with("Claes-Heigele", "mean").of_cases(cases).phenotype == Phenotype::cartilage));
}

// (3 * 0.5 * 2 * 0.01 + 1 * 0.5 * 4 * 0.02)/4 = 0.0175 MPa
BOOST_AUTO_TEST_CASE(energy_density_is_the_mean_over_cycles_whatever_the_combination)
{
  PointMechanics one, two;
  one.strain.components[0] = 0.01;
  one.stress.components[0] = 2;
  two.strain.components[1] = -0.02;
  two.stress.components[1] = -4;
  const std::array cases{one, two};
  const std::array cycles{3.0, 1.0};
  for (const auto &combination : combinations())
    BOOST_TEST(with("shear only", combination.name).of_cases(cases, cycles).energy_density == 0.0175,
               boost::test_tools::tolerance(1e-14));
  BOOST_TEST(with("shear only", "maximum")(one).energy_density == 0.01);
}

BOOST_AUTO_TEST_CASE(cycles_that_do_not_fit_the_cases_are_refused)
{
  const std::array cases{with_stimulus(1), with_stimulus(2)};
  const std::array one{1.0};
  const std::array none{0.0, 0.0};
  const auto is_named = [](const Fault &fault) {
    return fault.name() == "load-cycles" && fault.code() == Exit::model;
  };
  const Stimulus mean = with("shear only", "cycle-weighted mean");
  BOOST_CHECK_EXCEPTION(mean.of_cases(cases, one), Fault, is_named);
  BOOST_CHECK_EXCEPTION(mean.of_cases(cases, none), Fault, is_named);
  BOOST_CHECK_EXCEPTION(mean.of_cases({}), Fault, is_named);
}
