// Dead bone of a lesion: the front from the viable rim at which it is resorbed, and the labels that tell in
// what state lesion and marrow are.
#pragma once

#include "base/errors.h"
#include "regeneration/tissue_state.h"

#include <string>

namespace wolff::regeneration {

/// Written to VTK as `lesion_state`.
enum class LesionState : std::uint8_t
{
  none = 0,      ///< no lesion here
  necrotic,      ///< dead bone, not resorbed
  front,         ///< the front of resorption passes
  resorbed,      ///< behind the front
  sclerotic_rim, ///< dense viable bone around the lesion
};
constexpr double greatest_lesion_state = 4;

/// Written to VTK as `marrow_state`. A label: factors that a case states for it (host_factors.h, Pores) are
/// all it does.
enum class MarrowState : std::uint8_t
{
  none = 0, ///< no marrow here
  red,
  fatty,
  ablated,
  necrotic,
  reconstituting
};
constexpr double greatest_marrow_state = 5;

struct NecrosisOptions
{
  double front_speed = 0;         ///< [mm/day], 0: dead bone stays
  double front_start = 0;         ///< day on which the front leaves the rim
  std::string marrow = "red";     ///< of the host: red | fatty | ablated | reconstituting
  double reconstitutes = -1;      ///< day from which the label of the host says so, negative: never [day]
  bool transplantation = false;   ///< of blood-forming stem cells: an event for the label
  double transplantation_day = 0; ///< [day]
  double engraftment = 21;        ///< from then until the label is reconstituting [day]
  double reconstitution = 0;      ///< from engraftment until it is red [day], 0: it stays reconstituting

  void declare(Options &options);
};

/// Options that contradict one another (exit 2).
std::vector<Fault> check(const NecrosisOptions &options);

/// The label of host marrow on a day: as stated, until it reconstitutes on the day stated or after
/// engraftment.
MarrowState host_marrow(const NecrosisOptions &options, double day);

/// Labels of a state before any healing: lesions are necrotic, host marrow is as the options say. A rim that
/// is already labelled stays.
void label_lesion(const NecrosisOptions &options, TissueState &state);

/**
 * Share of a cell behind the front, min(max((v (day - start) - d)/h + 1/2, 0), 1): d its distance from the
 * viable rim, h its edge. 0 for a cell that the front never reaches.
 */
double resorbed_share(const NecrosisOptions &options, double distance, double edge, double day);

/**
 * Dead skeleton of the cells of the lesion from state.day to state.day + days: the share that the front has
 * passed becomes free volume, m_n' = m_n (1 - s')/(1 - s) with s, s' the resorbed shares before and after, so
 * that a restart needs no memory of the skeleton that once was. Labels follow, those of the host's marrow
 * too.
 * @param distance from the viable rim of each owned cell, cell_distance.h; not read at speed 0
 */
void resorb(const discretisation::CellMesh &mesh, const NecrosisOptions &options,
            const discretisation::CellField &distance, double days, TissueState &state);

/// Distance of the cells of the lesion from viable host bone around them. Collective.
discretisation::CellField distance_from_rim(const discretisation::CellMesh &mesh, const TissueState &state);

} // namespace wolff::regeneration
