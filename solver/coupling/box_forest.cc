#include "coupling/box_forest.h"

#include "base/errors.h"

#include <algorithm>

namespace wolff::coupling {

using discretisation::Brick;
using discretisation::BrickForest;
using discretisation::voxels_per_edge;

Trees trees_of(const VoxelBox &box)
{
  std::array<unsigned, 3> bricks{};
  for (std::size_t d = 0; d < 3; ++d)
    bricks[d] = static_cast<unsigned>((box.voxels[d] + voxels_per_edge - 1) / voxels_per_edge);
  const auto count = [](const std::array<unsigned, 3> &n) {
    return static_cast<std::uint64_t>(n[0]) * n[1] * n[2];
  };
  Trees trees{bricks, 0};
  while (trees.levels < discretisation::greatest_level &&
         std::all_of(trees.counts.begin(), trees.counts.end(), [](const unsigned n) { return n % 2 == 0; })) {
    for (unsigned &n : trees.counts) n /= 2;
    ++trees.levels;
  }
  // Up to here the coarsest level, eight nodes a tree at most, is factored in no time.
  constexpr std::uint64_t few = 216;
  if (count(trees.counts) <= few) return trees;
  Trees padded{bricks, 0};
  while (padded.levels < discretisation::greatest_level && 3 * count(padded.counts) > few) {
    ++padded.levels;
    for (std::size_t d = 0; d < 3; ++d)
      padded.counts[d] = (bricks[d] + (1U << padded.levels) - 1) >> padded.levels;
  }
  return padded;
}

std::unique_ptr<BrickForest> build_forest(const MPI_Comm comm, const VoxelBox &box,
                                          const discretisation::Expression *const refined_where,
                                          const std::int64_t most_bricks)
{
  const Trees trees = trees_of(box);
  const double base_edge = box.edge * voxels_per_edge, slack = 0.01 * box.edge;
  auto forest = std::make_unique<BrickForest>(comm, box.origin, trees.counts,
                                              base_edge * static_cast<double>(1U << trees.levels));
  const Vector3 greatest = box.greatest();
  const auto touches = [&](const Brick &brick) {
    return (brick.corner.array() < greatest.array() + slack).all(); // its origin is that of the forest
  };
  forest->refine([&](const Brick &brick) { return brick.key.level() < trees.levels && touches(brick); },
                 most_bricks);
  if (refined_where == nullptr) return forest;

  // One level at a time, so that a fault of the expression on one rank reaches all of them.
  for (bool more = true; more;) {
    std::vector<std::uint64_t> chosen;
    together(comm, [&] {
      for (std::size_t b = 0; b < forest->n_owned(); ++b) {
        const Brick &brick = forest->brick(b);
        const Vector3 centre = brick.centre();
        if ((centre.array() > greatest.array()).any()) continue;
        if ((*refined_where)(centre) <= static_cast<int>(brick.key.level()) - static_cast<int>(trees.levels))
          continue;
        if (brick.key.level() == discretisation::greatest_level)
          throw Fault(Exit::too_large, "refinement-depth", "Geometry/Box/Refined where",
                      "levels of halving, those from the trees down to the base among them")
              .found("more than " + std::to_string(discretisation::greatest_level))
              .wanted("at most " + std::to_string(discretisation::greatest_level - trees.levels) +
                      " above the base level of this box");
        chosen.push_back(brick.key.bits);
      }
    });
    std::sort(chosen.begin(), chosen.end());
    std::uint8_t any = chosen.empty() ? 0 : 1;
    MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_UINT8_T, MPI_MAX, comm);
    more = any != 0;
    if (more)
      forest->refine(
          [&](const Brick &brick) {
            return std::binary_search(chosen.begin(), chosen.end(), brick.key.bits);
          },
          most_bricks);
  }
  return forest;
}

} // namespace wolff::coupling
