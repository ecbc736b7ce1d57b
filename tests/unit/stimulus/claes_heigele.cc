// The rule of Claes and Heigele at points on either side of every limit, its options, and its smooth windows.
#include "stimulus/claes_heigele.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

constexpr Phenotype resorption = Phenotype::resorption, bone = Phenotype::mature_bone,
                    cartilage = Phenotype::cartilage, fibrous = Phenotype::fibrous;

Phenotype at(const double stress, const double strain, const ClaesHeigeleOptions &options = {})
{
  return claes_heigele_response({stress, strain, 0}, options, bone, 0.05).phenotype;
}

double weight(const Response &response, const Phenotype phenotype)
{
  return response.windows[static_cast<std::size_t>(phenotype)];
}

} // namespace

// MPa and strain; the two middle columns differ in the side of cartilage alone.
BOOST_AUTO_TEST_CASE(each_region_of_the_diagram_under_both_signs)
{
  struct Row
  {
    double stress, strain;
    Phenotype physical, legacy;
  };
  const Row rows[] = {
      {0, 0, resorption, resorption},     {-0.0015, -0.00039, resorption, resorption},
      {-0.0015, -0.00041, bone, bone}, // both must be low
      {-0.0017, -0.00039, bone, bone},    {-0.149, -0.049, bone, bone},
      {0.149, 0.049, bone, bone},         {-0.149, -0.051, fibrous, fibrous},
      {0.1, -0.2, fibrous, fibrous},      {-0.151, -0.01, cartilage, fibrous},
      {-0.15, -0.01, cartilage, fibrous}, // half-open intervals
      {-3, -0.149, cartilage, fibrous},   {-3, -0.151, fibrous, fibrous},
      {0.151, -0.01, fibrous, cartilage}, {3, -0.149, fibrous, cartilage},
      {3, 0.151, fibrous, fibrous},
  };
  ClaesHeigeleOptions legacy;
  legacy.sign = "legacy 2022";
  for (const Row &row : rows) {
    BOOST_TEST((at(row.stress, row.strain) == row.physical), row.stress << " MPa, " << row.strain);
    BOOST_TEST((at(row.stress, row.strain, legacy) == row.legacy),
               "legacy: " << row.stress << " MPa, " << row.strain);
  }
}

BOOST_AUTO_TEST_CASE(resorption_has_two_published_windows_and_custom_ones)
{
  ClaesHeigeleOptions options;
  BOOST_TEST((at(-0.003, -0.0009, options) == bone));
  options.resorption = "Model D";
  BOOST_TEST((at(-0.003, -0.0009, options) == resorption));
  BOOST_TEST((at(-0.0041, -0.0009, options) == bone));
  BOOST_TEST((at(-0.003, -0.0011, options) == bone));
  options.resorption = "custom";
  options.resorption_stress = options.resorption_strain = 0.01;
  BOOST_TEST((at(-0.009, -0.009, options) == resorption));
  options.resorption_stress = options.resorption_strain = 0;
  BOOST_TEST((at(0, 0, options) == bone));
}

// Total stress -0.3/3 - 0.8 * 0.1 = -0.18: cartilage. Effective stress alone -0.1 and pore pressure 0.1:
// bone.
BOOST_AUTO_TEST_CASE(pressure_is_the_mean_total_stress_or_the_pore_pressure)
{
  PointMechanics point;
  point.stress = {{-0.3, 0, 0, 0.2, 0, 0}};
  point.pore_pressure = 0.1;
  point.biot_coefficient = 0.8;
  ClaesHeigeleOptions options;
  BOOST_TEST(claes_heigele_axes(point, options)[0] == -0.18, boost::test_tools::tolerance(1e-14));
  options.pressure = "pore pressure";
  BOOST_TEST(claes_heigele_axes(point, options)[0] == -0.1);
}

