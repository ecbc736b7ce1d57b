#include "mechanics/nodal_loads.h"

#include <array>
#include <cmath>

namespace wolff::mechanics {

using discretisation::brick_voxels;

void add_body_force(const ElasticSolver &solver, const std::function<Vector3(const Vector3 &)> &body_force,
                    std::vector<double> &forces)
{
  const auto &forest = solver.stiffness().forest();
  const std::vector<double> &mu = solver.stiffness().mu();
  const std::array<double, 3> points{0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)},
      weights{5.0 / 18, 8.0 / 18, 5.0 / 18};
  for (std::size_t voxel = 0; voxel < mu.size(); ++voxel) {
    if (mu[voxel] == 0) continue;
    const discretisation::Brick &brick = forest.brick(voxel / brick_voxels);
    const int v = static_cast<int>(voxel % brick_voxels);
    const double h = brick.voxel_edge();
    const Vector3 low = discretisation::node_position(brick, 8, v % 8, v / 8 % 8, v / 64);
    for (std::size_t q = 0; q < 27; ++q) {
      const std::array<std::size_t, 3> at{q % 3, q / 3 % 3, q / 9};
      const Vector3 xi(points[at[0]], points[at[1]], points[at[2]]);
      const Vector3 weighted =
          h * h * h * weights[at[0]] * weights[at[1]] * weights[at[2]] * body_force(low + h * xi);
      for (int corner = 0; corner < 8; ++corner) {
        double shape = 1;
        for (int d = 0; d < 3; ++d) shape *= corner >> d & 1 ? xi[d] : 1 - xi[d];
        const std::size_t node = solver.corner_node(static_cast<std::uint32_t>(voxel), corner);
        for (int c = 0; c < 3; ++c) forces[3 * node + static_cast<std::size_t>(c)] += shape * weighted[c];
      }
    }
  }
}

void add_mean_strain(const ElasticSolver &solver, const SymmetricTensor &strain, std::vector<double> &forces)
{
  const auto &forest = solver.stiffness().forest();
  const auto &lambda = solver.stiffness().lambda(), &mu = solver.stiffness().mu();
  const double trace = strain.trace();
  for (std::size_t voxel = 0; voxel < mu.size(); ++voxel) {
    if (mu[voxel] == 0) continue;
    const double h = forest.brick(voxel / brick_voxels).voxel_edge(), l = lambda[voxel] * trace,
                 m = 2 * mu[voxel];
    const double xx = l + m * strain.xx(), yy = l + m * strain.yy(), zz = l + m * strain.zz(),
                 xy = m * strain.xy(), yz = m * strain.yz(), xz = m * strain.xz();
    for (int corner = 0; corner < 8; ++corner) {
      // The integral of a shape function's derivative over the voxel is h^2/4, with the sign of the corner.
      const Vector3 gradient =
          h * h / 4 * Vector3(corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : -1);
      const std::size_t node = solver.corner_node(static_cast<std::uint32_t>(voxel), corner);
      forces[3 * node] -= xx * gradient[0] + xy * gradient[1] + xz * gradient[2];
      forces[3 * node + 1] -= xy * gradient[0] + yy * gradient[1] + yz * gradient[2];
      forces[3 * node + 2] -= xz * gradient[0] + yz * gradient[1] + zz * gradient[2];
    }
  }
}

void add_face_forces(const ElasticSolver &solver, const discretisation::CellMesh &mesh,
                     const std::vector<loads::FaceForce> &face_forces, std::vector<double> &forces)
{
  for (const loads::FaceForce &load : face_forces) {
    const discretisation::Cell &cell = mesh.cell(load.face.cell);
    const Vector3 xi = (load.face.centre - cell.centre) / cell.edge + Vector3::Constant(0.5);
    for (int corner = 0; corner < 8; ++corner) {
      double shape = 1;
      for (int d = 0; d < 3; ++d) shape *= corner >> d & 1 ? xi[d] : 1 - xi[d];
      if (shape < 1e-12) continue; // the four nodes of the opposite face
      const std::size_t node = solver.corner_node(mesh.voxel_of_cell()[load.face.cell], corner);
      for (int c = 0; c < 3; ++c) forces[3 * node + static_cast<std::size_t>(c)] += shape * load.force[c];
    }
  }
}

} // namespace wolff::mechanics
