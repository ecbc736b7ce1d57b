#include "discretisation/expression.h"

#include "base/errors.h"
#include "base/options.h"
#include "discretisation/expression_graph.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <stdexcept>

namespace wolff::discretisation {

namespace {

using Token = ExpressionToken;

const std::vector<std::string> coordinates{"x", "y", "z"};
constexpr const char *free_word = "free";
// What the compiler takes by recursion is limited, so that no text can exhaust its stack.
constexpr std::size_t deepest_parentheses = 200;
constexpr int most_right_operators = 2000; ///< ^ and ? of one text

const std::map<std::string, ArgumentCount> &functions()
{
  return expression_functions();
}

bool is_digit(const char c)
{
  return c >= '0' && c <= '9';
}

bool begins_name(const char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Fault syntax_fault(const std::string &option, const std::string &text, const std::size_t at,
                   const std::string &problem)
{
  return Fault(Exit::input, "expression-syntax", option,
               problem + " at character " + std::to_string(at + 1) + " of the expression")
      .found('"' + text + '"');
}

std::size_t end_of_number(const std::string &text, std::size_t i)
{
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i < text.size() && text[i] == '.') ++i;
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t exponent = i + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) {
      i = exponent;
      while (i < text.size() && is_digit(text[i])) ++i;
    }
  }
  return i;
}

std::vector<Token> tokens_of(const std::string &text, const std::string &option)
{
  using Kind = Token::Kind;
  static const std::vector<std::string> operators{"<=", ">=", "==", "!=", "&&", "||", "+", "-", "*",
                                                  "/",  "^",  "<",  ">",  "&",  "|",  "?", ":"};
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++i;
      continue;
    }
    Kind kind = Kind::sign_or_operator;
    if (is_digit(c) || (c == '.' && end < text.size() && is_digit(text[end]))) {
      kind = Kind::number;
      end = end_of_number(text, i);
    } else if (begins_name(c)) {
      kind = Kind::name;
      while (end < text.size() && (begins_name(text[end]) || is_digit(text[end]))) ++end;
    } else if (c == '(' || c == ')' || c == ',') {
      kind = c == '(' ? Kind::open : c == ')' ? Kind::close : Kind::comma;
    } else {
      const auto found = std::find_if(operators.begin(), operators.end(), [&](const std::string &o) {
        return text.compare(i, o.size(), o) == 0;
      });
      if (found == operators.end())
        throw syntax_fault(option, text, i, std::string("a character that has no meaning (") + c + ")");
      end = i + found->size();
    }
    tokens.push_back({kind, text.substr(i, end - i), i});
    i = end;
  }
  tokens.push_back({Kind::end, "", text.size()});
  return tokens;
}

/// Does a text follow the grammar? The compiler takes this for granted.
class SyntaxCheck
{
public:
  SyntaxCheck(const std::string &text, const std::vector<std::string> &names, const std::string &option)
      : text_(text), names_(names), option_(option), tokens_(tokens_of(text, option))
  {
  }

  void run()
  {
    levels_.push_back({});
    for (at_ = 0; tokens_[at_].kind != Token::Kind::end; ++at_)
      if (operand_wanted_)
        take_operand();
      else
        take_operator();
    if (operand_wanted_)
      fail(tokens_.size() == 1 ? "an empty text" : "a number, a name or a parenthesis is missing");
    if (levels_.size() > 1) fail("a closing parenthesis is missing");
    close_level();
  }

private:
  struct Level
  {
    std::string function; ///< empty: a plain parenthesis
    int commas = 0, open_conditions = 0;
  };

  [[noreturn]] void fail(const std::string &problem) const
  {
    throw syntax_fault(option_, text_, tokens_[at_].begin, problem)
        .wanted("an expression of x, y, z, numbers, known names and functions, like 2*x^2 + sin(pi*y)");
  }

  void take_operand()
  {
    const Token &token = tokens_[at_];
    switch (token.kind) {
    case Token::Kind::number:
      try {
        parse_number(token.text);
      } catch (const std::invalid_argument &) {
        fail("a number that is too large or too small");
      }
      operand_wanted_ = sign_taken_ = false;
      break;
    case Token::Kind::name:
      take_name(token);
      break;
    case Token::Kind::open:
      open_level("");
      sign_taken_ = false;
      break;
    case Token::Kind::sign_or_operator:
      if ((token.text != "+" && token.text != "-") || sign_taken_) fail("two operators follow one another");
      sign_taken_ = true;
      break;
    default:
      fail("a number, a name or a parenthesis is missing");
    }
  }

