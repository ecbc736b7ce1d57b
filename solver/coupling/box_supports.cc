#include "coupling/box_supports.h"

#include "discretisation/islands.h"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

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

struct FreeMotions
{
  int count = 0;
  std::vector<std::size_t> pure; ///< 0..2 translations along, 3..5 rotations about x, y, z

  std::string text() const
  {
    static const std::array<const char *, 6> names{"translation along x", "translation along y",
                                                   "translation along z", "rotation about x",
                                                   "rotation about y",    "rotation about z"};
    if (pure.empty()) return std::to_string(count) + " combinations of translations and rotations";
    std::vector<std::string> words;
    for (const std::size_t motion : pure) words.emplace_back(names[motion]);
    return join(words);
  }
};

FreeMotions free_motions(const double *const sums)
{
  const Eigen::SelfAdjointEigenSolver<Matrix6> solver{Matrix6(Eigen::Map<const Matrix6>(sums))};
  const Eigen::Matrix<double, 6, 1> &values = solver.eigenvalues();
  // A face of one voxel in a box of a thousand holds rotations with 1e-6 of its hold on translations.
  const double least = 1e-10 * std::max(values[5], 1e-300);
  FreeMotions free;
  for (Eigen::Index i = 0; i < 6; ++i)
    if (values[i] < least) ++free.count;
  for (std::size_t motion = 0; motion < 6 && free.count > 0; ++motion)
    if (solver.eigenvectors().row(static_cast<Eigen::Index>(motion)).head(free.count).squaredNorm() > 0.9)
      free.pure.push_back(motion);
  return free;
}

/// What repeats along an axis cannot turn about the other two.
void add_periodic(const std::array<bool, 3> &axes, double *const sums)
{
  Eigen::Map<Matrix6> gram(sums);
  for (Eigen::Index axis = 0; axis < 3; ++axis)
    for (Eigen::Index about = 0; about < 3; ++about)
      if (axes[static_cast<std::size_t>(axis)] && about != axis) gram(3 + about, 3 + about) += 1;
}

/// All lists of all ranks, one behind the other.
std::vector<std::int64_t> gather(const MPI_Comm comm, const std::vector<std::int64_t> &mine)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  const int count = static_cast<int>(mine.size());
  std::vector<int> counts(static_cast<std::size_t>(size)), begins(counts.size());
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  std::exclusive_scan(counts.begin(), counts.end(), begins.begin(), 0);
  std::vector<std::int64_t> all(static_cast<std::size_t>(begins.back() + counts.back()));
  MPI_Allgatherv(mine.data(), count, MPI_INT64_T, all.data(), counts.data(), begins.data(), MPI_INT64_T,
                 comm);
  return all;
}

/// Voxels of the base level from the least corner of the box to the centre of a cell, rounded down.
std::array<std::int64_t, 3> lattice_place(const BoxModel &model, const Vector3 &centre)
{
  const Vector3 place = (centre - model.box.origin) / model.box.edge;
  return {static_cast<std::int64_t>(place[0]), static_cast<std::int64_t>(place[1]),
          static_cast<std::int64_t>(place[2])};
}

/// Components that meet across periodic sides become one: the first of them. Collective.
void join_across_sides(const BoxModel &model, const discretisation::CellMesh &mesh,
                       const std::array<bool, 3> &axes, discretisation::Islands &islands)
{
  // Places on both ends: (axis, tangential place, end, component), in two numbers.
  std::vector<std::int64_t> mine;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const std::array<std::int64_t, 3> place = lattice_place(model, mesh.cell(i).centre);
    for (std::size_t d = 0; d < 3; ++d) {
      if (!axes[d] || (place[d] != 0 && place[d] != model.box.voxels[d] - 1)) continue;
      mine.push_back((static_cast<std::int64_t>(d) << 60) | (place[(d + 1) % 3] << 30) | place[(d + 2) % 3]);
      mine.push_back((std::int64_t{islands.component_of_cell[i]} << 1) | (place[d] == 0 ? 0 : 1));
    }
  }
  const std::vector<std::int64_t> all = gather(model.comm, mine);
  std::map<std::int64_t, std::uint32_t> lower;
  for (std::size_t i = 0; i < all.size(); i += 2)
    if ((all[i + 1] & 1) == 0) lower[all[i]] = static_cast<std::uint32_t>(all[i + 1] >> 1);
  std::vector<std::uint32_t> first(islands.components.size());
  std::iota(first.begin(), first.end(), 0U);
  const auto root = [&](std::uint32_t c) {
    while (first[c] != c) c = first[c];
    return c;
  };
  for (std::size_t i = 0; i < all.size(); i += 2) {
    const auto below = lower.find(all[i]);
    if ((all[i + 1] & 1) == 0 || below == lower.end()) continue;
    const std::uint32_t a = root(below->second), b = root(static_cast<std::uint32_t>(all[i + 1] >> 1));
    first[std::max(a, b)] = std::min(a, b);
  }
  // What was joined to another stays in the list without cells.
  for (std::uint32_t c = 0; c < first.size(); ++c) {
    const std::uint32_t r = root(c);
    if (r == c) continue;
    discretisation::Component &joined = islands.components[c], &whole = islands.components[r];
    whole.centre =
        (whole.volume * whole.centre + joined.volume * joined.centre) / (whole.volume + joined.volume);
    whole.cells += joined.cells;
    whole.volume += joined.volume;
    joined.cells = 0;
  }
  for (std::uint32_t &component : islands.component_of_cell) component = root(component);
}

