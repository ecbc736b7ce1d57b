// The complete case, every default filled in, as a case file that reads back to the same bits.
#pragma once

#include "base/options.h"

#include <string>

namespace wolff::app {

enum class CaseFormat
{
  prm,           ///< values only
  json,          ///< values only
  documented_prm ///< with meaning, range and source of every option as comments; reads back as well
};

/**
 * All options with their present values, in the order of their declaration.
 *
 * Printed by deal.II's ParameterHandler, which keeps values as text, so no digit is lost.
 */
std::string print_case(const Options &options, CaseFormat format);

/// What an option admits, in words: "a number greater than 0", "one of: left, right", ...
std::string admissible(const Option &option);

} // namespace wolff::app
