// What the patient does, as a force on the head: the table of measured activities and the options of a load.
// Where the force acts is hip_contact.h; where the femur is held is supports.h.
#pragma once

#include "geometry/anatomy.h"

#include "base/options.h"
#include "base/table.h"

#include <string>
#include <vector>

namespace wolff::loads {

/// Peak-phase force on the head in per cent of body weight, femur frame (x medial, y anterior, z proximal).
struct Activity
{
  Vector3 force;     ///< mean over subjects [% of body weight]
  Vector3 deviation; ///< standard deviation over subjects [% of body weight]; zero where none is known
};
const Table<Activity> &activities();

struct LoadOptions
{
  std::string activity = "level walking";
  double body_weight = 750;              ///< [N]
  double load_factor = 1;                ///< share of the full force that the patient puts on the leg [-]
  std::vector<double> hip_contact_force; ///< femur frame [N]; empty: from activity and body weight
  double half_angle = 27.5;              ///< of the contact cap [deg]
  std::string distribution = "cosine";
  std::string support = "clamp at distal cut";
  double clamp_height = 5; ///< [mm]

  void declare(Options &options);
};

/**
 * Force on the head in model coordinates [N]: load factor * (activity * body weight, or the explicit vector).
 *
 * @throws Fault (exit 2) for an unknown activity or a vector without three components; (exit 3)
 * `load-direction` if the force does not push the head laterally, posteriorly and distally (a component of
 * zero is accepted sideways), `units` if its size is outside 1 to 2e4 N
 */
Vector3 hip_contact_force(const LoadOptions &options, const geometry::Anatomy &anatomy);

/// The same in the femur frame, x medial, y anterior, z proximal.
Vector3 hip_contact_force_in_femur_frame(const LoadOptions &options);

} // namespace wolff::loads
