#include "material/material_table.h"

#include <algorithm>

namespace wolff::material {

namespace {

std::vector<std::string> key_names()
{
  std::vector<std::string> names;
  for (const ValueRule &rule : material_keys()) names.push_back(rule.key);
  return names;
}

std::string with_near(const std::string &wrong, const std::vector<std::string> &known)
{
  const std::string near = nearest_name(wrong, known);
  return near.empty() ? std::string() : "Did you mean \"" + near + "\"?";
}

void check_form(const ValueTable &table, std::vector<Fault> &faults)
{
  const std::vector<std::string> known = key_names();
  for (const auto &[key, value] : table.values)
    if (std::find(known.begin(), known.end(), key) == known.end())
      faults.push_back(Fault(Exit::input, "key-unknown", table.place, "a material table has no such key")
                           .found(key)
                           .wanted("one of: " + join(known, 40))
                           .hint(with_near(key, known)));
  if (table.kind != "tissue" && table.kind != "scaffold")
    faults.push_back(Fault(Exit::input, "kind-unknown", table.place, "kind")
                         .found("\"" + table.kind + "\"")
                         .wanted("\"tissue\" or \"scaffold\""));
  for (const ValueRule &rule : material_keys()) {
    const auto entry = table.values.find(rule.key);
    if (entry == table.values.end()) {
      if (rule.required)
        faults.push_back(Fault(Exit::input, "key-missing", table.place, "\"" + rule.key + "\" is missing")
                             .wanted(rule.range.description() + " in " + rule.unit));
      continue;
    }
    const Value &value = entry->second;
    if (value.unit != rule.unit)
      faults.push_back(Fault(Exit::input, "unit-wrong", table.place, "unit of \"" + rule.key + "\"")
                           .found("\"" + value.unit + "\"")
                           .wanted("\"" + rule.unit + "\""));
    else if (!rule.range.contains(value.value))
      faults.push_back(
          Fault(Exit::model, "value-range", table.place, "\"" + rule.key + "\" [" + rule.unit + "]")
              .found(value.value)
              .wanted(rule.range.description()));
  }
}

std::optional<double> value_of(const ValueTable &table, const std::string &key)
{
  const auto entry = table.values.find(key);
  if (entry == table.values.end()) return std::nullopt;
  return entry->second.value;
}

} // namespace

const std::vector<ValueRule> &material_keys()
{
  static const std::vector<ValueRule> rules{
      {"youngs_modulus", "MPa", "Young modulus, drained", positive(), true},
      {"poisson_ratio", "-", "Poisson ratio, drained", {-1, 0.5, true, true}, true},
      {"permeability", "mm^4/(N s)", "mobility, intrinsic permeability over viscosity", positive()},
      {"grain_bulk_modulus", "MPa", "bulk modulus of the solid constituent", positive()},
      {"fluid_bulk_modulus", "MPa", "bulk modulus of the pore fluid", positive()},
      {"porosity", "-", "volume share of the pore fluid", {0, 1, false, true}},
      {"density", "g/cm^3", "density", positive()},
      {"yield_strength", "MPa", "uniaxial yield stress", positive()},
      {"tensile_strength", "MPa", "strength in tension of a brittle material", positive()},
      {"fatigue_strength", "MPa", "stress amplitude endured about 1e7 times", positive()},
      {"corrosion_rate", "um/day", "speed of the corroding surface", positive()},
      {"hydrolysis_rate", "1/day", "k in M' = -k M of the molar mass", positive()},
      {"critical_molar_mass", "g/mol", "number average below which mass is lost", positive()},
      {"surface_loss_rate", "1/day", "share of the surface sites lost a day", {0, 1, true, true}},
      {"bulk_loss_rate", "1/day", "share of all other sites lost a day", {0, 1, true, true}},
  };
  return rules;
}

MaterialTable material_table(const ValueTable &values)
{
  std::vector<Fault> faults;
  check_form(values, faults);
  throw_if_any(faults);

  MaterialTable table;
  table.name = values.name;
  table.kind = values.kind;
  table.elastic = {values.values.at("youngs_modulus").value, values.values.at("poisson_ratio").value};
  table.density = value_of(values, "density");
  table.yield_strength = value_of(values, "yield_strength");
  table.tensile_strength = value_of(values, "tensile_strength");
  table.fatigue_strength = value_of(values, "fatigue_strength");
  table.values = values;
  if (const auto fault = inadmissible(table.elastic, values.place, values.name)) throw Fault(*fault);

  const auto permeability = value_of(values, "permeability"), grain = value_of(values, "grain_bulk_modulus"),
             fluid = value_of(values, "fluid_bulk_modulus"), porosity = value_of(values, "porosity");
  if (permeability && grain && fluid && porosity) {
    table.poroelastic = Poroelastic{*permeability, *grain, *fluid, *porosity};
    if (const auto fault = inadmissible(table.elastic, *table.poroelastic, values.place, values.name))
      throw Fault(*fault);
  }
  return table;
}

const MaterialTable &find_material(const std::vector<MaterialTable> &materials, const std::string &name)
{
  std::vector<std::string> names;
  for (const MaterialTable &table : materials) {
    if (table.name == name) return table;
    names.push_back(table.name);
  }
  throw Fault(Exit::input, "material-unknown", "", "no material of this name")
      .found("\"" + name + "\"")
      .wanted("one of: " + join(names, 60))
      .hint(with_near(name, names));
}

} // namespace wolff::material
