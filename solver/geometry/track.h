// The drilled tracks of a core decompression: cylinders from the lateral cortex to below the subchondral
// plate. They remove cancellous, necrotic and cortical bone, never the plate or the cartilage.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "geometry/distance_shapes.h"
#include "geometry/femur_layers.h"
#include "geometry/lesion.h"

namespace wolff::geometry {

struct TrackOptions
{
  std::string aim = "lesion centre"; ///< lesion centre | neck axis | given | none
  double diameter = 10;              ///< [mm]
  double tip_distance = 5;           ///< from the plate's inner surface to the tip, on the axis [mm]
  /// Direction of drilling in the femur frame: medial, anterior, proximal; used with aim = given.
  std::vector<double> direction{0.79, 0.2, 0.57};

  int number = 1;                        ///< of tracks; the first is the one that is aimed
  std::string pattern = "parallel";      ///< parallel | fan
  double spacing = 6;                    ///< of further parallel axes from the first [mm]
  double fan_angle = 8;                  ///< of further axes of a fan to the first [deg]
  double ring_angle = 0;                 ///< where about the first the next one lies [deg]
  std::vector<double> further_diameters; ///< of the others; empty: as the first; one: of all others [mm]

  void declare(Options &options);
};

std::vector<Fault> check(const TrackOptions &options);

struct Track
{
  Vector3 tip;       ///< centre of the flat end [mm]
  Vector3 axis;      ///< unit vector from the entry to the tip
  Vector3 entry;     ///< where the axis meets the lateral surface of the bone [mm]
  double radius = 5; ///< [mm]
  double length = 0; ///< from the entry to the tip along the axis [mm]
  double least_wall =
      0;         ///< least bone beside the track away from its entry [mm]; negative: it breaks through
  Cylinder hole; ///< the cylinder, drawn out beyond the entry so that an oblique mouth is open
};

/**
 * Aim the drill. The first track is the one that is aimed.
 *
 * Neck axis: along it, through the head centre. Lesion centre: through the middle of the neck and the
 * lesion's centroid. Given: the stated direction, through the lesion's centroid (the head centre without a
 * lesion). The entry is found by walking back from the target to the outer bone surface.
 *
 * Further tracks stand evenly on a ring about the first: parallel to it at the stated spacing, or as a fan of
 * axes through its entry at the stated angle. Each ends the same distance below the plate. Nobody aimed them,
 * so what is a warning for the first is a fault for them: their wall must be bone and their end must lie
 * below the plate; and none may run into another, at the end for a fan.
 *
 * @throws Fault, FaultList (exit 3) if a line does not give a track: target outside the bone, tip behind the
 * entry, and for further tracks the above, one fault for each track
 */
std::vector<Track> drill_tracks(const TrackOptions &options, const FemurLayers &layers, const Lesion &lesion);

} // namespace wolff::geometry
