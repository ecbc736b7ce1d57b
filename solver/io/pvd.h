// The .pvd file that ParaView opens: which file shows which day.
#pragma once

#include <string>
#include <vector>

namespace wolff::io {

struct PvdEntry
{
  double day = 0;   ///< time [day], exact through writing and reading
  std::string file; ///< relative to the folder of the .pvd file

  bool operator==(const PvdEntry &) const = default;
};

/// Write the whole list anew, safely. @throws Fault exit 70 for a path that is not relative, exit 5 for
/// storage
void write_pvd(const std::string &path, const std::vector<PvdEntry> &entries);

/// @throws Fault (exit 2): not sound, or a file outside the folder
std::vector<PvdEntry> read_pvd(const std::string &path);

} // namespace wolff::io
