#include "tissue/bone_remodelling.h"

#include "tissue/integrator.h"

#include <algorithm>
#include <cmath>

namespace wolff::tissue {

namespace {

double energy_with_lazy_zone(const BoneLoad &load, const double density, const RemodellingOptions &options)
{
  const double stimulus = load.energy_density / std::pow(density, options.density_exponent);
  const double upper = (1 + options.lazy_zone) * options.reference;
  const double lower = (1 - options.lazy_zone) * options.reference;
  if (stimulus > upper) return options.rate * (stimulus - upper);
  if (stimulus < lower) return options.rate * (stimulus - lower);
  return 0;
}

double mechanostat(const BoneLoad &load, double, const RemodellingOptions &options)
{
  const double level = load.mechanostat_level;
  if (level < 1) return -options.largest_loss * (1 - level);
  return options.largest_gain * std::clamp(level - 2, 0.0, 1.0);
}

} // namespace

void RemodellingOptions::declare(Options &options)
{
  std::vector<std::string> names{"none"};
  for (const std::string &name : remodelling_laws().names()) names.push_back(name);
  const std::string none = "no default: to be stated with the law [U]";
  options.add_choice("Law", law, names,
                     "How cancellous bone of the host outside of the healing domain changes.");
  options.add("Reference energy [J/g]", reference, "Psi_0: strain energy per mass of bone in balance.",
              positive(), "0.0025 to 0.004, Weinans, Huiskes & Grootenboer 1992 J Biomech 25:1425 [M]");
  options.add("Lazy zone [-]", lazy_zone, "s: no change within Psi_0 (1 - s) to Psi_0 (1 + s).",
              {0, 1, false, true}, "0.35, also 0, 0.1 and 0.75 [M]");
  options.add(
      "Density exponent [-]", density_exponent,
      "m in Psi = U/rho^m; not above the exponent of the density law, cells are unstable without a filter.",
      between(0.5, 6), "1, energy per mass, as in Weinans et al. 1992 [V]");
  options.add(
      "Energy rate [(g/cm^3)^2/(MPa day)]", rate,
      "B: change of density in a day for each J/g outside of the lazy zone; 0 is not stated. Published "
      "values are per computer time unit.",
      non_negative(), none);
  options.add("Largest loss [g/(cm^3 day)]", largest_loss,
              "Of the mechanostat without any strain; 0 is not stated.", non_negative(), none);
  options.add("Largest gain [g/(cm^3 day)]", largest_gain,
              "Of the mechanostat from overload on; 0 is not stated.", non_negative(), none);
  options.add("Least density [g/cm^3]", least_density, "Lower bound of the apparent density.", positive(),
              "as coded by Weinans et al. 1992 [V]");
  options.add("Greatest density [g/cm^3]", greatest_density, "Upper bound of the apparent density.",
              positive(), "as coded by Weinans et al. 1992 [V]; 1.73 to 1.92 elsewhere [M]");
  options.add(
      "Influence length [mm]", influence_length,
      "l of the filter S - l^2 lap S = S of the point, over the host bone; 0 is no filter. The signal of "
      "osteocytes is thought to reach 0.1 to 1 mm.",
      between(0, 10), "no defensible number exists [U]: off unless stated");
}

const Table<RemodellingLaw> &remodelling_laws()
{
  static const Table<RemodellingLaw> table{
      {"energy with lazy zone", "strain energy per mass against a reference",
       "Weinans, Huiskes & Grootenboer 1992 J Biomech 25:1425", energy_with_lazy_zone},
      {"mechanostat", "piecewise linear in the classes of the peak strain", "Frost 1987 Anat Rec 219:1",
       mechanostat}};
  return table;
}

std::vector<Fault> check(const RemodellingOptions &options)
{
  std::vector<Fault> faults;
  const auto require = [&](const std::string &name, const double value) {
    if (!(value > 0))
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Host bone/" + name,
                             "the law " + options.law + " needs this number")
                           .found(value)
                           .wanted("a number greater than 0"));
  };
  if (options.law == "energy with lazy zone") require("Energy rate [(g/cm^3)^2/(MPa day)]", options.rate);
  if (options.law == "mechanostat") {
    require("Largest loss [g/(cm^3 day)]", options.largest_loss);
    require("Largest gain [g/(cm^3 day)]", options.largest_gain);
  }
  if (options.law != "none" && options.least_density >= options.greatest_density)
    faults.push_back(
        Fault(Exit::model, "value-range", "Regeneration/Host bone", "bounds of the density [g/cm^3]")
            .found(to_text(options.least_density) + " and " + to_text(options.greatest_density))
            .wanted("a least density below the greatest one"));
  return faults;
}

bool is_unstable(const double modulus_exponent, const RemodellingOptions &options)
{
  return options.law == "energy with lazy zone" && options.influence_length == 0 &&
         modulus_exponent >= options.density_exponent;
}

double density_after(const double density, const BoneLoad &load, const double days,
                     const RemodellingOptions &options)
{
  const RemodellingLaw law = remodelling_laws().at(options.law).law;
  const bool sound = density > 0 && std::isfinite(density) && std::isfinite(load.energy_density) &&
                     load.energy_density >= 0 && std::isfinite(load.mechanostat_level);
  const double rate = sound ? law(load, density, options) : 0;
  if (!sound || !std::isfinite(rate))
    throw Fault(Exit::not_converged, "tissue-state", "", "apparent density of host bone [g/cm^3]")
        .found(density)
        .wanted("a positive number under a load that is finite");
  if (rate == 0) return density;

  // Under a constant load the density moves one way only, ever more slowly, so a bound that is passed may be
  // taken at the end, and the fall is less than the first rate over all days. The integrator keeps signs, so
  // it gets the density plus that fall.
  const double lower = std::min(options.least_density, density);
  const double upper = std::max(options.greatest_density, density);
  const double fall = std::max(0.0, -rate) * days;
  std::array<double, 1> shifted{density + fall};
  const auto count = integrate(
      [&](const std::array<double, 1> &y, std::array<double, 1> &slope) {
        slope[0] = law(load, std::clamp(y[0] - fall, lower, upper), options);
      },
      shifted, days);
  if (!count.finished)
    throw Fault(Exit::not_converged, "tissue-state", "",
                "host bone: the step of " + to_text(days) + " days could not be computed")
        .hint("Is the rate of the law of the order of bone?");
  return std::clamp(shifted[0] - fall, lower, upper);
}

} // namespace wolff::tissue
