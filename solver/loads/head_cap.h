// The faces of the body that stand for a cap of the head, for what presses on the head or holds it.
#pragma once

#include "loads/face_force.h"

#include <vector>

namespace wolff::loads {

/// A cap of the sphere through the head.
struct HeadCap
{
  Vector3 head_centre = Vector3::Zero(); ///< [mm]
  double head_radius = 24;               ///< outer radius, cartilage included [mm]
  Vector3 pole = Vector3::UnitZ();       ///< unit vector from the head centre to the middle of the cap
  double half_angle = 27.5;              ///< seen from the head centre [deg]
};

struct CapFace
{
  const discretisation::ExposedFace *face;
  Vector3 radial;   ///< unit vector from the head centre
  double projected; ///< area * n.r [mm^2]
  double cosine;    ///< of the angle from the pole [-]
};

/// Faces of this rank's cells whose centre is within the half-angle of the pole and within 1.5 of its cell's
/// edges of the sphere, and which look outward. The faces are those of @p mesh, which has to outlive them.
std::vector<CapFace> cap_faces(const discretisation::CellMesh &mesh, const HeadCap &cap);

/**
 * A unit force on the head as a fitting cup without friction carries it: on each face of the cap
 *   f = w (r.g) r,   (sum of w r r^T) g = direction,   w the projected area,   r the unit vector to the face.
 * The resultant is @p direction, to rounding, and there is no moment about the head centre. Its work on a
 * displacement is the motion along @p direction of the sphere that fits the displaced faces best.
 *
 * @param direction unit vector
 * @throws Fault load-on-void (exit 3) if too few faces lie there to carry forces of all directions.
 * Collective.
 */
std::vector<FaceForce> unit_force_on_cap(const discretisation::CellMesh &mesh, const HeadCap &cap,
                                         const Vector3 &direction);

} // namespace wolff::loads
