// What the assembled solver integrates or evaluates at points within its elements.
#include "mechanics/assembled_solver.h"

#include <cmath>

namespace wolff::mechanics {

using discretisation::brick_voxels;

void AssembledSolver::add_body_force(const VectorField &body_force, std::vector<double> &forces) const
{
  const auto points = three_gauss_points();
  for (std::size_t voxel = 0; voxel < mu_.size(); ++voxel) {
    if (mu_[voxel] == 0) continue;
    const double h = forest_.brick(voxel / brick_voxels).voxel_edge();
    const Vector3 low = position_[node_of(voxel, 0)];
    for (const GaussPoint &x : points)
      for (const GaussPoint &y : points)
        for (const GaussPoint &z : points) {
          const Vector3 xi(x.place, y.place, z.place);
          const Vector3 force = h * h * h * x.weight * y.weight * z.weight * body_force(low + h * xi);
          for (int a = 0; a < element_.n_nodes(); ++a)
            for (int c = 0; c < 3; ++c)
              forces[3 * node_of(voxel, a) + static_cast<std::size_t>(c)] += element_.shape(a, xi) * force[c];
        }
  }
}

void AssembledSolver::add_traction(const discretisation::CellMesh &mesh, const Traction &traction,
                                   std::vector<double> &forces) const
{
  const auto points = three_gauss_points();
  for (const discretisation::ExposedFace &face : mesh.exposed_faces()) {
    const std::size_t voxel = mesh.voxel_of_cell()[face.cell];
    const discretisation::Cell &cell = mesh.cell(face.cell);
    const int axis = face.direction / 2, first = axis == 0 ? 1 : 0, second = axis == 2 ? 1 : 2;
    Vector3 normal = Vector3::Zero();
    normal[axis] = face.direction % 2 == 0 ? -1 : 1;
    const double edge = std::sqrt(face.area); // of the whole face, or of a quarter
    for (const GaussPoint &s : points)
      for (const GaussPoint &t : points) {
        Vector3 x = face.centre;
        x[first] += edge * (s.place - 0.5);
        x[second] += edge * (t.place - 0.5);
        const Vector3 xi = (x - cell.centre) / cell.edge + Vector3::Constant(0.5);
        const Vector3 force = face.area * s.weight * t.weight * traction(x, normal);
        for (int a = 0; a < element_.n_nodes(); ++a)
          for (int c = 0; c < 3; ++c)
            forces[3 * node_of(voxel, a) + static_cast<std::size_t>(c)] += element_.shape(a, xi) * force[c];
      }
  }
}

Vector3 AssembledSolver::displacement(const std::vector<double> &u, const std::uint32_t voxel,
                                      const Vector3 &xi) const
{
  Vector3 value = Vector3::Zero();
  for (int a = 0; a < element_.n_nodes(); ++a) {
    const double *const at_node = &u[3 * static_cast<std::size_t>(node_of(voxel, a))];
    value += element_.shape(a, xi) * Vector3(at_node[0], at_node[1], at_node[2]);
  }
  return value;
}

SymmetricTensor AssembledSolver::strain(const std::vector<double> &u, const std::uint32_t voxel,
                                        const Vector3 &xi) const
{
  Eigen::Matrix3d g = Eigen::Matrix3d::Zero();
  const double h = forest_.brick(voxel / brick_voxels).voxel_edge();
  for (int a = 0; a < element_.n_nodes(); ++a) {
    const double *const at_node = &u[3 * static_cast<std::size_t>(node_of(voxel, a))];
    g += Vector3(at_node[0], at_node[1], at_node[2]) * element_.slope(a, xi).transpose() / h;
  }
  return {{g(0, 0), g(1, 1), g(2, 2), 0.5 * (g(0, 1) + g(1, 0)), 0.5 * (g(1, 2) + g(2, 1)),
           0.5 * (g(0, 2) + g(2, 0))}};
}

} // namespace wolff::mechanics
