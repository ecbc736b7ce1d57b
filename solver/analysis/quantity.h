// One number that a designer reads, with its name and meaning. Tables of them are written elsewhere.
#pragma once

#include <limits>
#include <string>

namespace wolff::analysis {

struct Quantity
{
  std::string name;    ///< snake_case, ends in the unit; a name without unit is a pure number
  double value;        ///< NaN: no value, for example of a scaffold where there is none
  std::string meaning; ///< one line for the reader
};

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

} // namespace wolff::analysis