  void open_level(const std::string &function)
  {
    if (levels_.size() > deepest_parentheses) fail("parentheses too deep");
    levels_.push_back({function});
  }

  void take_name(const Token &token)
  {
    const bool called = tokens_[at_ + 1].kind == Token::Kind::open;
    if (functions().contains(token.text)) {
      if (!called) {
        ++at_;
        fail("an opening parenthesis is missing behind the function " + token.text);
      }
      open_level(token.text);
      ++at_; // the parenthesis
      sign_taken_ = false;
      return;
    }
    if (std::find(names_.begin(), names_.end(), token.text) == names_.end()) {
      std::vector<std::string> known = called ? std::vector<std::string>{} : names_;
      for (const auto &[name, arguments] : functions()) known.push_back(name);
      const std::string nearest = nearest_name(token.text, known);
      throw Fault(Exit::input, "expression-name", option_,
                  std::string("unknown ") + (called ? "function \"" : "name \"") + token.text +
                      "\" in the expression")
          .found('"' + text_ + '"')
          .wanted(called ? "one of " + join(known, known.size())
                         : join(names_, names_.size()) + ", or a function")
          .hint(nearest.empty() ? "" : "Did you mean \"" + nearest + "\"?");
    }
    operand_wanted_ = sign_taken_ = false;
  }

  void take_operator()
  {
    const Token &token = tokens_[at_];
    switch (token.kind) {
    case Token::Kind::sign_or_operator:
      if ((token.text == "?" || token.text == "^") && ++right_operators_ > most_right_operators)
        fail("more than " + std::to_string(most_right_operators) + " powers and conditions");
      if (token.text == "?") ++levels_.back().open_conditions;
      if (token.text == ":" && --levels_.back().open_conditions < 0) fail("a ':' without '?'");
      operand_wanted_ = true;
      break;
    case Token::Kind::comma:
      if (levels_.back().function.empty()) fail("a comma outside the arguments of a function");
      if (levels_.back().open_conditions > 0) fail("a ':' is missing");
      ++levels_.back().commas;
      operand_wanted_ = true;
      break;
    case Token::Kind::close:
      if (levels_.size() == 1) fail("a closing parenthesis too many");
      close_level();
      break;
    default:
      fail("an operator is missing");
    }
  }

  void close_level()
  {
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.open_conditions > 0) fail("a ':' is missing");
    if (level.function.empty()) return;
    const ArgumentCount allowed = functions().at(level.function);
    const int given = level.commas + 1;
    if (given >= allowed.least && given <= allowed.most) return;
    throw syntax_fault(option_, text_, tokens_[at_].begin,
                       "the function " + level.function + " has " + std::to_string(given) + " arguments")
        .wanted(std::to_string(allowed.least));
  }

  const std::string &text_;
  const std::vector<std::string> &names_;
  const std::string &option_;
  std::vector<Token> tokens_;
  std::vector<Level> levels_;
  std::size_t at_ = 0;
  bool operand_wanted_ = true, sign_taken_ = false;
  int right_operators_ = 0;
};

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
      SyntaxCheck(text, names, option).run();
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
    SyntaxCheck(text, names_of(*this, false), constants_option).run();
    constants_[name] = Expression(text, *this, constants_option)(Vector3::Zero());
  }
  for (const std::string &part : split(definitions, ';')) {
    const auto [name, text] =
        assignment(part, definitions_option, "definitions like r = sqrt(x^2+y^2+z^2); q = 1/r");
    refuse_taken(name, definitions_option);
    SyntaxCheck(text, names_of(*this, true), definitions_option).run();
    definitions_.emplace_back(name, text);
  }
}

void Symbols::refuse_taken(const std::string &name, const std::string &option) const
{
  const bool reserved = name == free_word || name == "pi" || functions().contains(name) ||
                        std::find(coordinates.begin(), coordinates.end(), name) != coordinates.end();
  const bool is_defined = std::any_of(definitions_.begin(), definitions_.end(),
                                      [&](const auto &entry) { return entry.first == name; });
  if (!reserved && !constants_.contains(name) && !is_defined) return;
  throw Fault(Exit::input, "symbol-taken", option, "the name \"" + name + "\" is taken")
      .wanted(reserved ? "a name other than x, y, z, pi, free and the functions" : "every name once");
}

} // namespace wolff::discretisation
