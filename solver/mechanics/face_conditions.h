// Conditions on the sides of a box, brought to its nodes: prescribed displacements, consistent forces of
// tractions, and the reactions of each side.
#pragma once

#include "discretisation/voxel_faces.h"
#include "loads/face_conditions.h"
#include "mechanics/elastic_solver.h"

#include <array>
#include <cstdint>
#include <vector>

namespace wolff::mechanics {

/// For each local node a bit for each face (1 << face) that it lies on and that holds it. Masters of hanging
/// nodes lie on the faces of these. Equal on all ranks that see the node. Collective.
std::vector<std::uint8_t> nodes_on_faces(const ElasticSolver &solver, const discretisation::BoxFaces &faces,
                                         const loads::FaceConditions &conditions);

/**
 * Prescribed components of all nodes of @p on_faces. Where several faces prescribe a component, the last face
 * wins.
 * @throws Fault (exit 2) from an expression, on the rank where it happens: call it inside together()
 */
PrescribedDisplacement prescribed_by_faces(const ElasticSolver &solver,
                                           const std::vector<std::uint8_t> &on_faces,
                                           const loads::FaceConditions &conditions);

/**
 * Adds f_a = integral of N_a t over @p faces (3 x 3 Gauss points a face) to @p forces, for the traction t
 * [MPa] of @p condition. @throws as prescribed_by_faces
 */
void add_tractions(const ElasticSolver &solver, const std::vector<discretisation::VoxelFace> &faces,
                   const loads::FaceCondition &condition, std::vector<double> &forces);

/**
 * What reactions_by_face() needs of the forces, so that these can be given away to the solver: three numbers
 * for each node of @p on_faces that this rank owns, in the order of the nodes. @p forces, of this rank's
 * share, are brought to masters and owners, as the solver would do. Collective.
 */
std::vector<double> forces_on_faces(const ElasticSolver &solver, const std::vector<std::uint8_t> &on_faces,
                                    std::vector<double> &forces);

/**
 * Sum of the reactions [N] on each face: K u - f at the components that it holds. A component that several
 * faces hold counts for the first of them. @p forces from forces_on_faces(). Collective.
 */
std::array<Vector3, loads::n_faces> reactions_by_face(const ElasticSolver &solver,
                                                      const std::vector<std::uint8_t> &on_faces,
                                                      const loads::FaceConditions &conditions,
                                                      const std::vector<double> &forces,
                                                      std::vector<double> &u);

} // namespace wolff::mechanics
