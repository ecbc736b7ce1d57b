// Signed distances to simple shapes [mm], negative inside. All are exact distances, so their gradient has
// length one and minima, maxima and blends of them are bounds of the true distance.
#pragma once

#include "base/tensor.h"

namespace wolff::geometry {

/**
 * Blend of two signed distances: min(a, b) - max(k - |a - b|, 0)^2 / (4 k), with k = @p width [mm].
 *
 * Fills the groove between two bodies by at most k/4. The gradient is a weighted mean of the two gradients,
 * so a blend of bounds is a bound. k = 0 is the plain union.
 */
double smooth_minimum(double a, double b, double width);

/// Distance to the ellipse of semi-axes @p a (along u) and @p b (along v), by Newton's method on the foot
/// point.
double ellipse_distance(double u, double v, double a, double b);

/// Convex hull of two spheres of different radii: a rounded cone.
struct RoundCone
{
  Vector3 first, second;
  double first_radius, second_radius;

  double distance(const Vector3 &point) const;
};

/// Straight cylinder of elliptic section between two flat ends. @p u_axis is a unit vector normal to the
/// axis.
struct EllipticCylinder
{
  Vector3 first, second;
  Vector3 u_axis;
  double u_radius, v_radius;

  double distance(const Vector3 &point) const;
};

/// Straight circular cylinder with flat ends; @p axis has length one.
struct Cylinder
{
  Vector3 start, axis;
  double length, radius;

  double distance(const Vector3 &point) const;
};

/// Infinite cone of half-angle @p half_angle [rad], in (0, pi), apex at zero, about the unit vector @p axis.
double cone_distance(const Vector3 &point, const Vector3 &axis, double half_angle);

} // namespace wolff::geometry
