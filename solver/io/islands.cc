#include "io/islands.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace wolff::io {

namespace {

/// Sets of voxels that join; the representative of a set is its least index.
class Parts
{
public:
  explicit Parts(const std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0u); }

  std::uint32_t of(std::uint32_t i)
  {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  void join(const std::uint32_t a, const std::uint32_t b)
  {
    const std::uint32_t p = of(a), q = of(b);
    parent_[std::max(p, q)] = std::min(p, q);
  }

private:
  std::vector<std::uint32_t> parent_;
};

} // namespace

Islands find_islands(const std::array<std::int64_t, 3> &size, const std::vector<std::uint8_t> &solid)
{
  const auto [nx, ny, nz] = size;
  const auto index = [nx = nx, ny = ny](const std::int64_t x, const std::int64_t y, const std::int64_t z) {
    return static_cast<std::uint32_t>(x + nx * (y + ny * z));
  };
  const auto for_each_solid = [&, nx = nx, ny = ny, nz = nz](const auto &work) {
    for (std::int64_t z = 0; z < nz; ++z)
      for (std::int64_t y = 0; y < ny; ++y)
        for (std::int64_t x = 0; x < nx; ++x)
          if (solid[index(x, y, z)] != 0) work(x, y, z, index(x, y, z));
  };

  Parts parts(solid.size());
  for_each_solid(
      [&](const std::int64_t x, const std::int64_t y, const std::int64_t z, const std::uint32_t i) {
        if (x > 0 && solid[i - 1] != 0) parts.join(i, i - 1);
        if (y > 0 && solid[index(x, y - 1, z)] != 0) parts.join(i, index(x, y - 1, z));
        if (z > 0 && solid[index(x, y, z - 1)] != 0) parts.join(i, index(x, y, z - 1));
      });

  std::map<std::uint32_t, Island> found;
  for_each_solid(
      [&](const std::int64_t x, const std::int64_t y, const std::int64_t z, const std::uint32_t i) {
        Island &island = found[parts.of(i)];
        ++island.voxels;
        island.centre[0] += static_cast<double>(x);
        island.centre[1] += static_cast<double>(y);
        island.centre[2] += static_cast<double>(z);
      });

  Islands result;
  for (auto &[representative, island] : found) {
    for (double &c : island.centre) c /= static_cast<double>(island.voxels);
    result.parts.push_back(island);
  }
  std::stable_sort(result.parts.begin(), result.parts.end(),
                   [](const Island &a, const Island &b) { return a.voxels > b.voxels; });
  if (result.parts.size() < 2) return result;

  // Each pair once: only neighbours that come later in the order of the voxels.
  for_each_solid([&, nx = nx, ny = ny, nz = nz](const std::int64_t x, const std::int64_t y,
                                                const std::int64_t z, const std::uint32_t i) {
    for (std::int64_t dz = 0; dz <= 1; ++dz)
      for (std::int64_t dy = -1; dy <= 1; ++dy)
        for (std::int64_t dx = -1; dx <= 1; ++dx) {
          const std::int64_t axes = std::abs(dx) + std::abs(dy) + std::abs(dz);
          if (axes < 2 || (dz == 0 && dy < 0)) continue;
          if (x + dx < 0 || x + dx >= nx || y + dy < 0 || y + dy >= ny || z + dz >= nz) continue;
          const std::uint32_t other = index(x + dx, y + dy, z + dz);
          if (solid[other] == 0 || parts.of(other) == parts.of(i)) continue;
          ++(axes == 2 ? result.edge_contacts : result.corner_contacts);
        }
  });
  return result;
}

} // namespace wolff::io
