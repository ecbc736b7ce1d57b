// The random choices of the cell lattice. Every draw is keyed by seed, day, purpose and place, so that the
// same cells do the same thing whatever the order in which, or the processor on which, they are looked at.
#pragma once

#include "base/counter_random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wolff::tissue {

/// What a draw is for: draws of different purposes are independent.
enum class Purpose : std::uint32_t
{
  seeding,
  ground, ///< is a site of a homogenised skeleton bone?
  fate,   ///< differentiation of a stromal cell, or death
  division,
  division_place,
  turn, ///< of a stromal cell in the migration
  jump,
  erosion ///< of a site of scaffold
};

struct Draws
{
  std::uint64_t seed = 0;
  std::uint32_t day = 0;

  /// 128 uniform bits. @p round separates repeated draws of one purpose on one day (less than 2^24).
  std::array<std::uint32_t, 4> operator()(const std::uint64_t site, const Purpose purpose,
                                          const std::uint32_t round = 0) const
  {
    return philox({static_cast<std::uint32_t>(site), static_cast<std::uint32_t>(site >> 32), day,
                   static_cast<std::uint32_t>(purpose) << 24 | round},
                  {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  }

  /// The first two words of each of @p n sites.
  void pairs(const std::uint64_t *sites, const std::size_t n, const Purpose purpose,
             const std::uint32_t round, std::uint32_t *first, std::uint32_t *second) const
  {
    philox_pairs(sites, n, day, static_cast<std::uint32_t>(purpose) << 24 | round,
                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, first, second);
  }
};

/// Directions to the face neighbours: -x, +x, -y, +y, -z, +z. The opposite of d is d ^ 1.
constexpr unsigned n_directions = 6;
using Direction = std::uint8_t;
constexpr Direction no_direction = 7;

/// Sets of directions (bit d for direction d): how many, and which they are in ascending order.
struct DirectionSet
{
  Direction size = 0;
  std::array<Direction, 7> nth{};
};
inline constexpr std::array<DirectionSet, 64> direction_sets = [] {
  std::array<DirectionSet, 64> sets{};
  for (unsigned set = 0; set < 64; ++set)
    for (unsigned d = 0; d < n_directions; ++d)
      if (set >> d & 1U) sets[set].nth[sets[set].size++] = static_cast<Direction>(d);
  return sets;
}();

/// A uniformly chosen direction of a set that is not empty.
constexpr Direction one_direction(const unsigned set, const std::uint32_t bits)
{
  const DirectionSet &s = direction_sets[set];
  return s.nth[below(bits, s.size)];
}

/// How a mother cell divides.
enum class DivisionPatterns : std::uint8_t
{
  one_or_both_move, ///< 21: one daughter moves to a free face neighbour, or both to two of them
  one_moves         ///< 6: one daughter moves
};

struct Division
{
  Direction first, second = no_direction; ///< the second daughter stays if it has none
};

/**
 * A uniformly chosen pattern of those that the free face neighbours allow: with n of them (n > 0) there are n
 * patterns in which one daughter moves and, where both may, n(n-1)/2 in which the mother's site is left
 * empty.
 */
constexpr Division choose_division(const DivisionPatterns patterns, const unsigned free,
                                   const std::uint32_t bits)
{
  const auto &nth = direction_sets[free].nth;
  const unsigned n = direction_sets[free].size;
  const unsigned pairs = patterns == DivisionPatterns::one_or_both_move ? n * (n - 1) / 2 : 0;
  unsigned chosen = below(bits, n + pairs);
  if (chosen < n) return {nth[chosen]};
  chosen -= n;
  unsigned first = 0;
  for (; chosen >= n - 1 - first; ++first) chosen -= n - 1 - first;
  return {nth[first], nth[first + 1 + chosen]};
}

} // namespace wolff::tissue
