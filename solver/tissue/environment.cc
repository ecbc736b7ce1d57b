#include "tissue/environment.h"

#include <algorithm>
#include <cmath>

namespace wolff::tissue {

void SupplyGateOptions::declare(Options &options)
{
  options.add_choice(
      "Rule", rule, {"none", "oxygen", "vessels"},
      "What bone formation needs. The fields must be computed: Oxygen/Model or Vessels/Model.");
  options.add("Half oxygen [mol/m^3]", oxygen, "Oxygen at which half of the bone stimulus acts.",
              non_negative(), "no defensible number exists [U]: 0 is not stated");
  options.add("Half vessel density [mm/mm^3]", vessel_density,
              "Vessel length per volume at which half of the bone stimulus acts.", positive(),
              "1/(pi R^2) [C] with an oxygen distance R of 0.1 mm, Checa & Prendergast 2009 [M]");
  options.add_choice("Without supply", without, {"cartilage", "no differentiation"},
                     "What a bone stimulus calls for where supply is missing.");
  options.add("Relative width [-]", width, "Smoothness of the gates; 0 is a switch.", between(0, 1),
              "numerical choice [C]");
  options.add("Hypoxic death rate [1/day]", hypoxic_death,
              "Of stromal cells below the critical oxygen, beside their ordinary death.", non_negative(),
              "no defensible number exists [U]: off unless stated");
  options.add("Critical oxygen [mol/m^3]", critical_oxygen,
              "Below it cells die with the hypoxic rate; 0.001 to 0.01 is commonly assumed.", non_negative(),
              "no defensible number exists [U]: 0 is not stated");
}

std::vector<Fault> check(const SupplyGateOptions &options)
{
  std::vector<Fault> faults;
  const auto require = [&](const bool used, const double value, const std::string &name,
                           const std::string &why) {
    if (used && value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Supply gate/" + name,
                             why + " has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(options.rule == "oxygen", options.oxygen, "Half oxygen [mol/m^3]", "the oxygen that bone needs");
  require(options.hypoxic_death > 0, options.critical_oxygen, "Critical oxygen [mol/m^3]",
          "the oxygen below which cells die");
  return faults;
}

double gate(const double supply, const double half, const double width)
{
  if (!(supply > 0)) return 0;
  if (width == 0) return supply >= half ? 1 : 0;
  return 1 / (1 + std::pow(supply / half, -1 / width));
}

double bone_gate(const Supply &supply, const SupplyGateOptions &options)
{
  if (options.rule == "oxygen") return gate(supply.oxygen, options.oxygen, options.width);
  if (options.rule == "vessels") return gate(supply.vessel_density, options.vessel_density, options.width);
  return 1;
}

Windows gated(const Windows &windows, const double open, const SupplyGateOptions &options)
{
  if (open == 1) return windows;
  Windows result = windows;
  double lost = 0;
  for (const Window bone : {Window::mature_bone, Window::immature_bone}) {
    double &weight = result[static_cast<std::size_t>(bone)];
    lost += (1 - open) * weight;
    weight *= open;
  }
  if (options.without == "cartilage") {
    double &cartilage = result[static_cast<std::size_t>(Window::cartilage)];
    cartilage = std::min(1.0, cartilage + lost);
  }
  return result;
}

double hypoxic_death(const double oxygen, const SupplyGateOptions &options)
{
  if (options.hypoxic_death == 0) return 0;
  return options.hypoxic_death * (1 - gate(oxygen, options.critical_oxygen, options.width));
}

} // namespace wolff::tissue
