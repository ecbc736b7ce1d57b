#include "regeneration/host_factors.h"

#include <cmath>

namespace wolff::regeneration {

void HostFactorOptions::declare(Options &options)
{
  const std::string not_stated = "no defensible number exists [U]: 0 is not stated";
  options.add("Steroid exposure", steroids, "Fewer stromal cells in the host's marrow by the factor below.");
  options.add(
      "Steroid factor [-]", steroid_factor, "On the stromal cells that the host supplies.", fraction(),
      "no defensible number exists [U]: 0 is not stated; fewer outside of the lesion as well, Hernigou "
      "1999 JBJS-B 81:349 (direction only) [V]");
  options.add("Conditioning", conditioning,
              "Chemotherapy or irradiation on a day, from which the host recovers.");
  options.add("Conditioning day [day]", conditioning_day, "Since surgery; negative before it.", any_number(),
              "of the patient [U]");
  options.add("Conditioning factor [-]", conditioning_factor, "On the stromal cells on that day.", fraction(),
              not_stated);
  options.add("Recovery time [day]", recovery_time, "Time constant of the way back to one.", non_negative(),
              not_stated);
  options.add("Other factor [-]", other_factor,
              "Of any other risk on the stromal cells that the host supplies; 1 is off.", fraction(),
              "no defensible number exists [U]: 1 is off");
  const auto of_marrow = [&](const std::string &label, double &factor) {
    options.add(
        "Factor of " + label + " marrow [-]", factor,
        "On the stromal cells that host marrow with this label supplies (Lesion/Host marrow); 1 is off.",
        fraction(), "no defensible number exists [U]: 1 is off");
  };
  of_marrow("fatty", fatty_factor);
  of_marrow("ablated", ablated_factor);
  of_marrow("reconstituting", reconstituting_factor);
  options.add("History of blood cancer", blood_cancer,
              "Prints that the safety of cell therapy is outside of the model; no result depends on it.");
}

std::vector<Fault> check(const HostFactorOptions &options)
{
  std::vector<Fault> faults;
  const auto require = [&](const bool used, const double value, const std::string &name) {
    if (used && value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Host/" + name,
                             "a factor that is in use has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(options.steroids, options.steroid_factor, "Steroid factor [-]");
  require(options.conditioning, options.conditioning_factor, "Conditioning factor [-]");
  require(options.conditioning, options.recovery_time, "Recovery time [day]");
  return faults;
}

double host_factor(const HostFactorOptions &options, const double day)
{
  double factor = options.other_factor;
  if (options.steroids) factor *= options.steroid_factor;
  if (options.conditioning && day >= options.conditioning_day)
    factor *= 1 - (1 - options.conditioning_factor) *
                      std::exp(-(day - options.conditioning_day) / options.recovery_time);
  return factor;
}

double marrow_factor(const HostFactorOptions &options, const MarrowState marrow)
{
  switch (marrow) {
  case MarrowState::fatty:
    return options.fatty_factor;
  case MarrowState::ablated:
    return options.ablated_factor;
  case MarrowState::reconstituting:
    return options.reconstituting_factor;
  default:
    return 1;
  }
}

std::string blood_cancer_notice()
{
  return "the patient has a history of blood cancer: whether cell therapy is safe then is outside of this "
         "model. "
         "Published work reports that mesenchymal cells both promote and inhibit tumour growth (Wu et al. "
         "2024 "
         "Int J Mol Sci 25:2527)";
}

} // namespace wolff::regeneration
