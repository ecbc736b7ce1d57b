// Which options of the biology a backend would ignore: those must be at their defaults, so that nobody
// believes in an effect that was never computed.
#pragma once

#include "coupling/case.h"

#include <vector>

namespace wolff::coupling {

/**
 * One fault, `backend-ignores` (exit 2), with all options of the section Regeneration that are not at their
 * defaults and that the lattice of cells does not use; nothing for other backends. The lattice alone uses its
 * own rules only.
 */
std::vector<Fault> ignored_by_backend(const Case &input);

} // namespace wolff::coupling
