#include "coupling/load_material.h"

#include "io/material_table.h"

#include <filesystem>

namespace wolff::coupling {

material::MaterialTable load_material(const std::string &name, const std::string &case_folder,
                                      const std::string &option)
{
  std::vector<std::string> names;
  for (const ValueTable &table : io::shipped_materials()) {
    if (table.name == name) return material::material_table(table);
    names.push_back(table.name);
  }
  if (name.size() > 5 && name.ends_with(".json"))
    return material::material_table(io::read_material(std::filesystem::path(case_folder) / name));
  const std::string near = nearest_name(name, names);
  throw Fault(Exit::input, "material-unknown", option, "no material table of this name")
      .found(name)
      .wanted("one of " + join(names, 40) + ", or the path of a .json table")
      .hint(near.empty() ? "" : "Did you mean " + near + "?");
}

} // namespace wolff::coupling
