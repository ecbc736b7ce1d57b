// Consistent nodal forces of distributed loads: body forces and tractions on faces of voxels.
#pragma once

#include "discretisation/cell_mesh.h"
#include "mechanics/elastic_solver.h"

#include <functional>

namespace wolff::mechanics {

/// Force [N] on an exposed face of the mesh.
struct FaceForce
{
  discretisation::ExposedFace face;
  Vector3 force;
};

/**
 * Adds f_a = integral of N_a b over all stiff voxels (2 x 2 x 2 Gauss points) to @p forces, for a body force
 * b [N/mm^3] given as a function of position [mm].
 */
void add_body_force(const ElasticSolver &solver, const std::function<Vector3(const Vector3 &)> &body_force,
                    std::vector<double> &forces);

/// Adds the force of each face to its four nodes by the bilinear weights of the face's centre: the resultant
/// and the moment are those of the forces at the centres, exactly.
void add_face_forces(const ElasticSolver &solver, const discretisation::CellMesh &mesh,
                     const std::vector<FaceForce> &face_forces, std::vector<double> &forces);

} // namespace wolff::mechanics
