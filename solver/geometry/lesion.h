// The necrotic region: a body of revolution about an axis through the head centre, cut off at the inner
// surface of plate and cortex. Also the numbers clinicians use for its size: Kerboull sum, JIC type, share of
// the head.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "geometry/bone_shape.h"

namespace wolff::geometry {

struct LesionOptions
{
  std::string shape = "cone"; ///< cone | cap | ellipsoid | none
  double half_angle = 60;     ///< of cone and cap, seen from the head centre [deg]
  double depth = 0;           ///< cone: below the head surface, 0 for down to the head centre [mm]
  /// Femur frame: medial, anterior, proximal; any length.
  std::vector<double> direction{0.5, 0.3, 0.8};
  double ellipsoid_depth = 10;                    ///< of its centre below the bony head surface [mm]
  std::vector<double> ellipsoid_semi_axes{8, 12}; ///< along the direction, across [mm]

  double acetabular_edge = 30; ///< lateral end of the weight-bearing zone, from the proximal axis [deg]
  double medial_end = 45;      ///< medial end of that zone [deg]

  void declare(Options &options);
};

std::vector<Fault> check(const LesionOptions &options, double head_radius);

/// How large a lesion is in the terms of the clinic.
struct LesionMeasures
{
  double coronal_arc = 0, sagittal_arc = 0; ///< [deg]
  double kerboull_sum = 0;                  ///< modified Kerboul: sum of the two arcs [deg]
  int kerboull_grade = 0;   ///< 1: < 200, 2: < 250, 3: < 300, 4: 300 and more; 0 without a lesion
  double centred_sum = 0;   ///< 4 theta: the sum if the axis lay in both planes [deg]
  double share_of_head = 0; ///< volume of the shape in the sphere of the bony head, over that sphere
  std::string jic_type;     ///< "A", "B", "C1", "C2", or "none"
};

/**
 * Arc [deg] in which the cone of half-angle theta about @p axis cuts the circle of directions normal to @p
 * normal.
 *
 * With cos(beta) = length of the unit axis projected on the plane, arc = 2 acos(cos(theta) / cos(beta)); 0
 * where the cone misses the plane, 360 where it holds all of it.
 */
double arc_in_plane(const Vector3 &axis, double half_angle_degrees, const Vector3 &normal);

/// Grade of the modified Kerboul sum, 1 to 4 (Ha 2006, JBJS-A 88 suppl. 3, 35).
int kerboull_grade(double sum_degrees);

class Lesion
{
public:
  Lesion(const LesionOptions &options, const Femur &femur);

  bool exists() const { return options_.shape != "none"; }
  bool contains(const Vector3 &point) const { return clearance(point) < 0; }
  /// Bound of the signed distance to the shape, before it is cut off at the plate [mm]; infinite without a
  /// lesion.
  double clearance(const Vector3 &point) const;

  /// Centroid of the shape, model frame; the head centre without a lesion.
  const Vector3 &centre() const { return centre_; }
  const LesionMeasures &measures() const { return measures_; }

private:
  void measure(const FemurFrame &frame);

  LesionOptions options_;
  Vector3 head_centre_, axis_, centre_;
  double radius_;     ///< of the bony head [mm]
  double half_angle_; ///< under which the shape is seen from the head centre [rad]
  LesionMeasures measures_;
};

} // namespace wolff::geometry
