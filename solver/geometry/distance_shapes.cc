#include "geometry/distance_shapes.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wolff::geometry {

double smooth_minimum(const double a, const double b, const double width)
{
  const double overlap = width - std::abs(a - b);
  return std::min(a, b) - (overlap > 0 ? overlap * overlap / (4 * width) : 0.0);
}

double ellipse_distance(const double u, const double v, const double a, const double b)
{
  if (a < b) return ellipse_distance(v, u, b, a);
  const double x = std::abs(u), y = std::abs(v);
  const double sign = (x / a) * (x / a) + (y / b) * (y / b) < 1 ? -1 : 1;
  double foot_x = a, foot_y = 0;
  if (y < 1e-12 * b) {
    // On the major axis the foot point leaves the axis within the evolute.
    if (x * a < a * a - b * b) {
      foot_x = a * a * x / (a * a - b * b);
      foot_y = b * std::sqrt(std::max(0.0, 1 - (foot_x / a) * (foot_x / a)));
    }
  } else {
    // The foot point is (a^2 x / (t + a^2), b^2 y / (t + b^2)); the equation for t is convex and falls, so
    // Newton from a start with a positive residual climbs to the root without passing it.
    double t = std::max(a * x - a * a, b * y - b * b);
    for (int iteration = 0; iteration < 100; ++iteration) {
      const double p = a * x / (t + a * a), q = b * y / (t + b * b);
      const double residual = p * p + q * q - 1;
      const double slope = 2 * (p * p / (t + a * a) + q * q / (t + b * b));
      const double step = residual / slope;
      t += step;
      if (std::abs(step) < 1e-13 * a * a) break;
    }
    foot_x = a * a * x / (t + a * a);
    foot_y = b * b * y / (t + b * b);
  }
  return sign * std::hypot(x - foot_x, y - foot_y);
}

double RoundCone::distance(const Vector3 &point) const
{
  const Vector3 axis = second - first;
  const double length = axis.norm();
  const Vector3 offset = point - first;
  const double along = offset.dot(axis) / length;
  const double radial = std::sqrt(std::max(0.0, offset.squaredNorm() - along * along));
  // The common tangent of the two circles in the (radial, along) half plane has the normal (cosine, sine).
  const double sine = (first_radius - second_radius) / length;
  const double cosine = std::sqrt(1 - sine * sine);
  const double slant = cosine * along - sine * radial;
  if (slant < 0) return std::hypot(radial, along) - first_radius;
  if (slant > cosine * length) return std::hypot(radial, along - length) - second_radius;
  return cosine * radial + sine * along - first_radius;
}

namespace {

/// Distance to a prism from the distances to its side wall and to its pair of end planes.
double prism_distance(const double wall, const double ends)
{
  return std::min(std::max(wall, ends), 0.0) + std::hypot(std::max(wall, 0.0), std::max(ends, 0.0));
}

} // namespace

double EllipticCylinder::distance(const Vector3 &point) const
{
  const double length = (second - first).norm();
  const Vector3 axis = (second - first) / length;
  const Vector3 offset = point - first;
  const double along = offset.dot(axis);
  const double u = offset.dot(u_axis);
  const double v = offset.dot(axis.cross(u_axis));
  return prism_distance(ellipse_distance(u, v, u_radius, v_radius), std::max(-along, along - length));
}

double Cylinder::distance(const Vector3 &point) const
{
  const Vector3 offset = point - start;
  const double along = offset.dot(axis);
  const double radial = std::sqrt(std::max(0.0, offset.squaredNorm() - along * along));
  return prism_distance(radial - radius, std::max(-along, along - length));
}

double cone_distance(const Vector3 &point, const Vector3 &axis, const double half_angle)
{
  const double along = point.dot(axis);
  const double radial = point.cross(axis).norm();
  const double beyond = std::atan2(radial, along) - half_angle;
  const double r = std::hypot(along, radial);
  // More than a right angle from the wall the apex is the nearest point of it.
  if (std::abs(beyond) > std::numbers::pi / 2) return beyond > 0 ? r : -r;
  return r * std::sin(beyond);
}

} // namespace wolff::geometry
