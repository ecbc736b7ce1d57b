#include "material/lattice_stiffness.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::material {

void HomogenisedOptions::declare(Options &options)
{
  options.add("Stiffness knock-down [-]", knock_down,
              "Modulus of the scaffold as made over that of its ideal unit cell. 1 is the ideal cell.",
              {0, 1, true, false},
              "1 is the ideal cell; measured Ti6Al4V gyroids of 20 % solid have 0.38 of it (network) or 0.16 "
              "(sheet) [C]");
  options.add(
      "Apparent modulus [MPa]", apparent_modulus,
      "Modulus of the whole scaffold on day 0, in place of the table of unit cells; 0: from the table.",
      non_negative(), "no default: from a test of the scaffold in hand [U]");
}

const Table<LatticeTable> &lattice_tables()
{
  static const std::string cells = "periodic unit cells, 64^3 trilinear hexahedra, nu_s = 0.3 [C]";
  static const Table<LatticeTable> table{
      {"gyroid network",
       "",
       cells,
       {{{0.1, 0.0065, 0.0157, 2.29},
         {0.2, 0.0289, 0.0385, 1.93},
         {0.3, 0.0684, 0.068, 1.65},
         {0.4, 0.1273, 0.1064, 1.43},
         {0.5, 0.2062, 0.1565, 1.28}},
        0.03}},
      {"gyroid sheet",
       "",
       cells,
       {{{0.1, 0.0306, 0.0298, 1.08},
         {0.2, 0.0692, 0.0633, 1.11},
         {0.3, 0.115, 0.1003, 1.15},
         {0.4, 0.1735, 0.1421, 1.14},
         {0.5, 0.2468, 0.1927, 1.13}},
        0}},
      {"diamond network",
       "",
       cells,
       {{{0.1, 0.0061, 0.009, 2.38},
         {0.2, 0.03, 0.0343, 2.26},
         {0.3, 0.0648, 0.0652, 2.08},
         {0.4, 0.1142, 0.1052, 1.89},
         {0.5, 0.1806, 0.1561, 1.69}},
        0.08}},
      {"diamond sheet",
       "",
       cells,
       {{{0.1, 0.0406, 0.0294, 0.59},
         {0.2, 0.0861, 0.0628, 0.72},
         {0.3, 0.138, 0.1, 0.82},
         {0.4, 0.2005, 0.1428, 0.9},
         {0.5, 0.2707, 0.1939, 0.99}},
        0}},
      {"primitive network",
       "",
       cells,
       {{{0.3, 0.1203, 0.0487, 0.36}, {0.4, 0.2105, 0.0962, 0.47}, {0.5, 0.3032, 0.1538, 0.58}}, 0.21}},
      {"primitive sheet",
       "",
       cells,
       {{{0.1, 0.016, 0.0298, 3.16},
         {0.2, 0.0433, 0.0638, 2.51},
         {0.3, 0.0863, 0.1019, 2.02},
         {0.4, 0.1503, 0.148, 1.66},
         {0.5, 0.2401, 0.2084, 1.4}},
        0}},
      {"I-WP network below",
       "",
       cells,
       {{{0.2, 0.0823, 0.0324, 0.11},
         {0.3, 0.145, 0.062, 0.21},
         {0.4, 0.2137, 0.0991, 0.34},
         {0.5, 0.291, 0.1464, 0.47}},
        0.1}},
      {"I-WP network above",
       "",
       cells,
       {{{0.1, 0.0028, 0.0126, 12.4},
         {0.2, 0.0176, 0.0347, 4.89},
         {0.3, 0.0508, 0.0652, 2.87},
         {0.4, 0.1076, 0.1052, 1.96},
         {0.5, 0.1901, 0.1575, 1.5}},
        0.0}},
      {"I-WP sheet",
       "",
       cells,
       {{{0.1, 0.0261, 0.0174, 1.02},
         {0.2, 0.071, 0.0451, 0.85},
         {0.3, 0.1323, 0.0819, 0.77},
         {0.4, 0.2068, 0.1263, 0.75},
         {0.5, 0.2939, 0.1796, 0.76}},
        0}},
  };
  return table;
}

