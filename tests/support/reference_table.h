// Reference tables of tests/verification/reference: comma-separated, one line of column names, quotes
// allowed.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace wolff::tests {

using Row = std::vector<std::string>;

inline Row split_line(const std::string &line)
{
  Row fields(1);
  bool quoted = false;
  for (const char c : line)
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else if (c != '\r')
      fields.back() += c;
  return fields;
}

/// The rows below the column names. The test fails if there are not exactly @p rows of @p columns fields, so
/// that a lost table cannot pass.
inline std::vector<Row> reference_table(const std::string &name, const std::size_t rows,
                                        const std::size_t columns)
{
  std::ifstream file(std::string(WOLFF_SOURCE_DIR) + "/tests/verification/reference/" + name);
  BOOST_REQUIRE_MESSAGE(file, "reference table " << name << " is missing");
  std::vector<Row> table;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    table.push_back(split_line(line));
    BOOST_REQUIRE_EQUAL(table.back().size(), columns);
  }
  BOOST_REQUIRE_EQUAL(table.size(), rows);
  return table;
}

inline double number(const std::string &text)
{
  char *end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  BOOST_REQUIRE_MESSAGE(!text.empty() && *end == '\0', "not a number: " << text);
  return value;
}

} // namespace wolff::tests
