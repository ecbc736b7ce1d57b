// Contact pressure of the acetabulum on the head, as forces on the faces of a spherical cap. The resultant is
// the one asked for, exactly, on any staircase surface.
#pragma once

#include "loads/face_force.h"

#include "base/table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wolff::loads {

/// Pressure relative to that at the pole as a function of cos(theta), theta the angle from the pole.
using PressureLaw = double (*)(double cosine);
const Table<PressureLaw> &pressure_laws();

struct HipContact
{
  Vector3 head_centre = Vector3::Zero(); ///< [mm]
  double head_radius = 24;               ///< outer radius, cartilage included [mm]
  Vector3 force = Vector3::Zero();       ///< on the head, in model coordinates [N]
  double half_angle = 27.5;              ///< of the cap, seen from the head centre [deg]
  std::string distribution = "cosine";   ///< an entry of pressure_laws()
};

struct ContactReport
{
  Vector3 pole = Vector3::Zero();           ///< unit vector from the head centre to the middle of the cap
  std::int64_t faces = 0;                   ///< found below the cap
  double area = 0;                          ///< of these faces, projected on the sphere [mm^2]
  double cap_area = 0;                      ///< of the true cap, 2 pi R^2 (1 - cos T) [mm^2]
  Vector3 unit_resultant = Vector3::Zero(); ///< assembled for 1 MPa at the pole, before any correction [N]
  double peak_pressure = 0;                 ///< [MPa]
  double correction = 0;               ///< largest relative change of a face's pressure by the correction [-]
  Vector3 resultant = Vector3::Zero(); ///< assembled from the forces handed out [N]
};

struct ContactLoad
{
  std::vector<FaceForce> forces; ///< on this rank's cells
  ContactReport report;          ///< the same on all ranks
};

/**
 * Pressure on the cap about the pole, which lies where the force comes from: opposite to it.
 *
 * A face of the cells belongs to the cap if its centre is within the half-angle of the pole and within 1.5 of
 * its cell's edges of the sphere, and if it looks outward. It takes the radial force
 *   f = -s p(theta) (1 + a.r) A max(0, n.r) r,        r the unit vector from the head centre to its centre,
 * so no force has a moment about the head centre. The scale s gives the force its size; the vector a, from a
 * 3 x 3 system, removes what the staircase leaves of the resultant's error.
 *
 * @throws Fault load-on-void (exit 3) if the force is zero or not finite, if the cap has less than half its
 * area or too few faces on the body, or if faces would have to be pulled to reach the resultant
 *
 * Collective. Rigid body of the cup and cartilage deformation are not modelled: the pressure is given.
 * Source: cap resultants of cosine, uniform and squared cosine pressure by integration over the sphere.
 */
ContactLoad hip_contact(const discretisation::CellMesh &mesh, const HipContact &contact);

} // namespace wolff::loads
