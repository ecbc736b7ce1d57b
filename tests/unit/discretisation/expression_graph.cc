// Expressions are compiled into operations that are done once each, and only if a value depends on them.
#include "discretisation/expression_graph.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using discretisation::ExpressionGraph;
using discretisation::Token;

namespace {

using Kind = Token::Kind;

const Token x{Kind::name, "x", 0}, y{Kind::name, "y", 0}, r{Kind::name, "r", 0},
    plus{Kind::sign_or_operator, "+", 0}, times{Kind::sign_or_operator, "*", 0},
    power{Kind::sign_or_operator, "^", 0}, two{Kind::number, "2", 0}, end{Kind::end, "", 0};

} // namespace

BOOST_AUTO_TEST_CASE(an_operation_is_done_once)
{
  ExpressionGraph graph;
  graph.set_definition("r", {x, times, y, plus, x, times, y, end});
  graph.add_output({r, plus, x, times, y, end});
  graph.add_output({r, power, two, end});
  graph.finish();
  BOOST_TEST(graph.n_operations() == 6U); // x, y, x*y, x*y + x*y, the first output, the square
  std::array<double, 2> values{};
  graph.evaluate(Vector3(2, 3, 0), values.data());
  BOOST_TEST(values[0] == 18);
  BOOST_TEST(values[1] == 144);
}

BOOST_AUTO_TEST_CASE(what_no_output_needs_is_forgotten_and_numbers_are_combined)
{
  ExpressionGraph graph;
  graph.set_constant("c", 3);
  graph.set_definition("r", {x, times, y, end});
  graph.add_output({two, times, {Kind::name, "c", 0}, end});
  graph.finish();
  BOOST_TEST(graph.n_operations() == 1U);
  double value = 0;
  graph.evaluate(Vector3::Zero(), &value);
  BOOST_TEST(value == 6);
}
