// The 27 parts of a brick: interior, faces, edges and corners, numbered x + 3 y + 9 z, where 1 is between the
// ends of an axis. Nodes of a part are consecutive, x fastest. No other header is included, because the
// sources of the brick kernel, one for each instruction set, include this one.
#pragma once

#include <cstdint>

namespace wolff::discretisation {

/// A node's part, and its place within the part.
struct NodePlace
{
  std::uint8_t part;
  std::uint16_t offset;
};

/// A row of nodes along x lies in three parts: @p part holds its first node, the next one the inner nodes,
/// the one after it the last node. Within the first and the last the row is node @p offset, in the middle it
/// is the n - 1 nodes from offset (n - 1) on.
struct RowPlace
{
  std::uint8_t part, offset;
};

/// Of the row j of layer k (0 to n) of a brick with @p n voxels along an edge.
constexpr RowPlace row_place(const int n, const int j, const int k)
{
  const int y = j == 0 ? 0 : j == n ? 2 : 1, z = k == 0 ? 0 : k == n ? 2 : 1;
  const int layer = z == 1 ? k - 1 : 0, offset = y == 1 ? layer * (n - 1) + j - 1 : layer;
  return {static_cast<std::uint8_t>(9 * z + 3 * y), static_cast<std::uint8_t>(offset)};
}

/// Of node (i, j, k).
constexpr NodePlace node_place(const int n, const int i, const int j, const int k)
{
  const RowPlace row = row_place(n, j, k);
  const int x = i == 0 ? 0 : i == n ? 2 : 1;
  return {static_cast<std::uint8_t>(row.part + x),
          static_cast<std::uint16_t>(x == 1 ? row.offset * (n - 1) + i - 1 : row.offset)};
}

/// All rows of nodes in order, in the pieces that belong to one part: visit(place in the brick, part, offset
/// in the part, number of nodes).
template <typename Visit>
void for_each_row_piece(const int n, const Visit &visit)
{
  int place = 0;
  for (int k = 0; k <= n; ++k)
    for (int j = 0; j <= n; ++j) {
      const auto [part, offset] = row_place(n, j, k);
      visit(place, part, offset, 1);
      visit(place + 1, part + 1, offset * (n - 1), n - 1);
      visit(place + n, part + 2, offset, 1);
      place += n + 1;
    }
}

/// Nodes of a part: (n - 1)^3 in the interior, (n - 1)^2 on a face, n - 1 on an edge, one corner.
constexpr int part_size(const int n, const unsigned part)
{
  int size = 1;
  for (unsigned p = part, d = 0; d < 3; p /= 3, ++d) size *= p % 3 == 1 ? n - 1 : 1;
  return size;
}

} // namespace wolff::discretisation
