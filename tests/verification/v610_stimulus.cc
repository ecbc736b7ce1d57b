// links: stimulus material
// V610: the truth table of stimulus and phenotype with both published threshold sets, the moving average of
// the modulus and the legacy mixture.
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
