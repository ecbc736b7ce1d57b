#include "discretisation/expression_graph.h"

#include "base/options.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wolff::discretisation {

namespace {

using Function = double (*)(double);

/// Functions of one argument. Those with random numbers are left out: a value must not depend on how often
/// and on which rank it is asked for.
const std::map<std::string, Function> &one_argument_functions()
{
  static const std::map<std::string, Function> table{
      {"sin", std::sin},
      {"cos", std::cos},
      {"tan", std::tan},
      {"asin", std::asin},
      {"acos", std::acos},
      {"atan", std::atan},
      {"sinh", std::sinh},
      {"cosh", std::cosh},
      {"tanh", std::tanh},
      {"asinh", std::asinh},
      {"acosh", std::acosh},
      {"atanh", std::atanh},
      {"log2", std::log2},
      {"log10", std::log10},
      {"log", std::log},
      {"ln", std::log},
      {"exp", std::exp},
      {"sqrt", std::sqrt},
      {"erfc", std::erfc},
      {"abs", std::fabs},
      {"ceil", std::ceil},
      {"floor", std::floor},
      {"rint", [](const double a) { return std::floor(a + 0.5); }},
      {"int", [](const double a) { return std::trunc(a + (a < 0 ? -0.5 : 0.5)); }},
      {"sign", [](const double a) { return static_cast<double>((a > 0) - (a < 0)); }},
      {"cot", [](const double a) { return 1 / std::tan(a); }},
      {"csc", [](const double a) { return 1 / std::sin(a); }},
      {"sec", [](const double a) { return 1 / std::cos(a); }}};
  return table;
}

} // namespace

/// Recursive descent through the grammar of expression.h; each function returns the node of what it has read.
class ExpressionGraph::Compiler
{
public:
  Compiler(ExpressionGraph &graph, const std::vector<Token> &tokens) : graph_(graph), tokens_(tokens) {}

  std::int32_t whole() { return conditional(); }

private:
  using Op = Operation;

  bool take(const std::string &text)
  {
    if (tokens_[at_].kind == Token::Kind::end || tokens_[at_].text != text) return false;
    ++at_;
    return true;
  }

  std::int32_t conditional()
  {
    const std::int32_t condition = either();
    if (!take("?")) return condition;
    const std::int32_t one = conditional();
    take(":");
    return graph_.add(Op::choose, condition, one, conditional());
  }

  std::int32_t either()
  {
    std::int32_t value = both();
    while (take("||") || take("|")) value = graph_.add(Op::logical_or, value, both());
    return value;
  }

  std::int32_t both()
  {
    std::int32_t value = comparison();
    while (take("&&") || take("&")) value = graph_.add(Op::logical_and, value, comparison());
    return value;
  }

  std::int32_t comparison()
  {
    std::int32_t value = sum();
    for (;;) {
      if (take("<="))
        value = graph_.add(Op::less_equal, value, sum());
      else if (take(">="))
        value = graph_.add(Op::greater_equal, value, sum());
      else if (take("=="))
        value = graph_.add(Op::equal, value, sum());
      else if (take("!="))
        value = graph_.add(Op::not_equal, value, sum());
      else if (take("<"))
        value = graph_.add(Op::less, value, sum());
      else if (take(">"))
        value = graph_.add(Op::greater, value, sum());
      else
        return value;
    }
  }

  std::int32_t sum()
  {
    std::int32_t value = product();
    for (;;) {
      if (take("+"))
        value = graph_.add(Op::add, value, product());
      else if (take("-"))
        value = graph_.add(Op::subtract, value, product());
      else
        return value;
    }
  }

  std::int32_t product()
  {
    std::int32_t value = signed_power();
    for (;;) {
      if (take("*"))
        value = graph_.add(Op::multiply, value, signed_power());
      else if (take("/"))
        value = graph_.add(Op::divide, value, signed_power());
      else
        return value;
    }
  }

  std::int32_t signed_power()
  {
    if (take("-")) return graph_.add(Op::negate, power());
    take("+");
    return power();
  }

