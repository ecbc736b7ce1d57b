// Which element a site of the cell lattice belongs to. Elements carry the stimulus in and the numbers of
// cells out; in legacy runs they also group the cells whose changes are rounded down.
#pragma once

#include "regeneration/lattice_slab.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace wolff::regeneration {

/**
 * Element of each coordinate along one axis: the centre of site i, (i + 1/2) spacing + begin, lies in
 * [e, e + 1) edge; a centre on the border of two elements belongs to the upper one. All lengths in the same
 * integer unit (nanometres of the lattice's frame), so that nothing depends on rounding.
 * @param begin of the first site, from the first element's lower end
 * @return for each of @p n sites e, or -1 outside of 0 ... n_elements - 1
 */
std::vector<std::int32_t> elements_along(std::int64_t n, std::int64_t spacing, std::int64_t begin,
                                         std::int64_t edge, std::int64_t n_elements);

/// Elements of the whole lattice: a grid of boxes, or labels on such a grid (boxes with equal labels are one
/// element, a negative label is none). Boxes of one site with labels are a label image.
struct ElementGrid
{
  std::vector<std::int32_t> x, y, z; ///< box of each site along the axes, -1 outside
  std::int64_t boxes_x = 0, boxes_y = 0, boxes_z = 0;
  /// Label of a box, or an empty function: the number of the box, x fastest.
  std::function<std::int64_t(std::int64_t, std::int64_t, std::int64_t)> label;

  /// Boxes of @p edge sites from the lattice's corner on; the last of a row may be smaller.
  static ElementGrid blocks(const LatticeExtent &extent, std::int64_t edge);
  /// Number of layers after which boxes end everywhere, or 1.
  std::int64_t alignment() const;
};

/// The elements that have sites in this rank's slab.
class LatticeElements
{
public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// @throws Fault (exit 3): the grid has not the size of the lattice. Collective.
  LatticeElements(const LatticeSlab &slab, const ElementGrid &grid);

  /// Global numbers, ascending. Two ranks share an element where it reaches over a cut.
  const std::vector<std::int64_t> &ids() const { return ids_; }
  std::size_t size() const { return ids_.size(); }
  /// Memory of this rank [byte].
  std::size_t bytes() const
  {
    return 8 * (x_.size() + y_.size() + z_.size() + ids_.size()) + 4 * element_of_box_.size() +
           shared_.size();
  }
  bool is_shared(const std::uint32_t element) const { return !shared_.empty() && shared_[element] != 0; }
  bool any_shared() const { return !shared_.empty(); }
  /// For each element whether this is the first of the ranks that have it, so that it counts once.
  /// Collective.
  std::vector<std::uint8_t> are_first_seen(MPI_Comm comm) const;
  /// Add up @p numbers, @p n for each element, over the ranks that share it. Collective.
  void sum_over_ranks(MPI_Comm comm, std::size_t n, std::vector<std::int64_t> &numbers) const;

  /// Element of an owned site as an index into ids(), or none.
  std::uint32_t of(const LatticeSlab &slab, const LatticeSlab::Index site) const
  {
    const auto [x, y, z] = slab.place(site);
    const std::int64_t box = static_cast<std::int64_t>(x_[static_cast<std::size_t>(x)]) +
                             y_[static_cast<std::size_t>(y)] +
                             z_[static_cast<std::size_t>(z - slab.z_begin())];
    if (box < 0) return none;
    return element_of_box_.empty() ? static_cast<std::uint32_t>(box)
                                   : element_of_box_[static_cast<std::size_t>(box)];
  }

private:
  std::vector<std::int64_t> x_, y_, z_; ///< summands of the number of a box in this slab
  std::vector<std::uint32_t> element_of_box_;
  std::vector<std::int64_t> ids_;
  std::vector<std::uint8_t> shared_;
};

} // namespace wolff::regeneration
