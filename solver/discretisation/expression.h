// Texts of the case file such as "E0*(1 + x^2)" as functions of the place x, y, z [mm]: scalars, vectors and
// symmetric tensors, with the constants and definitions that they may name. What a value means, and its unit,
// is known to the option that holds the text.
//
// Operators by falling precedence: ^ (from right to left), the signs + -, then * /, + -, comparisons, && and
// ||, and condition ? a : b. A sign binds less than ^: -x^2 is -(x^2). A condition holds where it is not 0.
// The functions are in expression_graph.cc: sin, sqrt, exp, log = ln, log10, abs, min, max, if(condition, a,
// b), ...
#pragma once

#include "base/tensor.h"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wolff::discretisation {

/**
 * Names that expressions may use beside x, y, z and pi.
 *
 * Constants "E0 = 1, nu = 0.3, mu = E0/(2*(1+nu))" are numbers, or expressions of the constants before them.
 * Definitions "r = sqrt(x^2+y^2+z^2); q = a^2/r^2" may use constants and the definitions before them.
 */
class Symbols
{
public:
  Symbols() = default; ///< pi only

  /// Either text may be empty.
  /// @throws Fault (exit 2) with the path of the option for texts that are not of the form above, names that
  /// are taken (x, y, z, pi, free, a function, twice the same), and everything that Expression refuses
  Symbols(const std::string &constants, const std::string &constants_option, const std::string &definitions,
          const std::string &definitions_option);

  const std::map<std::string, double> &constants() const { return constants_; }
  /// Name and text, in the order in which they were given.
  const std::vector<std::pair<std::string, std::string>> &definitions() const { return definitions_; }

private:
  void refuse_taken(const std::string &name, const std::string &option) const;

  std::map<std::string, double> constants_{{"pi", 3.141592653589793}};
  std::vector<std::pair<std::string, std::string>> definitions_;
};

class CompiledTexts;

/**
 * One number as a function of the place. Compiled once by the constructor; copies share what was compiled.
 * May be called from several threads at once.
 */
class Expression
{
public:
  /// @param option path of the option, for messages: "Problem/Young modulus [MPa]"
  /// @throws Fault (exit 2) for a text that is empty or no expression (`expression-syntax`, with the
  /// character), or that uses an unknown name (`expression-name`, with the nearest known one)
  Expression(const std::string &text, const Symbols &symbols, const std::string &option);

  /// Value at @p x [mm]. @throws Fault (exit 2, `not-finite`) that names the point; of this rank alone, so
  /// call it inside together() (base/errors.h) where other ranks would wait.
  double operator()(const Vector3 &x) const;

  const std::string &text() const; ///< as given

private:
  std::shared_ptr<const CompiledTexts> compiled_;
};

/// Three expressions with ';' between them: components along x, y, z.
class VectorExpression
{
public:
  enum class Free
  {
    refused,
    allowed ///< the word "free" may stand for a component
  };

  /// @throws Fault (exit 2) as Expression does, and `expression-parts` for another number of parts
  VectorExpression(const std::string &text, const Symbols &symbols, const std::string &option,
                   Free free = Free::refused);

  /// A free component is 0. @throws as Expression does
  Vector3 operator()(const Vector3 &x) const;

  /// Which components are the word "free".
  std::array<bool, 3> is_free() const { return is_free_; }

private:
  std::shared_ptr<const CompiledTexts> compiled_;
  std::array<bool, 3> is_free_{};
};

/// Six expressions with ';' between them: XX YY ZZ XY YZ XZ, tensor components.
class TensorExpression
{
public:
  /// @throws Fault (exit 2) as Expression does, and `expression-parts` for another number of parts
  TensorExpression(const std::string &text, const Symbols &symbols, const std::string &option);

  /// @throws as Expression does
  SymmetricTensor operator()(const Vector3 &x) const;

private:
  std::shared_ptr<const CompiledTexts> compiled_;
};

} // namespace wolff::discretisation
