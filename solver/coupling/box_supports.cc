#include "coupling/box_supports.h"

#include "discretisation/islands.h"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>

namespace wolff::coupling {

using discretisation::VoxelFace;

namespace {

using Matrix6 = Eigen::Matrix<double, 6, 6>;

/// The rigid motions of a body about the middle of a box of size @p length, as rows of three displacements:
/// translations along x, y, z, rotations about them.
Eigen::Matrix<double, 6, 3> rigid_motions(const Vector3 &x, const Vector3 &middle, const double length)
{
  const Vector3 arm = (x - middle) / length;
  Eigen::Matrix<double, 6, 3> motions = Eigen::Matrix<double, 6, 3>::Zero();
  for (Eigen::Index d = 0; d < 3; ++d) {
    motions(d, d) = 1;
    const Eigen::Index e = (d + 1) % 3, f = (d + 2) % 3;
    motions(3 + d, e) = -arm[f];
    motions(3 + d, f) = arm[e];
  }
  return motions;
}

/// Sum of r r^T over the prescribed components of the corners of @p face, r the six motions of a component.
void add_held(const BoxModel &model, const VoxelFace &face, const std::array<bool, 3> &holds,
              double *const sums)
{
  const discretisation::FacePlace place = discretisation::face_place(*model.forest, face);
  const Vector3 middle = 0.5 * (model.box.origin + model.box.greatest());
  const double length = (model.box.greatest() - model.box.origin).maxCoeff();
  Eigen::Map<Matrix6> gram(sums);
  for (int corner = 0; corner < 4; ++corner) {
    Vector3 x = place.low;
    x[place.axes[0]] += (corner & 1) * place.edge;
    x[place.axes[1]] += (corner >> 1) * place.edge;
    const auto motions = rigid_motions(x, middle, length);
    for (Eigen::Index c = 0; c < 3; ++c)
      if (holds[static_cast<std::size_t>(c)]) gram += motions.col(c) * motions.col(c).transpose();
  }
}

/// Which of the six motions are free, as words; empty if none is.
std::string free_motions(const double *const sums)
{
  static const std::array<const char *, 6> names{"translation along x", "translation along y",
                                                 "translation along z", "rotation about x",
                                                 "rotation about y",    "rotation about z"};
  const Eigen::SelfAdjointEigenSolver<Matrix6> solver{Matrix6(Eigen::Map<const Matrix6>(sums))};
  const Eigen::Matrix<double, 6, 1> &values = solver.eigenvalues();
  // A face of one voxel in a box of a thousand holds rotations with 1e-6 of its hold on translations.
  const double least = 1e-10 * std::max(values[5], 1e-300);
  std::vector<std::string> free;
  int count = 0;
  for (Eigen::Index i = 0; i < 6; ++i)
    if (values[i] < least) ++count;
  if (count == 0) return "";
  for (Eigen::Index motion = 0; motion < 6; ++motion) {
    const double share = solver.eigenvectors().row(motion).head(count).squaredNorm();
    if (share > 0.9) free.emplace_back(names[static_cast<std::size_t>(motion)]);
  }
  return free.empty() ? std::to_string(count) + " combinations of translations and rotations" : join(free);
}

Fault no_support(const std::string &what)
{
  return Fault(Exit::model, "no-support", "Problem/Faces", "the body is not held: free are " + what)
      .hint(
          "Prescribe displacements until no rigid motion is left; a platen on each of x-, y- and z- does it");
}

} // namespace

std::vector<std::uint8_t> solid_voxels(const std::vector<double> &mu)
{
  std::vector<std::uint8_t> solid(mu.size());
  for (std::size_t i = 0; i < solid.size(); ++i) solid[i] = mu[i] > 0 ? 1 : 0;
  return solid;
}

void require_supports(BoxModel &model, Log &log)
{
  const discretisation::BrickForest &forest = *model.forest;
  std::vector<std::uint8_t> solid = solid_voxels(model.material.mu);
  // Void in no brick that holds a solid voxel, and none in the box: one part, without a list of cells.
  const bool is_full = model.solid_volume > model.box.volume() * (1 - 1e-12);
  const auto sum = [&](std::vector<double> &values) {
    // In pieces: a random foam has more parts than one message counts numbers.
    for (std::size_t begin = 0; begin < values.size(); begin += 36U << 20)
      MPI_Allreduce(MPI_IN_PLACE, values.data() + begin,
                    static_cast<int>(std::min<std::size_t>(36U << 20, values.size() - begin)), MPI_DOUBLE,
                    MPI_SUM, model.comm);
  };
  const auto held_faces = [&](const auto &add) {
    for (std::size_t f = 0; f < loads::n_faces; ++f)
      if (model.problem.faces[f].is_held())
        for (const VoxelFace &face : model.faces[f]) add(face, model.problem.faces[f].holds);
  };
  if (is_full) {
    std::vector<double> gram(36, 0.0);
    held_faces([&](const VoxelFace &face, const auto &holds) { add_held(model, face, holds, gram.data()); });
    sum(gram);
    const std::string free = free_motions(gram.data());
    if (!free.empty()) throw no_support(free);
    return;
  }

  std::vector<std::uint32_t> loose;
  discretisation::Islands islands;
  std::vector<std::uint32_t> voxel_of_cell;
  {
    const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, solid);
    islands = discretisation::find_islands(mesh);
    voxel_of_cell = mesh.voxel_of_cell();
  }
  const auto part_of = [&](const std::uint32_t voxel) {
    const auto cell = std::lower_bound(voxel_of_cell.begin(), voxel_of_cell.end(), voxel);
    return islands.component_of_cell[static_cast<std::size_t>(cell - voxel_of_cell.begin())];
  };
  std::vector<double> grams(36 * islands.components.size(), 0.0);
  held_faces([&](const VoxelFace &face, const auto &holds) {
    add_held(model, face, holds, &grams[36 * std::size_t{part_of(face.voxel)}]);
  });
  sum(grams);
  std::uint32_t largest = 0;
  for (std::uint32_t i = 0; i < islands.components.size(); ++i) {
    if (islands.components[i].cells > islands.components[largest].cells) largest = i;
    if (!free_motions(&grams[36 * std::size_t{i}]).empty()) loose.push_back(i);
  }
  if (loose.empty()) return;
  if (std::find(loose.begin(), loose.end(), largest) != loose.end() ||
      loose.size() == islands.components.size())
    throw no_support(free_motions(&grams[36 * std::size_t{largest}]));
  const std::string what =
      fmt::format("{} part(s) of the body have no connection through faces to supports that hold them: {}",
                  loose.size(), discretisation::text_of(islands, loose));
  if (!model.input.drop_islands)
    throw Fault(Exit::model, "islands", model.input.name, what)
        .hint("Give --drop-islands to leave them out, or prescribe displacements on them");
  log.warning("islands", what + "; they are left out.");
  std::vector<std::uint8_t> is_loose(islands.components.size(), 0);
  for (const std::uint32_t part : loose) is_loose[part] = 1;
  for (std::size_t cell = 0; cell < voxel_of_cell.size(); ++cell)
    if (is_loose[islands.component_of_cell[cell]]) {
      model.material.mu[voxel_of_cell[cell]] = 0;
      model.material.lambda[voxel_of_cell[cell]] = 0;
    }
}

} // namespace wolff::coupling
