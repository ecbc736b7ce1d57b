#include "discretisation/voxel_faces.h"

#include "discretisation/face_walk.h"

#include <cmath>

namespace wolff::discretisation {

VoxelPlace voxel_place(const BrickForest &forest, const std::uint32_t voxel)
{
  constexpr int n = voxels_per_edge;
  const Brick &brick = forest.brick(voxel / brick_voxels);
  const int v = static_cast<int>(voxel % brick_voxels);
  const double h = brick.voxel_edge();
  return {brick.corner + h * Vector3(v % n, v / n % n, v / (n * n)), h};
}

FacePlace face_place(const BrickForest &forest, const VoxelFace &face)
{
  const VoxelPlace voxel = voxel_place(forest, face.voxel);
  const int axis = face.direction / 2;
  FacePlace place{voxel.low, voxel.edge, {axis == 0 ? 1 : 0, axis == 2 ? 1 : 2}};
  if (face.direction % 2 == 1) place.low[axis] += voxel.edge;
  if (face.quarter != 4) {
    place.edge /= 2;
    if (face.quarter & 1) place.low[place.axes[0]] += place.edge;
    if (face.quarter >> 1) place.low[place.axes[1]] += place.edge;
  }
  return place;
}

BoxFaces exposed_faces(const BrickForest &forest, const std::vector<std::uint8_t> &stiff,
                       const Vector3 &least, const Vector3 &greatest, const std::array<bool, 7> &wanted)
{
  BoxFaces faces;
  const auto add = [&](const std::size_t brick, const std::size_t voxel, const unsigned direction,
                       const int quarter) {
    const VoxelFace face{static_cast<std::uint32_t>(brick * brick_voxels + voxel),
                         static_cast<std::uint8_t>(direction), static_cast<std::uint8_t>(quarter)};
    const VoxelPlace place = voxel_place(forest, face.voxel);
    const auto axis = static_cast<Eigen::Index>(direction / 2);
    const double end = direction % 2 == 0 ? least[axis] : greatest[axis],
                 here = place.low[axis] + (direction % 2 == 0 ? 0.0 : place.edge);
    const std::size_t list = std::abs(here - end) < 0.01 * place.edge ? direction : 6;
    if (wanted[list]) faces[list].push_back(face);
  };

  std::vector<std::uint8_t> solid = stiff;
  solid.resize(forest.n_local() * brick_voxels);
  forest.update_ghosts(solid, brick_voxels);
  const FaceWalk walk(forest, solid);
  constexpr std::size_t n = voxels_per_edge;
  const std::array<std::size_t, 3> stride{1, n, n * n};
  for (std::size_t b = 0; b < forest.n_owned() && wanted[6]; ++b)
    for (std::size_t v = 0; v < brick_voxels; ++v) {
      if (!walk.solid(b, v)) continue;
      const std::array<std::size_t, 3> position{v % n, v / n % n, v / (n * n)};
      for (unsigned axis = 0; axis < 3; ++axis) {
        if (position[axis] > 0 && !walk.solid(b, v - stride[axis])) add(b, v, 2 * axis, 4);
        if (position[axis] + 1 < n && !walk.solid(b, v + stride[axis])) add(b, v, 2 * axis + 1, 4);
      }
    }
  // Inside a brick a side of an image may end, too, whose voxels fill no whole bricks.
  if (!wanted[6])
    for (std::size_t b = 0; b < forest.n_owned(); ++b) {
      const Brick &brick = forest.brick(b);
      for (unsigned axis = 0; axis < 3; ++axis) {
        const auto a = static_cast<Eigen::Index>(axis);
        const long layers = std::lround((greatest[a] - brick.corner[a]) / brick.voxel_edge());
        if (layers <= 0 || layers >= static_cast<long>(n) || !wanted[2 * axis + 1]) continue;
        for (std::size_t v = 0; v < brick_voxels; ++v)
          if (static_cast<long>(v / stride[axis] % n) == layers - 1 && walk.solid(b, v))
            add(b, v, 2 * axis + 1, 4);
      }
    }
  walk.across_bricks(
      [&](const std::size_t b, const std::size_t v, const std::size_t other, const std::size_t voxel,
          const unsigned face, const int quarter) {
        if (!walk.solid(other, voxel)) add(b, v, face, quarter);
      },
      [&](const std::size_t b, const std::size_t v, const unsigned face) { add(b, v, face, 4); });
  return faces;
}

} // namespace wolff::discretisation
