// The single cells of the lattice backend in a file of their own beside the tissue file that they belong to.
#pragma once

#include "coupling/model.h"

#include <string>

namespace wolff::coupling {

/// "tissue_0007_cells.pvtp" for "tissue_0007.pvtu".
std::string lattice_file_name(const std::string &tissue_file);

/// Write the cells of @p state beside @p tissue_file; nothing for other backends. @throws Fault (exit 5).
/// Collective.
void write_lattice_cells(const Model &model, const regeneration::TissueState &state,
                         const std::string &tissue_file);

/// Read them into @p state; nothing for other backends, or before the first step.
/// @throws Fault (exit 2) if the file is missing or not sound. Collective.
void read_lattice_cells(const Model &model, const std::string &tissue_file, regeneration::TissueState &state);

} // namespace wolff::coupling
