// The load factor over the weeks.
#include "loads/schedule.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using loads::Schedule;

BOOST_AUTO_TEST_CASE(the_factor_holds_from_its_day_on)
{
  const Schedule schedule("0 0; 42 0.5; 84 1");
  BOOST_TEST(schedule.factor(0) == 0);
  BOOST_TEST(schedule.factor(41.9) == 0);
  BOOST_TEST(schedule.factor(42) == 0.5);
  BOOST_TEST(schedule.factor(14 * 3.0 - 1e-12) == 0.5); // a sum of steps that misses the day by rounding
  BOOST_TEST(schedule.factor(83) == 0.5);
  BOOST_TEST(schedule.factor(1000) == 1);
}

BOOST_AUTO_TEST_CASE(no_schedule_is_the_full_load)
{
  BOOST_TEST(Schedule().factor(10) == 1);
  BOOST_TEST(Schedule(" ; ").is_empty());
  BOOST_TEST(!Schedule("0 1").is_empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_schedule_is_refused)
{
  for (const char *text : {"0", "0 1 2", "a 1", "0 1; 7 0,5", "7 1", "0 1; 7 0.5; 7 1", "0 1; 7 0.5; 3 1",
                           "0 -0.5", "0 50", "0 nan", "0, 1"})
    BOOST_CHECK_EXCEPTION(Schedule{text}, Fault, [](const Fault &fault) {
      return fault.code() == Exit::input && fault.name() == "option-value" &&
             fault.place() == "Loads/Schedule";
    });
}
