// The force over a gait cycle from a table of the user: columns, frames, units, phases.
#include "loads/gait_cycle.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::loads;

namespace {

const double rounding = 1e-12; // a few products of numbers of order 1000

NumberTable table()
{
  return {"gait.csv",
          {"frame: x lateral", "unit: %BW"},
          {"phase [%]", "Fx", "Fy", "Fz", "F"},
          {{0, 20, -10, -60, 0}, {20, 70, -30, -240, 0}, {60, 10, -2, -40, 0}},
          {4, 5, 6}};
}

std::string refusal(const NumberTable &numbers, const GaitOptions &options = {})
{
  try {
    gait_cycle(numbers, options, 750);
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::input));
    return fault.line();
  }
  return "accepted";
}

void refused(const NumberTable &numbers, const GaitOptions &options, const std::string &beginning)
{
  const std::string line = refusal(numbers, options);
  BOOST_TEST(line.starts_with("error[2:" + beginning), line);
}

} // namespace

BOOST_AUTO_TEST_CASE(per_cent_of_body_weight_counted_x_lateral_become_newton_x_medial)
{
  const GaitCycle cycle = gait_cycle(table(), {}, 800);
  BOOST_TEST((cycle.force[1] - 8 * Vector3(-70, -30, -240)).norm() < rounding * 2000);
  BOOST_TEST(cycle.phase == (std::vector<double>{0, 20, 60}));
}

BOOST_AUTO_TEST_CASE(newton_counted_x_medial_are_taken_as_they_are)
{
  NumberTable numbers = table();
  numbers.remarks = {};
  GaitOptions options;
  options.frame = "x medial";
  options.unit = "N";
  const GaitCycle cycle = gait_cycle(numbers, options, 100);
  BOOST_TEST((cycle.force[1] == Vector3(70, -30, -240)));
}

BOOST_AUTO_TEST_CASE(newton_taken_for_per_cent_and_the_other_way_round_are_noticed)
{
  const auto refused_units = [](const NumberTable &numbers, const double body_weight) {
    BOOST_CHECK_EXCEPTION(gait_cycle(numbers, {}, body_weight), Fault, [](const Fault &fault) {
      return fault.code() == Exit::model && fault.name() == "units" && fault.place() == "gait.csv";
    });
  };
  NumberTable numbers = table();
  numbers.remarks = {"frame: x lateral", "unit: N"};
  refused_units(numbers, 750); // 252 N
  numbers.remarks = {"frame: x lateral", "unit: %BW"};
  for (auto &row : numbers.rows)
    for (std::size_t i = 1; i < row.size(); ++i) row[i] *= 7.5;
  refused_units(numbers, 750); // 1892 %
}

BOOST_AUTO_TEST_CASE(between_two_rows_the_force_is_linear_and_at_a_row_exact)
{
  const GaitCycle cycle = gait_cycle(table(), {}, 100);
  for (std::size_t i = 0; i < cycle.phase.size(); ++i)
    BOOST_TEST((cycle.force_at(cycle.phase[i]) == cycle.force[i]));
  BOOST_TEST((cycle.force_at(30) - (0.75 * cycle.force[1] + 0.25 * cycle.force[2])).norm() < rounding * 250);
  for (const double outside : {-1.0, 60.1, 100.0})
    BOOST_CHECK_EXCEPTION(cycle.force_at(outside), Fault, [](const Fault &fault) {
      return fault.name() == "gait-phase" &&
             fault.line().find("0 to 60 %, as in gait.csv") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_phase_goes_by_the_names_of_published_files)
{
  for (const char *name : {"phase", "gait_percent", "Cycle [%]"}) {
    NumberTable numbers = table();
    numbers.columns = {name, "Fx_pctBW", "Fy_pctBW", "Fz_pctBW", "F"};
    BOOST_TEST(gait_cycle(numbers, {}, 750).phase == (std::vector<double>{0, 20, 60}));
  }
}

BOOST_AUTO_TEST_CASE(time_becomes_per_cent_of_its_length)
{
  NumberTable numbers = table();
  numbers.columns[0] = "Time [s]";
  numbers.rows[0][0] = 0.5;
  numbers.rows[1][0] = 0.8;
  numbers.rows[2][0] = 1.7;
  const GaitCycle cycle = gait_cycle(numbers, {}, 100);
  BOOST_TEST(cycle.phase[0] == 0);
  BOOST_TEST(cycle.phase[1] == 25, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(cycle.phase[2] == 100);
}

BOOST_AUTO_TEST_CASE(missing_columns_wrong_order_and_single_rows_are_refused)
{
  for (const std::size_t missing : {0, 1, 2, 3}) {
    NumberTable numbers = table();
    numbers.columns[missing] = "other";
    refused(numbers, {}, "csv-column] gait.csv: there is no column");
  }
  NumberTable numbers = table();
  std::swap(numbers.rows[0], numbers.rows[1]);
  refused(numbers, {}, "gait-order] gait.csv:5: ");
  numbers = table();
  numbers.rows[2][0] = 20;
  refused(numbers, {}, "gait-order] gait.csv:6: ");
  numbers = table();
  numbers.rows.resize(1);
  refused(numbers, {}, "gait-order] gait.csv: a cycle of one row");
}

BOOST_AUTO_TEST_CASE(frame_and_unit_are_stated_once_and_alike)
{
  NumberTable numbers = table();
  numbers.remarks = {"unit: %BW"};
  refused(numbers, {}, "option-missing] Loads/Gait cycle/Frame: ");
  numbers.remarks = {"Frame: X Lateral"};
  refused(numbers, {}, "option-missing] Loads/Gait cycle/Unit: ");
  numbers.remarks = {"frame: lateral", "unit: N"};
  refused(numbers, {}, "option-value] gait.csv: ");
  GaitOptions options;
  options.frame = "x medial";
  refused(table(), options, "option-contradicts] Loads/Gait cycle/Frame: ");
  options.frame = "x lateral"; // the same as in the file
  BOOST_TEST(refusal(table(), options) == "accepted");
}
