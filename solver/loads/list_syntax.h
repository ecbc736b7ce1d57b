// Options that hold a list of entries, each a name followed by numbers: "level walking 6144 1; stairs up
// 100".
#pragma once

#include <string>
#include <vector>

namespace wolff::loads {

struct ListEntry
{
  std::string text;            ///< as written, without blanks at its ends
  std::string name;            ///< the words before the numbers, one blank between two; empty: none
  std::vector<double> numbers; ///< the words at the end that are numbers
};

/// The entries between semicolons; empty ones are passed over.
std::vector<ListEntry> entries_of(const std::string &text);

} // namespace wolff::loads
