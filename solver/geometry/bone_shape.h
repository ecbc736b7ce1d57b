// The outer surface of the bone as a function of position, whatever it comes from. Layers, lesion and track
// are made from it alone and do not know the source.
#pragma once

#include "geometry/anatomy.h"
#include "geometry/femur_frame.h"

#include <memory>
#include <string>
#include <vector>

namespace wolff::geometry {

class BoneShape
{
public:
  virtual ~BoneShape() = default;

  /// Signed distance to the outer bone surface [mm], negative inside, for a shaft that goes on below the
  /// distal cut. Within uncertainty() a bound of the true distance.
  virtual double distance(const Vector3 &point) const = 0;

  /// What |distance| may exceed the true distance by [mm]; zero for formulas, part of the spacing for a grid.
  virtual double uncertainty() const = 0;

  /// Box around the bone above the distal cut, in model coordinates.
  virtual Box bounding_box() const = 0;
};

/// Where the parts of the femur are, in model coordinates, and how each was obtained.
struct Landmarks
{
  Vector3 head_centre = Vector3::Zero(); ///< [mm]
  double head_radius = 0;                ///< of the bone, without cartilage [mm]
  Vector3 shaft_point = Vector3::Zero(); ///< a point on the shaft axis [mm]
  Vector3 shaft_axis = Vector3::UnitZ(); ///< unit vector, proximal
  Vector3 neck_axis = Vector3::UnitX();  ///< unit vector, from the shaft to the head
  Side side = Side::left;
  double head_fit = 0; ///< root mean square distance of the surface to the fitted sphere [mm]

  std::string head_from, shaft_from, neck_from, side_from; ///< "given", "found by ...", "built in"

  /// Angle between the neck axis and the distal direction of the shaft [deg].
  double neck_shaft_angle() const;
  /// Distance of the head centre from the shaft axis [mm].
  double offset() const;
};

/// A femur from any source: its surface, its frame and its landmarks.
struct Femur
{
  std::shared_ptr<const BoneShape> bone;
  FemurFrame frame;
  Landmarks landmarks;
  double distal_cut = -100; ///< z of the cut in the femur frame [mm]
};

} // namespace wolff::geometry
