// Between two levels of the multigrid: interpolation of displacements and pressures from coarse to fine, its
// transpose for residuals, and the averaging of moduli. The two levels may be partitioned differently.
#pragma once

#include "discretisation/brick_nodes.h"

#include <vector>

namespace wolff::mechanics {

/**
 * A fine brick lies in one coarse brick: it is an octant of it (the forest was coarsened), the same brick
 * (nothing to coarsen there), or the same brick with half as many voxels along an edge (coarsening inside
 * bricks). In all three cases its nodes interpolate a box of coarse nodes, trilinearly.
 */
class Transfer
{
public:
  /// Collective. The two levels must outlive the transfer.
  Transfer(const discretisation::BrickForest &fine_forest, const discretisation::BrickNodes &fine,
           const discretisation::BrickForest &coarse_forest, const discretisation::BrickNodes &coarse);

  /// fine += P coarse on owned nodes that do not hang, @p block numbers a node (3 or 1). Updates ghosts and
  /// hanging entries of @p coarse.
  void add_prolongation(std::vector<float> &coarse, std::vector<float> &fine, std::size_t block = 3) const;

  /// coarse = P^T fine. Reads owned, non-hanging entries of @p fine.
  void restrict_residual(const std::vector<float> &fine, std::vector<float> &coarse,
                         std::size_t block = 3) const;

  /// Coarse moduli as the power mean (mean m^(1/a))^a of the eight children, a the @p exponent (fine^3 values
  /// a brick in, coarse^3 values a brick out). Collective.
  std::vector<float> average(const std::vector<float> &fine_voxels, float exponent) const;

  /// A coarse flag is set where any fine node that the coarse one interpolates to has it: what is held stays
  /// at rest under every coarse correction. Flags at the same place alone would leave coarse nodes free in
  /// front of held faces beside void and of held staircases, and their corrections far too large. @p block
  /// flags a node, ghosts current in and out.
  std::vector<std::uint8_t> inject_flags(const std::vector<std::uint8_t> &fine, std::size_t block = 3) const;

private:
  struct Place
  {
    std::uint32_t parent;             ///< index in parents_
    std::array<std::uint8_t, 3> from; ///< first coarse node of the box
    std::uint8_t cells;               ///< coarse voxels along the box
    std::uint32_t speaks_for; ///< bit p: of all bricks it is this one that stands for the nodes of its part p
  };
  using Parts = std::array<std::uint32_t, 27>;
  template <typename Visit>
  void for_each_box_row(const Place &place, const Visit &visit) const;

  const discretisation::BrickForest &fine_forest_, &coarse_forest_;
  const discretisation::BrickNodes &fine_, &coarse_;
  GhostExchange wide_;                 ///< coarse nodes: owned, then those of foreign parents
  std::vector<Parts> parents_;         ///< first node of each part of every parent brick, in numbers of wide_
  std::vector<Place> places_;          ///< one a fine brick
  std::vector<RemoteIndex> parent_of_; ///< one a fine brick: where its coarse brick lives
  mutable std::vector<float> wide_values_; ///< scratch
};

} // namespace wolff::mechanics
