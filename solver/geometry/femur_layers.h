// Cortical shell, subchondral plate and articular cartilage as offsets of the outer bone surface.
//
// The articular part of the head is the cap about the neck axis that spans the articular angle, i.e.
// everything above a plane normal to the neck axis. Over a margin above that plane the cartilage grows from
// nothing to its full thickness and the shell thins from cortex to plate. The medullary canal of the shaft is
// cancellous.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "geometry/bone_shape.h"

namespace wolff::geometry {

struct LayerOptions
{
  double cartilage = 1.8;         ///< thickness outside the bone, 0 for none [mm]
  double articular_angle = 113.6; ///< half-angle of the covered cap about the neck axis [deg]
  double margin = 6;              ///< width of the tapered margin along the neck axis [mm]
  double plate = 0.3;             ///< thickness of the subchondral plate [mm]
  double neck_cortex = 1.5;       ///< cortical thickness of head margin, neck and trochanters [mm]
  double shaft_cortex = 5;        ///< cortical thickness of the shaft [mm]
  double cortex_from = 30;        ///< depth below the head centre where the cortex starts to thicken [mm]
  double cortex_to = 85;          ///< depth where it has the thickness of the shaft [mm]

  void declare(Options &options);
};

std::vector<Fault> check(const LayerOptions &options, double head_radius);

/// What the layers are at one point. Computed once per point and used for phase and clearances.
struct LayerPoint
{
  double bone;      ///< signed distance to the outer bone surface [mm]
  double cartilage; ///< its thickness here [mm]
  double shell;     ///< thickness of plate or cortex here [mm]
  double articular; ///< height above the lower edge of the articular part [mm], positive on it
  double above_cut; ///< height above the distal cut [mm]
};

class FemurLayers
{
public:
  FemurLayers(Femur femur, const LayerOptions &options);

  LayerPoint at(const Vector3 &point) const;

  /// outside, articular_cartilage, subchondral_plate, cortical or cancellous.
  Phase phase(const LayerPoint &point) const;

  /// Bounds as in Clearances: the body with cartilage and cut, and the nearest interface between layers.
  double body_clearance(const LayerPoint &point) const;
  double layer_clearance(const LayerPoint &point) const;
  /// Signed bound of the distance to the inner surface of plate and cortex, negative inside the cancellous
  /// bone.
  double inner_clearance(const LayerPoint &point) const;

  const Femur &femur() const { return femur_; }
  const LayerOptions &options() const { return options_; }
  Box bounding_box() const;

private:
  Femur femur_;
  LayerOptions options_;
  double articular_edge_;  ///< position of the edge along the neck axis, from the head centre [mm]
  double cartilage_slope_; ///< 1 + largest gradient of the cartilage thickness
  double shell_slope_;     ///< 1 + largest gradient of the shell thickness
};

} // namespace wolff::geometry
