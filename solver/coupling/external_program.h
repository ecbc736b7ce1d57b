// A regeneration model that is another program: it reads VTK and writes VTK. Started by argument vector, no
// shell.
#pragma once

#include "base/errors.h"

#include <functional>
#include <string>
#include <vector>

namespace wolff::coupling {

/// "program first 'second'" into words: blanks part, double quotes keep blanks. @throws Fault (exit 2) on an
/// open quote
std::vector<std::string> split_command(const std::string &text);

/**
 * Start @p arguments[0] with these arguments and wait. Call on one rank.
 * @param output  what it prints goes to this file (appended)
 * @throws Fault: exit 2 if it cannot be started, exit 4 if it returns another status than 0, is ended by a
 * signal, or takes longer than @p minutes and is ended
 */
void run_program(const std::vector<std::string> &arguments, double minutes, const std::string &output);

} // namespace wolff::coupling
