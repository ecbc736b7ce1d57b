// The mechanostat: classes at their edges, the level between them, and the tissue each class calls for.
#include "stimulus/rules.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

MechanostatClass class_at(const double microstrain)
{
  return mechanostat_class(mechanostat_level(microstrain * 1e-6, {}));
}

Response response_at(const double microstrain)
{
  StimulusOptions options;
  options.rule = "mechanostat";
  PointMechanics point;
  point.strain = {{0.3e-6 * microstrain, -1e-6 * microstrain, 0, 0, 0, 0}};
  return Stimulus(options)(point);
}

} // namespace

BOOST_AUTO_TEST_CASE(classes_are_half_open_in_microstrain)
{
  struct Row
  {
    double microstrain;
    MechanostatClass wanted;
    Phenotype tissue;
  };
  for (const Row &row : {Row{0, MechanostatClass::disuse, Phenotype::resorption},
                         Row{199, MechanostatClass::disuse, Phenotype::resorption},
                         Row{201, MechanostatClass::adapted, Phenotype::mature_bone},
                         Row{1499, MechanostatClass::adapted, Phenotype::mature_bone},
                         Row{1501, MechanostatClass::formation, Phenotype::mature_bone},
                         Row{2999, MechanostatClass::formation, Phenotype::mature_bone},
                         Row{3001, MechanostatClass::overload, Phenotype::immature_bone},
                         Row{14999, MechanostatClass::overload, Phenotype::immature_bone},
                         Row{15001, MechanostatClass::fracture, Phenotype::fibrous},
                         Row{1e6, MechanostatClass::fracture, Phenotype::fibrous}}) {
    BOOST_TEST((class_at(row.microstrain) == row.wanted), row.microstrain);
    const Response response = response_at(row.microstrain);
    BOOST_TEST((response.phenotype == row.tissue), row.microstrain);
    BOOST_TEST((mechanostat_class(response.mechanostat_level) == row.wanted), row.microstrain);
    BOOST_TEST(response.windows[static_cast<std::size_t>(Phenotype::cartilage)] == 0.0);
  }
  // Exactly at an edge the upper class begins.
  MechanostatOptions exact{
      .adapted_from = 0.25, .formation_from = 0.5, .overload_from = 1, .fracture_from = 2};
  for (int k = 0; k < 4; ++k) BOOST_TEST(mechanostat_level(0.25 * std::pow(2, k), exact) == k + 1.0);
  BOOST_TEST(mechanostat_level(std::nextafter(0.5, 0.0), exact) < 2.0);
}

// A quarter of the way from 200 to 1500, half of the way from 1500 to 3000 microstrain.
BOOST_AUTO_TEST_CASE(level_is_linear_within_a_class, *boost::unit_test::tolerance(1e-13))
{
  BOOST_TEST(mechanostat_level(50e-6, {}) == 0.25);
  BOOST_TEST(mechanostat_level(525e-6, {}) == 1.25);
  BOOST_TEST(mechanostat_level(2250e-6, {}) == 2.5);
  BOOST_TEST(mechanostat_level(9000e-6, {}) == 3.5);
  BOOST_TEST(mechanostat_level(30000e-6, {}) == 4.0);
  BOOST_TEST(response_at(750).stimulus == 0.5);
}

BOOST_AUTO_TEST_CASE(strains_of_the_classes_must_ascend_whatever_the_rule)
{
  StimulusOptions options;
  options.mechanostat.overload_from = 0.0015;
  BOOST_CHECK_EXCEPTION(Stimulus{options}, Fault, [](const Fault &fault) {
    return fault.name() == "thresholds-order" && fault.place() == "Stimulus/Mechanostat" &&
           fault.message().find("2e-04, 0.0015, 0.0015, 0.015") != std::string::npos;
  });
}

// The class of a day is that of its peak, also where the tissue follows the mean of the load cases.
BOOST_AUTO_TEST_CASE(class_of_several_load_cases_is_that_of_the_peak_strain)
{
  StimulusOptions options;
  options.combination = "mean";
  PointMechanics light, heavy;
  light.strain.components[0] = 100e-6;
  heavy.strain.components[2] = -2000e-6;
  const PointMechanics cases[] = {light, heavy, light};
  const Response response = Stimulus(options).of_cases(cases);
  BOOST_TEST((mechanostat_class(response.mechanostat_level) == MechanostatClass::formation));
}
