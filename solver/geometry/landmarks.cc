#include "geometry/landmarks.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wolff::geometry {

Sphere fit_sphere(const TriangleSurface &surface, const Vector3 &first_centre, const double first_radius,
                  const bool keep_centre)
{
  Sphere sphere{first_centre, first_radius, 0, 0};
  for (const double tolerance : {6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.5, 1.0, 1.0, 1.0, 1.0}) {
    // |p|^2 = 2 c.p + (r^2 - |c|^2) is linear in c and the bracket; coordinates from the present centre.
    Eigen::Matrix4d matrix = Eigen::Matrix4d::Zero();
    Eigen::Vector4d right = Eigen::Vector4d::Zero();
    double area = 0, radius_sum = 0, square_sum = 0;
    for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
      const Vector3 p = surface.centroid(t) - sphere.centre;
      const double apart = p.norm() - sphere.radius;
      if (std::abs(apart) > tolerance) continue;
      // Facets of the sphere face away from its centre; walls of the neck and trochanter do not.
      const Vector3 facet = surface.area_vector(t);
      if (facet.dot(p) < 0.8 * facet.norm() * p.norm()) continue;
      const Eigen::Vector4d row(2 * p.x(), 2 * p.y(), 2 * p.z(), 1);
      const double weight = facet.norm();
      matrix += weight * row * row.transpose();
      right += weight * p.squaredNorm() * row;
      area += weight;
      radius_sum += weight * p.norm();
      square_sum += weight * apart * apart;
    }
    sphere.area = area;
    if (area <= 0) break;
    sphere.deviation = std::sqrt(square_sum / area);
    if (keep_centre)
      sphere.radius = radius_sum / area;
    else {
      const Eigen::Vector4d fit = matrix.ldlt().solve(right);
      sphere.centre += fit.head<3>();
      sphere.radius = std::sqrt(std::max(0.0, fit[3] + fit.head<3>().squaredNorm()));
    }
  }
  return sphere;
}

namespace {

struct Line
{
  Vector3 point, direction;
};

/// The part of a convex polygon where the height along @p axis is at least @p least.
std::vector<Vector3> clipped(const std::vector<Vector3> &polygon, const Vector3 &axis, const double least)
{
  std::vector<Vector3> inside;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Vector3 &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
    const double above_a = a.dot(axis) - least, above_b = b.dot(axis) - least;
    if (above_a >= 0) inside.push_back(a);
    if ((above_a >= 0) != (above_b >= 0)) inside.push_back(a + above_a / (above_a - above_b) * (b - a));
  }
  return inside;
}

/// Area-weighted centroid of the facets whose height along @p axis lies in [from, to), or nothing.
std::optional<Vector3> slab_centroid(const TriangleSurface &surface, const Vector3 &axis, const double from,
                                     const double to)
{
  Vector3 sum = Vector3::Zero();
  double area = 0;
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    const Vector3 facet = surface.area_vector(t);
    // The wall counts, the flat end of a cut bone does not.
    if (std::abs(facet.dot(axis)) > 0.9 * facet.norm()) continue;
    // Facets of a decimated surface may be longer than the slab: only the part inside it counts.
    std::vector<Vector3> part;
    for (const std::uint32_t corner : surface.triangles[t]) part.push_back(surface.points[corner]);
    part = clipped(clipped(part, axis, from), -axis, -to);
    for (std::size_t i = 2; i < part.size(); ++i) {
      const double piece = 0.5 * (part[i - 1] - part[0]).cross(part[i] - part[0]).norm();
      sum += piece * (part[0] + part[i - 1] + part[i]) / 3;
      area += piece;
    }
  }
  if (area <= 0) return std::nullopt;
  return sum / area;
}

std::pair<double, double> extent(const TriangleSurface &surface, const Vector3 &axis)
{
  double least = INFINITY, greatest = -INFINITY;
  for (const Vector3 &p : surface.points) {
    least = std::min(least, p.dot(axis));
    greatest = std::max(greatest, p.dot(axis));
  }
  return {least, greatest};
}

Fault not_found(const std::string &place, const std::string &what)
{
  return Fault(Exit::model, "landmarks", place, what)
      .hint("Give \"Head centre [mm]\", \"Shaft axis [-]\" and \"Side\".");
}

/// Centroids of ten slabs of the distal part and the line of least squares through them.
Line shaft_line(const TriangleSurface &surface, const Vector3 &axis, const std::string &place)
{
  const auto [least, greatest] = extent(surface, axis);
  const double from = least + 0.03 * (greatest - least), to = least + 0.30 * (greatest - least);
  std::vector<Vector3> centroids;
  for (int i = 0; i < 10; ++i)
    if (const auto centroid =
            slab_centroid(surface, axis, from + i * (to - from) / 10, from + (i + 1) * (to - from) / 10))
      centroids.push_back(*centroid);
  if (centroids.size() < 3)
    throw not_found(place, "the shaft axis cannot be found: too few facets in the distal part");
  Vector3 mean = Vector3::Zero();
  for (const Vector3 &c : centroids) mean += c / static_cast<double>(centroids.size());
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const Vector3 &c : centroids) spread += (c - mean) * (c - mean).transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(spread);
  Vector3 direction = solver.eigenvectors().col(2);
  if (direction.dot(axis) < 0) direction = -direction;
  return {mean, direction};
}

