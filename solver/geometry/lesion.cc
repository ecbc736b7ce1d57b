#include "geometry/lesion.h"

#include "geometry/distance_shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace wolff::geometry {

namespace {
constexpr double degree = std::numbers::pi / 180;

// Real heads are not spheres: the lesion may follow them this far beyond the fitted radius.
constexpr double reach = 1.1;
} // namespace

void LesionOptions::declare(Options &options)
{
  options.add_choice(
      "Shape", shape, {"cone", "cap", "ellipsoid", "none"},
      "Necrotic region, below the subchondral plate: a cone from the head centre, the segment of the "
      "head beyond a plane, or an ellipsoid of revolution.");
  options.add(
      "Half angle [deg]", half_angle,
      "Cone and cap: half of the angle under which the region is seen from the head centre.", between(5, 150),
      "60 is the C1 preset, 75 the C2 preset [U]; Kerboull sum of a centred lesion is 4 times it [C]");
  options.add("Depth [mm]", depth,
              "Cone: depth of the region below the surface of the bony head; 0 reaches to the head centre.",
              non_negative(), "[U]");
  options.add("Direction [-]", direction,
              "Axis of the region from the head centre in the femur frame: medial, anterior, proximal.", 3,
              "anterosuperior [M]; the numbers [U]");
  options.add("Ellipsoid depth [mm]", ellipsoid_depth,
              "Ellipsoid: depth of its centre below the surface of the bony head.", non_negative(), "[U]");
  options.add("Ellipsoid semi-axes [mm]", ellipsoid_semi_axes,
              "Ellipsoid: semi-axes along the direction and across it; equal ones make a sphere.", 2, "[U]");
  options.add("Acetabular edge [deg]", acetabular_edge,
              "Lateral end of the weight-bearing zone on the mid-coronal plane, from the proximal direction.",
              between(0, 90), "lateral centre-edge angle of a normal hip, 25-40 [M]");
  options.add("Weight-bearing medial end [deg]", medial_end,
              "Medial end of the weight-bearing zone on the mid-coronal plane, from the proximal direction.",
              between(0, 90), "midway between acetabular edge and teardrop [M]");
}

std::vector<Fault> check(const LesionOptions &o, const double head_radius)
{
  std::vector<Fault> faults;
  const auto refuse = [&](const std::string &option, const std::string &what, const std::string &found,
                          const std::string &wanted) {
    faults.push_back(
        Fault(Exit::model, "lesion-geometry", "Geometry/Lesion/" + option, what).found(found).wanted(wanted));
  };
  if (o.shape == "none") return faults;
  if (o.direction.size() != 3 || !(Vector3(o.direction[0], o.direction[1], o.direction[2]).norm() > 0))
    refuse("Direction [-]", "no direction", "a zero vector or not three numbers",
           "medial, anterior, proximal");
  if (!(o.half_angle > 0 && o.half_angle < 180))
    refuse("Half angle [deg]", "no cone", to_text(o.half_angle), "an angle in (0, 180) deg");
  if (o.shape == "cone" && o.depth >= head_radius)
    refuse("Depth [mm]", "the lesion is deeper than the head centre", to_text(o.depth),
           "less than the head radius " + to_text(head_radius) + " mm, or 0 for all of the cone");
  if (o.shape != "ellipsoid") return faults;
  if (o.ellipsoid_semi_axes.size() != 2 || !(o.ellipsoid_semi_axes[0] > 0 && o.ellipsoid_semi_axes[1] > 0))
    refuse("Ellipsoid semi-axes [mm]", "no ellipsoid", "not two lengths above 0", "along and across");
  else if (std::max(o.ellipsoid_semi_axes[0], o.ellipsoid_semi_axes[1]) > head_radius)
    refuse("Ellipsoid semi-axes [mm]", "the lesion is larger than the head",
           to_text(std::max(o.ellipsoid_semi_axes[0], o.ellipsoid_semi_axes[1])),
           "at most the head radius " + to_text(head_radius) + " mm");
  if (o.ellipsoid_depth > head_radius)
    refuse("Ellipsoid depth [mm]", "the centre lies beyond the head centre", to_text(o.ellipsoid_depth),
           "at most the head radius " + to_text(head_radius) + " mm");
  return faults;
}

double arc_in_plane(const Vector3 &axis, const double half_angle_degrees, const Vector3 &normal)
{
  const Vector3 a = axis.normalized(), n = normal.normalized();
  const double cosine = std::cos(half_angle_degrees * degree);
  const double projected = (a - a.dot(n) * n).norm();
  if (cosine >= projected) return 0;
  if (cosine <= -projected) return 360;
  return 2 * std::acos(cosine / projected) / degree;
}

