// Mixture rules: bounds and pure tissues for every entry of the table, hand calculations for each, and the
// density law of the skeleton.
#include "material/mixture.h"

#include "material/smoothing.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace wolff;
using namespace wolff::material;

namespace {

TissueElasticity tissues()
{
  TissueElasticity t{};
  t[index(Tissue::granulation)] = {0.2, 0.167};
  t[index(Tissue::fibrous)] = {2, 0.167};
  t[index(Tissue::cartilage)] = {10, 0.167};
  t[index(Tissue::immature_bone)] = {1000, 0.3};
  t[index(Tissue::mature_bone)] = {6000, 0.3};
  t[index(Tissue::marrow)] = {2, 0.167};
  t[index(Tissue::cancellous_bone)] = {2000, 0.3};
  t[index(Tissue::cortical_bone)] = {15750, 0.325};
  t[index(Tissue::articular_cartilage)] = {12, 0.45};
  t[index(Tissue::necrotic_bone)] = {600, 0.29};
  t[index(Tissue::scaffold)] = {110000, 0.34};
  return t;
}

Mixture with_rule(const std::string &name)
{
  MixtureOptions options;
  options.rule = name;
  return Mixture(options);
}

TissueFractions shares(const std::vector<std::pair<Tissue, double>> &list)
{
  TissueFractions f{};
  for (const auto &[tissue, share] : list) f[index(tissue)] = share;
  return f;
}

bool is_skeleton(const std::size_t i)
{
  return i == index(Tissue::cancellous_bone) || i == index(Tissue::necrotic_bone);
}

/// Random shares without skeleton, many of them zero or tiny as in a model.
std::vector<TissueFractions> random_shares()
{
  std::mt19937 generator(7);
  std::uniform_real_distribution<double> uniform;
  std::vector<TissueFractions> list;
  for (int k = 0; k < 500; ++k) {
    TissueFractions f{};
    double sum = 0;
    for (std::size_t i = 0; i < n_tissues; ++i)
      if (!is_skeleton(i) && uniform(generator) < 0.4) sum += f[i] = std::pow(uniform(generator), k % 9 + 1);
    if (sum == 0) continue;
    for (double &share : f) share /= sum;
    list.push_back(f);
  }
  return list;
}

struct Bounds
{
  double reuss = 0, voigt = 0;
};

template <typename Quantity>
Bounds bounds(const TissueFractions &f, const TissueElasticity &t, const Quantity &quantity)
{
  Bounds b;
  for (std::size_t i = 0; i < n_tissues; ++i)
    if (f[i] > 0) {
      b.reuss += f[i] / quantity(t[i]);
      b.voigt += f[i] * quantity(t[i]);
    }
  b.reuss = 1 / b.reuss;
  return b;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_rule_gives_a_pure_tissue_exactly)
{
  for (const auto &rule : mixture_rules()) {
    const Mixture mixture = with_rule(rule.name);
    for (std::size_t i = 0; i < n_tissues; ++i) {
      TissueFractions f{};
      f[i] = 1;
      Elastic pure = tissues()[i];
      if (is_skeleton(i)) // the density law is its modulus
        pure.youngs_modulus =
            skeleton_modulus(f[index(Tissue::cancellous_bone)], f[index(Tissue::necrotic_bone)], {});
      BOOST_TEST((mixture(f, tissues()) == pure), rule.name << ", " << tissue_names()[i]);
    }
  }
}

// Rounding only: 1e-12. The Hashin-Shtrikman rule bounds K and mu; where Poisson ratios differ its E may lie
// above the arithmetic mean of E, as that of the Voigt K and mu does.
BOOST_AUTO_TEST_CASE(every_rule_stays_between_the_series_and_the_parallel_bound)
{
  const std::vector<TissueFractions> samples = random_shares();
  BOOST_REQUIRE(samples.size() > 400);
  for (const auto &rule : mixture_rules()) {
    const Mixture mixture = with_rule(rule.name);
    for (const TissueFractions &f : samples) {
      const Elastic m = mixture(f, tissues());
      if (rule.name == "Hashin-Shtrikman upper") {
        const Bounds bulk = bounds(f, tissues(), [](const Elastic &e) { return bulk_modulus(e); });
        const Bounds shear = bounds(f, tissues(), [](const Elastic &e) { return shear_modulus(e); });
        BOOST_TEST(bulk_modulus(m) >= bulk.reuss * (1 - 1e-9)); // subtraction of the reference modulus
        BOOST_TEST(bulk_modulus(m) <= bulk.voigt * (1 + 1e-9));
        BOOST_TEST(shear_modulus(m) >= shear.reuss * (1 - 1e-9));
        BOOST_TEST(shear_modulus(m) <= shear.voigt * (1 + 1e-9));
      } else {
        const Bounds young = bounds(f, tissues(), [](const Elastic &e) { return e.youngs_modulus; });
        BOOST_TEST(m.youngs_modulus >= young.reuss * (1 - 1e-12), rule.name);
        BOOST_TEST(m.youngs_modulus <= young.voigt * (1 + 1e-12), rule.name);
      }
      BOOST_TEST(!inadmissible(m, "", rule.name));
    }
  }
}

BOOST_AUTO_TEST_CASE(hashin_shtrikman_rule_equals_the_table_of_two_phases)
{
  TissueElasticity t{};
  t[index(Tissue::mature_bone)] = {17000, 0.3};
  t[index(Tissue::fibrous)] = {100, 0.25};
  for (const tests::Row &row : tests::reference_table("bounds.csv", 6, 11)) {
    const double share = tests::number(row[0]);
    const Elastic m = with_rule("Hashin-Shtrikman upper")(
        shares({{Tissue::mature_bone, share}, {Tissue::fibrous, 1 - share}}), t);
    BOOST_TEST(bulk_modulus(m) == tests::number(row[3]), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(shear_modulus(m) == tests::number(row[7]), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(m.youngs_modulus == tests::number(row[10]), boost::test_tools::tolerance(1e-12));
  }
}

// 5 % of immature bone in granulation: E = 0.2 * 0.95 + 1000 * 0.05^1.49 = 11.7 MPa, against 50.2 MPa of
// Voigt.
BOOST_AUTO_TEST_CASE(power_law_gives_the_hand_calculation_of_early_bone)
{
  const TissueFractions f = shares({{Tissue::granulation, 0.95}, {Tissue::immature_bone, 0.05}});
  const Elastic m = with_rule("power law")(f, tissues());
  BOOST_TEST(m.youngs_modulus == 0.19 + 1000 * std::exp(1.49 * std::log(0.05)),
             boost::test_tools::tolerance(1e-13));
  BOOST_TEST(m.poisson_ratio == 0.95 * 0.167 + 0.05 * 0.3, boost::test_tools::tolerance(1e-14));
  // Two solids: their weighted mean; (0.1 * 1000 + 0.3 * 110000)/0.4 = 82750.
  const TissueFractions two = shares({{Tissue::granulation, 0.5},
                                      {Tissue::cartilage, 0.1},
                                      {Tissue::immature_bone, 0.1},
                                      {Tissue::scaffold, 0.3}});
  BOOST_TEST(with_rule("power law")(two, tissues()).youngs_modulus ==
                 0.5 * 0.2 + 0.1 * 10 + 82750 * std::pow(0.4, 1.49),
             boost::test_tools::tolerance(1e-13));
}

// Apparent density 1.8 * 0.25 = 0.45 g/cm^3: 6850 * 0.45^1.49 = 2084.4 MPa.
BOOST_AUTO_TEST_CASE(skeleton_modulus_is_the_femoral_neck_law)
{
  const double modulus = 6850 * std::exp(1.49 * std::log(0.45));
  BOOST_TEST(skeleton_modulus(0.25, 0, {}) == modulus, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(std::abs(modulus - 2084) < 1);
  BOOST_TEST(skeleton_modulus(0, 0.25, {}) == 0.28 * modulus, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(skeleton_modulus(0.125, 0.125, {}) == 0.64 * modulus, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(skeleton_modulus(0, 0, {}) == 0.0);
}

BOOST_AUTO_TEST_CASE(skeleton_is_added_to_the_rule_of_what_fills_its_pores)
{
  const Mixture mixture = with_rule("Voigt");
  const double skeleton = skeleton_modulus(0.25, 0, {});
  const TissueFractions f = shares({{Tissue::cancellous_bone, 0.25}, {Tissue::marrow, 0.75}});
  const Elastic host = mixture(f, tissues());
  BOOST_TEST(host.youngs_modulus == skeleton + 2, boost::test_tools::tolerance(1e-13)); // all marrow
  BOOST_TEST(host.poisson_ratio == (skeleton * 0.3 + 2 * 0.167) / (skeleton + 2),
             boost::test_tools::tolerance(1e-13));

  // The share of the skeleton counts as granulation, the softest present: 0.55 * 0.2 + 0.2 * 2 + 0.25 * 1000.
  const TissueFractions healing = shares({{Tissue::necrotic_bone, 0.25},
                                          {Tissue::granulation, 0.3},
                                          {Tissue::fibrous, 0.2},
                                          {Tissue::immature_bone, 0.25}});
  BOOST_TEST(mixture(healing, tissues()).youngs_modulus == skeleton_modulus(0, 0.25, {}) + 0.11 + 0.4 + 250,
             boost::test_tools::tolerance(1e-13));

  // Only solids around it: it counts as marrow, never as scaffold.
  const TissueFractions implanted = shares({{Tissue::cancellous_bone, 0.25}, {Tissue::scaffold, 0.75}});
  BOOST_TEST(mixture(implanted, tissues()).youngs_modulus == skeleton + 0.5 + 0.75 * 110000,
             boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(mixtures_with_voids_of_zero_modulus_stay_finite)
{
  TissueElasticity t = tissues();
  t[index(Tissue::scaffold)] = {0, 0.3}; // fully degraded
  for (const auto &rule : mixture_rules()) {
    const Elastic m =
        with_rule(rule.name)(shares({{Tissue::scaffold, 0.5}, {Tissue::immature_bone, 0.5}}), t);
    BOOST_TEST((std::isfinite(m.youngs_modulus) && m.youngs_modulus >= 0 && m.youngs_modulus <= 500),
               rule.name);
    BOOST_TEST((with_rule(rule.name)(shares({{Tissue::scaffold, 1}}), t) == Elastic{0, 0.3}), rule.name);
  }
}

BOOST_AUTO_TEST_CASE(unknown_rule_is_refused_with_the_list_of_rules)
{
  MixtureOptions options;
  options.rule = "voight";
  BOOST_CHECK_EXCEPTION(Mixture{options}, Fault, [](const Fault &fault) {
    return fault.code() == Exit::input && fault.message().find("Voigt") != std::string::npos;
  });
  Options declared;
  options.rule = "power law";
  options.declare(declared);
  BOOST_REQUIRE(declared.find("Mixture rule"));
  BOOST_TEST(declared.find("Mixture rule")->choices == mixture_rules().names(),
             boost::test_tools::per_element());
}

// m' = (m_mix - m)/tau: after one tau 1 - 1/e of the way; two half steps give the whole one.
BOOST_AUTO_TEST_CASE(lag_is_exact_for_any_step)
{
  BOOST_TEST(lagged(0, 1000, 4.5, 4.5) == 1000 * (1 - std::exp(-1.0)), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(lagged(lagged(5, 1000, 1.5, 4.5), 1000, 1.5, 4.5) == lagged(5, 1000, 3, 4.5),
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(lagged(5, 1000, 0, 4.5) == 5.0);
}

BOOST_AUTO_TEST_CASE(moving_average_forgets_after_its_window)
{
  std::vector<double> history(3, 1.0);
  BOOST_TEST(moving_average(history, 4) == 2.0);
  BOOST_TEST(moving_average(history, 4) == 3.0);
  BOOST_TEST(moving_average(history, 4) == 4.0);
  BOOST_TEST(history == std::vector<double>({4, 4, 4}), boost::test_tools::per_element());
  std::vector<double> one(1, 0.0);
  BOOST_TEST(moving_average(one, 7) == 7.0);
}
