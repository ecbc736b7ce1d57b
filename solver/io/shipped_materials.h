// The texts of materials/*.json, built into the program; the source of this list is written by CMake.
#pragma once

#include <vector>

namespace wolff::io {

struct ShippedText
{
  const char *file; ///< "materials/granulation.json"
  const char *text;
};

const std::vector<ShippedText> &shipped_material_texts();

} // namespace wolff::io
