#include "discretisation/cell_mesh.h"

#include "discretisation/brick_forest.h"
#include "discretisation/face_walk.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace wolff::discretisation {

struct CellMesh::Parts
{
  MPI_Comm comm = MPI_COMM_SELF;
  std::vector<Cell> cells;
  std::vector<std::uint32_t> voxel_of_cell;
  std::vector<CellFace> faces;
  std::vector<ExposedFace> exposed;
  GhostExchange exchange;
};

CellMesh::CellMesh(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CellMesh::~CellMesh() = default;
CellMesh::CellMesh(CellMesh &&) noexcept = default;
CellMesh &CellMesh::operator=(CellMesh &&) noexcept = default;

MPI_Comm CellMesh::comm() const
{
  return parts_->comm;
}
std::size_t CellMesh::n_owned() const
{
  return parts_->exchange.n_owned();
}
std::size_t CellMesh::n_ghost() const
{
  return parts_->exchange.n_ghost();
}
const Cell &CellMesh::cell(const std::size_t index) const
{
  return parts_->cells[index];
}
const std::vector<std::uint32_t> &CellMesh::voxel_of_cell() const
{
  return parts_->voxel_of_cell;
}
const std::vector<CellFace> &CellMesh::faces() const
{
  return parts_->faces;
}
const std::vector<ExposedFace> &CellMesh::exposed_faces() const
{
  return parts_->exposed;
}
void CellMesh::update_ghosts(CellField &field) const
{
  parts_->exchange.update_ghosts(field.data(), 1);
}

double CellMesh::volume(const std::size_t index) const
{
  const double h = parts_->cells[index].edge;
  return h * h * h;
}

std::int64_t CellMesh::n_global() const
{
  auto n = static_cast<std::int64_t>(n_owned());
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, parts_->comm);
  return n;
}

std::uint64_t CellMesh::checksum() const
{
  // A sum of mixed ids does not depend on their order; the mixer is the finaliser of splitmix64.
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n_owned(); ++i) {
    auto z = static_cast<std::uint64_t>(parts_->cells[i].id) + 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    sum += z ^ (z >> 31);
  }
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, parts_->comm);
  return sum;
}

namespace {

constexpr int n = voxels_per_edge;

ExposedFace exposed_face(const Cell &cell, const std::uint32_t index, const unsigned face, const int quarter)
{
  ExposedFace exposed;
  exposed.cell = index;
  exposed.direction = static_cast<std::uint8_t>(face);
  exposed.quarter = static_cast<std::uint8_t>(quarter);
  exposed.area = cell.edge * cell.edge * (quarter == 4 ? 1.0 : 0.25);
  exposed.centre = cell.centre;
  const int axis = static_cast<int>(face / 2), first = axis == 0 ? 1 : 0, second = axis == 2 ? 1 : 2;
  exposed.centre[axis] += (face % 2 == 0 ? -0.5 : 0.5) * cell.edge;
  if (quarter != 4) {
    exposed.centre[first] += (quarter & 1 ? 0.25 : -0.25) * cell.edge;
    exposed.centre[second] += (quarter >> 1 ? 0.25 : -0.25) * cell.edge;
  }
  return exposed;
}

} // namespace

