// Expressions of the place x, y, z, compiled into one list of operations. An operation that occurs several
// times, in one expression, in several, or by way of a definition, is done once: exact stresses of curved
// bodies are six expressions of some forty definitions, and are taken at 27 points a voxel.
#pragma once

#include "base/tensor.h"
#include "discretisation/expression_syntax.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace wolff::discretisation {

class ExpressionGraph
{
public:
  /// Knows x, y and z.
  ExpressionGraph();

  /// A name for a number.
  void set_constant(const std::string &name, double value);
  /// A name for an expression of the names so far.
  void set_definition(const std::string &name, const std::vector<Token> &tokens);
  /// One more value to be found at each point. Tokens follow the grammar and know all names (check_syntax).
  void add_output(const std::vector<Token> &tokens);
  /// Forgets the names, and every operation that no output needs.
  void finish();

  std::size_t n_operations() const { return nodes_.size(); }
  /// @p values: one number for each output. May be called from several threads at once.
  void evaluate(const Vector3 &x, double *values) const;

private:
  enum class Operation : std::uint8_t
  {
    constant,
    coordinate, ///< x, y or z: the first argument is its number
    negate,
    add,
    subtract,
    multiply,
    divide,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
    choose, ///< the second argument where the first is not 0, else the third
    least,
    greatest,
    angle,    ///< atan2
    function, ///< of one argument
  };
  using Function = double (*)(double);
  struct Node
  {
    Operation operation;
    std::array<std::int32_t, 3> arguments;
    double value;      ///< of a constant
    Function function; ///< of one argument
  };
  class Compiler;

  static double apply(const Node &node, double a, double b, double c);
  std::int32_t add(Operation operation, std::int32_t a = -1, std::int32_t b = -1, std::int32_t c = -1);
  std::int32_t add_constant(double value);
  std::int32_t add_function(Function function, std::int32_t argument);
  std::int32_t add_node(const Node &node);

  std::vector<Node> nodes_; ///< arguments stand before what uses them
  std::vector<std::int32_t> outputs_;
  std::map<std::string, std::int32_t> names_;
  std::map<std::tuple<Operation, std::int32_t, std::int32_t, std::int32_t, std::uint64_t, Function>,
           std::int32_t>
      known_;
};

} // namespace wolff::discretisation