bool has_lattice_table(const std::string &type)
{
  const std::vector<std::string> names = lattice_tables().names();
  return std::find(names.begin(), names.end(), type) != names.end();
}

namespace {

/// Between two points as a power of the density.
double power_between(const double d, const double d0, const double v0, const double d1, const double v1)
{
  return v0 * std::pow(d / d0, std::log(v1 / v0) / std::log(d1 / d0));
}

/// From one point to the solid at 1, v = v_1 d/(1 + c (1 - d)): the form of the bound of Hashin and
/// Shtrikman, under which it therefore stays.
double bound_above(const double d, const double d0, const double v0, const double v1)
{
  const double c = (v1 * d0 / v0 - 1) / (1 - d0);
  return v1 * d / (1 + c * (1 - d));
}

} // namespace

LatticeRow lattice_row(const LatticeTable &table, const double density)
{
  const LatticeRow solid{1, 1, 1 / (3 * (1 - 2 * 0.3)), 1};
  const LatticeRow &first = table.rows.front();
  if (density <= table.pinch_off) return {density, 0, 0, first.anisotropy};
  if (density <= first.density) {
    const double share = (density - table.pinch_off) / (first.density - table.pinch_off);
    return {density, share * first.modulus, share * first.bulk, first.anisotropy};
  }
  if (density >= 1) return solid;
  const auto above = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const LatticeRow &row) { return row.density >= density; });
  const LatticeRow &a = *(above - 1);
  if (above == table.rows.end())
    return {density, bound_above(density, a.density, a.modulus, 1),
            bound_above(density, a.density, a.bulk, solid.bulk),
            a.anisotropy + (density - a.density) / (1 - a.density) * (1 - a.anisotropy)};
  const LatticeRow &b = *above;
  if (density == b.density) return b;
  const double share = (density - a.density) / (b.density - a.density);
  return {density, power_between(density, a.density, a.modulus, b.density, b.modulus),
          power_between(density, a.density, a.bulk, b.density, b.bulk),
          a.anisotropy + share * (b.anisotropy - a.anisotropy)};
}

LatticeStiffness::LatticeStiffness(const std::string &type, const HomogenisedOptions &options,
                                   const double solid_fraction, const Elastic &solid)
    : options_(options), solid_fraction_(solid_fraction), solid_(solid)
{
  const std::string option = "Materials/Homogenised scaffold/Apparent modulus [MPa]";
  if (has_lattice_table(type))
    table_ = lattice_tables().at(type).law;
  else if (options.apparent_modulus == 0)
    throw Fault(Exit::input, "option-missing", option, "no unit cells of this type are tabulated")
        .found("\"" + type + "\" without an apparent modulus")
        .wanted("a modulus, or one of: " + join(lattice_tables().names(), 40));
  if (options.apparent_modulus > solid_fraction * solid.youngs_modulus)
    throw Fault(Exit::model, "value-range", option, "stiffer than all of the solid side by side")
        .found(options.apparent_modulus)
        .wanted("at most " + to_text(solid_fraction * solid.youngs_modulus) +
                " MPa, the solid fraction times the modulus of the solid");
}

Elastic LatticeStiffness::operator()(const double density, const double solid_ratio) const
{
  if (density <= 0) return {0, solid_.poisson_ratio};
  if (options_.apparent_modulus > 0) {
    const double since_day_0 = table_.rows.empty() ? density * density / (solid_fraction_ * solid_fraction_)
                                                   : lattice_row(table_, density).modulus /
                                                         lattice_row(table_, solid_fraction_).modulus;
    return {options_.apparent_modulus * since_day_0 * solid_ratio, solid_.poisson_ratio};
  }
  const LatticeRow row = lattice_row(table_, density);
  const LatticeRow &with_ratio = row.modulus > 0 ? row : table_.rows.front();
  return {solid_.youngs_modulus * options_.knock_down * row.modulus * solid_ratio,
          (1 - with_ratio.modulus / (3 * with_ratio.bulk)) / 2};
}

double LatticeStiffness::anisotropy(const double density) const
{
  return table_.rows.empty() ? 1 : lattice_row(table_, density).anisotropy;
}

} // namespace wolff::material
