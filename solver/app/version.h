// Which program this is: for --version and for the record of a run.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wolff::app {

/// From the build: see revision.cmake.
struct Build
{
  std::string version;    ///< "0.1.0"
  std::string revision;   ///< git commit, or "unknown"
  std::string modified;   ///< "no", "yes" or "unknown": does the source differ from that commit
  std::string compiler;   ///< "GNU 12.2.0"
  std::string build_type; ///< "Release"
};
Build build();

/// Name and value of everything that can change a result: program, libraries, compiler, build type.
std::vector<std::pair<std::string, std::string>> version_record();

/// The record, one line each.
std::string version_text();

} // namespace wolff::app
