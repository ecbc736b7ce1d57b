#include "discretisation/expression.h"

#include "base/errors.h"
#include "discretisation/expression_syntax.h"

#include <deal.II/base/function_parser.h>

#include <algorithm>
#include <cmath>

namespace wolff::discretisation {

namespace {

const std::vector<std::string> coordinates{"x", "y", "z"};
constexpr const char *free_word = "free";
constexpr std::size_t longest_text = std::size_t{1} << 20; ///< [characters] with all definitions put in

std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The text with definitions put in place of their names. @p names: what it may use.
std::string expanded(const std::string &text, const std::vector<std::string> &names, const Symbols &symbols,
                     const std::string &option)
{
  check_syntax(text, names, option);
  std::string result;
  for (const Token &token : tokens_of(text, option)) {
    const auto definition = symbols.definitions().find(token.text);
    if (token.kind == Token::Kind::name && definition != symbols.definitions().end())
      result += '(' + definition->second + ')';
    else if (token.text == "&&" || token.text == "||")
      result += token.text[0]; // deal.II's own operators & and | hide those of muParser
    else
      result += token.text;
    if (result.size() > longest_text)
      throw Fault(Exit::input, "expression-long", option, "the expression with its definitions put in")
          .found("more than " + std::to_string(longest_text) + " characters")
          .hint("Definitions that use a former one several times grow with every step.");
  }
  return result;
}

std::vector<std::string> names_of(const Symbols &symbols, const bool with_coordinates)
{
  std::vector<std::string> names;
  if (with_coordinates) names = coordinates;
  for (const auto &entry : symbols.constants()) names.push_back(entry.first);
  if (with_coordinates)
    for (const auto &entry : symbols.definitions()) names.push_back(entry.first);
  return names;
}

/// Parts between @p separator where no parenthesis is open; nothing for a blank text.
std::vector<std::string> split(const std::string &text, const char separator)
{
  std::vector<std::string> parts;
  if (trimmed(text).empty()) return parts;
  parts.emplace_back();
  int open = 0;
  for (const char c : text) {
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == separator && open <= 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string &part : parts) part = trimmed(part);
  if (parts.back().empty() && parts.size() > 1) parts.pop_back(); // a separator at the end
  return parts;
}

struct Assignment
{
  std::string name, text;
};

Assignment assignment(const std::string &part, const std::string &option, const std::string &example)
{
  const auto equals = part.find('=');
  const std::string name = equals == std::string::npos ? "" : trimmed(part.substr(0, equals));
  const bool is_name =
      !name.empty() && begins_name(name[0]) &&
      std::all_of(name.begin(), name.end(), [](const char c) { return begins_name(c) || is_digit(c); });
  if (!is_name)
    throw Fault(Exit::input, "symbol-syntax", option, "no name with its value")
        .found('"' + part + '"')
        .wanted(example);
  return {name, trimmed(part.substr(equals + 1))};
}

std::vector<std::string> parts_of(const std::string &text, const std::size_t number, const std::string &names,
                                  const std::string &option)
{
  std::vector<std::string> parts = split(text, ';');
  if (parts.size() != number)
    throw Fault(Exit::input, "expression-parts", option,
                std::to_string(parts.size()) + (parts.size() == 1 ? " expression" : " expressions"))
        .found('"' + text + '"')
        .wanted(std::to_string(number) + " with ';' between them: " + names);
  return parts;
}

} // namespace

struct Expression::Implementation
{
  std::string text, option;
  dealii::FunctionParser<3> parser;
};

Expression::Expression(const std::string &text, const Symbols &symbols, const std::string &option)
{
  const auto made = std::make_shared<Implementation>();
  made->text = text;
  made->option = option;
  const std::string whole = expanded(text, names_of(symbols, true), symbols, option);
  try {
    made->parser.initialize("x,y,z", whole, symbols.constants());
    made->parser.value(dealii::Point<3>(0.1, 0.2, 0.3)); // compiles
  } catch (const dealii::ExceptionBase &) {
    throw Fault(Exit::input, "expression-syntax", option, "the text is no expression")
        .found('"' + text + '"');
  }
  implementation_ = made;
}

double Expression::operator()(const Vector3 &x) const
{
  const double value = implementation_->parser.value(dealii::Point<3>(x[0], x[1], x[2]));
  if (!std::isfinite(value))
    throw Fault(Exit::input, "not-finite", implementation_->option,
                "value of \"" + implementation_->text + "\" at the point (" + to_text(x[0]) + ", " +
                    to_text(x[1]) + ", " + to_text(x[2]) + ") mm")
        .found(to_text(value))
        .wanted("a finite number");
  return value;
}

const std::string &Expression::text() const
{
  return implementation_->text;
}

VectorExpression::VectorExpression(const std::string &text, const Symbols &symbols, const std::string &option,
                                   const Free free)
{
  const std::vector<std::string> parts = parts_of(text, 3, "along x; y; z", option);
  for (std::size_t c = 0; c < 3; ++c)
    if (free == Free::refused || parts[c] != free_word) components_[c].emplace(parts[c], symbols, option);
}

Vector3 VectorExpression::operator()(const Vector3 &x) const
{
  Vector3 value = Vector3::Zero();
  for (std::size_t c = 0; c < 3; ++c)
    if (components_[c]) value[static_cast<Eigen::Index>(c)] = (*components_[c])(x);
  return value;
}

std::array<bool, 3> VectorExpression::is_free() const
{
  return {!components_[0], !components_[1], !components_[2]};
}

TensorExpression::TensorExpression(const std::string &text, const Symbols &symbols, const std::string &option)
{
  for (const std::string &part : parts_of(text, 6, "XX; YY; ZZ; XY; YZ; XZ", option))
    components_.emplace_back(part, symbols, option);
}

SymmetricTensor TensorExpression::operator()(const Vector3 &x) const
{
  SymmetricTensor value;
  for (std::size_t c = 0; c < 6; ++c) value.components[c] = components_[c](x);
  return value;
}

Symbols::Symbols(const std::string &constants, const std::string &constants_option,
                 const std::string &definitions, const std::string &definitions_option)
{
  for (const std::string &part : split(constants, ',')) {
    const auto [name, text] = assignment(part, constants_option, "constants like E0 = 1, nu = 0.3");
    refuse_taken(name, constants_option);
    check_syntax(text, names_of(*this, false), constants_option);
    constants_[name] = Expression(text, *this, constants_option)(Vector3::Zero());
  }
  for (const std::string &part : split(definitions, ';')) {
    const auto [name, text] =
        assignment(part, definitions_option, "definitions like r = sqrt(x^2+y^2+z^2); q = 1/r");
    refuse_taken(name, definitions_option);
    definitions_[name] = expanded(text, names_of(*this, true), *this, definitions_option);
  }
}

void Symbols::refuse_taken(const std::string &name, const std::string &option) const
{
  const bool reserved = name == free_word || name == "pi" || is_function(name) ||
                        std::find(coordinates.begin(), coordinates.end(), name) != coordinates.end();
  if (!reserved && !constants_.contains(name) && !definitions_.contains(name)) return;
  throw Fault(Exit::input, "symbol-taken", option, "the name \"" + name + "\" is taken")
      .wanted(reserved ? "a name other than x, y, z, pi, free and the functions" : "every name once");
}

} // namespace wolff::discretisation