CellMesh make_cell_mesh(const BrickForest &forest, const std::vector<std::uint8_t> &solid_owned)
{
  auto parts = std::make_unique<CellMesh::Parts>();
  parts->comm = forest.comm();
  std::vector<std::uint8_t> solid = solid_owned;
  solid.resize(forest.n_local() * brick_voxels);
  forest.update_ghosts(solid, brick_voxels);
  const FaceWalk walk(forest, solid);

  // Number the owned cells; a ghost's number on its owner follows from the first number of its brick.
  std::vector<std::uint8_t> first_bytes(forest.n_local() * sizeof(std::uint32_t));
  std::vector<std::uint32_t> cell_of_voxel(forest.n_local() * brick_voxels, UINT32_MAX);
  const auto add_cell = [&](const std::size_t b, const std::size_t v) {
    const Brick &brick = forest.brick(b);
    cell_of_voxel[b * brick_voxels + v] = static_cast<std::uint32_t>(parts->cells.size());
    const int i = static_cast<int>(v) % n, j = static_cast<int>(v) / n % n, k = static_cast<int>(v) / (n * n);
    parts->cells.push_back({brick.voxel_centre(i, j, k), brick.voxel_edge(),
                            static_cast<std::int64_t>((brick.key.bits << 9) | v)});
  };
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const auto first = static_cast<std::uint32_t>(parts->cells.size());
    std::memcpy(&first_bytes[b * sizeof first], &first, sizeof first);
    for (std::size_t v = 0; v < brick_voxels; ++v)
      if (walk.solid(b, v)) {
        add_cell(b, v);
        parts->voxel_of_cell.push_back(static_cast<std::uint32_t>(b * brick_voxels + v));
      }
  }
  const std::size_t n_owned = parts->cells.size();
  forest.update_ghosts(first_bytes, sizeof(std::uint32_t));

  // Ghost cells: those across a face of an owned cell, in the order of the ghost bricks (that is, by owner).
  std::vector<std::size_t> ghost_voxels;
  walk.across_bricks(
      [&](std::size_t, std::size_t, const std::size_t other, const std::size_t voxel, unsigned, int) {
        if (other >= forest.n_owned() && walk.solid(other, voxel))
          ghost_voxels.push_back(other * brick_voxels + voxel);
      },
      [](std::size_t, std::size_t, unsigned) {});
  std::sort(ghost_voxels.begin(), ghost_voxels.end());
  ghost_voxels.erase(std::unique(ghost_voxels.begin(), ghost_voxels.end()), ghost_voxels.end());

  std::vector<std::uint64_t> owned_keys, ghost_keys;
  for (std::size_t b = 0; b < forest.n_local(); ++b)
    (b < forest.n_owned() ? owned_keys : ghost_keys).push_back(forest.brick(b).key.bits);
  const std::vector<RemoteIndex> owner_of_ghost_brick = find_owners(forest.comm(), owned_keys, ghost_keys);
  std::vector<RemoteIndex> ghosts;
  for (const std::size_t place : ghost_voxels) {
    const std::size_t b = place / brick_voxels, v = place % brick_voxels;
    std::uint32_t index = 0;
    std::memcpy(&index, &first_bytes[b * sizeof index], sizeof index);
    for (std::size_t before = 0; before < v; ++before) index += walk.solid(b, before) ? 1U : 0U;
    ghosts.push_back({owner_of_ghost_brick[b - forest.n_owned()].rank, index});
    add_cell(b, v);
  }
  parts->exchange = GhostExchange(forest.comm(), n_owned, ghosts);

  // Faces inside bricks, then across them.
  const auto add_face = [&](const std::uint32_t lower, const std::uint32_t upper, const unsigned axis) {
    const double a = parts->cells[lower].edge, b = parts->cells[upper].edge;
    const double edge = std::min(a, b);
    parts->faces.push_back({lower, upper, edge * edge, (a + b) / 2, static_cast<std::uint8_t>(axis)});
  };
  const std::array<std::size_t, 3> stride{1, n, n * n};
  for (std::size_t c = 0; c < n_owned; ++c) {
    const std::size_t b = parts->voxel_of_cell[c] / brick_voxels, v = parts->voxel_of_cell[c] % brick_voxels;
    const std::array<std::size_t, 3> position{v % n, v / n % n, v / (n * n)};
    const auto cell = static_cast<std::uint32_t>(c);
    for (unsigned axis = 0; axis < 3; ++axis) {
      if (position[axis] + 1 < n) {
        if (walk.solid(b, v + stride[axis]))
          add_face(cell, cell_of_voxel[b * brick_voxels + v + stride[axis]], axis);
        else
          parts->exposed.push_back(exposed_face(parts->cells[c], cell, 2 * axis + 1, 4));
      }
      if (position[axis] > 0 && !walk.solid(b, v - stride[axis]))
        parts->exposed.push_back(exposed_face(parts->cells[c], cell, 2 * axis, 4));
    }
  }
  walk.across_bricks(
      [&](const std::size_t b, const std::size_t v, const std::size_t other, const std::size_t voxel,
          const unsigned face, const int quarter) {
        const std::uint32_t cell = cell_of_voxel[b * brick_voxels + v];
        if (!walk.solid(other, voxel)) {
          parts->exposed.push_back(exposed_face(parts->cells[cell], cell, face, quarter));
          return;
        }
        // Two owned bricks see this face from both sides: keep the view of the finer one, or of the lower
        // one.
        if (other < forest.n_owned()) {
          const double here_edge = forest.brick(b).edge, there_edge = forest.brick(other).edge;
          if (here_edge > there_edge || (here_edge == there_edge && face % 2 == 0)) return;
        }
        const std::uint32_t there = cell_of_voxel[other * brick_voxels + voxel];
        if (face % 2 == 1)
          add_face(cell, there, face / 2);
        else
          add_face(there, cell, face / 2);
      },
      [&](const std::size_t b, const std::size_t v, const unsigned face) {
        const std::uint32_t cell = cell_of_voxel[b * brick_voxels + v];
        parts->exposed.push_back(exposed_face(parts->cells[cell], cell, face, 4));
      });
  return CellMesh(std::move(parts));
}

} // namespace wolff::discretisation
