// The built-in proximal femur: a blend of spheres, an elliptic neck and rounded cones, as one signed
// distance. Sizes are options; what lies below the surface (cortex, plate, cartilage) is in femur_layers.h.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "geometry/bone_shape.h"

namespace wolff::geometry {

struct BuiltInFemurOptions
{
  double head_radius = 24;       ///< bone with its plate, without cartilage [mm]
  double neck_height = 16;       ///< superior-inferior semi-axis of the neck [mm]
  double neck_depth = 13;        ///< anterior-posterior semi-axis of the neck [mm]
  double neck_shaft_angle = 125; ///< [deg]
  double torsion = 14.2;         ///< anteversion of the neck [deg]
  double offset = 43;            ///< head centre to shaft axis, mediolateral [mm]
  double shaft_radius = 14;      ///< [mm]
  double metaphysis_radius = 17; ///< at the crossing of neck and shaft axes [mm]
  double blend = 8;              ///< width of the smooth minimum [mm]
  bool with_lesser_trochanter = true;

  /// Tips from the head centre: lateral, anterior, proximal [mm].
  std::vector<double> greater_trochanter{46.8, -21.9, 1.3};
  std::vector<double> lesser_trochanter{12.0, -14.5, -64.9};
  double greater_trochanter_radius = 10; ///< [mm]
  double lesser_trochanter_radius = 6;   ///< [mm]

  void declare(Options &options);
};

/// Everything about the sizes that gives no femur, e.g. a neck thicker than the head.
std::vector<Fault> check(const BuiltInFemurOptions &options, double distal_cut);

/**
 * The femur in its own frame (see femur_frame.h), head centre at zero.
 * @param distal_cut z of the cut in the femur frame [mm], negative
 */
Femur built_in_femur(const BuiltInFemurOptions &options, Side side, double distal_cut);

} // namespace wolff::geometry
