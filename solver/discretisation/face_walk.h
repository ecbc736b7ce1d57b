// The pairs of voxels that share a face between two bricks; for the source files of this room that need to
// know what lies beside a voxel. It knows bricks of different size.
#pragma once

#include "discretisation/brick_forest.h"

#include <cstdint>
#include <vector>

namespace wolff::discretisation {

/// Voxel of a brick on its face @p face at tangential position (s, t).
inline std::size_t voxel_on_face(const unsigned face, const int s, const int t)
{
  const int depth = face % 2 == 0 ? 0 : voxels_per_edge - 1;
  switch (face / 2) {
  case 0:
    return voxel_index(depth, s, t);
  case 1:
    return voxel_index(s, depth, t);
  default:
    return voxel_index(s, t, depth);
  }
}

/// The one pass over all pairs of voxels that share a face.
class FaceWalk
{
public:
  FaceWalk(const BrickForest &forest, const std::vector<std::uint8_t> &solid) : forest_(forest), solid_(solid)
  {
  }

  bool solid(const std::size_t brick, const std::size_t voxel) const
  {
    return solid_[brick * brick_voxels + voxel] != 0;
  }

  /// Call visit(brick, voxel, other brick, other voxel, axis, sign, quarter) for each solid voxel of an owned
  /// brick and each voxel across each of its faces that lies in another brick; quarter 4 unless the other
  /// voxel is finer.
  template <typename Visit, typename Outside>
  void across_bricks(const Visit &visit, const Outside &outside) const
  {
    constexpr int n = voxels_per_edge;
    for (std::size_t b = 0; b < forest_.n_owned(); ++b)
      for (unsigned face = 0; face < 6; ++face) {
        const BrickNeighbour &neighbour = forest_.neighbours(b)[face];
        for (int t = 0; t < n; ++t)
          for (int s = 0; s < n; ++s) {
            const std::size_t here = voxel_on_face(face, s, t);
            if (!solid(b, here)) continue;
            switch (neighbour.kind) {
            case BrickNeighbour::Kind::none:
              outside(b, here, face);
              break;
            case BrickNeighbour::Kind::same:
              visit(b, here, neighbour.bricks[0], voxel_on_face(face ^ 1U, s, t), face, 4);
              break;
            case BrickNeighbour::Kind::coarser: {
              const int cs = (s + n * (neighbour.quarter & 1)) / 2,
                        ct = (t + n * (neighbour.quarter >> 1)) / 2;
              visit(b, here, neighbour.bricks[0], voxel_on_face(face ^ 1U, cs, ct), face, 4);
              break;
            }
            case BrickNeighbour::Kind::finer: {
              const std::size_t which = static_cast<std::size_t>((s >= n / 2 ? 1 : 0) + (t >= n / 2 ? 2 : 0));
              for (int q = 0; q < 4; ++q)
                visit(b, here, neighbour.bricks[which],
                      voxel_on_face(face ^ 1U, (2 * s) % n + (q & 1), (2 * t) % n + (q >> 1)), face, q);
              break;
            }
            }
          }
      }
  }

private:
  const BrickForest &forest_;
  const std::vector<std::uint8_t> &solid_;
};

} // namespace wolff::discretisation
