// Properties of every stimulus rule, the smooth windows, and refused options.
#include "stimulus/rules.h"

#include <Eigen/Geometry>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

/// Carter's thresholds have no default, so that all rules can be walked through they are the borrowed ones.
Stimulus with_rule(const std::string &name)
{
  StimulusOptions options;
  options.rule = name;
  options.carter = {.stress = 0.15, .strain = 0.05};
  return Stimulus(options);
}

SymmetricTensor rotated(const SymmetricTensor &t, const Eigen::Matrix3d &rotation)
{
  Eigen::Matrix3d m;
  m << t.xx(), t.xy(), t.xz(), t.xy(), t.yy(), t.yz(), t.xz(), t.yz(), t.zz();
  const Eigen::Matrix3d r = rotation * m * rotation.transpose();
  return {{r(0, 0), r(1, 1), r(2, 2), r(0, 1), r(1, 2), r(0, 2)}};
}

std::size_t id(const Phenotype phenotype)
{
  return static_cast<std::size_t>(phenotype);
}

const Thresholds published{0.01, 0.53, 1, 3};

} // namespace

// Carter's rule alone knows no resorption: low stress and low strain are bone.
BOOST_AUTO_TEST_CASE(every_rule_but_carters_gives_resorption_at_rest)
{
  for (const auto &rule : stimulus_rules()) {
    const bool carter = rule.name == "Carter";
    const Response response = with_rule(rule.name)(PointMechanics{});
    BOOST_TEST(response.stimulus == 0.0, rule.name);
    BOOST_TEST((response.phenotype == (carter ? Phenotype::mature_bone : Phenotype::resorption)), rule.name);
    BOOST_TEST((response.windows == (carter ? Windows{0, 1, 0, 0, 0} : Windows{1, 0, 0, 0, 0})), rule.name);
    BOOST_TEST(response.mechanostat_level == 0.0);
    BOOST_TEST(response.energy_density == 0.0);
    BOOST_TEST(!rule.source.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_rule_is_finite_and_unchanged_by_rotation_for_any_admissible_input)
{
  std::mt19937 generator(11);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> exponent(-8, 1);
  for (const auto &rule : stimulus_rules()) {
    const Stimulus stimulus = with_rule(rule.name);
    for (int k = 0; k < 200; ++k) {
      PointMechanics point;
      const double size = std::pow(10, exponent(generator));
      for (double &component : point.strain.components) component = size * normal(generator);
      for (double &component : point.stress.components) component = size * normal(generator);
      point.fluid_speed = std::abs(size * normal(generator));
      const Response response = stimulus(point);
      BOOST_TEST((std::isfinite(response.stimulus) && response.stimulus >= 0), rule.name);
      for (const double weight : response.windows) BOOST_TEST((weight >= 0 && weight <= 1), rule.name);
      const auto &w = response.windows;
      BOOST_TEST(w[id(response.phenotype)] >= 0.25 * *std::max_element(w.begin(), w.end()),
                 rule.name << ": the phenotype of the sharp intervals has next to no weight");
      // rounding of five terms
      BOOST_TEST(std::abs(std::accumulate(response.windows.begin(), response.windows.end(), 0.0) - 1) <
                 1e-15);

      const Eigen::Matrix3d rotation =
          Eigen::Quaterniond(normal(generator), normal(generator), normal(generator), normal(generator))
              .normalized()
              .toRotationMatrix();
      PointMechanics turned = point;
      turned.strain = rotated(point.strain, rotation);
      turned.stress = rotated(point.stress, rotation);
      // 1e-12: the trace and the eigenvalues lose digits where the components nearly cancel.
      BOOST_TEST(std::abs(stimulus(turned).stimulus - response.stimulus) <= 1e-12 * response.stimulus,
                 rule.name);
    }
  }
}

// a and b are the strain and the speed that alone give S = 1, the edge of cartilage.
BOOST_AUTO_TEST_CASE(flow_counts_in_one_rule_and_not_in_the_other)
{
  PointMechanics point;
  point.strain = {{0, 0, 0, 0.0375 * std::sqrt(3.0 / 8), 0, 0}};
  point.fluid_speed = 3e-3;
  BOOST_TEST(with_rule("shear only")(point).stimulus == 1.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(with_rule("shear and flow")(point).stimulus == 2.0, boost::test_tools::tolerance(1e-14));

  StimulusOptions legacy;
  legacy.octahedral = "legacy engineering";
  BOOST_TEST(Stimulus(legacy)(point).stimulus == 2.0, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(fluid_speed_follows_the_chosen_definition)
{
  StimulusOptions options;
  BOOST_TEST(Stimulus(options).fluid_speed(2, 0.8) == 2.0);
  options.fluid = "seepage velocity";
  BOOST_TEST(Stimulus(options).fluid_speed(2, 0.8) == 2.5);
}

BOOST_AUTO_TEST_CASE(smooth_windows_share_equally_at_a_threshold_and_are_sharp_away_from_it)
{
  for (std::size_t k = 0; k < published.size(); ++k) {
    const Windows at = windows(published[k], published, 0.05);
    BOOST_TEST(at[k] == 0.5, boost::test_tools::tolerance(1e-4)); // the next threshold is 12 widths away
    BOOST_TEST(at[k + 1] == 0.5, boost::test_tools::tolerance(1e-4));
  }
  // Logistic in ln S, by hand: one width above the threshold 1/(1 + e^-1) has passed.
  BOOST_TEST(windows(3 * std::exp(0.05), published, 0.05)[4] == 1 / (1 + std::exp(-1.0)),
             boost::test_tools::tolerance(1e-12));
  for (const double s : {0.0, 0.005, 0.1, 0.7, 1.7, 10.0, 1e300}) {
    const std::size_t sharp = id(classify(s, published));
    BOOST_TEST(windows(s, published, 0.05)[sharp] > 0.99, "S = " << s);
    Windows indicator{};
    indicator[sharp] = 1;
    BOOST_TEST((windows(s, published, 0) == indicator));
  }
}

BOOST_AUTO_TEST_CASE(stimulus_that_is_no_number_is_never_a_tissue)
{
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double s : {-1e-12, std::nan(""), infinite, -infinite}) {
    BOOST_CHECK_EXCEPTION(classify(s, published), Fault,
                          [](const Fault &f) { return f.code() == Exit::not_converged; });
    BOOST_CHECK_EXCEPTION(windows(s, published, 0.05), Fault,
                          [](const Fault &f) { return f.code() == Exit::not_converged; });
  }
  for (const double no_number : {std::nan(""), infinite, -infinite})
    for (std::size_t i = 0; i < 6; ++i) {
      PointMechanics broken;
      broken.strain.components[i] = no_number;
      for (const auto &rule : stimulus_rules()) BOOST_CHECK_THROW(with_rule(rule.name)(broken), Fault);
    }
  PointMechanics broken;
  broken.stress.components[2] = std::nan("");
  for (const char *name : {"Claes-Heigele", "Carter"}) BOOST_CHECK_THROW(with_rule(name)(broken), Fault);
}

BOOST_AUTO_TEST_CASE(custom_thresholds_must_ascend)
{
  StimulusOptions options;
  options.threshold_set = "custom";
  options.mature_bone_below = 0.3;
  BOOST_TEST((thresholds_of(options) == Thresholds{0.01, 0.3, 1, 3}));
  options.immature_below = 0.3;
  BOOST_CHECK_EXCEPTION(thresholds_of(options), Fault, [](const Fault &fault) {
    return fault.code() == Exit::model && fault.message().find("0.01, 0.3, 0.3, 3") != std::string::npos;
  });
  options.rule = "shear";
  BOOST_CHECK_THROW(Stimulus{options}, Fault);
}

BOOST_AUTO_TEST_CASE(declared_choices_are_the_tables)
{
  Options declared;
  StimulusOptions options;
  options.declare(declared);
  BOOST_REQUIRE(declared.find("Rule"));
  BOOST_TEST(declared.find("Rule")->choices == stimulus_rules().names(), boost::test_tools::per_element());
  for (const std::string &set : declared.find("Threshold set")->choices) {
    declared.find("Threshold set")->set(set);
    BOOST_TEST(thresholds_of(options)[3] == (set == "Isaksson 2006" ? 0.05 / 0.0375 : 3.0));
  }
  BOOST_TEST(declared.find("Combination")->choices == combinations().names(),
             boost::test_tools::per_element());
}

// Octahedral shear strains in percent by the recalled set: resorption < 0.05, bone < 2.5, cartilage < 5.
BOOST_AUTO_TEST_CASE(isaksson_set_is_one_of_strains_with_one_class_of_bone)
{
  StimulusOptions options;
  options.threshold_set = "Isaksson 2006";
  const auto at = [&](const double percent) {
    PointMechanics point; // uniaxial isochoric strain e shears by sqrt(2) e
    const double e = percent / 100 / std::sqrt(2.0);
    point.strain = {{e, -e / 2, -e / 2, 0, 0, 0}};
    return Stimulus(options)(point);
  };
  for (const double scale : {0.0375, 0.01}) { // the strain scale must not move a threshold that is a strain
    options.strain_scale = scale;
    for (const bool mature : {true, false}) {
      options.one_bone = mature ? "mature bone" : "immature bone";
      const Phenotype bone = mature ? Phenotype::mature_bone : Phenotype::immature_bone;
      BOOST_TEST((at(0.049).phenotype == Phenotype::resorption));
      BOOST_TEST((at(0.051).phenotype == bone));
      BOOST_TEST((at(2.49).phenotype == bone));
      BOOST_TEST((at(2.51).phenotype == Phenotype::cartilage));
      BOOST_TEST((at(4.99).phenotype == Phenotype::cartilage));
      BOOST_TEST((at(5.01).phenotype == Phenotype::fibrous));
      for (const double percent : {0.01, 0.05, 0.5, 2.5, 7.0})
        BOOST_TEST(at(percent).windows[id(mature ? Phenotype::immature_bone : Phenotype::mature_bone)] ==
                   0.0);
      BOOST_TEST(at(0.5).windows[id(bone)] > 0.999);
    }
  }
  options.rule = "shear and flow";
  BOOST_CHECK_EXCEPTION(Stimulus{options}, Fault, [](const Fault &fault) {
    return fault.name() == "option-contradicts" && fault.code() == Exit::input;
  });
}
