// Debris and macrophages at a point: single terms by hand, their course, the activity that follows from them.
#include "tissue/macrophages.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace wolff;
using namespace wolff::tissue;

namespace {

MacrophageOptions stated()
{
  MacrophageOptions options;
  options.model = "macrophages";
  options.capacity = 50;
  options.clearing = 0.8;
  options.recruitment = 0.6;
  options.switching = 1;
  options.m1_death = 0.2;
  options.m2_death = 0.1;
  options.base_switching = 0.1;
  options.base_activity = 0.2;
  options.gain = 0.7;
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_term_alone_follows_its_exponential)
{
  MacrophageOptions options = stated();
  options.switching = 0;
  const Inflammation dying = advance({0, 10, 20}, 0, 3, options);
  BOOST_TEST(dying.m1 == 10 * std::exp(-0.6), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(dying.m2 == 20 * std::exp(-0.3), boost::test_tools::tolerance(1e-6));

  options.m1_death = options.m2_death = options.recruitment = 0;
  const Inflammation clearing = advance({1, 15, 10}, 0, 2, options); // half of the capacity
  BOOST_TEST(clearing.debris == std::exp(-0.8 * 0.5 * 2), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(clearing.m1 == 15.0, boost::test_tools::tolerance(1e-12));

  options.switching = 1;
  options.msc_share = 0.4;
  // IL-10 of 0.1 + m2 + 0.4*0.5, m1 + m2 = 0.5 kept: m1' = -(0.3 + 0.5 - m1) m1, logistic.
  const Inflammation switched = advance({0, 25, 0}, 0.5, 2, options);
  const double e = std::exp(-0.8 * 2), exact = 0.8 * 0.5 * e / (0.3 + 0.5 * e);
  BOOST_TEST(switched.m1 == 50 * exact, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(switched.m1 + switched.m2 == 25, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(debris_calls_m1_first_and_m2_take_over)
{
  const MacrophageOptions options = stated();
  Inflammation state{1, 0, 0};
  double peak_m1 = 0, day_of_peak = 0;
  for (int day = 1; day <= 30; ++day) {
    const double debris_before = state.debris;
    state = advance(state, 0, 1, options);
    BOOST_TEST(state.debris < debris_before);
    BOOST_TEST(state.m1 + state.m2 <= options.capacity);
    if (state.m1 > peak_m1) {
      peak_m1 = state.m1;
      day_of_peak = day;
    }
  }
  BOOST_TEST(day_of_peak > 0.0);
  BOOST_TEST(day_of_peak < 10.0);
  BOOST_TEST(state.m1 < 0.2 * peak_m1);
  BOOST_TEST(state.m2 > state.m1);
  BOOST_TEST((advance({}, 0, 5, options) == Inflammation{})); // nothing comes of nothing
}

BOOST_AUTO_TEST_CASE(activity_rises_with_the_share_of_m2_and_differentiation_suffers_above_the_threshold)
{
  MacrophageOptions options = stated();
  BOOST_TEST(activity({1, 0, 0}, options) == 0.2);
  BOOST_TEST(activity({0, 10, 30}, options) == 0.2 + 0.7 * 0.75, boost::test_tools::tolerance(1e-14));
  options.gain = 1;
  BOOST_TEST(activity({0, 0, 30}, options) == 1.0);
  BOOST_TEST(differentiation_factor({0, 50, 0}, options) == 1.0);
  options.tnf_threshold = 0.2;
  options.tnf_inhibition = 0.6;
  BOOST_TEST(differentiation_factor({0, 9.9, 0}, options) == 1.0);
  BOOST_TEST(differentiation_factor({0, 10, 0}, options) == 0.4);
}

BOOST_AUTO_TEST_CASE(every_rate_must_be_stated_and_states_must_be_sound)
{
  BOOST_TEST(check(MacrophageOptions{}).empty());
  BOOST_TEST(check(stated()).empty());
  MacrophageOptions bare;
  bare.model = "macrophages";
  BOOST_TEST(check(bare).size() == 9U);
  BOOST_CHECK_THROW(advance({-1, 0, 0}, 0, 1, stated()), Fault);
  BOOST_CHECK_THROW(advance({1, std::numeric_limits<double>::quiet_NaN(), 0}, 0, 1, stated()), Fault);
}
