#include "geometry/femur_frame.h"

#include "base/errors.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <cmath>

namespace wolff::geometry {

std::string name_of(const Side side)
{
  return side == Side::left ? "left" : "right";
}

std::string text_of(const Vector3 &vector, const int decimals)
{
  // Adding zero turns a rounded "-0" into "0".
  const auto rounded = [decimals](const double value) {
    const double scale = std::pow(10.0, decimals);
    return std::round(value * scale) / scale + 0.0;
  };
  return fmt::format("({:g}, {:g}, {:g})", rounded(vector.x()), rounded(vector.y()), rounded(vector.z()));
}

FemurFrame::FemurFrame(const Side side)
    : FemurFrame(Vector3::Zero(), Vector3::UnitZ(), Vector3::UnitY(), side)
{
}

FemurFrame::FemurFrame(const Vector3 &head_centre, const Vector3 &proximal, const Vector3 &anterior,
                       const Side side)
    : head_centre_(head_centre), side_(side)
{
  const Vector3 z = proximal.normalized();
  const Vector3 y_before = anterior - anterior.dot(z) * z;
  if (!(proximal.norm() > 0) || !(y_before.norm() > 1e-3 * anterior.norm()))
    throw Fault(Exit::model, "femur-frame", "", "shaft axis and anterior direction do not span a frame")
        .found(text_of(proximal) + " and " + text_of(anterior))
        .wanted("two directions that are neither zero nor parallel");
  const Vector3 y = y_before.normalized();
  const Vector3 x = (side == Side::left ? 1.0 : -1.0) * y.cross(z);
  axes_.col(0) = x;
  axes_.col(1) = y;
  axes_.col(2) = z;
}

std::string FemurFrame::text() const
{
  return fmt::format(
      "femur frame ({} side): origin {} mm, medial {}, anterior {}, proximal {} in the model frame",
      name_of(side_), text_of(head_centre_), text_of(axes_.col(0), 4), text_of(axes_.col(1), 4),
      text_of(axes_.col(2), 4));
}

} // namespace wolff::geometry
