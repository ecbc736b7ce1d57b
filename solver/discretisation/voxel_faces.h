// The surface of a box of voxels: faces of stiff voxels on its six sides, and all other faces beside void.
// Leaner than a CellMesh, which lists every cell; for conditions on faces and nothing else.
#pragma once

#include "discretisation/brick_forest.h"

#include <array>
#include <cstdint>
#include <vector>

namespace wolff::discretisation {

/// A face of a voxel of an owned brick, or a quarter of one beside finer voxels.
struct VoxelFace
{
  std::uint32_t voxel;    ///< brick * 512 + voxel
  std::uint8_t direction; ///< 0 -x, 1 +x, 2 -y, 3 +y, 4 -z, 5 +z: outward normal
  std::uint8_t quarter;   ///< 4: the whole face; 0..3: that quarter (first tangential axis fastest)

  Vector3 normal() const { return (direction % 2 == 0 ? -1.0 : 1.0) * Vector3::Unit(direction / 2); }
};

/// Where a voxel lies.
struct VoxelPlace
{
  Vector3 low; ///< least corner [mm]
  double edge; ///< [mm]
};
VoxelPlace voxel_place(const BrickForest &forest, std::uint32_t voxel);

/// A face in space: points are low + s * along one axis + t * along the other, s and t from 0 to edge.
struct FacePlace
{
  Vector3 low;
  double edge;
  std::array<int, 2> axes; ///< tangential
};
FacePlace face_place(const BrickForest &forest, const VoxelFace &face);

/// Faces by the side of the box they lie on, in the order of directions; the last list is the rest.
using BoxFaces = std::array<std::vector<VoxelFace>, 7>;

/**
 * Faces of stiff voxels beside void or at the end of the box from @p least to @p greatest. @p stiff holds
 * n_owned() * 512 flags; lists that are not @p wanted stay empty. Voxels outside the box must not be stiff.
 * Collective.
 */
BoxFaces exposed_faces(const BrickForest &forest, const std::vector<std::uint8_t> &stiff,
                       const Vector3 &least, const Vector3 &greatest, const std::array<bool, 7> &wanted);

} // namespace wolff::discretisation
