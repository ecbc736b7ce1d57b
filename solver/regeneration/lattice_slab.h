// The sites of the cell lattice as one rank sees them: a slab of layers across z, one byte a site, with two
// layers of the neighbours on either side. Knows how the ranks tell each other what changed and who claims
// which site; does not know why.
#pragma once

#include "tissue/lattice_draws.h"
#include "tissue/lattice_sites.h"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace wolff::regeneration {

/// Number of sites along the axes.
struct LatticeExtent
{
  std::int64_t nx = 0, ny = 0, nz = 0;
  std::int64_t n_sites() const { return nx * ny * nz; }
  bool operator==(const LatticeExtent &) const = default;
};

/**
 * First layer of each rank's slab, and one past the last: n_ranks + 1 ascending numbers. Cuts lie where a
 * multiple of @p alignment layers ends (the elements of one rank are then all its own) and are as near as can
 * be to equal shares of @p weight, one number a layer. A slab has three layers or more, or none: with fewer,
 * a site would be seen by three ranks.
 */
std::vector<std::int64_t> slab_cuts(const std::vector<double> &weight, std::int64_t alignment, int n_ranks);

/**
 * A site is known by its index in `bytes` on this rank, and by its key everywhere; key = index + key_offset.
 * Sites lie x fastest, with a rim of walls, so that every owned site has six neighbours at fixed distances.
 *
 * Conflicts for a free site: each cell claims a neighbour by its direction. The byte of the site holds the
 * direction of the best claimant so far, the one with the larger priority, of equal ones the smaller key. So
 * the winner does not depend on the order of the claims.
 */
class LatticeSlab
{
public:
  using Index = std::uint32_t;
  static constexpr Index none = std::numeric_limits<Index>::max();

  /// Slab [cuts[rank], cuts[rank + 1]) of a lattice of walls. @throws Fault (exit 7): more sites on a rank
  /// than an index holds. Collective.
  LatticeSlab(MPI_Comm comm, const LatticeExtent &extent, const std::vector<std::int64_t> &cuts);

  MPI_Comm comm() const { return comm_; }
  const LatticeExtent &extent() const { return extent_; }
  std::int64_t z_begin() const { return z_begin_; }
  std::int64_t z_end() const { return z_end_; }
  std::size_t n_bytes() const { return bytes_.size(); }

  Index index(std::int64_t x, std::int64_t y, std::int64_t z) const
  {
    return static_cast<Index>((z - z_begin_ + 2) * plane_ + (y + 1) * row_ + x + 1);
  }
  std::uint64_t key(const Index i) const { return static_cast<std::uint64_t>(i + key_offset_); }
  std::array<std::int64_t, 3> place(const Index i) const
  {
    const Index z = i / static_cast<Index>(plane_), rest = i - z * static_cast<Index>(plane_),
                y = rest / static_cast<Index>(row_);
    return {rest - y * row_ - 1, std::int64_t{y} - 1, z - 2 + z_begin_};
  }
  bool is_owned(const Index i) const { return i - own_begin_ < own_size_; }
  Index neighbour(const Index i, const unsigned d) const { return i + static_cast<Index>(offsets_[d]); }
  /// Bands of sixteen rows, in the order of memory: the band of an owned site, and their number.
  std::size_t band(const Index i) const { return (i - own_begin_) / static_cast<Index>(16 * row_); }
  std::size_t n_bands() const { return own_size_ / static_cast<std::size_t>(16 * row_) + 1; }

  tissue::SiteCode code(const Index i) const { return bytes_[i] & tissue::site_code_bits; }
  /// Directions whose neighbours have a code of @p set.
  [[gnu::always_inline]] unsigned neighbours_in(const Index i, const tissue::CodeSet set) const
  {
    // Six loads, six steps of arithmetic, no branch.
    const auto has = [&](const std::int32_t offset) {
      return (set >> (bytes_[i + static_cast<Index>(offset)] & tissue::site_code_bits)) & 1U;
    };
    const auto row = static_cast<std::int32_t>(row_), plane = static_cast<std::int32_t>(plane_);
    const unsigned found =
        has(-1) | has(1) << 1 | has(-row) << 2 | has(row) << 3 | has(-plane) << 4 | has(plane) << 5;
    return found;
  }

