#include "stimulus/mechanostat.h"

#include <algorithm>

namespace wolff::stimulus {

namespace {

Thresholds thresholds(const MechanostatOptions &options)
{
  return {options.adapted_from, options.formation_from, options.overload_from, options.fracture_from};
}

} // namespace

const std::array<std::string, n_mechanostat_classes> &mechanostat_names()
{
  static const std::array<std::string, n_mechanostat_classes> names{
      {"disuse", "adapted", "formation", "overload", "fracture"}};
  return names;
}

void MechanostatOptions::declare(Options &options)
{
  const auto add = [&](const std::string &name, double &value, const std::string &meaning,
                       const std::string &source) {
    options.add(name, value, meaning + ": principal strain of largest magnitude.", positive(), source);
  };
  add("Adapted from [-]", adapted_from, "Disuse below, adapted bone from there on",
      "200 microstrain [M]; disuse below 100 to 300, Frost 1987 in summaries [V]");
  add("Formation from [-]", formation_from, "Adapted bone below, formation from there on",
      "1500 to 3000 microstrain, Frost 1987 in summaries [V]");
  add("Overload from [-]", overload_from, "Formation below, pathological overload from there on",
      "3000 to 4000 microstrain [M]");
  add("Fracture from [-]", fracture_from, "Pathological overload below, fracture from there on",
      "about 15000 microstrain in a summary [V]; 25000 elsewhere [M]");
}

std::vector<Fault> check(const MechanostatOptions &options)
{
  const Thresholds all = thresholds(options);
  if (std::adjacent_find(all.begin(), all.end(), std::greater_equal<>()) == all.end()) return {};
  std::string list;
  for (const double threshold : all) list += (list.empty() ? "" : ", ") + to_text(threshold);
  return {Fault(Exit::model, "thresholds-order", "Stimulus/Mechanostat", "strains of the mechanostat [-]")
              .found(list)
              .wanted("numbers, each greater than the one before")};
}

double mechanostat_level(const double strain, const MechanostatOptions &options)
{
  require_magnitude(strain);
  const Thresholds all = thresholds(options);
  double lower = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (strain < all[k])
      // Just below a threshold the quotient may round to 1, which would be the next class.
      return std::min(static_cast<double>(k) + (strain - lower) / (all[k] - lower),
                      std::nextafter(static_cast<double>(k + 1), 0.0));
    lower = all[k];
  }
  return static_cast<double>(all.size());
}

Response mechanostat_response(const double strain, const MechanostatOptions &options,
                              const double window_width)
{
  require_magnitude(strain);
  const auto call = [&](const double width) {
    const Windows c = windows(strain, thresholds(options), width); // of the classes, in their order
    return Windows{c[0], c[1] + c[2], c[3], 0, c[4]};
  };
  return {strain / options.formation_from, largest(call(0)), call(window_width)};
}

} // namespace wolff::stimulus
