// A named table: the one list of the laws of a family (stimulus rules, mixture rules, scaffold types ...).
// The allowed values of the option, its reference page and the common tests all follow from the table.
#pragma once

#include "base/errors.h"

#include <string>
#include <vector>

namespace wolff {

template <typename Law>
struct Entry
{
  std::string name;    ///< as written in a case file
  std::string meaning; ///< one line for the reference
  std::string source;  ///< citation, printed by a run that uses it
  Law law;
};

template <typename Law>
class Table
{
public:
  Table(std::initializer_list<Entry<Law>> entries) : entries_(entries) {}

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  std::vector<std::string> names() const
  {
    std::vector<std::string> all;
    for (const Entry<Law> &entry : entries_) all.push_back(entry.name);
    return all;
  }

  /// @throws Fault (exit 2) that names the known entries
  const Entry<Law> &at(const std::string &name) const
  {
    for (const Entry<Law> &entry : entries_)
      if (entry.name == name) return entry;
    throw Fault(Exit::input, "unknown-name", "", "no entry of this name")
        .found(name)
        .wanted("one of: " + join(names(), 40));
  }

private:
  std::vector<Entry<Law>> entries_;
};

} // namespace wolff