  std::int32_t power()
  {
    const std::int32_t base = operand();
    return take("^") ? raised(base, signed_power()) : base;
  }

  /// Small whole powers are products: the library's pow takes ten times as long.
  std::int32_t raised(const std::int32_t base, const std::int32_t exponent)
  {
    const Node &node = graph_.nodes_[static_cast<std::size_t>(exponent)];
    const double n = node.operation == Op::constant ? node.value : 0;
    if (n == 1) return base;
    if (!(n > 1 && n <= 16 && n == std::floor(n))) return graph_.add(Op::power, base, exponent);
    std::int32_t product = -1, square = base;
    for (int rest = static_cast<int>(n); rest > 0; rest /= 2) {
      if (rest % 2 == 1) product = product < 0 ? square : graph_.add(Op::multiply, product, square);
      if (rest > 1) square = graph_.add(Op::multiply, square, square);
    }
    return product;
  }

  std::int32_t operand()
  {
    const Token &token = tokens_[at_++];
    if (token.kind == Token::Kind::number) return graph_.add_constant(parse_number(token.text));
    if (token.kind == Token::Kind::open) {
      const std::int32_t value = conditional();
      take(")");
      return value;
    }
    if (tokens_[at_].kind == Token::Kind::open) return call(token.text);
    return graph_.names_.at(token.text);
  }

  std::int32_t call(const std::string &name)
  {
    std::vector<std::int32_t> arguments;
    do {
      ++at_; // the parenthesis or the comma
      arguments.push_back(conditional());
    } while (tokens_[at_].kind == Token::Kind::comma);
    take(")");
    const auto fold = [&](const Operation operation) {
      std::int32_t value = arguments[0];
      for (std::size_t i = 1; i < arguments.size(); ++i) value = graph_.add(operation, value, arguments[i]);
      return value;
    };
    if (name == "if") return graph_.add(Op::choose, arguments[0], arguments[1], arguments[2]);
    if (name == "min") return fold(Op::least);
    if (name == "max") return fold(Op::greatest);
    if (name == "sum") return fold(Op::add);
    if (name == "avg")
      return graph_.add(Op::divide, fold(Op::add),
                        graph_.add_constant(static_cast<double>(arguments.size())));
    if (name == "pow") return raised(arguments[0], arguments[1]);
    if (name == "atan2") return graph_.add(Op::angle, arguments[0], arguments[1]);
    return graph_.add_function(one_argument_functions().at(name), arguments[0]);
  }

  ExpressionGraph &graph_;
  const std::vector<Token> &tokens_;
  std::size_t at_ = 0;
};

[[gnu::always_inline]] inline double ExpressionGraph::apply(const Node &node, const double a, const double b,
                                                            const double c)
{
  switch (node.operation) {
  case Operation::negate:
    return -a;
  case Operation::add:
    return a + b;
  case Operation::subtract:
    return a - b;
  case Operation::multiply:
    return a * b;
  case Operation::divide:
    return a / b;
  case Operation::power:
    return std::pow(a, b);
  case Operation::less:
    return a < b ? 1 : 0;
  case Operation::less_equal:
    return a <= b ? 1 : 0;
  case Operation::greater:
    return a > b ? 1 : 0;
  case Operation::greater_equal:
    return a >= b ? 1 : 0;
  case Operation::equal:
    return a == b ? 1 : 0;
  case Operation::not_equal:
    return a != b ? 1 : 0;
  case Operation::logical_and:
    return a != 0 && b != 0 ? 1 : 0;
  case Operation::logical_or:
    return a != 0 || b != 0 ? 1 : 0;
  case Operation::choose:
    return a != 0 ? b : c;
  case Operation::least:
    return std::min(a, b);
  case Operation::greatest:
    return std::max(a, b);
  case Operation::angle:
    return std::atan2(a, b);
  case Operation::function:
    return node.function(a);
  default:
    return node.value;
  }
}

