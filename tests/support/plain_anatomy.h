// An anatomy that is nothing but a head and a frame, for tests of loads and supports.
#pragma once

#include "geometry/anatomy.h"
#include "geometry/femur_frame.h"

namespace wolff::tests {

class PlainAnatomy : public geometry::Anatomy
{
public:
  explicit PlainAnatomy(const geometry::FemurFrame &frame, const double head_radius = 24,
                        const double distal_cut = -100)
      : frame_(frame), head_radius_(head_radius), distal_cut_(distal_cut)
  {
  }
  geometry::Phase phase(const Vector3 &) const override { return geometry::Phase::cancellous; }
  geometry::Clearances clearances(const Vector3 &) const override { return {0, 0, 0, 0, 0}; }
  geometry::Box bounding_box() const override { return {Vector3::Zero(), Vector3::Zero()}; }
  Vector3 head_centre() const override { return frame_.head_centre(); }
  double head_radius() const override { return head_radius_; }
  Eigen::Matrix3d femur_axes() const override { return frame_.axes(); }
  double distal_cut() const override { return distal_cut_; }

private:
  geometry::FemurFrame frame_;
  double head_radius_, distal_cut_;
};

} // namespace wolff::tests
