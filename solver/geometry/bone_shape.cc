#include "geometry/bone_shape.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wolff::geometry {

double Landmarks::neck_shaft_angle() const
{
  return std::acos(std::clamp(-neck_axis.dot(shaft_axis), -1.0, 1.0)) * 180 / std::numbers::pi;
}

double Landmarks::offset() const
{
  return (head_centre - shaft_point).cross(shaft_axis).norm();
}

} // namespace wolff::geometry
