#include "discretisation/expression_syntax.h"

#include "base/errors.h"
#include "base/options.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <map>
#include <stdexcept>

namespace wolff::discretisation {

namespace {

// What the compiler takes by recursion is limited, so that no text can exhaust its stack.
constexpr std::size_t deepest_parentheses = 200;
constexpr int most_right_operators = 2000; ///< ^ and ? of one text

struct Arguments
{
  int least, most;
};
constexpr int any_number = std::numeric_limits<int>::max();

/// Functions with their numbers of arguments. Those with random numbers are left out: a value must not depend
/// on how often and on which rank it is asked for.
const std::map<std::string, Arguments> &functions()
{
  static const std::map<std::string, Arguments> table = [] {
    std::map<std::string, Arguments> entries{
        {"atan2", {2, 2}},        {"pow", {2, 2}},          {"if", {3, 3}},          {"min", {1, any_number}},
        {"max", {1, any_number}}, {"sum", {1, any_number}}, {"avg", {1, any_number}}};
    for (const char *name :
         {"sin",   "cos",   "tan",  "asin",  "acos", "atan", "sinh", "cosh", "tanh", "asinh",
          "acosh", "atanh", "log2", "log10", "log",  "ln",   "exp",  "sqrt", "sign", "rint",
          "abs",   "int",   "ceil", "floor", "cot",  "csc",  "sec",  "erfc"})
      entries.emplace(name, Arguments{1, 1});
    return entries;
  }();
  return table;
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
    const Arguments allowed = functions().at(level.function);
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

} // namespace

bool is_function(const std::string &name)
{
  return functions().contains(name);
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

void check_syntax(const std::string &text, const std::vector<std::string> &names, const std::string &option)
{
  SyntaxCheck(text, names, option).run();
}

} // namespace wolff::discretisation
