#include "regeneration/lattice_elements.h"

#include "base/errors.h"

#include <algorithm>
#include <utility>

namespace wolff::regeneration {

namespace {

/// The lists of all ranks one after the other, and where each begins. Collective.
std::pair<std::vector<std::int64_t>, std::vector<int>> gathered(const MPI_Comm comm,
                                                                const std::vector<std::int64_t> &mine)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<int> counts(static_cast<std::size_t>(size)), begins(counts.size() + 1, 0);
  const auto n = static_cast<int>(mine.size());
  MPI_Allgather(&n, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  for (std::size_t r = 0; r < counts.size(); ++r) begins[r + 1] = begins[r] + counts[r];
  std::vector<std::int64_t> all(static_cast<std::size_t>(begins.back()));
  MPI_Allgatherv(mine.data(), n, MPI_INT64_T, all.data(), counts.data(), begins.data(), MPI_INT64_T, comm);
  return {std::move(all), std::move(begins)};
}

/// For each of this rank's ascending @p ids whether another rank has it too; empty if no rank shares any.
/// Collective.
std::vector<std::uint8_t> shared_among(const MPI_Comm comm, const std::vector<std::int64_t> &ids)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  if (size == 1) return {};
  std::vector<std::int64_t> all = gathered(comm, ids).first;
  std::sort(all.begin(), all.end());
  if (std::adjacent_find(all.begin(), all.end()) == all.end()) return {};
  std::vector<std::uint8_t> shared;
  for (const std::int64_t id : ids) {
    const auto [begin, end] = std::equal_range(all.begin(), all.end(), id);
    shared.push_back(end - begin > 1 ? 1 : 0);
  }
  return shared;
}

} // namespace

std::vector<std::int32_t> elements_along(const std::int64_t n, const std::int64_t spacing,
                                         const std::int64_t begin, const std::int64_t edge,
                                         const std::int64_t n_elements)
{
  std::vector<std::int32_t> elements(static_cast<std::size_t>(n), -1);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t twice = (2 * i + 1) * spacing + 2 * begin; // of the distance to the centre
    if (twice < 0) continue;
    const std::int64_t element = twice / (2 * edge);
    if (element < n_elements) elements[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(element);
  }
  return elements;
}

ElementGrid ElementGrid::blocks(const LatticeExtent &extent, const std::int64_t edge)
{
  const auto boxes = [&](const std::int64_t n) { return (n + edge - 1) / edge; };
  ElementGrid grid;
  grid.boxes_x = boxes(extent.nx);
  grid.boxes_y = boxes(extent.ny);
  grid.boxes_z = boxes(extent.nz);
  grid.x = elements_along(extent.nx, 1, 0, edge, grid.boxes_x);
  grid.y = elements_along(extent.ny, 1, 0, edge, grid.boxes_y);
  grid.z = elements_along(extent.nz, 1, 0, edge, grid.boxes_z);
  return grid;
}

std::int64_t ElementGrid::alignment() const
{
  if (label) return 1;
  // The period of the changes along z, if they have one.
  std::int64_t first = 0, period = 0;
  for (std::size_t k = 1; k < z.size(); ++k)
    if (z[k] != z[k - 1]) {
      const auto here = static_cast<std::int64_t>(k);
      if (first == 0) first = here;
      if (period == 0) period = here;
      if (here % period != 0) return 1;
    }
  return period == 0 ? 1 : period;
}

