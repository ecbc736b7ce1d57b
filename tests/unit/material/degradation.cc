// links: geometry
// Laws of a degrading solid at one point: molar mass, start and speed of the front, solid fraction of a
// lattice.
#include "material/degradation.h"

#include "base/errors.h"
#include "geometry/scaffold.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::material;

namespace {

constexpr double rounding = 1e-13;

MaterialTable polymer()
{
  MaterialTable table;
  table.name = "PCL";
  table.values.values["hydrolysis_rate"].value = 0.003285;
  table.values.values["critical_molar_mass"].value = 5000;
  return table;
}

bool is_missing(const Fault &fault)
{
  return fault.name() == "option-missing";
}

} // namespace

BOOST_AUTO_TEST_CASE(molar_mass_falls_exponentially_whatever_the_steps_and_halves_in_the_time_of_the_table)
{
  DegradationOptions options;
  options.law = "hydrolysis";
  options.modulus_exponent = 0.5;
  const DegradationLaw law = degradation_law(options, polymer());
  double stepped = 1;
  for (int step = 0; step < 70; ++step) stepped = molar_mass_after(stepped, 3, law);
  BOOST_TEST(stepped == std::exp(-0.003285 * 210), boost::test_tools::tolerance(rounding));
  BOOST_TEST(std::abs(molar_mass_after(1, 6.93 * 30.4375, law) - 0.5) < 1e-3); // 6.9 months
  BOOST_TEST(solid_modulus_ratio(0.25, law) == 0.5, boost::test_tools::tolerance(rounding));
  BOOST_TEST(front_depth(1e-9, 100, law) == 0.0); // no mass is lost unless it is stated how fast
}

BOOST_AUTO_TEST_CASE(erosion_after_hydrolysis_starts_within_a_step_at_the_critical_molar_mass)
{
  DegradationOptions options;
  options.law = "hydrolysis";
  options.modulus_exponent = 0;
  options.initial_molar_mass = 80000;
  options.front_speed = 2;
  const DegradationLaw law = degradation_law(options, polymer());
  const double start = std::log(16.0) / 0.003285; // 844 days
  BOOST_TEST(front_depth(1, 800, law) == 0.0);
  BOOST_TEST(front_depth(1, 900, law) == 0.002 * (900 - start), boost::test_tools::tolerance(1e-12));
  const double in_two = front_depth(1, 850, law) + front_depth(molar_mass_after(1, 850, law), 50, law);
  BOOST_TEST(in_two == front_depth(1, 900, law), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_rule_of_surface_and_bulk_is_a_front_and_a_rate)
{
  DegradationOptions options;
  options.law = "surface and bulk rule";
  options.surface_loss = 0.03;
  options.bulk_loss = 0.00015;
  const DegradationLaw law = degradation_law(options, {});
  BOOST_TEST(law.front_speed == 0.0015,
             boost::test_tools::tolerance(rounding)); // 1.5 um a day on sites of 0.05 mm
  BOOST_TEST(bulk_kept(1, law) == 1 - 0.00015, boost::test_tools::tolerance(rounding));
  BOOST_TEST(bulk_kept(10, law) == std::pow(1 - 0.00015, 10), boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(a_law_without_its_numbers_is_one_clear_fault)
{
  DegradationOptions options;
  options.law = "constant front";
  BOOST_CHECK_EXCEPTION(degradation_law(options, polymer()), Fault, is_missing);
  options.front_speed = 1.5;
  BOOST_TEST(degradation_law(options, polymer()).front_speed == 0.0015,
             boost::test_tools::tolerance(rounding));
  options.law = "hydrolysis";
  options.front_speed = 0;
  BOOST_TEST(check(options).size() == 1u); // the exponent
  options.modulus_exponent = 0;
  BOOST_TEST(check(options).empty());
  options.front_speed = 1;
  BOOST_TEST(check(options).size() == 1u); // the molar mass of day 0
  options.law = "none";
  BOOST_TEST(check(options).empty());
  BOOST_TEST(degradation_law(options, {}).front_speed == 0.0);
}

BOOST_AUTO_TEST_CASE(even_erosion_follows_the_area_exactly_and_many_steps_are_one)
{
  // s_v = 2 everywhere: straight down to nothing. s_v = 1 + 10 d above 0.1: exponential.
  const ErosionCurve straight({0.1, 0.3}, {2, 2}, 0), bent({0.1, 0.3}, {2, 4}, 2.0 / 3);
  BOOST_TEST(straight.density_after(0.3, 0.06) == 0.18, boost::test_tools::tolerance(rounding));
  BOOST_TEST(straight.density_after(0.3, 0.14) == 0.02, boost::test_tools::tolerance(rounding));
  BOOST_TEST(straight.density_after(0.3, 0.1500001) == 0.0);
  // d + 0.1 = 0.4 exp(-10 depth)
  BOOST_TEST(bent.density_after(0.3, 0.05) == 0.4 * std::exp(-0.5) - 0.1,
             boost::test_tools::tolerance(rounding));
  double stepped = 0.3;
  for (int step = 0; step < 100; ++step) stepped = bent.density_after(stepped, 0.001);
  BOOST_TEST(stepped == bent.density_after(0.3, 0.1), boost::test_tools::tolerance(1e-11));
  BOOST_TEST(bent.density_after(0.3, 0) == 0.3);
}

BOOST_AUTO_TEST_CASE(a_gyroid_loses_its_specific_surface_times_the_depth_and_pinches_off_where_it_must)
{
  geometry::ScaffoldOptions gyroid;
  gyroid.type = "gyroid network";
  gyroid.solid_fraction = 0.4;
  const geometry::ErosionSamples samples = geometry::sample_erosion(gyroid);
  // Areas of the tables, 2.526 and 3.058 a^2 at 0.2 and 0.4, a = 2.5 mm; sampled to about 1 %.
  BOOST_TEST(samples.specific_area[5] == 2.526 / 2.5, boost::test_tools::tolerance(0.03));
  BOOST_TEST(samples.specific_area.back() == 3.058 / 2.5, boost::test_tools::tolerance(0.03));
  BOOST_TEST(samples.pinch_off > 0.01);
  BOOST_TEST(samples.pinch_off < 0.04);
  const ErosionCurve curve(samples.solid_fraction, samples.specific_area, 2.0 / 3);
  BOOST_TEST(curve.density_after(0.4, 0.01) == 0.4 - 3.058 / 2.5 * 0.01, boost::test_tools::tolerance(2e-3));
  // The table's offsets are moved by its own level set: 0.4 -> 0.2 is t from -0.310 to -0.914, about
  // 0.604/|grad f| a/(2 pi), |grad f| about 1.3 to 1.5 on the surface.
  double depth = 0;
  while (curve.density_after(0.4, depth) > 0.2) depth += 0.001;
  BOOST_TEST(depth == 0.604 / 1.4 * 2.5 / 6.2832, boost::test_tools::tolerance(0.1));
}
