// Consistent nodal forces of distributed loads: body forces and tractions on faces of voxels.
#pragma once

#include "loads/face_force.h"
#include "mechanics/elastic_solver.h"

#include <functional>

namespace wolff::mechanics {

/**
 * Adds f_a = integral of N_a b over all stiff voxels (3 x 3 x 3 Gauss points) to @p forces, for a body force
 * b [N/mm^3] given as a function of position [mm].
 */
void add_body_force(const ElasticSolver &solver, const std::function<Vector3(const Vector3 &)> &body_force,
                    std::vector<double> &forces);

/**
 * Adds f_a = - integral of grad N_a . (C strain) over all stiff voxels to @p forces, for one strain [-]: the
 * periodic part of the displacement is in equilibrium with these forces.
 */
void add_mean_strain(const ElasticSolver &solver, const SymmetricTensor &strain, std::vector<double> &forces);

/// Adds the force of each face to its four nodes by the bilinear weights of the face's centre: the resultant
/// and the moment are those of the forces at the centres, exactly.
void add_face_forces(const ElasticSolver &solver, const discretisation::CellMesh &mesh,
                     const std::vector<loads::FaceForce> &face_forces, std::vector<double> &forces);

} // namespace wolff::mechanics
