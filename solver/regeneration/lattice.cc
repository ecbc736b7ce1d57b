#include "regeneration/lattice.h"

#include "base/errors.h"
#include "regeneration/lattice_day.h"

#include <algorithm>
#include <string>

namespace wolff::regeneration {

using tissue::Occupant;

namespace {

int ranks_of(const MPI_Comm comm)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

/// Spread the bits of a number over all bits of the answer (the finaliser of MurmurHash3, Appleby).
std::uint64_t mixed(std::uint64_t k)
{
  k = (k ^ (k >> 33)) * 0xff51afd7ed558ccdULL;
  k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return k ^ (k >> 33);
}

std::int64_t sum_of(const std::int64_t mine, const MPI_Comm comm)
{
  std::int64_t all = mine;
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT64_T, MPI_SUM, comm);
  return all;
}

} // namespace

Lattice::Lattice(const MPI_Comm comm, const LatticeExtent &extent, const GroundAt &ground,
                 const ElementGrid &elements, const tissue::LatticeOptions &options,
                 const std::vector<double> &layer_weight)
    : options_(options),
      slab_(comm, extent,
            slab_cuts(layer_weight.empty() ? std::vector<double>(static_cast<std::size_t>(extent.nz), 1.0)
                                           : layer_weight,
                      elements.alignment(), ranks_of(comm))),
      elements_(slab_, elements), element_sites_(elements_.size(), 0)
{
  together(comm, [&] {
    for (std::int64_t z = slab_.z_begin(); z < slab_.z_end(); ++z)
      for (std::int64_t y = 0; y < extent.ny; ++y)
        for (std::int64_t x = 0; x < extent.nx; ++x) {
          const LatticeSlab::Index site = slab_.index(x, y, z);
          const tissue::SiteCode code = tissue::site_code(ground(x, y, z));
          slab_.lay(site, code);
          if (!tissue::contains(tissue::sites::in_elements, code)) continue;
          const std::uint32_t element = elements_.of(slab_, site);
          if (element != LatticeElements::none) ++element_sites_[element];
        }
  });
  slab_.update_halo();
  if (!options.erodes()) return;
  element_scaffold_.assign(elements_.size(), 0);
  for (std::int64_t z = slab_.z_begin(); z < slab_.z_end(); ++z)
    for (std::int64_t y = 0; y < extent.ny; ++y)
      for (std::int64_t x = 0; x < extent.nx; ++x) {
        const LatticeSlab::Index site = slab_.index(x, y, z);
        if (slab_.code(site) != tissue::site_code(tissue::Ground::scaffold)) continue;
        const std::uint32_t element = elements_.of(slab_, site);
        if (element == LatticeElements::none) continue;
        ++element_scaffold_[element];
        scaffold_.push_back(site);
      }
}

void Lattice::make_tissue_of(const LatticeSlab::Index scaffold)
{
  slab_.set(scaffold, tissue::site_code(tissue::Ground::tissue));
  const std::uint32_t element = elements_.of(slab_, scaffold);
  --element_scaffold_[element];
  ++element_sites_[element];
  eroded_.push_back(scaffold);
}

std::int64_t Lattice::erode(const std::vector<SitePlace> &sites)
{
  std::vector<LatticeSlab::Index> gone;
  const LatticeExtent &extent = slab_.extent();
  for (const SitePlace &s : sites)
    if (s.z >= slab_.z_begin() && s.z < slab_.z_end() && s.x >= 0 && s.x < extent.nx && s.y >= 0 &&
        s.y < extent.ny)
      gone.push_back(slab_.index(s.x, s.y, s.z));
  std::sort(gone.begin(), gone.end());
  std::int64_t n = 0;
  std::erase_if(scaffold_, [&](const LatticeSlab::Index site) {
    if (!std::binary_search(gone.begin(), gone.end(), site)) return false;
    make_tissue_of(site);
    ++n;
    return true;
  });
  slab_.exchange_changes();
  return sum_of(n, slab_.comm());
}

std::int64_t Lattice::place(const std::vector<PlacedCell> &cells)
{
  std::int64_t placed = 0;
  for (const PlacedCell &c : cells)
    if (c.z >= slab_.z_begin() && c.z < slab_.z_end() && put(c)) ++placed;
  return settle(placed);
}

bool Lattice::put(const PlacedCell &c)
{
  const LatticeSlab::Index site = slab_.index(c.x, c.y, c.z);
  const bool is_stromal = c.kind == Occupant::msc;
  const tissue::CodeSet room = is_stromal ? tissue::sites::free_for_birth : tissue::sites::free_in_tissue;
  if (c.kind == Occupant::none || !tissue::contains(room, slab_.code(site))) return false;
  slab_.lay(site, tissue::with_occupant(slab_.code(site), c.kind));
  (is_stromal ? stromal_ : formed_).push_back({site, c.age});
  return true;
}

std::int64_t Lattice::settle(const std::int64_t n)
{
  slab_.update_halo();
  sort_cells(stromal_);
  sort_cells(formed_);
  return sum_of(n, slab_.comm());
}

