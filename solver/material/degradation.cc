#include "material/degradation.h"

#include <algorithm>
#include <cmath>

namespace wolff::material {

namespace {

const std::string section = "Materials/Scaffold degradation/";

Fault missing(const std::string &option, const std::string &what)
{
  return Fault(Exit::input, "option-missing", section + option, what);
}

} // namespace

void DegradationOptions::declare(Options &options)
{
  options.add_choice(
      "Law", law, {"none", "constant front", "hydrolysis", "surface and bulk rule"},
      "How the solid of the scaffold goes: its surface recedes at a constant speed (corrosion); its "
      "molar mass falls, its stiffness with it, and it erodes below a critical molar mass; or a share "
      "of its surface and of its bulk goes every day.");
  const std::string of_table = "0: that of the material's table; ";
  options.add("Front speed [um/day]", front_speed,
              "Speed of the receding surface; with hydrolysis once the molar mass is below the critical one.",
              non_negative(), of_table + "the speed of erosion after hydrolysis has no default [U]");
  options.add("Hydrolysis rate [1/day]", hydrolysis_rate, "k in M' = -k M.", non_negative(),
              of_table + "PCL 0.1 per month, Poh 2019 Sci Rep, Table 1 [V]");
  options.add("Modulus exponent [-]", modulus_exponent,
              "p in E_s = E_0 (M/M_0)^p; 0 keeps the stiffness, negative is not stated.", between(-1, 1),
              "no default: 0 to 1, no measured number [U]");
  options.add("Initial molar mass [g/mol]", initial_molar_mass,
              "Number average M_n on day 0; 0 is not stated: no erosion.", non_negative(),
              "no default: that of the polymer in hand [U]");
  options.add("Critical molar mass [g/mol]", critical_molar_mass, "M_n below which mass is lost.",
              non_negative(), of_table + "PCL 5000, Pitt 1981 [V]");
  options.add("Surface loss [1/day]", surface_loss, "Probability that a site at the surface goes on a day.",
              Range{0, 1, false, true}, of_table + "PLLA 0.03 in a published lattice program [V]");
  options.add("Bulk loss [1/day]", bulk_loss, "The same of all other sites.", Range{0, 1, false, true},
              of_table + "PLLA 0.00015 in a published lattice program [V]");
  options.add("Site edge [mm]", site_edge, "Edge of the sites of that rule: the front is loss times edge.",
              positive(), "published lattice program [V]");
  options.add_choice(
      "When it falls apart", when_apart, {"warn", "stop"},
      "A part of the solid comes loose, or its ends are no longer connected: say so once and go on, "
      "or end the run.");
}

std::vector<Fault> check(const DegradationOptions &o)
{
  std::vector<Fault> faults;
  if (o.law != "hydrolysis") return faults;
  if (o.modulus_exponent < 0)
    faults.push_back(
        missing("Modulus exponent [-]", "how stiffness follows the molar mass has no default [U]")
            .found(o.modulus_exponent)
            .wanted("a number in [0, 1]"));
  if ((o.front_speed > 0) != (o.initial_molar_mass > 0))
    faults.push_back(
        missing(o.front_speed > 0 ? "Initial molar mass [g/mol]" : "Front speed [um/day]",
                "erosion after hydrolysis needs the molar mass of day 0 and the speed of the surface [U]")
            .found("only one of them")
            .wanted("both, or neither: then no mass is lost"));
  return faults;
}

DegradationLaw degradation_law(const DegradationOptions &o, const MaterialTable &solid)
{
  std::vector<Fault> faults;
  const auto number = [&](const double stated, const std::string &key, const std::string &option) {
    if (stated > 0) return stated;
    if (const auto entry = solid.values.values.find(key); entry != solid.values.values.end())
      return entry->second.value;
    faults.push_back(missing(option, "\"" + o.law + "\" needs a number that the material does not have")
                         .found("material " + solid.name + " without \"" + key + "\"")
                         .wanted("the number as an option, another material, or Law = none"));
    return 0.0;
  };
  DegradationLaw law;
  constexpr double millimetre = 1000; // [um]
  if (o.law == "constant front")
    law.front_speed = number(o.front_speed, "corrosion_rate", "Front speed [um/day]") / millimetre;
  else if (o.law == "hydrolysis") {
    law.hydrolysis_rate = number(o.hydrolysis_rate, "hydrolysis_rate", "Hydrolysis rate [1/day]");
    law.modulus_exponent = o.modulus_exponent;
    law.front_speed = o.front_speed / millimetre;
    if (o.initial_molar_mass > 0)
      law.critical_ratio =
          number(o.critical_molar_mass, "critical_molar_mass", "Critical molar mass [g/mol]") /
          o.initial_molar_mass;
  } else if (o.law == "surface and bulk rule") {
    law.front_speed = number(o.surface_loss, "surface_loss_rate", "Surface loss [1/day]") * o.site_edge;
    law.bulk_rate = -std::log1p(-number(o.bulk_loss, "bulk_loss_rate", "Bulk loss [1/day]"));
  }
  throw_if_any(std::move(faults));
  return law;
}

double molar_mass_after(const double ratio, const double days, const DegradationLaw &law)
{
  return ratio * std::exp(-law.hydrolysis_rate * days);
}

double front_depth(const double ratio, const double days, const DegradationLaw &law)
{
  if (law.front_speed == 0) return 0;
  if (ratio < law.critical_ratio) return law.front_speed * days;
  if (law.hydrolysis_rate == 0) return 0;
  const double wait = std::log(ratio / law.critical_ratio) / law.hydrolysis_rate;
  return law.front_speed * std::max(0.0, days - wait);
}

double bulk_kept(const double days, const DegradationLaw &law)
{
  return std::exp(-law.bulk_rate * days);
}

double solid_modulus_ratio(const double molar_mass_ratio, const DegradationLaw &law)
{
  return law.modulus_exponent == 0 ? 1 : std::pow(molar_mass_ratio, law.modulus_exponent);
}

ErosionCurve::ErosionCurve(std::vector<double> densities, std::vector<double> areas, const double first_power)
    : density_(std::move(densities)), area_(std::move(areas)), power_(first_power)
{
  depth_.push_back(density_.front() / (area_.front() * (1 - power_)));
  for (std::size_t i = 1; i < density_.size(); ++i) {
    const double step = density_[i] - density_[i - 1], slope = (area_[i] - area_[i - 1]) / step;
    depth_.push_back(depth_.back() + (std::abs(slope) * step < 1e-9 * area_[i]
                                          ? step / area_[i]
                                          : std::log(area_[i] / area_[i - 1]) / slope));
  }
}

double ErosionCurve::depth_of(const double density) const
{
  if (density <= density_.front())
    return depth_.front() * std::pow(std::max(density, 0.0) / density_.front(), 1 - power_);
  const auto above =
      std::min<std::ptrdiff_t>(std::upper_bound(density_.begin(), density_.end(), density) - density_.begin(),
                               static_cast<std::ptrdiff_t>(density_.size()) - 1);
  const auto i = static_cast<std::size_t>(above) - 1;
  const double slope = (area_[i + 1] - area_[i]) / (density_[i + 1] - density_[i]),
               way = density - density_[i];
  if (std::abs(slope) * (density_[i + 1] - density_[i]) < 1e-9 * area_[i + 1])
    return depth_[i] + way / area_[i + 1];
  return depth_[i] + std::log1p(slope * way / area_[i]) / slope;
}

double ErosionCurve::density_of(const double depth) const
{
  if (depth <= 0) return 0;
  if (depth <= depth_.front()) return density_.front() * std::pow(depth / depth_.front(), 1 / (1 - power_));
  const auto above =
      std::min<std::ptrdiff_t>(std::upper_bound(depth_.begin(), depth_.end(), depth) - depth_.begin(),
                               static_cast<std::ptrdiff_t>(depth_.size()) - 1);
  const auto i = static_cast<std::size_t>(above) - 1;
  const double slope = (area_[i + 1] - area_[i]) / (density_[i + 1] - density_[i]), way = depth - depth_[i];
  if (std::abs(slope) * (density_[i + 1] - density_[i]) < 1e-9 * area_[i + 1])
    return density_[i] + way * area_[i + 1];
  return density_[i] + area_[i] * std::expm1(slope * way) / slope;
}

double ErosionCurve::area(const double density) const
{
  if (density <= density_.front())
    return area_.front() * std::pow(std::max(density, 0.0) / density_.front(), power_);
  if (density >= density_.back()) return area_.back();
  const auto above = static_cast<std::size_t>(std::upper_bound(density_.begin(), density_.end(), density) -
                                              density_.begin());
  const double part = (density - density_[above - 1]) / (density_[above] - density_[above - 1]);
  return std::lerp(area_[above - 1], area_[above], part);
}

double ErosionCurve::density_after(const double density, const double depth) const
{
  if (depth == 0) return density;
  return std::min(density, density_of(depth_of(density) - depth));
}

} // namespace wolff::material
