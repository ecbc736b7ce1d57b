// Tables of materials/*.json: the form is checked here; keys, units and ranges by the room that uses the
// numbers (material::material_table).
#pragma once

#include "base/value_table.h"

#include <filesystem>
#include <string>
#include <vector>

namespace wolff::io {

/**
 * Parse the text of a table. The top level holds "name", "kind", "meaning" (texts) and any number of values;
 * a value is an object with "value" (number), "unit", "source", "mark" (V, C, M or U) and, if wanted, "note".
 * @param place file name for messages
 * @throws Fault or FaultList (exit 2) naming file, key, found and wanted: malformed JSON, a key twice,
 * unknown or missing keys, wrong types
 */
ValueTable parse_material(const std::string &text, const std::string &place);

/// Read a table from a regular file of at most 1 MiB. @throws as parse_material, and if it cannot be read
ValueTable read_material(const std::filesystem::path &path);

/// The tables of materials/ as they were when the program was built.
const std::vector<ValueTable> &shipped_materials();

} // namespace wolff::io
