// CSV files of numbers that users bring: what is read, and what is refused with its line.
#include "io/number_table.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

NumberTable parse(const std::string &text)
{
  return io::parse_number_table(text, "gait.csv");
}

/// "name place" of the fault, and its found part.
std::string refusal(const std::string &text)
{
  try {
    parse(text);
  } catch (const Fault &fault) {
    BOOST_TEST((fault.code() == Exit::input));
    return fault.line();
  }
  return "accepted";
}

void refused(const std::string &text, const std::string &name_and_place, const std::string &found)
{
  const std::string line = refusal(text);
  BOOST_TEST(line.starts_with("error[2:" + name_and_place), line);
  BOOST_TEST(line.find("found " + found) != std::string::npos, line);
}

} // namespace

BOOST_AUTO_TEST_CASE(rows_columns_remarks_and_lines_are_those_of_the_text)
{
  const NumberTable table =
      parse("# frame: x lateral\n\nphase,Fx, \"Fy\" ,Fz\r\n0, 1.5,-2e1,3\n # second\n10,4,5,6");
  BOOST_TEST(table.remarks == (std::vector<std::string>{"frame: x lateral", "second"}));
  BOOST_TEST(table.columns == (std::vector<std::string>{"phase", "Fx", "Fy", "Fz"}));
  BOOST_REQUIRE(table.rows.size() == 2U);
  BOOST_TEST(table.rows[0] == (std::vector<double>{0, 1.5, -20, 3}));
  BOOST_TEST(table.rows[1] == (std::vector<double>{10, 4, 5, 6}));
  BOOST_TEST(table.lines == (std::vector<std::size_t>{4, 6}));
}

BOOST_AUTO_TEST_CASE(semicolons_tabs_and_a_byte_order_mark_are_accepted)
{
  BOOST_TEST(parse("a;b\n1;2\n").rows[0] == (std::vector<double>{1, 2}));
  BOOST_TEST(parse("a\tb\n1\t2\n").rows[0] == (std::vector<double>{1, 2}));
  BOOST_TEST(parse("\xef\xbb\xbf"
                   "a,b\n1,2\n")
                 .columns[0] == "a");
}

BOOST_AUTO_TEST_CASE(what_is_no_table_of_numbers_is_refused_with_its_line)
{
  refused("", "csv-header] gait.csv:", "remarks and blank lines only");
  refused("# only\n", "csv-header] gait.csv:", "remarks and blank lines only");
  refused("a,,c\n1,2,3\n", "csv-header] gait.csv:1:", "a, , c");
  refused("a,b,a\n1,2,3\n", "csv-header] gait.csv:1:", "\"a\"");
  refused("a,b\n# nothing\n", "csv-rows] gait.csv:", "a, b");
  refused("a,b\n1,2\n1,2,3\n", "csv-columns] gait.csv:3:", "3 entries");
  refused("a,b\n1\n", "csv-columns] gait.csv:2:", "1 entries");
  refused("a;b\n1;2,5\n", "csv-number] gait.csv:2:", "\"2,5\"");
  refused("a,b\n1,\n", "csv-number] gait.csv:2:", "\"\"");
  for (const char *word : {"nan", "inf", "1e999", "0x10", "1 2", "twelve"})
    refused("a,b\n1," + std::string(word) + "\n", "csv-number] gait.csv:2:", "\"" + std::string(word) + "\"");
}

BOOST_AUTO_TEST_CASE(a_decimal_comma_among_commas_is_explained)
{
  const std::string line = refusal("phase,Fx\n10,1,5\n");
  BOOST_TEST(line.find("a decimal comma makes two entries of one number") != std::string::npos, line);
}