BOOST_AUTO_TEST_CASE(the_published_strain_does_not_see_tension_the_largest_does)
{
  PointMechanics point;
  point.strain = {{0.2, -0.01, 0.001, 0, 0, 0}};
  ClaesHeigeleOptions options;
  const Axes published = claes_heigele_axes(point, options);
  options.strain = "largest magnitude";
  const Axes largest = claes_heigele_axes(point, options);
  BOOST_TEST(published[1] == -0.01, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(largest[1] == 0.2, boost::test_tools::tolerance(1e-14));
  BOOST_TEST((claes_heigele_response(published, {}, bone, 0).phenotype == bone));
  BOOST_TEST((claes_heigele_response(largest, {}, bone, 0).phenotype == fibrous));
}

BOOST_AUTO_TEST_CASE(one_class_of_bone_is_the_phenotype_asked_for)
{
  const Response response = claes_heigele_response({-0.05, -0.01, 0}, {}, Phenotype::immature_bone, 0.05);
  BOOST_TEST((response.phenotype == Phenotype::immature_bone));
  BOOST_TEST(weight(response, Phenotype::immature_bone) > 0.99);
  BOOST_TEST(weight(response, bone) == 0.0);
  // S = max(0.05/0.15, 0.01/0.05)
  BOOST_TEST(response.stimulus == 1.0 / 3, boost::test_tools::tolerance(1e-14));
}

// At (-s_b, -e_b) each logistic share is 1/2: bone 1/4, cartilage 1/2 (its strain limit is far), the rest
// 1/4.
BOOST_AUTO_TEST_CASE(smooth_windows_are_products_that_sum_to_one)
{
  const Response corner = claes_heigele_response({-0.15, -0.05, 0}, {}, bone, 0.05);
  BOOST_TEST(weight(corner, bone) == 0.25, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weight(corner, cartilage) == 0.5, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weight(corner, fibrous) == 0.25, boost::test_tools::tolerance(1e-9));
  // One width above the stress limit 1/(1 + e) is left of bone.
  const Response above = claes_heigele_response({-0.15 * std::exp(0.1), -0.001, 0}, {}, bone, 0.1);
  BOOST_TEST(weight(above, bone) == 1 / (1 + std::exp(1.0)), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weight(above, cartilage) == std::exp(1.0) / (1 + std::exp(1.0)),
             boost::test_tools::tolerance(1e-9));
  for (double stress = -0.4; stress < 0.4; stress += 0.0173)
    for (double strain = -0.3; strain < 0.3; strain += 0.0113)
      for (const double width : {0.0, 0.05, 0.5}) {
        const Response response = claes_heigele_response({stress, strain, 0}, {}, bone, width);
        const double sum = std::accumulate(response.windows.begin(), response.windows.end(), 0.0);
        BOOST_TEST(std::abs(sum - 1) < 1e-15); // rounding of five terms
        for (const double w : response.windows) BOOST_TEST((w >= 0 && w <= 1));
        if (width == 0) BOOST_TEST(weight(response, response.phenotype) == 1.0);
      }
}

BOOST_AUTO_TEST_CASE(windows_do_not_jump_where_stress_changes_its_sign)
{
  const Response below = claes_heigele_response({-1e-9, -0.01, 0}, {}, bone, 0.5);
  const Response above = claes_heigele_response({1e-9, -0.01, 0}, {}, bone, 0.5);
  for (std::size_t i = 0; i < n_phenotypes; ++i)
    BOOST_TEST(std::abs(below.windows[i] - above.windows[i]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(limits_that_do_not_ascend_are_refused_each_for_itself)
{
  ClaesHeigeleOptions options;
  BOOST_TEST(check(options).empty());
  options.cartilage_strain = 0.04;
  options.resorption = "custom";
  options.resorption_stress = 0.2;
  const std::vector<Fault> faults = check(options);
  BOOST_REQUIRE(faults.size() == 2u);
  for (const Fault &fault : faults) {
    BOOST_TEST(fault.name() == "thresholds-order");
    BOOST_TEST((fault.code() == Exit::model));
  }
  BOOST_TEST(faults[0].message().find("0.2, 0.15") != std::string::npos);
  BOOST_TEST(faults[1].message().find("4e-04, 0.05, 0.04") != std::string::npos);
}