Vector3 first_head_centre(const TriangleSurface &surface, const Line &shaft)
{
  const auto [least, greatest] = extent(surface, shaft.direction);
  double farthest = -1;
  Vector3 best = Vector3::Zero();
  for (const Vector3 &p : surface.points) {
    if (p.dot(shaft.direction) < greatest - 0.4 * (greatest - least)) continue;
    const Vector3 offset = p - shaft.point;
    const Vector3 across = offset - offset.dot(shaft.direction) * shaft.direction;
    if (across.norm() <= farthest) continue;
    farthest = across.norm();
    best = p - 22 * across.normalized();
  }
  return best;
}

/// Axis from the neck to the head, and how it was obtained.
std::pair<Vector3, std::string> neck_axis(const TriangleSurface &surface, const Landmarks &l)
{
  const Vector3 offset = l.head_centre - l.shaft_point;
  const Vector3 medial = (offset - offset.dot(l.shaft_axis) * l.shaft_axis).normalized();
  const double assumed = 125 * std::numbers::pi / 180;
  const Vector3 by_rule = std::sin(assumed) * medial - std::cos(assumed) * l.shaft_axis;
  Vector3 axis = by_rule;
  for (int i = 0; i < 30; ++i) {
    Vector3 sum = Vector3::Zero();
    double area = 0;
    for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
      const Vector3 p = surface.centroid(t) - l.head_centre;
      const double along = -p.dot(axis);
      const double across = (p + along * axis).norm();
      if (along < l.head_radius + 2 || along > l.head_radius + 12 || across > 1.2 * l.head_radius) continue;
      const double weight = surface.area_vector(t).norm();
      sum += weight * p;
      area += weight;
    }
    if (area <= 0) return {by_rule, "from the head's offset with a neck-shaft angle of 125 deg"};
    axis = (-sum / area).normalized();
  }
  Landmarks trial = l;
  trial.neck_axis = axis;
  if (trial.neck_shaft_angle() < 100 || trial.neck_shaft_angle() > 146)
    return {by_rule, "from the head's offset with a neck-shaft angle of 125 deg"};
  return {axis, "found from the neck's surface beside the head"};
}

} // namespace

Landmarks find_landmarks(const TriangleSurface &surface, const KnownLandmarks &known,
                         const std::string &place)
{
  Landmarks l;
  const Vector3 start = known.shaft_axis ? known.shaft_axis->normalized() : Vector3(Vector3::UnitZ());
  Line shaft = shaft_line(surface, start, place);
  if (known.shaft_axis)
    shaft.direction = start;
  else
    shaft = shaft_line(surface, shaft.direction, place);
  l.shaft_point = shaft.point;
  l.shaft_axis = shaft.direction;
  l.shaft_from = known.shaft_axis ? "given" : "found by cross-sections of the distal 3 to 30 %";

  const Sphere head = known.head_centre ? fit_sphere(surface, *known.head_centre, 23, true)
                                        : fit_sphere(surface, first_head_centre(surface, shaft), 23);
  l.head_centre = head.centre;
  l.head_radius = head.radius;
  l.head_fit = head.deviation;
  l.head_from = fmt::format("{}, {:.0f} mm^2 of surface within {:.2f} mm root mean square of the sphere",
                            known.head_centre ? "given, radius fitted" : "found by a sphere fit", head.area,
                            head.deviation);
  if (!(head.radius >= 10 && head.radius <= 40))
    throw Fault(Exit::model, "head-radius", place, "the head has no plausible radius")
        .found(to_text(head.radius) + " mm")
        .wanted("10 to 40 mm")
        .hint("Check the unit of the file, or give \"Head centre [mm]\".");
  // Of a real head well over a third of the sphere lies within the tolerance; a quarter means another shape
  // was found.
  if (head.area < 4 * std::numbers::pi * head.radius * head.radius / 4)
    throw not_found(place, "the head cannot be found: too little of the surface lies on the sphere")
        .found(fmt::format("{:.0f} mm^2 on a sphere of {:.1f} mm", head.area, head.radius));

  const double leftward = (l.head_centre - l.shaft_point).dot(known.anterior.cross(l.shaft_axis));
  const Side found = leftward > 0 ? Side::left : Side::right;
  if (known.side && *known.side != found)
    throw Fault(Exit::model, "side", place, "the head lies on the lateral side of the shaft")
        .found("side " + name_of(*known.side) + " given, " + name_of(found) + " by the position of the head")
        .wanted("a side that fits the frame of the file")
        .hint("In a file that is not LPS, \"Anterior direction [-]\" must be given as well.");
  l.side = found;
  l.side_from = known.side ? "given, confirmed by the head's offset"
                           : "found from the head's offset and the anterior direction";
  std::tie(l.neck_axis, l.neck_from) = neck_axis(surface, l);
  return l;
}

} // namespace wolff::geometry