/// Hold the free translations of a periodic body at one of its nodes: one that the coarse levels have as
/// well, and the same on any number of ranks. @p is_body tells the voxels of the body. Collective.
template <typename IsBody>
void pin(BoxModel &model, const FreeMotions &free, const IsBody &is_body)
{
  for (const std::size_t motion : free.pure) model.pinned[motion] = true;
  const discretisation::BrickForest &forest = *model.forest;
  const auto score_of = [&](const std::uint32_t voxel, const int corner) {
    const discretisation::VoxelPlace place = discretisation::voxel_place(forest, voxel);
    std::array<std::int64_t, 3> at = lattice_place(model, place.low + Vector3::Constant(place.edge / 2));
    int common = 15;
    for (std::size_t d = 0; d < 3; ++d) {
      at[d] += corner >> d & 1;
      common = std::min(common, at[d] == 0 ? 15 : std::countr_zero(static_cast<std::uint64_t>(at[d])));
    }
    const std::int64_t number = (at[2] << 38) | (at[1] << 19) | at[0];
    return (std::int64_t{common} << 57) + ((std::int64_t{1} << 57) - 1 - number);
  };
  std::int64_t best = -1;
  for (std::uint32_t voxel = 0; voxel < model.material.mu.size(); ++voxel)
    if (is_body(voxel))
      for (int corner = 0; corner < 8; ++corner) best = std::max(best, score_of(voxel, corner));
  MPI_Allreduce(MPI_IN_PLACE, &best, 1, MPI_INT64_T, MPI_MAX, model.comm);
  for (std::uint32_t voxel = 0; voxel < model.material.mu.size() && model.pins.empty(); ++voxel)
    if (is_body(voxel))
      for (int corner = 0; corner < 8; ++corner)
        if (score_of(voxel, corner) == best) model.pins.push_back({voxel, corner});
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
  const std::vector<std::uint8_t> solid = solid_voxels(model.material.mu);
  const std::array<bool, 3> periodic = model.problem.periodic_axes();
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
  /// The motions of the body that are left after periodic sides; translations of a periodic body are pinned.
  const auto settle_body = [&](double *const gram, const auto &is_body) {
    add_periodic(periodic, gram);
    const FreeMotions free = free_motions(gram);
    if (free.count == 0) return;
    const bool only_translations =
        free.pure.size() == static_cast<std::size_t>(free.count) && free.pure.back() < 3;
    if (!model.problem.is_periodic() || !only_translations) throw no_support(free.text());
    pin(model, free, is_body);
  };

  // Solid throughout: one part, without a list of cells.
  if (model.solid_volume > model.box.volume() * (1 - 1e-12)) {
    std::vector<double> gram(36, 0.0);
    held_faces([&](const VoxelFace &face, const auto &holds) { add_held(model, face, holds, gram.data()); });
    sum(gram);
    settle_body(gram.data(), [&](const std::uint32_t voxel) { return solid[voxel] != 0; });
    return;
  }

  discretisation::Islands islands;
  std::vector<std::uint32_t> voxel_of_cell;
  {
    const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, solid);
    islands = discretisation::find_islands(mesh);
    if (model.problem.is_periodic()) join_across_sides(model, mesh, periodic, islands);
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
  for (std::uint32_t i = 0; i < islands.components.size(); ++i)
    if (islands.components[i].cells > islands.components[largest].cells) largest = i;
  settle_body(&grams[36 * std::size_t{largest}],
              [&](const std::uint32_t voxel) { return solid[voxel] != 0 && part_of(voxel) == largest; });
  std::vector<std::uint32_t> loose;
  for (std::uint32_t i = 0; i < islands.components.size(); ++i)
    if (i != largest && islands.components[i].cells > 0 &&
        free_motions(&grams[36 * std::size_t{i}]).count > 0)
      loose.push_back(i);
  if (loose.empty()) return;
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
