// The name of the fault that some work throws.
#pragma once

#include "base/errors.h"

#include <string>

namespace wolff::tests {

/// Empty if it throws none.
template <typename Work>
std::string fault_name(const Work &work)
{
  try {
    work();
  } catch (const Fault &fault) {
    return fault.name();
  }
  return "";
}

} // namespace wolff::tests