LatticeElements::LatticeElements(const LatticeSlab &slab, const ElementGrid &grid)
{
  const LatticeExtent &extent = slab.extent();
  if (static_cast<std::int64_t>(grid.x.size()) != extent.nx ||
      static_cast<std::int64_t>(grid.y.size()) != extent.ny ||
      static_cast<std::int64_t>(grid.z.size()) != extent.nz)
    throw Fault(Exit::model, "lattice-elements", "Regeneration/Lattice",
                "the elements are given for a lattice of another size");

  // A number so negative that no sum with it becomes a box.
  constexpr std::int64_t outside = -(std::int64_t{1} << 60);
  const std::int64_t layer = grid.boxes_x * grid.boxes_y;
  std::int64_t first = -1, last = -1;
  for (std::int64_t z = slab.z_begin(); z < slab.z_end(); ++z) {
    const std::int32_t box = grid.z[static_cast<std::size_t>(z)];
    if (box < 0) continue;
    if (first < 0) first = box;
    last = box;
  }
  for (const std::int32_t box : grid.x) x_.push_back(box < 0 ? outside : box);
  for (const std::int32_t box : grid.y) y_.push_back(box < 0 ? outside : box * grid.boxes_x);
  for (std::int64_t z = slab.z_begin(); z < slab.z_end(); ++z) {
    const std::int32_t box = grid.z[static_cast<std::size_t>(z)];
    z_.push_back(box < 0 ? outside : (box - first) * layer);
  }

  // The ranks' boxes are their own unless a cut goes through a layer of them; labels may be anywhere.
  const std::int64_t n_boxes = first < 0 ? 0 : (last - first + 1) * layer;
  std::vector<std::int64_t> labels;
  for (std::int64_t box = 0; box < n_boxes; ++box) {
    const std::int64_t x = box % grid.boxes_x, y = box / grid.boxes_x % grid.boxes_y, z = first + box / layer;
    labels.push_back(grid.label ? grid.label(x, y, z) : first * layer + box);
  }
  ids_ = labels;
  if (grid.label) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    if (!ids_.empty() && ids_.front() < 0)
      ids_.erase(ids_.begin(), std::lower_bound(ids_.begin(), ids_.end(), 0));
    for (const std::int64_t label : labels)
      element_of_box_.push_back(
          label < 0
              ? none
              : static_cast<std::uint32_t>(std::lower_bound(ids_.begin(), ids_.end(), label) - ids_.begin()));
  }
  const int cut_here = slab.z_begin() > 0 && slab.z_begin() < slab.z_end() &&
                               grid.z[static_cast<std::size_t>(slab.z_begin())] ==
                                   grid.z[static_cast<std::size_t>(slab.z_begin()) - 1]
                           ? 1
                           : 0;
  int cut = cut_here;
  MPI_Allreduce(MPI_IN_PLACE, &cut, 1, MPI_INT, MPI_MAX, slab.comm());
  if (grid.label || cut) shared_ = shared_among(slab.comm(), ids_);
}

std::vector<std::uint8_t> LatticeElements::are_first_seen(const MPI_Comm comm) const
{
  std::vector<std::uint8_t> first(size(), 1);
  int rank = 0, any = any_shared() ? 1 : 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, comm);
  if (!any) return first;
  std::vector<std::int64_t> mine;
  for (std::uint32_t e = 0; e < size(); ++e)
    if (is_shared(e)) mine.push_back(ids_[e]);
  auto [all, begins] = gathered(comm, mine);
  const auto end = all.begin() + begins[static_cast<std::size_t>(rank)]; // of the ranks below
  std::sort(all.begin(), end);
  for (std::uint32_t e = 0; e < size(); ++e)
    if (is_shared(e) && std::binary_search(all.begin(), end, ids_[e])) first[e] = 0;
  return first;
}

void LatticeElements::sum_over_ranks(const MPI_Comm comm, const std::size_t n,
                                     std::vector<std::int64_t> &numbers) const
{
  int any = any_shared() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, comm);
  if (!any) return;
  std::vector<std::int64_t> mine; // of each shared element its number, then its numbers
  for (std::uint32_t e = 0; e < size(); ++e) {
    if (!is_shared(e)) continue;
    mine.push_back(ids_[e]);
    for (std::size_t k = 0; k < n; ++k) {
      mine.push_back(numbers[n * e + k]);
      numbers[n * e + k] = 0;
    }
  }
  const std::vector<std::int64_t> all = gathered(comm, mine).first;
  for (std::size_t at = 0; at < all.size(); at += n + 1) {
    const auto found = std::lower_bound(ids_.begin(), ids_.end(), all[at]);
    if (found == ids_.end() || *found != all[at]) continue;
    const auto e = static_cast<std::size_t>(found - ids_.begin());
    for (std::size_t k = 0; k < n; ++k) numbers[n * e + k] += all[at + 1 + k];
  }
}

} // namespace wolff::regeneration
