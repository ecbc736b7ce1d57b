// Parts of the solid of an image that are not connected through faces.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace wolff::io {

struct Island
{
  std::int64_t voxels = 0;
  std::array<double, 3> centre{}; ///< mean voxel index, 0 for the first voxel of an axis
};

struct Islands
{
  std::vector<Island> parts; ///< largest first
  /// Pairs of voxels of different parts that touch along an edge or at a corner only.
  std::int64_t edge_contacts = 0, corner_contacts = 0;
};

/// @param size   voxels along x, y, z; x runs fastest in @p solid
/// @param solid  not zero where there is material
Islands find_islands(const std::array<std::int64_t, 3> &size, const std::vector<std::uint8_t> &solid);

} // namespace wolff::io
