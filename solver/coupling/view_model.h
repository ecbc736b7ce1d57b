// The model as a file to look at before anything is computed.
#pragma once

#include "coupling/model.h"

#include <string>

namespace wolff::coupling {

/// Tissue shares, moduli, regions and edges of all cells, Float32. Collective. @throws Fault (exit 5) on all
/// ranks
void write_model(const Model &model, const std::string &path);

} // namespace wolff::coupling
