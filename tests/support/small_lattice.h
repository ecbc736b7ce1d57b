// A small lattice with every kind of ground, cell and stimulus in it, for tests of the cell lattice.
#pragma once

#include "regeneration/lattice.h"

#include <cstdint>
#include <vector>

namespace wolff::tests {

/// Nothing happens but what a test switches on.
inline tissue::LatticeOptions quiet()
{
  tissue::LatticeOptions o;
  o.msc_division = o.fibroblast_division = o.chondrocyte_division = o.osteoblast_division = 0;
  o.differentiation = o.graft_differentiation = 0;
  o.osteoblast_death = o.chondrocyte_death = o.fibroblast_death = 0;
  o.jumps = 0;
  o.differentiation_from = 1;
  return o;
}

/// Bone ends with a marrow canal below and above, a strut of scaffold, a steel plate, graft on one side, a
/// rim that is neither tissue nor marrow; tissue elsewhere.
inline tissue::Ground small_ground(const std::int64_t x, const std::int64_t y, const std::int64_t z)
{
  using tissue::Ground;
  if (x == 0) return Ground::plate;
  if (y == 0) return Ground::outside;
  if (z < 6 || z >= 34) return x >= 6 && x < 16 && y >= 5 && y < 13 ? Ground::marrow : Ground::host_bone;
  if (x / 3 == 3 && y / 3 == 2) return Ground::scaffold;
  return x >= 12 ? Ground::graft : Ground::tissue;
}

constexpr regeneration::LatticeExtent small_extent{22, 18, 40};

/// Every stimulus somewhere, by the global number of the element.
inline std::vector<tissue::Window> mixed_stimulus(const regeneration::Lattice &lattice, const int day)
{
  std::vector<tissue::Window> stimulus;
  for (const std::int64_t id : lattice.elements().ids())
    stimulus.push_back(static_cast<tissue::Window>((id * 7 + id / 11 + day / 20) % 5));
  return stimulus;
}

/// Stromal cells in the marrow and some in the tissue, formed cells of all kinds.
inline void fill(regeneration::Lattice &lattice)
{
  lattice.seed(
      [](const std::int64_t x, const std::int64_t y, const std::int64_t z, regeneration::PlacedCell &cell) {
        const auto words = philox(
            {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(z), 0},
            {99, 0});
        const bool in_marrow =
            tissue::ground_of(tissue::site_code(small_ground(x, y, z))) == tissue::Ground::marrow;
        cell.age = static_cast<std::uint8_t>(below(words[1], 9));
        if (!in_marrow) cell.kind = static_cast<tissue::Occupant>(1 + below(words[2], 5));
        return words[0] < chance_bound(in_marrow ? 0.3 : 0.05);
      });
}

} // namespace wolff::tests
