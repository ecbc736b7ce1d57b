// Expressions of the case file: values by hand, and what is refused with which words.
#include "discretisation/expression.h"
#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <thread>

using namespace wolff;
using discretisation::Expression;
using discretisation::Symbols;
using discretisation::TensorExpression;
using discretisation::VectorExpression;

namespace {

const Vector3 place(2, -3, 0.5);

double value(const std::string &text, const Symbols &symbols = {})
{
  return Expression(text, symbols, "Problem/Young modulus [MPa]")(place);
}

/// Fault name, option and words of the message.
void refused(const std::function<void()> &work, const std::string &name,
             const std::vector<std::string> &words)
{
  try {
    work();
    BOOST_ERROR("nothing was refused, wanted " << name);
  } catch (const Fault &fault) {
    BOOST_TEST(fault.name() == name);
    BOOST_TEST((fault.code() == Exit::input));
    for (const std::string &word : words)
      BOOST_TEST(fault.line().find(word) != std::string::npos, fault.line() << " | does not hold: " << word);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(operators_bind_as_the_header_says)
{
  BOOST_TEST(value("2") == 2);
  BOOST_TEST(value("x + y*z") == 0.5);
  BOOST_TEST(value("-x^2") == -4);
  BOOST_TEST(value("2^-1") == 0.5);
  BOOST_TEST(value("2^3^2") == 512);
  BOOST_TEST(value("2*-x") == -4);
  BOOST_TEST(value("(x - 1)*(y + 1)/4") == -0.5);
  BOOST_TEST(value("1e-3*1.5E+3 + .5 + 2.") == 4);
  BOOST_TEST(value("x > 1 && y < 0") == 1);
  BOOST_TEST(value("x > 5 || y >= 0") == 0);
  BOOST_TEST(value("(x > 1) & (y > 0) | (z == 0.5)") == 1);
  BOOST_TEST(value("x > 1 ? y : z") == -3);
  BOOST_TEST(value("x > 5 ? sqrt(y) : z > 0 ? 7 : 8") == 7);
  BOOST_TEST(value("if(x > 5, 1, 2)") == 2);
  BOOST_TEST(value("max(x, y, z) + min(x, y)") == -1);
  BOOST_TEST(value("log(exp(1)) + log10(100) + log2(8) + ln(1)") == 6, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(every_function_that_is_listed_can_be_evaluated)
{
  for (const char *name :
       {"sin", "cos",  "tan",  "atan", "sinh", "cosh", "tanh", "asinh", "log2", "log10", "log", "ln",
        "exp", "sqrt", "sign", "rint", "abs",  "int",  "ceil", "floor", "cot",  "csc",   "sec", "erfc"})
    BOOST_TEST(std::isfinite(value(std::string(name) + "(z)")), name);
  for (const char *text : {"asin(z)", "acos(z)", "atanh(z)", "acosh(x)", "atan2(x, y)", "pow(x, z)",
                           "sum(x, y)", "avg(x, y, z)"})
    BOOST_TEST(std::isfinite(value(text)), text);
  BOOST_TEST(value("erfc(z)") == std::erfc(0.5), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(value("atan2(y, x)") == std::atan2(-3, 2), boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(constants_and_definitions_are_used_in_order)
{
  const Symbols symbols("E0 = 10, nu = 0.25, mu = E0/(2*(1 + nu)), m = max(1, -2)", "Problem/Constants",
                        "s = x + y; q = s^2 + E0; r = 2*q;", "Problem/Definitions");
  BOOST_TEST(symbols.constants().at("mu") == 4);
  BOOST_TEST(value("s", symbols) == -1);
  BOOST_TEST(value("2*s^2", symbols) == 2); // (x + y) in parentheses
  BOOST_TEST(value("r*mu + m", symbols) == 89);
  BOOST_TEST(value("sin(pi*z)", symbols) == 1, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(value("x", Symbols("", "c", " ", "d")) == 2);
}

BOOST_AUTO_TEST_CASE(definitions_that_use_a_former_one_twice_do_not_grow)
{
  std::string growing = "a0 = x/2";
  for (int i = 1; i <= 60; ++i) {
    const std::string former = "a" + std::to_string(i - 1);
    growing += "; a" + std::to_string(i) + " = (" + former + " + " + former + ")/2";
  }
  BOOST_TEST(value("a60", Symbols("", "c", growing, "d")) == 1); // a text of 2^60 names if they were put in
}

BOOST_AUTO_TEST_CASE(vectors_tensors_and_free_components)
{
  const Symbols symbols("a = 2", "c", "q = a*x", "d");
  BOOST_TEST((VectorExpression("q; 0; max(y, z)", symbols, "o")(place) - Vector3(4, 0, 0.5)).norm() == 0);
  const TensorExpression tensor("1; 2; 3; x; y; z", symbols, "o");
  BOOST_TEST((tensor(place) == SymmetricTensor{{1, 2, 3, 2, -3, 0.5}}));
  const VectorExpression partly("free; x; free", symbols, "o", VectorExpression::Free::allowed);
  BOOST_TEST((partly.is_free() == std::array<bool, 3>{true, false, true}));
  BOOST_TEST((partly(place) - Vector3(0, 2, 0)).norm() == 0);
  const std::function<Vector3(const Vector3 &)> copied = partly; // fields are handed on in this form
  BOOST_TEST(copied(place)[1] == 2);
  refused([&] { VectorExpression("free; x; 0", symbols, "o"); }, "expression-name", {"\"free\""});
}

BOOST_AUTO_TEST_CASE(threads_may_evaluate_at_the_same_time)
{
  const Expression expression("x + 2*y", {}, "o");
  double there = 0;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) there = expression(Vector3(i, 1, 0));
  });
  double here = 0;
  for (int i = 0; i < 1000; ++i) here = expression(Vector3(-i, 1, 0));
  other.join();
  BOOST_TEST(there == 1001);
  BOOST_TEST(here == -997);
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_is_refused_with_option_text_and_place)
{
  std::string powers = "x";
  for (int i = 0; i <= 2000; ++i) powers += "^1";
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "an empty text"},
      {"  ", "an empty text"},
      {"1 +", "missing at character 4"},
      {"1 + * 2", "two operators follow one another at character 5"},
      {"--x", "two operators follow one another at character 2"},
      {"2 x", "an operator is missing at character 3"},
      {"2x", "an operator is missing at character 2"},
      {"0,5", "a comma outside the arguments of a function at character 2"},
      {"(x", "a closing parenthesis is missing at character 3"},
      {"x)", "a closing parenthesis too many at character 2"},
      {"sin x", "an opening parenthesis is missing behind the function sin at character 5"},
      {"sin()", "missing at character 5"},
      {"atan2(x)", "the function atan2 has 1 arguments at character 8"},
      {"x ? 1", "a ':' is missing"},
      {"x : 1", "a ':' without '?'"},
      {"x = 1", "no meaning (=) at character 3"},
      {"x; y", "no meaning (;) at character 2"},
      {"x $ y", "no meaning ($)"},
      {"1e", "an operator is missing"},
      {"1e999", "too large or too small at character 1"},
      {std::string(300, '(') + "x" + std::string(300, ')'), "parentheses too deep at character 201"},
      {powers, "more than 2000 powers"},
      {"x(2)", "an operator is missing at character 2"}};
  for (const auto &[text, problem] : wrong) BOOST_TEST_CONTEXT('"' << text << '"')
  refused([&, t = text] { value(t); }, "expression-syntax",
          {"error[2:expression-syntax] Problem/Young modulus [MPa]: ", problem, "found \"" + text + "\""});
}

BOOST_AUTO_TEST_CASE(unknown_names_are_refused_with_the_nearest_known_one)
{
  const Symbols symbols("young = 1", "c", "radius = x", "d");
  refused([&] { value("2*yuong", symbols); }, "expression-name",
          {"unknown name \"yuong\"", "Did you mean \"young\"?"});
  refused([&] { value("radios + 1", symbols); }, "expression-name", {"Did you mean \"radius\"?"});
  refused([&] { value("sqr(x)", symbols); }, "expression-name", {"unknown function \"sqr\"", "\"sqrt\"?"});
  refused([&] { value("rand()"); }, "expression-name", {"unknown function \"rand\""});
  refused([&] { value("X"); }, "expression-name", {"wanted x, y, z, pi", "Did you mean \"x\"?"});
}

BOOST_AUTO_TEST_CASE(wrong_constants_definitions_and_numbers_of_parts_are_refused)
{
  const auto symbols = [](const std::string &constants, const std::string &definitions) {
    Symbols(constants, "Problem/Constants", definitions, "Problem/Definitions");
  };
  refused([&] { symbols("E0", ""); }, "symbol-syntax", {"Problem/Constants", "\"E0\"", "E0 = 1, nu = 0.3"});
  refused([&] { symbols("a = 1,, b = 2", ""); }, "symbol-syntax", {"Problem/Constants"});
  refused([&] { symbols("2a = 1", ""); }, "symbol-syntax", {"\"2a = 1\""});
  refused([&] { symbols("a = x", ""); }, "expression-name", {"Problem/Constants", "\"x\""});
  refused([&] { symbols("a = b, b = 1", ""); }, "expression-name", {"\"b\""});
  refused([&] { symbols("a = 1/0", ""); }, "not-finite", {"Problem/Constants"});
  refused([&] { symbols("pi = 3", ""); }, "symbol-taken", {"\"pi\""});
  refused([&] { symbols("a = 1, a = 2", ""); }, "symbol-taken", {"every name once"});
  refused([&] { symbols("a = 1", "a = x"); }, "symbol-taken", {"Problem/Definitions"});
  refused([&] { symbols("", "sin = x"); }, "symbol-taken", {"\"sin\""});
  refused([&] { symbols("", "r = q; q = x"); }, "expression-name", {"Problem/Definitions", "\"q\""});
  refused([&] { symbols("", "r = r + 1"); }, "expression-name", {"\"r\""});
  refused([&] { symbols("", "r ="); }, "expression-syntax", {"an empty text"});

  refused([] { VectorExpression("1; 2", {}, "Exact/Displacement [mm]"); }, "expression-parts",
          {"Exact/Displacement [mm]: 2 expressions", "\"1; 2\"", "3 with ';' between them"});
  refused([] { VectorExpression("1; 2; 3; 4", {}, "o"); }, "expression-parts", {"4 expressions"});
  refused([] { VectorExpression("1; ; 3", {}, "o"); }, "expression-syntax", {"an empty text"});
  refused([] { TensorExpression("1; 2; 3", {}, "o"); }, "expression-parts",
          {"wanted 6", "XX; YY; ZZ; XY; YZ; XZ"});
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_finite_names_the_point)
{
  refused([] { Expression("1/(x - 2)", {}, "Problem/Body force")(place); }, "not-finite",
          {"Problem/Body force", "(2, -3, 0.5) mm", "found inf"});
  refused([] { Expression("sqrt(y)", {}, "o")(place); }, "not-finite", {"nan"});
}
