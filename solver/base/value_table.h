// A table of numbers from outside, each with unit, source and mark: what a file of materials/ holds.
// The room that owns the meaning checks names, units and ranges; the room that reads files checks the form.
#pragma once

#include <map>
#include <string>

namespace wolff {

/// One number and where it came from. Marks: V read in a text, C computed, M from memory, U the user's own.
struct Value
{
  double value = 0;
  std::string unit;   ///< "MPa", "-", ...
  std::string source; ///< citation
  std::string mark;   ///< "V", "C", "M" or "U"
  std::string note;   ///< band of conflicting values, conditions; may be empty
};

struct ValueTable
{
  std::string place;   ///< file it was read from, for messages
  std::string name;    ///< as written in a case file
  std::string kind;    ///< "tissue", "scaffold", ...
  std::string meaning; ///< one sentence for the reader
  std::map<std::string, Value> values;
};

} // namespace wolff
