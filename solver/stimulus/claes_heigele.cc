#include "stimulus/claes_heigele.h"

#include "stimulus/measures.h"

#include <algorithm>
#include <cmath>

namespace wolff::stimulus {

namespace {

struct Resorption
{
  double stress, strain;
};

Resorption resorption_of(const ClaesHeigeleOptions &options)
{
  if (options.resorption == "Perier-Metz 2022") return {0.0016, 0.0004};
  if (options.resorption == "Model D") return {0.004, 0.001};
  return {options.resorption_stress, options.resorption_strain};
}

} // namespace

void ClaesHeigeleOptions::declare(Options &options)
{
  const Options::Section section(options, "Claes-Heigele");
  options.add_choice(
      "Cartilage under", sign, {"physical", "legacy 2022"},
      "physical: hydrostatic compression; legacy 2022: tension, as the sign in the programs of "
      "Perier-Metz et al. 2022 has it.");
  options.add_choice("Pressure", pressure, {"mean total stress", "pore pressure"},
                     "What hydrostatic stress is in a poroelastic tissue; the second is zero where pores are "
                     "drained.");
  options.add_choice(
      "Strain", strain, {"minimum principal", "largest magnitude"},
      "Principal strain: the most compressive one, as the programs have it, which does not see "
      "tension; or the one of largest magnitude.");
  const std::string paper =
      "Claes & Heigele 1999 J Biomech 32:255, in programs of Perier-Metz et al. 2022 [V]";
  options.add("Bone stress below [MPa]", bone_stress, "Magnitude of hydrostatic stress.", positive(), paper);
  options.add("Bone strain below [-]", bone_strain, "Magnitude of strain.", positive(), paper);
  options.add("Cartilage strain below [-]", cartilage_strain, "Magnitude of strain under compression.",
              positive(), paper);
  options.add_choice(
      "Resorption", resorption, {"Perier-Metz 2022", "Model D", "custom"},
      "0.0016 MPa and 0.0004 (programs of 2022 [V]); 0.004 MPa and 0.001 (attributed to Postigo "
      "2014 in a fork of them [V]); or the two numbers below, 0 for no resorption.");
  options.add("Resorption stress below [MPa]", resorption_stress, "Custom magnitude of hydrostatic stress.",
              non_negative(), "programs of Perier-Metz et al. 2022 [V]");
  options.add("Resorption strain below [-]", resorption_strain, "Custom magnitude of strain.", non_negative(),
              "programs of Perier-Metz et al. 2022 [V]");
}

std::vector<Fault> check(const ClaesHeigeleOptions &options)
{
  std::vector<Fault> faults;
  const auto require_order = [&](const std::string &what, const std::vector<double> &limits) {
    if (std::is_sorted(limits.begin(), limits.end())) return;
    std::string list;
    for (const double limit : limits) list += (list.empty() ? "" : ", ") + to_text(limit);
    faults.push_back(Fault(Exit::model, "thresholds-order", "Stimulus/Claes-Heigele", what)
                         .found(list)
                         .wanted("numbers that do not decrease"));
  };
  const Resorption resorption = resorption_of(options);
  require_order("stresses of resorption and bone [MPa]", {resorption.stress, options.bone_stress});
  require_order("strains of resorption, bone and cartilage [-]",
                {resorption.strain, options.bone_strain, options.cartilage_strain});
  return faults;
}

Axes claes_heigele_axes(const PointMechanics &point, const ClaesHeigeleOptions &options)
{
  return {options.pressure == "pore pressure"
              ? -point.pore_pressure
              : mean_total_stress(point.stress, point.biot_coefficient, point.pore_pressure),
          options.strain == "minimum principal" ? minimum_principal(point.strain)
                                                : largest_principal_by_magnitude(point.strain),
          0};
}

Response claes_heigele_response(const Axes &axes, const ClaesHeigeleOptions &options, const Phenotype bone,
                                const double window_width)
{
  const double stress = std::abs(axes[0]), strain = std::abs(axes[1]);
  require_magnitude(stress);
  require_magnitude(strain);
  const bool cartilage_side = options.sign == "physical" ? axes[0] < 0 : axes[0] > 0;
  const Resorption resorption = resorption_of(options);
  const auto call = [&](const double width) {
    const double low_stress = share_below(stress, options.bone_stress, width);
    const double w_resorption =
        share_below(stress, resorption.stress, width) * share_below(strain, resorption.strain, width);
    const double w_bone =
        std::max(0.0, low_stress * share_below(strain, options.bone_strain, width) - w_resorption);
    const double w_cartilage =
        cartilage_side ? (1 - low_stress) * share_below(strain, options.cartilage_strain, width) : 0;
    Windows weights{};
    weights[static_cast<std::size_t>(Phenotype::resorption)] = w_resorption;
    weights[static_cast<std::size_t>(bone)] = w_bone;
    weights[static_cast<std::size_t>(Phenotype::cartilage)] = w_cartilage;
    weights[static_cast<std::size_t>(Phenotype::fibrous)] =
        std::max(0.0, 1 - w_resorption - w_bone - w_cartilage);
    return weights;
  };
  return {std::max(stress / options.bone_stress, strain / options.bone_strain), largest(call(0)),
          call(window_width)};
}

} // namespace wolff::stimulus