  /// Bring a site and its neighbours near the processor; they will be asked for soon.
  void fetch(const Index i) const
  {
    const std::uint8_t *const site = bytes_.data() + i;
    for (const std::int64_t offset : {std::int64_t{0}, -row_, row_, -plane_, plane_})
      __builtin_prefetch(site + offset);
  }
  /// The same for a site alone.
  void fetch_alone(const Index i) const { __builtin_prefetch(bytes_.data() + i); }

  /// Give a site its ground before anything else happens; the halo follows with update_halo().
  void lay(const Index i, const tissue::SiteCode code) { bytes_[i] = code; }
  /// Fill the two layers of each neighbour. Collective among neighbours.
  void update_halo();

  /// Change a site that this rank decides about; claims on it are cleared. Neighbours that see it are told by
  /// exchange_changes().
  [[gnu::always_inline]] void set(const Index i, const tissue::SiteCode code)
  {
    bytes_[i] = code;
    if (i - own_begin_ < visible_ || own_begin_ + own_size_ - 1 - i < visible_) note(i, code);
  }
  /// Put a cell on a site of a neighbour that was granted: it is added to that rank's cells.
  void send_cell(Index i, tissue::SiteCode code, std::uint8_t age, std::uint8_t left = 0);

  struct Arrival
  {
    Index site;
    std::uint8_t age;
    std::uint8_t left; ///< jumps that it may still make in this turn
  };
  /// Tell the neighbours what changed; returns the cells that came. Collective among neighbours.
  std::vector<Arrival> exchange_changes();

  /// Begin a round of claims: @p draws, purpose and round give the priorities (second word of the draw).
  void begin_claims(const tissue::Draws &draws, tissue::Purpose purpose, std::uint32_t round);
  /// The cell at @p source wants its neighbour in @p direction. @p priority: the second word of its draw.
  [[gnu::always_inline]] void claim(const Index source, const tissue::Direction direction,
                                    const std::uint32_t priority)
  {
    const Index target = neighbour(source, direction);
    if (is_owned(target)) {
      if (bytes_[target] <= tissue::site_code_bits) // nobody has claimed it yet
        bytes_[target] = static_cast<std::uint8_t>(bytes_[target] | ((direction ^ 1U) + 1U) << 5);
      else
        settle(target, static_cast<tissue::Direction>(direction ^ 1U), priority);
    } else
      claims_[direction & 1U].push_back(key(target) << 3 | (direction ^ 1U));
  }
  /// Settle the claims across slabs. Collective among neighbours.
  void exchange_claims();
  /// Was this claim granted? To be asked once for every claim, in the order in which they were made, after
  /// exchange_claims() and, for one cell, before set() on its sites.
  [[gnu::always_inline]] bool granted(const Index source, const tissue::Direction direction)
  {
    const Index target = neighbour(source, direction);
    if (is_owned(target)) return (bytes_[target] >> 5) == (direction ^ 1U) + 1U;
    const std::size_t side = direction & 1U;
    return grants_[side][asked_[side]++] != 0;
  }
  /// Forget a claim that was granted but is not used, or that was lost.
  void withdraw(const Index source, const tissue::Direction direction)
  {
    const Index target = neighbour(source, direction);
    if (granted_here(target, direction)) bytes_[target] &= tissue::site_code_bits;
  }

private:
  void note(Index i, tissue::SiteCode code);
  void settle(Index target, tissue::Direction to_claimant, std::uint32_t priority);
  bool granted_here(const Index target, const tissue::Direction direction) const
  {
    return is_owned(target) && (bytes_[target] >> 5) == (direction ^ 1U) + 1U;
  }

  MPI_Comm comm_;
  LatticeExtent extent_;
  std::int64_t z_begin_ = 0, z_end_ = 0, row_ = 0, plane_ = 0, key_offset_ = 0;
  Index own_begin_ = 0, own_size_ = 0, visible_ = 0;
  std::array<std::int32_t, 6> offsets_{};
  int below_ = MPI_PROC_NULL, above_ = MPI_PROC_NULL; ///< ranks of the neighbours
  std::vector<std::uint8_t> bytes_;

  tissue::Draws draws_;
  tissue::Purpose purpose_ = tissue::Purpose::jump;
  std::uint32_t round_ = 0;
  // Index 0: towards the neighbour below, 1: above.
  std::array<std::vector<std::uint64_t>, 2> changes_, claims_, received_;
  std::array<std::vector<std::uint8_t>, 2> grants_;
  std::array<std::size_t, 2> asked_{};
};

} // namespace wolff::regeneration
