// Where head, neck and shaft of a femur surface are: given by the user, or found from the surface.
//
// Finding needs a proximal femur with some shaft, in a frame whose z points roughly proximal (LPS of a scan
// does).
#pragma once

#include "geometry/bone_shape.h"
#include "geometry/triangle_surface.h"

#include <optional>

namespace wolff::geometry {

/// What the user states about a surface; everything left out is found.
struct KnownLandmarks
{
  std::optional<Vector3> head_centre; ///< [mm]
  std::optional<Vector3> shaft_axis;  ///< proximal, any length
  std::optional<Side> side;
  Vector3 anterior = -Vector3::UnitY(); ///< anterior direction of the file's frame; LPS by default
};

struct Sphere
{
  Vector3 centre;
  double radius;
  double deviation; ///< root mean square distance of the inliers from the sphere [mm]
  double area;      ///< of the facets within the last tolerance [mm^2]
};

/**
 * Sphere through the part of the surface near a first guess: least squares over the facets within a tolerance
 * of the last sphere, the tolerance shrinking from 6 to 1 mm, so that the neck drops out.
 * @param keep_centre fit the radius alone
 */
Sphere fit_sphere(const TriangleSurface &surface, const Vector3 &first_centre, double first_radius,
                  bool keep_centre = false);

/**
 * All landmarks of a surface.
 *
 * Shaft: line through the centroids of cross-sections of the distal 3 to 30 % of the height, found twice so
 * that the sections are normal to it. Head: sphere fit started 22 mm inside the point of the proximal 40 %
 * that lies farthest from the shaft axis. Neck: from the head centre to the centroid of the bone surface in a
 * slab 2 to 12 mm beyond the head, repeated until it settles; if that gives no neck-shaft angle of 100 to 146
 * deg, the head's offset with an angle of 125 deg. Side: left if the head lies towards anterior x proximal of
 * the shaft, else right.
 *
 * @throws Fault (exit 3) head-radius outside 10 to 40 mm; side: given, and the head lies on its lateral side;
 *         landmarks: too little surface to find them
 */
Landmarks find_landmarks(const TriangleSurface &surface, const KnownLandmarks &known,
                         const std::string &place);

} // namespace wolff::geometry
