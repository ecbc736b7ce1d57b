#include "discretisation/expression.h"

#include "base/errors.h"
#include "discretisation/expression_graph.h"
#include "discretisation/expression_syntax.h"

#include <algorithm>
#include <cmath>

namespace wolff::discretisation {

namespace {

const std::vector<std::string> coordinates{"x", "y", "z"};
constexpr const char *free_word = "free";

std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
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

/// Texts of one option, compiled together.
class CompiledTexts
{
public:
  CompiledTexts(const std::vector<std::string> &texts, const Symbols &symbols, const std::string &option)
      : texts_(texts), option_(option)
  {
    const std::vector<std::string> names = names_of(symbols, true);
    for (const auto &[name, value] : symbols.constants()) graph_.set_constant(name, value);
    for (const auto &[name, text] : symbols.definitions())
      graph_.set_definition(name, tokens_of(text, option));
    for (const std::string &text : texts) {
      check_syntax(text, names, option);
      graph_.add_output(tokens_of(text, option));
    }
    graph_.finish();
  }

  /// @p values: one for each text. @throws Fault (not-finite)
  void evaluate(const Vector3 &x, double *const values) const
  {
    graph_.evaluate(x, values);
    for (std::size_t i = 0; i < texts_.size(); ++i)
      if (!std::isfinite(values[i]))
        throw Fault(Exit::input, "not-finite", option_,
                    "value of \"" + texts_[i] + "\" at the point (" + to_text(x[0]) + ", " + to_text(x[1]) +
                        ", " + to_text(x[2]) + ") mm")
            .found(to_text(values[i]))
            .wanted("a finite number");
  }

  const std::vector<std::string> &texts() const { return texts_; }

private:
  std::vector<std::string> texts_;
  std::string option_;
  ExpressionGraph graph_;
};

Expression::Expression(const std::string &text, const Symbols &symbols, const std::string &option)
    : compiled_(std::make_shared<CompiledTexts>(std::vector<std::string>{text}, symbols, option))
{
}

double Expression::operator()(const Vector3 &x) const
{
  double value = 0;
  compiled_->evaluate(x, &value);
  return value;
}

const std::string &Expression::text() const
{
  return compiled_->texts()[0];
}

VectorExpression::VectorExpression(const std::string &text, const Symbols &symbols, const std::string &option,
                                   const Free free)
{
  std::vector<std::string> parts = parts_of(text, 3, "along x; y; z", option);
  for (std::size_t c = 0; c < 3; ++c) {
    is_free_[c] = free == Free::allowed && parts[c] == free_word;
    if (is_free_[c]) parts[c] = "0";
  }
  compiled_ = std::make_shared<CompiledTexts>(parts, symbols, option);
}

Vector3 VectorExpression::operator()(const Vector3 &x) const
{
  Vector3 value;
  compiled_->evaluate(x, value.data());
  return value;
}

TensorExpression::TensorExpression(const std::string &text, const Symbols &symbols, const std::string &option)
    : compiled_(std::make_shared<CompiledTexts>(parts_of(text, 6, "XX; YY; ZZ; XY; YZ; XZ", option), symbols,
                                                option))
{
}

SymmetricTensor TensorExpression::operator()(const Vector3 &x) const
{
  SymmetricTensor value;
  compiled_->evaluate(x, value.components.data());
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
    check_syntax(text, names_of(*this, true), definitions_option);
    definitions_.emplace_back(name, text);
  }
}

void Symbols::refuse_taken(const std::string &name, const std::string &option) const
{
  const bool reserved = name == free_word || name == "pi" || is_function(name) ||
                        std::find(coordinates.begin(), coordinates.end(), name) != coordinates.end();
  const bool is_defined = std::any_of(definitions_.begin(), definitions_.end(),
                                      [&](const auto &entry) { return entry.first == name; });
  if (!reserved && !constants_.contains(name) && !is_defined) return;
  throw Fault(Exit::input, "symbol-taken", option, "the name \"" + name + "\" is taken")
      .wanted(reserved ? "a name other than x, y, z, pi, free and the functions" : "every name once");
}

} // namespace wolff::discretisation