int kerboull_grade(const double sum_degrees)
{
  if (sum_degrees <= 0) return 0;
  // 2 acos(cos(50 deg)) may come out one bit below 100: a sum that is 200 but for rounding has grade 2.
  const double sum = sum_degrees + 1e-9;
  return sum < 200 ? 1 : sum < 250 ? 2 : sum < 300 ? 3 : 4;
}

Lesion::Lesion(const LesionOptions &o, const Femur &femur)
    : options_(o), head_centre_(femur.landmarks.head_centre), axis_(Vector3::UnitZ()),
      centre_(femur.landmarks.head_centre), radius_(femur.landmarks.head_radius),
      half_angle_(o.half_angle * degree)
{
  throw_if_any(check(o, radius_));
  if (!exists()) {
    measures_.jic_type = "none";
    return;
  }
  axis_ = femur.frame.direction_to_model({o.direction[0], o.direction[1], o.direction[2]}).normalized();

  const double c = std::cos(half_angle_);
  double centroid = 0; // distance from the head centre
  if (o.shape == "cone") {
    // Sector of a sphere, less the inner sector that a limited depth leaves out.
    const double inner = o.depth > 0 ? radius_ - o.depth : 0;
    const double share = 1 - std::pow(inner / radius_, 3);
    centroid = 3.0 / 8 * (1 + c) * radius_ * (1 - std::pow(inner / radius_, 4)) / share;
    measures_.share_of_head = (1 - c) / 2 * share;
  } else if (o.shape == "cap") {
    centroid = 3.0 / 4 * radius_ * (1 + c) * (1 + c) / (2 + c);
    measures_.share_of_head = (2 + c) * (1 - c) * (1 - c) / 4;
  } else {
    const double along = o.ellipsoid_semi_axes[0], across = o.ellipsoid_semi_axes[1];
    centroid = radius_ - o.ellipsoid_depth;
    // The cone of tangents from the head centre: tan^2 = across^2 / (centroid^2 - along^2).
    half_angle_ = centroid <= along ? std::numbers::pi
                                    : std::atan2(across, std::sqrt(centroid * centroid - along * along));
    // Slices of ellipsoid and sphere normal to the axis are discs; the smaller one counts.
    constexpr int slices = 4000;
    for (int i = 0; i < slices; ++i) {
      const double s = -along + 2 * along * (i + 0.5) / slices, h = centroid + s;
      const double disc =
          std::min(across * across * (1 - s * s / (along * along)), radius_ * radius_ - h * h);
      measures_.share_of_head += std::max(disc, 0.0) * 2 * along / slices * 3 / (4 * std::pow(radius_, 3));
    }
  }
  centre_ = head_centre_ + centroid * axis_;
  measure(femur.frame);
}

void Lesion::measure(const FemurFrame &frame)
{
  const double theta = half_angle_ / degree;
  const Vector3 axis = frame.direction_to_femur(axis_);
  LesionMeasures &m = measures_;
  m.coronal_arc = arc_in_plane(axis, theta, Vector3::UnitY());
  m.sagittal_arc = arc_in_plane(axis, theta, Vector3::UnitX());
  m.kerboull_sum = m.coronal_arc + m.sagittal_arc;
  m.kerboull_grade = kerboull_grade(m.kerboull_sum);
  m.centred_sum = 4 * theta;

  // The type follows from how far lateral the arc reaches on the mid-coronal plane. Angles from proximal to
  // medial.
  const double lateral_end = std::atan2(axis.x(), axis.z()) / degree - m.coronal_arc / 2;
  const double third = (options_.medial_end + options_.acetabular_edge) / 3;
  if (m.coronal_arc <= 0 || lateral_end >= options_.medial_end - third)
    m.jic_type = "A";
  else if (lateral_end >= options_.medial_end - 2 * third)
    m.jic_type = "B";
  else
    m.jic_type = lateral_end >= -options_.acetabular_edge ? "C1" : "C2";
}

double Lesion::clearance(const Vector3 &point) const
{
  if (!exists()) return std::numeric_limits<double>::infinity();
  const Vector3 p = point - head_centre_;
  const double r = p.norm();
  const double far = r - reach * radius_;
  if (options_.shape == "cap") return std::max(radius_ * std::cos(half_angle_) - p.dot(axis_), far);
  if (options_.shape == "cone") {
    const double cone = std::max(cone_distance(p, axis_, half_angle_), far);
    return options_.depth > 0 ? std::max(cone, radius_ - options_.depth - r) : cone;
  }
  const Vector3 from_centre = point - centre_;
  const double along = from_centre.dot(axis_);
  const double across = std::sqrt(std::max(0.0, from_centre.squaredNorm() - along * along));
  const double distance =
      ellipse_distance(along, across, options_.ellipsoid_semi_axes[0], options_.ellipsoid_semi_axes[1]);
  return std::max(distance, far);
}

} // namespace wolff::geometry
