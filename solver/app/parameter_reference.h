// The reference of all options, written from their declarations: solver/doc/parameters.md and its
// machine-readable forms. Nobody edits it by hand.
#pragma once

#include "base/options.h"

#include <string>

namespace wolff::app {

/**
 * @param format  "md": a table for each section; "prm": a documented case file of all defaults;
 *                "json": one record for each option
 * @throws Fault (exit 2) for another format
 */
std::string parameter_reference(const Options &options, const std::string &format);

} // namespace wolff::app
