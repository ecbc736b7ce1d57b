#include "mechanics/face_conditions.h"

#include <cmath>

namespace wolff::mechanics {

using discretisation::voxels_per_edge;

namespace {

constexpr int m = voxels_per_edge + 1;

/// Does corner 0..7 of a voxel lie on its face of this direction?
bool on_face(const int corner, const unsigned direction)
{
  return (static_cast<unsigned>(corner) >> (direction / 2) & 1U) == direction % 2;
}

} // namespace

std::vector<std::uint8_t> nodes_on_faces(const ElasticSolver &solver, const discretisation::BoxFaces &faces,
                                         const loads::FaceConditions &conditions)
{
  const discretisation::BrickNodes &nodes = solver.nodes();
  std::vector<std::uint8_t> marks(nodes.n_local(), 0);
  for (std::size_t f = 0; f < loads::n_faces; ++f) {
    if (!conditions[f].is_held()) continue;
    for (const discretisation::VoxelFace &face : faces[f])
      for (int corner = 0; corner < 8; ++corner)
        if (on_face(corner, face.direction))
          marks[solver.corner_node(face.voxel, corner)] |= static_cast<std::uint8_t>(1U << f);
  }
  const auto both = [](const std::uint8_t a, const std::uint8_t b) {
    return static_cast<std::uint8_t>(a | b);
  };
  nodes.exchange().merge_to_owners(marks.data(), 1, both);
  nodes.exchange().update_ghosts(marks.data(), 1);
  // A hanging node has no displacement of its own; beside void its masters may belong to no stiff voxel.
  for (const auto &hanging : nodes.hanging())
    for (std::uint32_t master = hanging.begin; master < hanging.end; ++master)
      marks[nodes.masters()[master].node] |= marks[hanging.node];
  nodes.exchange().merge_to_owners(marks.data(), 1, both);
  nodes.exchange().update_ghosts(marks.data(), 1);
  return marks;
}

PrescribedDisplacement prescribed_by_faces(const ElasticSolver &solver,
                                           const std::vector<std::uint8_t> &on_faces,
                                           const loads::FaceConditions &conditions)
{
  const discretisation::BrickForest &forest = solver.stiffness().forest();
  PrescribedDisplacement prescribed = solver.nothing_prescribed();
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int place = 0; place < m * m * m; ++place) {
      const std::size_t node = solver.nodes().of_brick(b)[place];
      if (on_faces[node] == 0 || solver.nodes().is_hanging(node)) continue;
      // Bricks share nodes: the second visit gives the same values, from the same position to rounding.
      if (prescribed.fixed[3 * node] || prescribed.fixed[3 * node + 1] || prescribed.fixed[3 * node + 2])
        continue;
      const Vector3 x = discretisation::node_position(forest.brick(b), voxels_per_edge, place % m,
                                                      place / m % m, place / (m * m));
      for (std::size_t f = 0; f < loads::n_faces; ++f) {
        if ((on_faces[node] >> f & 1U) == 0) continue;
        const Vector3 value = conditions[f].displacement_at(x);
        for (std::size_t c = 0; c < 3; ++c)
          if (conditions[f].holds[c]) {
            prescribed.fixed[3 * node + c] = 1;
            prescribed.value[3 * node + c] = value[static_cast<Eigen::Index>(c)];
          }
      }
    }
  return prescribed;
}

void add_tractions(const ElasticSolver &solver, const std::vector<discretisation::VoxelFace> &faces,
                   const loads::FaceCondition &condition, std::vector<double> &forces)
{
  const discretisation::BrickForest &forest = solver.stiffness().forest();
  const std::array<double, 3> points{0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)},
      weights{5.0 / 18, 8.0 / 18, 5.0 / 18};
  for (const discretisation::VoxelFace &face : faces) {
    const discretisation::VoxelPlace voxel = discretisation::voxel_place(forest, face.voxel);
    const discretisation::FacePlace place = discretisation::face_place(forest, face);
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) {
        Vector3 x = place.low;
        x[place.axes[0]] += place.edge * points[a];
        x[place.axes[1]] += place.edge * points[b];
        const Vector3 force =
            place.edge * place.edge * weights[a] * weights[b] * condition.traction_at(x, face.normal());
        const Vector3 xi = (x - voxel.low) / voxel.edge;
        for (int corner = 0; corner < 8; ++corner) {
          if (!on_face(corner, face.direction)) continue;
          double shape = 1;
          for (const int d : place.axes) shape *= corner >> d & 1 ? xi[d] : 1 - xi[d];
          const std::size_t node = solver.corner_node(face.voxel, corner);
          for (std::size_t c = 0; c < 3; ++c)
            forces[3 * node + c] += shape * force[static_cast<Eigen::Index>(c)];
        }
      }
  }
}

std::vector<double> forces_on_faces(const ElasticSolver &solver, const std::vector<std::uint8_t> &on_faces,
                                    std::vector<double> &forces)
{
  const discretisation::BrickNodes &nodes = solver.nodes();
  nodes.fold_hanging(forces.data(), 3);
  nodes.exchange().add_to_owners(forces.data(), 3);
  std::vector<double> kept;
  for (std::size_t node = 0; node < nodes.n_owned(); ++node)
    if (on_faces[node] != 0) kept.insert(kept.end(), &forces[3 * node], &forces[3 * node] + 3);
  return kept;
}

std::array<Vector3, loads::n_faces> reactions_by_face(const ElasticSolver &solver,
                                                      const std::vector<std::uint8_t> &on_faces,
                                                      const loads::FaceConditions &conditions,
                                                      const std::vector<double> &forces,
                                                      std::vector<double> &u)
{
  const discretisation::BrickNodes &nodes = solver.nodes();
  std::vector<double> internal = solver.zero_vector();
  solver.stiffness().apply(u, internal);
  std::array<double, 3 * loads::n_faces> sums{};
  for (std::size_t node = 0, at = 0; node < nodes.n_owned(); ++node) {
    if (on_faces[node] == 0) continue;
    const double *const force = &forces[at];
    at += 3;
    if (nodes.is_hanging(node)) continue;
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t f = 0; f < loads::n_faces; ++f)
        if ((on_faces[node] >> f & 1U) != 0 && conditions[f].holds[c]) {
          sums[3 * f + c] += internal[3 * node + c] - force[c];
          break;
        }
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM,
                solver.stiffness().forest().comm());
  std::array<Vector3, loads::n_faces> reactions;
  for (std::size_t f = 0; f < loads::n_faces; ++f)
    reactions[f] = Vector3(sums[3 * f], sums[3 * f + 1], sums[3 * f + 2]);
  return reactions;
}

} // namespace wolff::mechanics
