// Measures of a whole day, by hand.
#include "stimulus/daily.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

PointMechanics uniaxial(const double stress, const double strain)
{
  PointMechanics point;
  point.stress.components[2] = stress;
  point.strain.components[2] = strain;
  return point;
}

} // namespace

// Uniaxial s: tau_oct = sqrt(2)/3 |s|, D = s/3. 1000 cycles of -6 MPa, 10 of 3 MPa with pore pressure 1 at
// alpha 0.9, so that D = 1 - 0.9.
BOOST_AUTO_TEST_CASE(osteogenic_index_adds_shear_and_weighted_hydrostatic_stress)
{
  std::array cases{uniaxial(-6, 0), uniaxial(3, 0)};
  cases[1].pore_pressure = 1;
  cases[1].biot_coefficient = 0.9;
  const std::array cycles{1000.0, 10.0};
  const double root = std::sqrt(2.0);
  BOOST_TEST(osteogenic_index(cases, cycles, 0.5) == 1000 * (2 * root - 0.5 * 2) + 10 * (root + 0.5 * 0.1),
             boost::test_tools::tolerance(1e-13));
  BOOST_TEST(osteogenic_index(cases, cycles, 0) == 2010 * root, boost::test_tools::tolerance(1e-13));
}

// Uniaxial stress s with E: U = s^2/(2 E), so the effective stress is s itself. 16 cycles of 3 and 81 of 2
// with m = 4: (16 * 81 + 81 * 16)^(1/4) = 2592^(1/4).
BOOST_AUTO_TEST_CASE(daily_stress_stimulus_weighs_large_stresses_more_than_their_number)
{
  const double E = 500;
  BOOST_TEST(effective_stress(E, 3.0 * 3 / (2 * E)) == 3.0, boost::test_tools::tolerance(1e-14));
  const std::array cases{uniaxial(3, 3 / E), uniaxial(-2, -2 / E)};
  const std::array cycles{16.0, 81.0};
  BOOST_TEST(daily_stress_stimulus(cases, cycles, E, 4) == std::pow(2592, 0.25),
             boost::test_tools::tolerance(1e-13));
  BOOST_TEST(daily_stress_stimulus(cases, cycles, E, 1) == 210.0, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(every_case_needs_its_cycles)
{
  const std::array cases{uniaxial(1, 1), uniaxial(2, 2)};
  const std::array cycles{1.0};
  BOOST_CHECK_THROW(osteogenic_index(cases, cycles, 0.5), Fault);
  BOOST_CHECK_THROW(daily_stress_stimulus(cases, cycles, 1, 4), Fault);
}

BOOST_AUTO_TEST_CASE(options_of_daily_measures_are_off_and_within_the_range_of_their_sources)
{
  DailyOptions options;
  Options tree;
  options.declare(tree);
  BOOST_TEST(!options.are_written);
  BOOST_TEST((options.hydrostatic_weight >= 0.3 && options.hydrostatic_weight <= 1));
  BOOST_TEST(options.exponent == 4);
  tree.find("Write")->set("true");
  BOOST_TEST(options.are_written);
  for (const char *wrong : {"0.5", "nan", "21"})
    BOOST_CHECK_THROW(tree.find("Stress exponent [-]")->set(wrong), std::invalid_argument);
}