std::int64_t
Lattice::seed(const std::function<bool(std::int64_t, std::int64_t, std::int64_t, PlacedCell &)> &who)
{
  std::int64_t seeded = 0;
  const LatticeExtent &extent = slab_.extent();
  together(slab_.comm(), [&] {
    for (std::int64_t z = slab_.z_begin(); z < slab_.z_end(); ++z)
      for (std::int64_t y = 0; y < extent.ny; ++y)
        for (std::int64_t x = 0; x < extent.nx; ++x) {
          if (!tissue::contains(tissue::sites::free_for_birth, slab_.code(slab_.index(x, y, z)))) continue;
          PlacedCell cell{x, y, z};
          if (who(x, y, z, cell) && put(cell)) ++seeded;
        }
  });
  return settle(seeded);
}

LatticeReport Lattice::advance(const int day, const std::vector<tissue::Window> &stimulus)
{
  if (stimulus.size() != elements_.size())
    throw Fault(Exit::model, "lattice-elements", "Regeneration/Lattice",
                "stimuli are not given for every element of this rank")
        .found(static_cast<double>(stimulus.size()))
        .wanted(std::to_string(elements_.size()));
  LatticeStep step(*this, day, stimulus);
  step.erode();
  step.fate();
  step.divide();
  step.migrate();
  return step.evening();
}

void Lattice::sort_cells(std::vector<LatticeCell> &list) const
{
  // By bands: what follows in a list is then near in memory too.
  std::vector<std::size_t> begin(slab_.n_bands() + 1, 0);
  for (const LatticeCell &c : list)
    if (c.site != LatticeSlab::none) ++begin[slab_.band(c.site) + 1];
  for (std::size_t k = 1; k < begin.size(); ++k) begin[k] += begin[k - 1];
  std::vector<LatticeCell> sorted(begin.back());
  for (const LatticeCell &c : list)
    if (c.site != LatticeSlab::none) sorted[begin[slab_.band(c.site)]++] = c;
  list.swap(sorted);
}

std::vector<std::uint32_t> Lattice::element_counts() const
{
  std::vector<std::uint32_t> counts(elements_.size() * tissue::n_occupants, 0);
  for (std::size_t e = 0; e < elements_.size(); ++e) counts[e * tissue::n_occupants] = element_sites_[e];
  for (const std::vector<LatticeCell> *const list : {&stromal_, &formed_})
    for (const LatticeCell &c : *list) {
      const tissue::SiteCode code = slab_.code(c.site);
      if (!tissue::contains(tissue::sites::in_elements, code)) continue;
      const std::uint32_t e = elements_.of(slab_, c.site);
      if (e == LatticeElements::none) continue;
      --counts[e * tissue::n_occupants];
      ++counts[e * tissue::n_occupants + index(tissue::occupant_of(code))];
    }
  return counts;
}

std::array<std::int64_t, tissue::n_occupants> Lattice::counts() const
{
  std::array<std::int64_t, tissue::n_occupants> counts{};
  for (const std::uint32_t n : element_sites_) counts[0] += n;
  for (const std::vector<LatticeCell> *const list : {&stromal_, &formed_})
    for (const LatticeCell &c : *list) {
      const tissue::SiteCode code = slab_.code(c.site);
      if (!tissue::contains(tissue::sites::in_elements, code)) continue;
      if (elements_.of(slab_, c.site) == LatticeElements::none) continue;
      --counts[0];
      ++counts[index(tissue::occupant_of(code))];
    }
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), static_cast<int>(counts.size()), MPI_INT64_T, MPI_SUM,
                slab_.comm());
  return counts;
}

std::int64_t Lattice::n_stromal() const
{
  return sum_of(static_cast<std::int64_t>(stromal_.size()), slab_.comm());
}

std::vector<PlacedCell> Lattice::cells() const
{
  std::vector<PlacedCell> cells;
  cells.reserve(n_local());
  for_each_cell([&](const PlacedCell &c) { cells.push_back(c); });
  return cells;
}

std::vector<SitePlace> Lattice::eroded() const
{
  std::vector<SitePlace> places;
  for (const LatticeSlab::Index site : eroded_) {
    const auto [x, y, z] = slab_.place(site);
    places.push_back({x, y, z});
  }
  return places;
}

std::uint64_t Lattice::checksum() const
{
  std::uint64_t sum = 0;
  for (const std::vector<LatticeCell> *const list : {&stromal_, &formed_})
    for (const LatticeCell &c : *list)
      sum += mixed(slab_.key(c.site) << 16 | static_cast<std::uint64_t>(slab_.code(c.site)) << 8 | c.age);
  for (const LatticeSlab::Index site : eroded_) sum += mixed(slab_.key(site) << 16 | 0xFFFF);
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, slab_.comm());
  return sum;
}

std::size_t Lattice::site_bytes() const
{
  return slab_.n_bytes() + elements_.bytes();
}

std::size_t Lattice::list_bytes() const
{
  return (stromal_.capacity() + formed_.capacity()) * sizeof(LatticeCell) +
         (scaffold_.capacity() + eroded_.capacity()) * sizeof(LatticeSlab::Index);
}

} // namespace wolff::regeneration
