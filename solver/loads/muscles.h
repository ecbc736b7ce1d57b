// Muscle forces beside the hip contact: the simplified sets of walking and climbing stairs, and where they
// attach. How a force is spread over the surface is muscle_disc.h.
#pragma once

#include "base/table.h"
#include "base/tensor.h"

#include <string>
#include <vector>

namespace wolff::loads {

/// A muscle's force on the femur at its peak, femur frame (x medial, y anterior, z proximal).
struct Muscle
{
  std::string name;
  std::string attachment; ///< an entry of attachments()
  Vector3 force;          ///< [% of body weight]
};

/// What acts at the moment of the peak hip contact of an activity.
using MuscleSet = std::vector<Muscle>;
const Table<MuscleSet> &muscle_sets();

/// Attachment in the femur frame from the head centre [mm], of a femur whose head lies reference_offset
/// medially of the shaft axis.
const Table<Vector3> &attachments();
constexpr double reference_offset = 42.3; ///< [mm], mean of ten femora of the series Hip III [C from V]

/**
 * Where an attachment lies on another femur, in its femur frame from the head centre [mm]: its place beside
 * the shaft axis and below the head, scaled by the distance of the head from that axis. Muscles sit on
 * trochanter and shaft, and how far these lie behind the head differs by centimetres between femora.
 * @param shaft a point on the shaft axis, femur frame from the head centre [mm]; the axis is that of z
 */
Vector3 attachment_on(const std::string &name, const Vector3 &shaft);

} // namespace wolff::loads
