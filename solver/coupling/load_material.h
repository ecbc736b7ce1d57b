// One material by the name that a case gives it.
#pragma once

#include "material/material_table.h"

#include <string>

namespace wolff::coupling {

/**
 * A shipped table by its name, or the table in a .json file, whose path is relative to the case.
 * @param option that names it, for messages
 * @throws Fault, FaultList: exit 2 if there is none, or what is wrong in the table
 */
material::MaterialTable load_material(const std::string &name, const std::string &case_folder,
                                      const std::string &option);

} // namespace wolff::coupling