std::int32_t ExpressionGraph::add_node(const Node &node)
{
  const auto key = std::tuple(node.operation, node.arguments[0], node.arguments[1], node.arguments[2],
                              std::bit_cast<std::uint64_t>(node.value), node.function);
  const auto [entry, is_new] = known_.emplace(key, static_cast<std::int32_t>(nodes_.size()));
  if (is_new) nodes_.push_back(node);
  return entry->second;
}

std::int32_t ExpressionGraph::add_constant(const double value)
{
  return add_node({Operation::constant, {-1, -1, -1}, value, nullptr});
}

std::int32_t ExpressionGraph::add_function(const Function function, const std::int32_t argument)
{
  const Node &of = nodes_[static_cast<std::size_t>(argument)];
  if (of.operation == Operation::constant) return add_constant(function(of.value));
  return add_node({Operation::function, {argument, -1, -1}, 0, function});
}

std::int32_t ExpressionGraph::add(const Operation operation, const std::int32_t a, const std::int32_t b,
                                  const std::int32_t c)
{
  const Node node{operation, {a, b, c}, 0, nullptr};
  std::array<double, 3> values{};
  for (std::size_t i = 0; i < 3 && node.arguments[i] >= 0; ++i) {
    const Node &of = nodes_[static_cast<std::size_t>(node.arguments[i])];
    // A choice by a number: the other branch is never wanted, finite or not.
    if (operation == Operation::choose && i == 0 && of.operation == Operation::constant)
      return of.value != 0 ? b : c;
    if (of.operation != Operation::constant) return add_node(node);
    values[i] = of.value;
  }
  return add_constant(apply(node, values[0], values[1], values[2]));
}

ExpressionGraph::ExpressionGraph()
{
  for (std::int32_t d = 0; d < 3; ++d)
    names_[std::string(1, static_cast<char>('x' + d))] =
        add_node({Operation::coordinate, {d, -1, -1}, 0, nullptr});
}

void ExpressionGraph::set_constant(const std::string &name, const double value)
{
  names_[name] = add_constant(value);
}

void ExpressionGraph::set_definition(const std::string &name, const std::vector<Token> &tokens)
{
  names_[name] = Compiler(*this, tokens).whole();
}

void ExpressionGraph::add_output(const std::vector<Token> &tokens)
{
  outputs_.push_back(Compiler(*this, tokens).whole());
}

void ExpressionGraph::finish()
{
  std::vector<std::int32_t> place(nodes_.size(), -1);
  for (const std::int32_t output : outputs_) place[static_cast<std::size_t>(output)] = 0;
  for (std::size_t i = nodes_.size(); i-- > 0;)
    if (place[i] >= 0 && nodes_[i].operation != Operation::coordinate)
      for (const std::int32_t argument : nodes_[i].arguments)
        if (argument >= 0) place[static_cast<std::size_t>(argument)] = 0;
  std::vector<Node> kept;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (place[i] < 0) continue;
    place[i] = static_cast<std::int32_t>(kept.size());
    kept.push_back(nodes_[i]);
    if (nodes_[i].operation != Operation::coordinate)
      for (std::int32_t &argument : kept.back().arguments)
        if (argument >= 0) argument = place[static_cast<std::size_t>(argument)];
  }
  // What has fewer arguments reads the first operation for the others, which costs less than to ask.
  for (Node &node : kept)
    for (std::int32_t &argument : node.arguments) argument = std::max(argument, 0);
  for (std::int32_t &output : outputs_) output = place[static_cast<std::size_t>(output)];
  nodes_ = std::move(kept);
  names_.clear();
  known_.clear();
}

void ExpressionGraph::evaluate(const Vector3 &x, double *const values) const
{
  static thread_local std::vector<double> found;
  if (found.size() < nodes_.size()) found.resize(nodes_.size());
  double *const value = found.data();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node &node = nodes_[i];
    const auto &[a, b, c] = node.arguments;
    value[i] = node.operation == Operation::coordinate ? x[a] : apply(node, value[a], value[b], value[c]);
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) values[i] = found[static_cast<std::size_t>(outputs_[i])];
}

} // namespace wolff::discretisation
