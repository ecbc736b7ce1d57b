// What the patient does: the table of measured activities, as forces on the head relative to body weight.
// Which of them load a run, and how much, is load_set.h; where the force acts is hip_contact.h.
#pragma once

#include "base/table.h"
#include "base/tensor.h"

#include <string>

namespace wolff::loads {

/// Peak-phase force on the head in per cent of body weight, femur frame (x medial, y anterior, z proximal).
struct Activity
{
  Vector3 force;            ///< mean over subjects [% of body weight]
  Vector3 deviation;        ///< standard deviation over subjects [% of body weight]; zero where none is known
  std::string muscles = ""; ///< the entry of muscle_sets() that belongs to it; empty: none is known
  bool is_walking = false;  ///< its cycles a day are known
};
const Table<Activity> &activities();

/// Level walking of one measured subject.
struct Subject
{
  double body_weight; ///< [N]
  Vector3 force;      ///< as Activity::force
};
/// The ten subjects whose mean is "level walking".
const Table<Subject> &walking_subjects();

} // namespace wolff::loads
