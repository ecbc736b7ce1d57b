// The grammar of expressions in the case file: words of a text, and whether they stand in a sensible order.
// What they mean is in expression.h.
#pragma once

#include <string>
#include <vector>

namespace wolff::discretisation {

struct Token
{
  enum class Kind
  {
    number,
    name,
    sign_or_operator,
    open,
    close,
    comma,
    end
  };
  Kind kind;
  std::string text;
  std::size_t begin; ///< in the text, from 0
};

inline bool is_digit(const char c)
{
  return c >= '0' && c <= '9';
}

inline bool begins_name(const char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_function(const std::string &name);

/// The words of @p text, and Token::Kind::end behind them. @throws Fault (exit 2, `expression-syntax`) with
/// the path of the option for a character that has no meaning
std::vector<Token> tokens_of(const std::string &text, const std::string &option);

/**
 * Does @p text follow the grammar, with @p names for its variables and constants? The compiler of
 * expression_graph.h takes that for granted.
 * @throws Fault (exit 2) `expression-syntax` with the character, `expression-name` with the nearest known
 * name
 */
void check_syntax(const std::string &text, const std::vector<std::string> &names, const std::string &option);

} // namespace wolff::discretisation
