#include "loads/head_cap.h"

#include "base/errors.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <array>
#include <cmath>
#include <numbers>

namespace wolff::loads {

namespace {

/// How far a staircase surface may lie from the sphere, in edges of the cell. Cells that belong to the body
/// by less than half their volume reach a little beyond one edge.
constexpr double radial_tolerance = 1.5;

} // namespace

std::vector<CapFace> cap_faces(const discretisation::CellMesh &mesh, const HeadCap &cap)
{
  const double least_cosine = std::cos(cap.half_angle * std::numbers::pi / 180);
  std::vector<CapFace> found;
  for (const discretisation::ExposedFace &face : mesh.exposed_faces()) {
    const Vector3 arm = face.centre - cap.head_centre;
    const double distance = arm.norm();
    if (std::abs(distance - cap.head_radius) > radial_tolerance * mesh.cell(face.cell).edge) continue;
    const Vector3 radial = arm / distance;
    const double outward = (face.direction % 2 == 1 ? 1 : -1) * radial[face.direction / 2];
    const double cosine = radial.dot(cap.pole);
    if (outward <= 0 || cosine < least_cosine) continue;
    found.push_back({&face, radial, face.area * outward, cosine});
  }
  return found;
}

std::vector<FaceForce> unit_force_on_cap(const discretisation::CellMesh &mesh, const HeadCap &cap,
                                         const Vector3 &direction)
{
  const std::vector<CapFace> faces = cap_faces(mesh, cap);
  std::array<double, 6> sums{};
  for (const CapFace &f : faces) {
    std::size_t entry = 0;
    for (int c = 0; c < 3; ++c)
      for (int d = c; d < 3; ++d) sums[entry++] += f.projected * f.radial[c] * f.radial[d];
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 6, MPI_DOUBLE, MPI_SUM, mesh.comm());
  Eigen::Matrix3d moments;
  moments << sums[0], sums[1], sums[2], sums[1], sums[3], sums[4], sums[2], sums[4], sums[5];
  const double smallest = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(moments).eigenvalues()[0];
  if (!(smallest > 1e-3 * moments.trace()))
    throw Fault(Exit::model, "load-on-void", "Loads/Pilot node/Head", "the head has no surface to be held at")
        .found(to_text(moments.trace()) + " mm^2 of faces on its sphere")
        .wanted("faces on a cap of " + to_text(cap.half_angle) + " deg about its proximal pole")
        .hint("Compare head centre and head radius with the model, or refine");
  const Vector3 g = moments.ldlt().solve(direction);
  std::vector<FaceForce> forces;
  for (const CapFace &f : faces) forces.push_back({*f.face, f.projected * f.radial.dot(g) * f.radial});
  return forces;
}

} // namespace wolff::loads
