// Options: exact values, ranges, and the text that says what is wanted.
#include "base/options.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace wolff;

namespace {

std::string wanted_by(const Option &option, const std::string &text)
{
  try {
    option.set(text);
  } catch (const std::invalid_argument &e) {
    return e.what();
  }
  return "accepted";
}

} // namespace

BOOST_AUTO_TEST_CASE(declaring_binds_the_variable_and_keeps_the_default_exact)
{
  Options options;
  double radius = 1.0 / 3.0;
  {
    const Options::Section section(options, "Femur");
    options.add("Head radius [mm]", radius, "Radius of the head.", between(0.1, 40));
  }
  const Option *option = options.find("Femur/Head radius [mm]");
  BOOST_REQUIRE(option);
  option->set(option->get());
  BOOST_TEST(radius == 1.0 / 3.0);
  option->set(" 2.5e1 ");
  BOOST_TEST(radius == 25.0);
  BOOST_TEST(wanted_by(*option, "24,5") == "a number in [0.1, 40]");
  BOOST_TEST(wanted_by(*option, "nan") == "a number in [0.1, 40]");
  BOOST_TEST(wanted_by(*option, "41") == "a number in [0.1, 40]");
  BOOST_TEST(radius == 25.0);
}

BOOST_AUTO_TEST_CASE(integers_booleans_lists_and_choices_refuse_what_they_are_not)
{
  Options options;
  int count = 2;
  bool flag = false;
  std::string side = "left";
  std::vector<double> axis{0, 0, 1};
  options.add("Count [-]", count, "", between(1, 9));
  options.add("Flag", flag, "");
  options.add("Axis [-]", axis, "", 3);
  options.add_choice("Side", side, {"left", "right"}, "");
  BOOST_TEST(wanted_by(*options.find("Count [-]"), "2.5") == "a whole number in [1, 9]");
  BOOST_TEST(wanted_by(*options.find("Flag"), "1") == "true or false");
  BOOST_TEST(wanted_by(*options.find("Axis [-]"), "1, 2") == "3 numbers separated by commas");
  BOOST_TEST(wanted_by(*options.find("Axis [-]"), "1, , 2") == "3 numbers separated by commas");
  BOOST_TEST(wanted_by(*options.find("Axis [-]"), "1, 0, -2.5") == "accepted");
  BOOST_TEST(axis[2] == -2.5);
  BOOST_TEST(wanted_by(*options.find("Side"), "rihgt") == "one of: left, right (did you mean \"right\"?)");
}
