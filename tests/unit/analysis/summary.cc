// End points of a made-up history.
#include "analysis/summary.h"

#include "base/errors.h"
#include "two_sizes.h"

using namespace wolff;
using analysis::no_value;
using analysis::Quantity;
using tests::value_of;

namespace {

std::vector<Quantity> row(const double day, const double bone, const double stress, const double factor)
{
  return {{"day", day, ""},
          {"bone_ingrowth_scaffold_pore", bone, ""},
          {"von_mises_p99_scaffold_MPa", stress, ""},
          {"factor_to_yield_scaffold", factor, ""},
          {"solver_iterations", 10, ""}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_level_is_reached_between_two_days_by_linear_interpolation,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  const std::vector<double> days{0, 7, 14, 28}, bone{0.0, 0.05, 0.15, 0.25};
  BOOST_TEST(analysis::day_of_reaching(days, bone, 0.10) == 10.5);
  BOOST_TEST(analysis::day_of_reaching(days, bone, 0.20) == 21.0);
  BOOST_TEST(analysis::day_of_reaching(days, bone, 0.25) == 28.0);
  BOOST_TEST(analysis::day_of_reaching(days, bone, 0.0) == 0.0);
  BOOST_TEST(std::isnan(analysis::day_of_reaching(days, bone, 0.26)));
}

BOOST_AUTO_TEST_CASE(the_first_of_several_passages_counts,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  const std::vector<double> days{0, 1, 2, 3}, values{0, 2, 0, 2};
  BOOST_TEST(analysis::day_of_reaching(days, values, 1) == 0.5);
}

BOOST_AUTO_TEST_CASE(days_without_a_value_are_passed_over,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  const std::vector<double> days{0, 1, 2, 3}, values{no_value, 0, no_value, 1};
  BOOST_TEST(analysis::day_of_reaching(days, values, 0.5) == 2.0);
  BOOST_TEST(std::isnan(
      analysis::day_of_reaching(days, std::vector<double>{no_value, no_value, no_value, no_value}, 0)));
}

BOOST_AUTO_TEST_CASE(the_summary_holds_first_last_and_worst_values,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  const auto points =
      analysis::summary({row(0, 0, 100, 8), row(10, 0.2, 160, 5), row(20, 0.4, 120, no_value)});
  BOOST_TEST(value_of(points, "last_day") == 20);
  BOOST_TEST(value_of(points, "first_bone_ingrowth_scaffold_pore") == 0);
  BOOST_TEST(value_of(points, "last_bone_ingrowth_scaffold_pore") == 0.4);
  BOOST_TEST(value_of(points, "last_von_mises_p99_scaffold_MPa") == 120);
  BOOST_TEST(value_of(points, "largest_von_mises_p99_scaffold_MPa") == 160);
  BOOST_TEST(value_of(points, "smallest_factor_to_yield_scaffold") == 5);
  BOOST_TEST(std::isnan(value_of(points, "last_factor_to_yield_scaffold")));
  BOOST_TEST(value_of(points, "day_of_10_percent_bone_ingrowth_scaffold_pore") == 5);
  BOOST_TEST(value_of(points, "day_of_20_percent_bone_ingrowth_scaffold_pore") == 10);
  BOOST_TEST(std::isnan(value_of(points, "day_of_50_percent_bone_ingrowth_scaffold_pore")));
  for (const Quantity &point : points) BOOST_TEST(point.name.find("solver_iterations") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_without_scaffold_has_no_worst_stress_in_it)
{
  const auto points = analysis::summary({row(0, no_value, no_value, no_value)});
  BOOST_TEST(std::isnan(value_of(points, "largest_von_mises_p99_scaffold_MPa")));
  BOOST_TEST(std::isnan(value_of(points, "day_of_10_percent_bone_ingrowth_scaffold_pore")));
}

BOOST_AUTO_TEST_CASE(no_rows_give_no_summary_and_mixed_rows_are_refused)
{
  BOOST_TEST(analysis::summary({}).empty());
  auto other = row(1, 0, 0, 0);
  other.pop_back();
  BOOST_CHECK_EXCEPTION(analysis::summary({row(0, 0, 0, 0), other}), Fault,
                        [](const Fault &fault) { return fault.code() == Exit::internal; });
}
