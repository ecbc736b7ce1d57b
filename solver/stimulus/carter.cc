#include "stimulus/carter.h"

#include "stimulus/measures.h"

#include <algorithm>
#include <cmath>

namespace wolff::stimulus {

void CarterOptions::declare(Options &options)
{
  const Options::Section section(options, "Carter");
  const std::string none = "no default: Carter gave no numbers [M], to be stated with the rule [U]";
  options.add("Stress threshold [MPa]", stress,
              "D_c: bone below this magnitude of mean total stress; 0 is not stated. 0.15 is often borrowed "
              "from Claes and Heigele.",
              non_negative(), none);
  options.add("Strain threshold [-]", strain,
              "e_c: fibrous tissue from this maximum principal strain on; 0 is not stated. 0.05 is often "
              "borrowed.",
              non_negative(), none);
}

std::vector<Fault> check(const CarterOptions &options)
{
  std::vector<Fault> faults;
  const auto require = [&](const std::string &name, const double value) {
    if (value > 0) return;
    faults.push_back(
        Fault(Exit::input, "option-missing", "Stimulus/Carter/" + name, "the rule Carter needs its threshold")
            .found(value)
            .wanted("a number greater than 0")
            .hint("Carter gave no numbers; 0.15 MPa and 0.05 are often borrowed from Claes and Heigele."));
  };
  require("Stress threshold [MPa]", options.stress);
  require("Strain threshold [-]", options.strain);
  return faults;
}

Axes carter_axes(const PointMechanics &point)
{
  const double largest_strain = principal_values(point.strain)[0];
  // Not std::max: it would turn what is no number into 0.
  return {mean_total_stress(point.stress, point.biot_coefficient, point.pore_pressure),
          largest_strain < 0 ? 0 : largest_strain, point.perfusion};
}

Response carter_response(const Axes &axes, const CarterOptions &options, const Phenotype bone,
                         const double window_width)
{
  const double stress = std::abs(axes[0]), strain = axes[1];
  const double perfusion = std::clamp(axes[2], 0.0, 1.0);
  require_magnitude(stress);
  require_magnitude(strain);
  require_magnitude(perfusion);
  const auto call = [&](const double width) {
    const double low_strain = share_below(strain, options.strain, width);
    const double low_stress = share_below(stress, options.stress, width);
    const double compressed = axes[0] < 0 ? 1 - low_stress : 0;
    const double w_bone = perfusion * low_stress * low_strain;
    const double w_cartilage = ((1 - perfusion) * low_stress + compressed) * low_strain;
    Windows weights{};
    weights[static_cast<std::size_t>(bone)] = w_bone;
    weights[static_cast<std::size_t>(Phenotype::cartilage)] = w_cartilage;
    weights[static_cast<std::size_t>(Phenotype::fibrous)] = std::max(0.0, 1 - w_bone - w_cartilage);
    return weights;
  };
  return {std::max(stress / options.stress, strain / options.strain), largest(call(0)), call(window_width)};
}

} // namespace wolff::stimulus
