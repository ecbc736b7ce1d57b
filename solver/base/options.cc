#include "base/options.h"

#include "base/errors.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace wolff {

namespace {

std::string trimmed(const std::string &text)
{
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string to_list(const std::vector<double> &values)
{
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + to_text(values[i]);
  return text;
}

} // namespace

double parse_number(const std::string &text)
{
  const std::string token = trimmed(text);
  const char *begin = token.data();
  if (token.size() > 1 && token[0] == '+') ++begin;
  double value = 0;
  const auto result = std::from_chars(begin, token.data() + token.size(), value);
  if (token.empty() || result.ec != std::errc() || result.ptr != token.data() + token.size())
    throw std::invalid_argument("a number with a decimal point");
  if (!std::isfinite(value)) throw std::invalid_argument("a finite number");
  return value;
}

bool Range::contains(const double value) const
{
  return (open_least ? value > least : value >= least) &&
         (open_greatest ? value < greatest : value <= greatest);
}

std::string Range::description() const
{
  const bool below = std::isfinite(least), above = std::isfinite(greatest);
  if (below && above)
    return "a number in " + std::string(open_least ? "(" : "[") + to_text(least) + ", " + to_text(greatest) +
           (open_greatest ? ")" : "]");
  if (below) return "a number " + std::string(open_least ? "greater than " : "of at least ") + to_text(least);
  if (above)
    return "a number " + std::string(open_greatest ? "less than " : "of at most ") + to_text(greatest);
  return "a number";
}

std::string Option::path() const
{
  std::string text;
  for (const std::string &part : section) text += part + "/";
  return text + name;
}

Option &Options::append(const std::string &name, const std::string &meaning, const std::string &source)
{
  Option option;
  option.section = open_;
  option.name = name;
  option.meaning = meaning;
  option.source = source;
  options_.push_back(std::move(option));
  return options_.back();
}

void Options::add(const std::string &name, double &value, const std::string &meaning, const Range &range,
                  const std::string &source)
{
  Option &option = append(name, meaning, source);
  option.kind = Option::Kind::number;
  option.range = range;
  option.default_text = to_text(value);
  option.get = [&value] { return to_text(value); };
  option.set = [&value, range](const std::string &text) {
    double number = 0;
    try {
      number = parse_number(text);
    } catch (const std::invalid_argument &) {
      throw std::invalid_argument(range.description());
    }
    if (!range.contains(number)) throw std::invalid_argument(range.description());
    value = number;
  };
}

void Options::add(const std::string &name, int &value, const std::string &meaning, const Range &range,
                  const std::string &source)
{
  Option &option = append(name, meaning, source);
  option.kind = Option::Kind::integer;
  option.range = range;
  option.default_text = std::to_string(value);
  option.get = [&value] { return std::to_string(value); };
  option.set = [&value, range](const std::string &text) {
    const std::string wanted =
        "a whole number" + (range.description() == "a number"
                                ? std::string()
                                : range.description().substr(std::string("a number").size()));
    const std::string token = trimmed(text);
    int number = 0;
    const auto result = std::from_chars(token.data(), token.data() + token.size(), number);
    if (token.empty() || result.ec != std::errc() || result.ptr != token.data() + token.size() ||
        !range.contains(number))
      throw std::invalid_argument(wanted);
    value = number;
  };
}

void Options::add(const std::string &name, bool &value, const std::string &meaning)
{
  Option &option = append(name, meaning, "");
  option.kind = Option::Kind::boolean;
  option.default_text = value ? "true" : "false";
  option.get = [&value] { return std::string(value ? "true" : "false"); };
  option.set = [&value](const std::string &text) {
    const std::string token = trimmed(text);
    if (token == "true" || token == "yes")
      value = true;
    else if (token == "false" || token == "no")
      value = false;
    else
      throw std::invalid_argument("true or false");
  };
}

void Options::add(const std::string &name, std::string &value, const std::string &meaning)
{
  Option &option = append(name, meaning, "");
  option.kind = Option::Kind::text;
  option.default_text = value;
  option.get = [&value] { return value; };
  option.set = [&value](const std::string &text) { value = trimmed(text); };
}

void Options::add(const std::string &name, std::vector<double> &value, const std::string &meaning,
                  const std::size_t count, const std::string &source)
{
  Option &option = append(name, meaning, source);
  option.kind = Option::Kind::numbers;
  option.default_text = to_list(value);
  option.get = [&value] { return to_list(value); };
  option.set = [&value, count](const std::string &text) {
    const std::string wanted =
        (count == 0 ? std::string() : std::to_string(count) + " ") + "numbers separated by commas";
    std::vector<double> numbers;
    const std::string list = trimmed(text);
    std::size_t begin = 0;
    while (!list.empty() && begin <= list.size()) {
      const std::size_t comma = std::min(list.find(',', begin), list.size());
      try {
        numbers.push_back(parse_number(list.substr(begin, comma - begin)));
      } catch (const std::invalid_argument &) {
        throw std::invalid_argument(wanted);
      }
      begin = comma + 1;
    }
    if (count != 0 && numbers.size() != count) throw std::invalid_argument(wanted);
    value = numbers;
  };
}

void Options::add_choice(const std::string &name, std::string &value, const std::vector<std::string> &choices,
                         const std::string &meaning)
{
  Option &option = append(name, meaning, "");
  option.kind = Option::Kind::choice;
  option.choices = choices;
  option.default_text = value;
  option.get = [&value] { return value; };
  option.set = [&value, choices](const std::string &text) {
    const std::string token = trimmed(text);
    for (const std::string &choice : choices)
      if (choice == token) {
        value = token;
        return;
      }
    const std::string near = nearest_name(token, choices);
    throw std::invalid_argument("one of: " + join(choices, 40) +
                                (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
  };
}

const Option *Options::find(const std::string &path) const
{
  for (const Option &option : options_)
    if (option.path() == path) return &option;
  return nullptr;
}

} // namespace wolff
