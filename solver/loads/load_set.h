// The load cases of a run: each a force on the head with the muscle forces beside it, and how often a day it
// comes. From the options alone; where the forces act is hip_contact.h and muscle_disc.h.
#pragma once

#include "loads/gait_cycle.h"
#include "loads/load_options.h"

#include "base/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::loads {

/// A muscle's force on the femur.
struct MuscleForce
{
  std::string name;
  std::string attachment; ///< an entry of attachments()
  Vector3 force;          ///< femur frame [N]
};

struct LoadCase
{
  std::string name;
  Vector3 force = Vector3::Zero(); ///< on the head, femur frame: x medial, y anterior, z proximal [N]
  double cycles = 0;               ///< of one hip [1/day]; cycles are not steps; 0: not known
  std::vector<MuscleForce> muscles;
};

/**
 * The load cases that the options ask for, load factor applied, schedule not.
 *
 * one activity       the activity's mean force times body weight, or the given force
 * several activities one case each
 * ten subjects       level walking of ten measured subjects, one case each, times the weight of the patient
 *                    or their own; each stands for a tenth of the day's walking
 * gait cycle         the cycle at each of the phases
 *
 * @param cycle of a gait cycle; not looked at otherwise
 * @throws Fault or FaultList. Exit 2: option-value (a vector without three components, a list that is not
 * understood, no phases), option-missing (no activities, no cycles a day), unknown-name, load-case-twice
 * (two cases of one name), muscles-unknown (no muscle forces are known for a case), gait-phase; unknown-name
 * also for a muscle to be left out. Exit 3, for
 * each case: load-direction if the force does not push the head laterally, posteriorly and distally (zero is
 * accepted sideways; of a gait cycle as its direction check says), units if its size is outside 10 to 2e4 N
 */
std::vector<LoadCase> load_set(const LoadOptions &options, const std::optional<GaitCycle> &cycle = {});

/// "508 N laterally, 177 N posteriorly, 1769 N distally, 6144 cycles a day, 4 muscle forces", for the log.
std::string text_of(const LoadCase &load);

/// The name in lower case with an underscore for everything that is no letter or digit: part of an array's
/// name.
std::string array_part(const std::string &case_name);

} // namespace wolff::loads
