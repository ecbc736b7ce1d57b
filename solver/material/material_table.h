// The constants of one tissue or scaffold material as the program uses them, made from a table of materials/.
// Reading the file is not done here (io/material_table.h).
#pragma once

#include "base/options.h"
#include "base/value_table.h"
#include "material/elastic.h"
#include "material/poroelastic.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::material {

struct MaterialTable
{
  std::string name; ///< as written in a case file
  std::string kind; ///< "tissue" or "scaffold"
  Elastic elastic;
  std::optional<Poroelastic> poroelastic; ///< present if the table has all four constants
  std::optional<double> density;          ///< [g/cm^3]
  std::optional<double> yield_strength;   ///< [MPa]
  std::optional<double> tensile_strength; ///< [MPa], of brittle materials
  std::optional<double> fatigue_strength; ///< amplitude at about 1e7 cycles [MPa]
  ValueTable values;                      ///< every number with unit, source, mark and note
};

/// A key that a table may have.
struct ValueRule
{
  std::string key, unit, meaning;
  Range range;
  bool required = false;
};

/// All keys of a material table, with unit and range.
const std::vector<ValueRule> &material_keys();

/**
 * The material that a table describes.
 * @throws Fault or FaultList naming file, key, found and wanted: unknown or missing key, wrong unit or kind
 *         (exit 2); value out of range, implausible modulus, inadmissible Biot constants (exit 3)
 */
MaterialTable material_table(const ValueTable &values);

/// The entry called @p name. @throws Fault (exit 2) that lists the known names
const MaterialTable &find_material(const std::vector<MaterialTable> &materials, const std::string &name);

} // namespace wolff::material
