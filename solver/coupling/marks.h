// Where the numbers of a case come from: every physical number in use with its source and its marks, for the
// log, the record of a run and the files.
#pragma once

#include "coupling/case.h"

#include <string>
#include <vector>

namespace wolff::coupling {

struct MarkedValue
{
  std::string path, value, source;
  std::string marks; ///< of "[V]", "[C]", "[M]", "[U]" those that the source has, in this order

  /// From memory, or the user's own.
  bool is_assumed() const;
};

/**
 * The options with a marked source that this case uses. A number that has no defensible value and stands at
 * its default, which is off or not stated, is not in use; nor is one of a model, rule or therapy that is off.
 */
std::vector<MarkedValue> values_in_use(const Case &input);

/// For the log: how many values have which mark, then every assumed one of stimulus and regeneration.
std::vector<std::string> lines_of(const std::vector<MarkedValue> &values);

} // namespace wolff::coupling
