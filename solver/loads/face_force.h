// A load on the surface of the body, as loads/ states it and mechanics/ turns it into nodal forces.
#pragma once

#include "discretisation/cell_mesh.h"

namespace wolff::loads {

/// Force [N] on an exposed face of the mesh, acting at the face's centre.
struct FaceForce
{
  discretisation::ExposedFace face;
  Vector3 force;
};

} // namespace wolff::loads
