#include "coupling/voxels.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::coupling {

using discretisation::Brick;
using discretisation::brick_voxels;
using discretisation::BrickForest;
using discretisation::voxels_per_edge;
using geometry::Anatomy;
using geometry::Clearances;
using geometry::Phase;

namespace {

/// Largest voxel edge that what lies in the ball of @p radius about a point allows; infinite outside the
/// body.
double wanted_voxel(const Clearances &c, const double radius, const MeshOptions &options)
{
  if (c.body > radius) return 1e30;
  if (c.scaffold < radius) return options.finest;
  const double interface = std::min({std::abs(c.body), c.layers, std::abs(c.lesion), std::abs(c.track)});
  return interface < radius ? options.interface : options.bulk;
}

/// Distance within which nothing changes.
double undisturbed(const Clearances &c)
{
  return std::min({std::abs(c.body), c.layers, std::abs(c.lesion), std::abs(c.track), c.scaffold});
}

} // namespace

std::unique_ptr<BrickForest> build_forest(const MPI_Comm comm, const Anatomy &anatomy,
                                          const MeshOptions &options)
{
  const geometry::Box box = anatomy.bounding_box();
  const Vector3 extent = box.greatest - box.least;
  // Voxels of the coarsest bricks are 2^k finest ones; large bricks make the coarsest multigrid level small.
  double edge = voxels_per_edge * options.finest;
  for (unsigned k = 0; k < discretisation::greatest_level && edge < extent.maxCoeff() / 3; ++k) edge *= 2;
  std::array<unsigned, 3> counts{};
  Vector3 origin = box.least;
  for (unsigned d = 0; d < 3; ++d) {
    counts[d] = static_cast<unsigned>(std::ceil(extent[d] / edge - 1e-9));
    // Centred across; the distal cut stays on the boundary of the bricks, where supports coarsen well.
    if (d < 2) origin[d] -= (counts[d] * edge - extent[d]) / 2;
  }
  auto forest = std::make_unique<BrickForest>(comm, origin, counts, edge);
  const auto most_bricks =
      static_cast<std::int64_t>(options.largest_model / (3.0 * static_cast<double>(brick_voxels)));
  forest->refine(
      [&](const Brick &brick) {
        const double wanted =
            wanted_voxel(anatomy.clearances(brick.centre()), brick.half_diagonal(), options);
        return brick.voxel_edge() > wanted * (1 + 1e-9);
      },
      most_bricks);
  // A brick outside the body costs a tenth of one inside.
  forest->repartition([&](const Brick &brick) {
    return anatomy.clearances(brick.centre()).body > brick.half_diagonal() ? 0U : 9000U;
  });
  return forest;
}

Voxels sample_voxels(const BrickForest &forest, const Anatomy &anatomy, const MeshOptions &options)
{
  Voxels voxels;
  voxels.solid.assign(forest.n_owned() * brick_voxels, 0);
  const int s = options.samples;
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const Brick &brick = forest.brick(b);
    const double h = brick.voxel_edge();
    const bool plain = undisturbed(anatomy.clearances(brick.centre())) > brick.half_diagonal();
    const Phase filled = plain ? anatomy.phase(brick.centre()) : Phase::outside;
    if (plain && filled == Phase::outside) continue;
    for (int v = 0; v < static_cast<int>(brick_voxels); ++v) {
      const Vector3 centre = brick.voxel_centre(v % 8, v / 8 % 8, v / 64);
      std::array<int, geometry::n_phases> hits{};
      int samples = 1;
      if (plain)
        hits[static_cast<std::size_t>(filled)] = 1;
      else if (undisturbed(anatomy.clearances(centre)) > h * 0.8660254037844387)
        hits[static_cast<std::size_t>(anatomy.phase(centre))] = 1;
      else {
        samples = s * s * s;
        for (int q = 0; q < samples; ++q) {
          const Vector3 offset(q % s, q / s % s, q / (s * s));
          hits[static_cast<std::size_t>(anatomy.phase(
              centre + h * ((offset + Vector3::Constant(0.5)) / s - Vector3::Constant(0.5))))] += 1;
        }
      }
      const int inside = samples - hits[static_cast<std::size_t>(Phase::outside)];
      if (2 * inside < samples || inside == 0) continue;
      PhaseShares shares{};
      for (std::size_t p = 1; p < shares.size(); ++p) shares[p] = static_cast<double>(hits[p]) / inside;
      voxels.solid[b * brick_voxels + static_cast<std::size_t>(v)] = 1;
      voxels.shares.push_back(shares);
    }
  }
  return voxels;
}

} // namespace wolff::coupling
