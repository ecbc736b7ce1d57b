#include "io/number_table.h"

#include "base/errors.h"
#include "base/options.h"
#include "io/input_file.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace wolff::io {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 24; // a gait cycle has some ten kilobytes

std::string trimmed(const std::string_view text)
{
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> split(const std::string &line, const char separator)
{
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = line.find(separator, begin);
    fields.push_back(trimmed(std::string_view(line).substr(begin, end - begin)));
    if (end == std::string::npos) return fields;
    begin = end + 1;
  }
}

Fault fault(const std::string &name, const std::string &place, const std::size_t line,
            const std::string &what)
{
  return Fault(Exit::input, name, place + ":" + std::to_string(line), what);
}

std::vector<std::string> names_of(const std::vector<std::string> &fields, const std::string &place,
                                  const std::size_t line)
{
  std::vector<std::string> names;
  for (std::string name : fields) {
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = trimmed(std::string_view(name).substr(1, name.size() - 2));
    if (name.empty())
      throw fault("csv-header", place, line, "a column without a name").found(join(fields)).wanted("names");
    if (std::find(names.begin(), names.end(), name) != names.end())
      throw fault("csv-header", place, line, "two columns have one name").found("\"" + name + "\"");
    names.push_back(name);
  }
  return names;
}

std::vector<double> numbers_of(const std::vector<std::string> &fields, const NumberTable &table,
                               const std::size_t line)
{
  if (fields.size() != table.columns.size())
    throw fault("csv-columns", table.place, line, "a row of another length than the header")
        .found(std::to_string(fields.size()) + " entries")
        .wanted(std::to_string(table.columns.size()) + ": " + join(table.columns))
        .hint(fields.size() > table.columns.size()
                  ? "Numbers take a decimal point; where columns are parted by commas, a decimal comma makes "
                    "two entries of one number"
                  : "Every row holds one number a column");
  std::vector<double> numbers;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    try {
      numbers.push_back(parse_number(fields[i]));
    } catch (const std::invalid_argument &) {
      throw fault("csv-number", table.place, line, "column \"" + table.columns[i] + "\" holds no number")
          .found("\"" + fields[i] + "\"")
          .wanted("a finite number with a decimal point");
    }
  }
  return numbers;
}

} // namespace

NumberTable parse_number_table(const std::string &text, const std::string &place)
{
  NumberTable table;
  table.place = place;
  char separator = ',';
  std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (std::size_t number = 1; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = trimmed(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    if (line.empty()) continue;
    if (line.front() == '#') {
      const std::size_t first = std::min(line.find_first_not_of('#'), line.size());
      table.remarks.push_back(trimmed(std::string_view(line).substr(first)));
    } else if (table.columns.empty()) {
      separator = line.find(';') != std::string::npos    ? ';'
                  : line.find('\t') != std::string::npos ? '\t'
                                                         : ',';
      table.columns = names_of(split(line, separator), place, number);
    } else {
      table.rows.push_back(numbers_of(split(line, separator), table, number));
      table.lines.push_back(number);
    }
  }
  if (table.columns.empty())
    throw Fault(Exit::input, "csv-header", place, "no line that names columns")
        .found("remarks and blank lines only");
  if (table.rows.empty())
    throw Fault(Exit::input, "csv-rows", place, "no rows below the names of the columns")
        .found(join(table.columns))
        .wanted("at least one row of numbers");
  return table;
}

NumberTable read_number_table(const std::string &path)
{
  return parse_number_table(read_small_file(path, most_bytes), path);
}

} // namespace wolff::io
