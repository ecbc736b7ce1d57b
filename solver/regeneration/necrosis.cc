#include "regeneration/necrosis.h"

#include "regeneration/cell_distance.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

using material::Tissue;

void NecrosisOptions::declare(Options &options)
{
  options.add("Resorption front speed [mm/day]", front_speed,
              "At which dead bone is resorbed from the viable rim inwards; 0: it stays.", non_negative(),
              "no defensible number exists [U]: off unless stated");
  options.add("Front starts [day]", front_start, "Day since surgery on which the front leaves the rim.",
              any_number(), "no defensible number exists [U]: 0 is surgery; before it is negative");
  options.add_choice(
      "Host marrow", marrow, {"red", "fatty", "ablated", "reconstituting"},
      "Label of the marrow around the lesion: for the files, and for what a case states for it.");
  options.add(
      "Reconstitutes from [day]", reconstitutes,
      "Day from which that label is \"reconstituting\", such as that of an engraftment; negative: never.",
      any_number(), "no defensible number exists [U]: engraftment takes 2 to 4 weeks [M]");
  options.add(
      "Transplantation", transplantation,
      "Of blood-forming stem cells: an event after which the label of the host's marrow changes. Blood "
      "formation itself is not modelled.");
  options.add("Transplantation day [day]", transplantation_day, "Since surgery; negative before it.",
              any_number(), "of the patient [U]");
  options.add("Engraftment time [day]", engraftment,
              "From the transplantation until the label is \"reconstituting\".", non_negative(),
              "2 to 4 weeks, their middle [M]");
  options.add("Reconstitution time [day]", reconstitution,
              "From engraftment until the label is \"red\"; 0: it stays.", non_negative(),
              "no defensible number exists [U]: off unless stated");
}

std::vector<Fault> check(const NecrosisOptions &options)
{
  std::vector<Fault> faults;
  if (options.transplantation && options.reconstitutes >= 0)
    faults.push_back(Fault(Exit::input, "option-contradicts", "Regeneration/Lesion/Reconstitutes from [day]",
                           "the transplantation says when marrow reconstitutes")
                         .found("day " + to_text(options.reconstitutes) + " with Transplantation = true")
                         .wanted("one of the two"));
  return faults;
}

MarrowState host_marrow(const NecrosisOptions &options, const double day)
{
  const double engrafted = options.transplantation_day + options.engraftment;
  if (options.transplantation && day >= engrafted - 1e-9)
    return options.reconstitution > 0 && day >= engrafted + options.reconstitution - 1e-9
               ? MarrowState::red
               : MarrowState::reconstituting;
  if (options.marrow == "reconstituting" ||
      (options.reconstitutes >= 0 && day >= options.reconstitutes - 1e-9))
    return MarrowState::reconstituting;
  return options.marrow == "fatty"     ? MarrowState::fatty
         : options.marrow == "ablated" ? MarrowState::ablated
                                       : MarrowState::red;
}

void label_lesion(const NecrosisOptions &options, TissueState &state)
{
  const CellField &dead = state.fractions[material::index(Tissue::necrotic_bone)],
                  &marrow = state.fractions[material::index(Tissue::marrow)];
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    const bool lesion = dead[i] > 0 && state.region[i] == static_cast<std::uint8_t>(Region::lesion);
    if (lesion) state.lesion_state[i] = static_cast<std::uint8_t>(LesionState::necrotic);
    const MarrowState label = lesion          ? MarrowState::necrotic
                              : marrow[i] > 0 ? host_marrow(options, state.day)
                                              : MarrowState::none;
    state.marrow_state[i] = static_cast<std::uint8_t>(label);
  }
}

double resorbed_share(const NecrosisOptions &options, const double distance, const double edge,
                      const double day)
{
  if (!std::isfinite(distance)) return 0;
  const double way = options.front_speed * std::max(0.0, day - options.front_start);
  if (way == 0) return 0;
  return std::clamp((way - distance) / edge + 0.5, 0.0, 1.0);
}

discretisation::CellField distance_from_rim(const discretisation::CellMesh &mesh, const TissueState &state)
{
  const CellField &bone = state.fractions[material::index(Tissue::cancellous_bone)],
                  &marrow = state.fractions[material::index(Tissue::marrow)];
  std::vector<bool> lesion(state.n_cells()), viable(state.n_cells());
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    lesion[i] = state.region[i] == static_cast<std::uint8_t>(Region::lesion);
    viable[i] = state.region[i] == static_cast<std::uint8_t>(Region::host) && (bone[i] > 0 || marrow[i] > 0);
  }
  return distance_through(mesh, lesion, viable);
}

void resorb(const discretisation::CellMesh &mesh, const NecrosisOptions &options,
            const discretisation::CellField &distance, const double days, TissueState &state)
{
  const double after = state.day + days;
  for (std::uint8_t &label : state.marrow_state)
    if (label != static_cast<std::uint8_t>(MarrowState::none) &&
        label != static_cast<std::uint8_t>(MarrowState::necrotic))
      label = static_cast<std::uint8_t>(host_marrow(options, after));
  if (options.front_speed == 0) return;

  CellField &dead = state.fractions[material::index(Tissue::necrotic_bone)],
            &free = state.fractions[material::index(Tissue::granulation)];
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    if (state.region[i] != static_cast<std::uint8_t>(Region::lesion) || state.healing_domain[i] == 0 ||
        state.lesion_state[i] == static_cast<std::uint8_t>(LesionState::none))
      continue;
    const double edge = mesh.cell(i).edge,
                 share_before = resorbed_share(options, distance[i], edge, state.day),
                 share_after = resorbed_share(options, distance[i], edge, after);
    if (dead[i] > 0 && share_after > share_before) {
      const double left = share_after == 1 ? 0 : dead[i] * (1 - share_after) / (1 - share_before);
      free[i] += dead[i] - left;
      dead[i] = left;
    }
    state.lesion_state[i] = static_cast<std::uint8_t>(share_after == 0   ? LesionState::necrotic
                                                      : share_after == 1 ? LesionState::resorbed
                                                                         : LesionState::front);
  }
}

} // namespace wolff::regeneration
