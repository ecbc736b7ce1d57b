// The femur frame and the frame of the model: the one place where points and directions change between them.
//
// Femur frame: origin at the head centre, x medial, y anterior, z proximal along the shaft. It is
// right-handed for a left femur and left-handed (mirrored) for a right one, so that loads and lesions are
// written once for both. Model frame: the frame of the input file, LPS in mm (x to the patient's left, y
// posterior, z superior); the built-in femur has no file, its model frame is x to the patient's right, y
// anterior, z proximal from the head centre: the femur frame itself for a left femur, its mirror image for a
// right one.
#pragma once

#include "base/tensor.h"

#include <string>

namespace wolff::geometry {

enum class Side
{
  left,
  right
};

std::string name_of(Side side);

/// "(1.25, 0, -3)": numbers of a point or direction for messages, rounded to @p decimals.
std::string text_of(const Vector3 &vector, int decimals = 2);

class FemurFrame
{
public:
  /// Frame of the built-in femur: origin at zero.
  explicit FemurFrame(Side side = Side::left);

  /**
   * Frame of a femur that lies anywhere, everything in model coordinates.
   * @param proximal along the shaft, any length; becomes z
   * @param anterior any vector that is not parallel to the shaft; its part normal to z becomes y
   * @throws Fault (exit 3) if the two directions are zero or parallel
   */
  FemurFrame(const Vector3 &head_centre, const Vector3 &proximal, const Vector3 &anterior, Side side);

  Vector3 point_to_femur(const Vector3 &model) const { return axes_.transpose() * (model - head_centre_); }
  Vector3 point_to_model(const Vector3 &femur) const { return head_centre_ + axes_ * femur; }
  Vector3 direction_to_femur(const Vector3 &model) const { return axes_.transpose() * model; }
  Vector3 direction_to_model(const Vector3 &femur) const { return axes_ * femur; }

  const Vector3 &head_centre() const { return head_centre_; }
  /// Columns: medial, anterior, proximal in model coordinates; orthonormal, det = +1 (left) or -1 (right).
  const Eigen::Matrix3d &axes() const { return axes_; }
  Side side() const { return side_; }

  /// One line for the log.
  std::string text() const;

private:
  Vector3 head_centre_;
  Eigen::Matrix3d axes_;
  Side side_;
};

} // namespace wolff::geometry
