// links: stimulus material
// V610: the truth table of stimulus and phenotype with both published threshold sets and with constants of
// its own, the diagram of Claes and Heigele under both signs, the moving average of the modulus and the
// legacy mixture.
#include "base/errors.h"
#include "material/mixture.h"
#include "material/smoothing.h"
#include "stimulus/rules.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::stimulus;
using wolff::tests::number;

namespace {

Stimulus rule_with(const std::string &set)
{
  StimulusOptions options;
  options.rule = "shear and flow";
  options.threshold_set = set;
  return Stimulus(options);
}

/// Simple shear whose octahedral shear strain is gamma_oct: eps_xy = gamma_oct sqrt(3/8).
PointMechanics sheared(const double octahedral, const double speed)
{
  PointMechanics point;
  point.strain.components[3] = octahedral * std::sqrt(3.0 / 8.0);
  point.fluid_speed = speed;
  return point;
}

const std::string &name_of(const Phenotype phenotype)
{
  return phenotype_names()[static_cast<std::size_t>(phenotype)];
}

std::string classified(const double stimulus, const Thresholds &thresholds)
{
  try {
    return name_of(classify(stimulus, thresholds));
  } catch (const Fault &fault) {
    BOOST_TEST(static_cast<int>(fault.code()) == 4);
    return "error";
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(every_row_of_the_truth_table_gives_its_tissue)
{
  const std::array rules{rule_with("Perier-Metz 2020"), rule_with("Lacroix-Prendergast 2002")};
  std::size_t given_directly = 0;
  for (const tests::Row &row : tests::reference_table("mechanoregulation_truth_table.csv", 95, 5))
    for (std::size_t set = 0; set < 2; ++set) {
      const std::string &wanted = row[3 + set];
      const double stimulus = number(row[2]);
      BOOST_TEST(classified(stimulus, rules[set].settings().thresholds) == wanted, "S = " << row[2]);
      if (row[0].empty()) {
        ++given_directly;
        continue;
      }
      const Response response = rules[set](sheared(number(row[0]), number(row[1])));
      BOOST_TEST(name_of(response.phenotype) == wanted);
      // 1e-14: rounding of the shear that was chosen, and of 16 digits
      BOOST_TEST(std::abs(response.stimulus - stimulus) <= 1e-14 * stimulus);
    }
  BOOST_TEST(given_directly == 30u); // edges and refused values, for two sets
}

// The rows again with a = 0.015, b = 5e-3 mm/s and edges 0.04, 0.4, 1.6, 2.2: a constant that is fixed
// somewhere, or read for another one, would show. The intervals are written out anew here.
BOOST_AUTO_TEST_CASE(the_rows_follow_other_constants_than_the_defaults)
{
  StimulusOptions options;
  options.rule = "shear and flow";
  options.threshold_set = "custom";
  options.strain_scale = 0.015;
  options.flow_scale = 5e-3;
  options.resorption_below = 0.04;
  options.mature_bone_below = 0.4;
  options.immature_below = 1.6;
  options.cartilage_below = 2.2;
  const Stimulus rule(options);
  std::array<int, n_phenotypes> met{};
  for (const tests::Row &row : tests::reference_table("mechanoregulation_truth_table.csv", 95, 5)) {
    if (row[0].empty()) continue;
    const double stimulus = number(row[0]) / 0.015 + number(row[1]) / 5e-3;
    const Response response = rule(sheared(number(row[0]), number(row[1])));
    BOOST_TEST(std::abs(response.stimulus - stimulus) <= 1e-14 * stimulus); // rounding, as above
    bool on_edge = false;
    for (const double edge : {0.04, 0.4, 1.6, 2.2}) on_edge = on_edge || std::abs(stimulus - edge) < 1e-13;
    if (on_edge) continue; // rounding decides
    const std::size_t wanted = stimulus < 0.04  ? 0
                               : stimulus < 0.4 ? 1
                               : stimulus < 1.6 ? 2
                               : stimulus < 2.2 ? 3
                                                : 4;
    ++met[wanted];
    BOOST_TEST(static_cast<std::size_t>(response.phenotype) == wanted, "S = " << stimulus);
  }
  for (const int rows : met) BOOST_TEST(rows > 0); // the table reaches every tissue under these constants too
}

// Hydrostatic stress [MPa] and most compressive strain, in every region of the diagram and just beside its
// limits of 0.15 MPa, 5 % and 15 %, 0.0016 MPa and 0.04 %.
BOOST_AUTO_TEST_CASE(claes_heigele_diagram_under_both_signs)
{
  struct Row
  {
    double stress, strain;
    const char *physical, *legacy;
  };
  const Row rows[] = {{0, 0, "resorption", "resorption"},
                      {0.0015, -0.0003, "resorption", "resorption"},
                      {-0.0015, -0.0005, "mature_bone", "mature_bone"},
                      {-0.0017, -0.0003, "mature_bone", "mature_bone"},
                      {-0.14, -0.049, "mature_bone", "mature_bone"},
                      {0.14, -0.049, "mature_bone", "mature_bone"},
                      {-0.14, -0.051, "fibrous", "fibrous"},
                      {0.14, -0.051, "fibrous", "fibrous"},
                      {-0.16, -0.001, "cartilage", "fibrous"},
                      {-0.16, -0.149, "cartilage", "fibrous"},
                      {-0.16, -0.151, "fibrous", "fibrous"},
                      {0.16, -0.001, "fibrous", "cartilage"},
                      {0.16, -0.149, "fibrous", "cartilage"},
                      {0.16, -0.151, "fibrous", "fibrous"}};
  for (const bool legacy : {false, true}) {
    StimulusOptions options;
    options.rule = "Claes-Heigele";
    options.claes_heigele.sign = legacy ? "legacy 2022" : "physical";
    const Stimulus rule(options);
    for (const Row &row : rows) {
      // Shear stress and the two other principal strains must not count.
      PointMechanics point;
      point.stress = {{row.stress - 0.7, row.stress, row.stress + 0.7, 0.4, -0.2, 0.1}};
      point.strain = {{0.9 * row.strain, row.strain, 0, 0, 0, 0}};
      BOOST_TEST(name_of(rule(point).phenotype) == (legacy ? row.legacy : row.physical),
                 row.stress << " MPa, " << row.strain << (legacy ? ", legacy" : ""));
    }
  }
}

BOOST_AUTO_TEST_CASE(ten_day_average_of_a_switched_modulus_follows_the_table)
{
  std::vector<double> history(10, 0.2);
  for (const tests::Row &row : tests::reference_table("modulus_moving_average.csv", 13, 2)) {
    const double modulus = number(row[0]) == 0 ? 0.2 : 1000.0;
    BOOST_TEST(material::moving_average(history, modulus) == number(row[1]),
               boost::test_tools::tolerance(1e-12)); // digits of the table
  }
}

BOOST_AUTO_TEST_CASE(voigt_mixture_of_granulation_and_bone_follows_the_table)
{
  material::MixtureOptions options;
  options.rule = "Voigt";
  const material::Mixture mixture(options);
  for (const tests::Row &row : tests::reference_table("mixture_rule.csv", 4, 5)) {
    const double share = number(row[0]) / number(row[1]);
    material::TissueFractions fractions{};
    fractions[material::index(material::Tissue::granulation)] = 1 - share;
    fractions[material::index(material::Tissue::immature_bone)] = share;
    material::TissueElasticity tissues{};
    tissues[material::index(material::Tissue::granulation)] = {number(row[2]), 0.167};
    tissues[material::index(material::Tissue::immature_bone)] = {number(row[3]), 0.3};
    BOOST_TEST(mixture(fractions, tissues).youngs_modulus == number(row[4]),
               boost::test_tools::tolerance(1e-12)); // digits of the table
  }
}
