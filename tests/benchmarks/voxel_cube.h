// Cubes of voxels to be solved and timed: a sheet gyroid in soft tissue, random bone in void. The mask is
// that of the whole cube, the same on every rank: one byte a voxel.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace wolff::benchmarks {

/// A number in [0, 1) that depends on the index and the seed only, so it is the same on any number of ranks.
inline double number_of(const std::uint64_t index, const std::uint64_t seed)
{
  std::uint64_t z = index + (seed + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

class VoxelCube
{
public:
  explicit VoxelCube(const int n) : n_(n), solid_(static_cast<std::size_t>(n) * n * n, 0) {}

  int n() const { return n_; }
  bool solid(const int i, const int j, const int k) const { return solid_[index(i, j, k)] != 0; }
  std::size_t index(const int i, const int j, const int k) const
  {
    return (static_cast<std::size_t>(k) * n_ + j) * n_ + i;
  }

  /// Is a voxel of the other kind beside one of its six faces?
  bool at_surface(const int i, const int j, const int k) const
  {
    const bool own = solid(i, j, k);
    bool found = false;
    for_each_neighbour(i, j, k,
                       [&](const int a, const int b, const int c) { found |= solid(a, b, c) != own; });
    return found;
  }

  template <typename Inside>
  void fill(const Inside &inside)
  {
    for (int k = 0; k < n_; ++k)
      for (int j = 0; j < n_; ++j)
        for (int i = 0; i < n_; ++i) solid_[index(i, j, k)] = inside(i, j, k) ? 1 : 0;
  }

  /// Leave solid only what hangs on the face z = 0 through faces of voxels.
  void keep_what_is_held()
  {
    std::vector<std::size_t> front;
    const auto reach = [&](const int i, const int j, const int k) {
      std::uint8_t &voxel = solid_[index(i, j, k)];
      if (voxel != 1) return;
      voxel = 2;
      front.push_back(index(i, j, k));
    };
    for (int j = 0; j < n_; ++j)
      for (int i = 0; i < n_; ++i) reach(i, j, 0);
    while (!front.empty()) {
      const std::size_t voxel = front.back(), n = static_cast<std::size_t>(n_);
      front.pop_back();
      for_each_neighbour(static_cast<int>(voxel % n), static_cast<int>(voxel / n % n),
                         static_cast<int>(voxel / (n * n)), reach);
    }
    for (std::uint8_t &voxel : solid_) voxel = voxel == 2 ? 1 : 0;
  }

private:
  template <typename Visit>
  void for_each_neighbour(const int i, const int j, const int k, const Visit &visit) const
  {
    if (i > 0) visit(i - 1, j, k);
    if (i + 1 < n_) visit(i + 1, j, k);
    if (j > 0) visit(i, j - 1, k);
    if (j + 1 < n_) visit(i, j + 1, k);
    if (k > 0) visit(i, j, k - 1);
    if (k + 1 < n_) visit(i, j, k + 1);
  }

  int n_;
  std::vector<std::uint8_t> solid_;
};

/// Sheet gyroid, 32 voxels a period, 30 % solid: |sin x cos y + sin y cos z + sin z cos x| below its 30 %
/// quantile.
inline VoxelCube gyroid(const int n)
{
  constexpr int period = 32;
  const auto height = [](const int i, const int j, const int k) {
    const auto angle = [](const int place) { return 2 * std::numbers::pi * (place + 0.5) / period; };
    const double x = angle(i), y = angle(j), z = angle(k);
    return std::abs(std::sin(x) * std::cos(y) + std::sin(y) * std::cos(z) + std::sin(z) * std::cos(x));
  };
  std::vector<double> heights(static_cast<std::size_t>(period) * period * period);
  for (std::size_t v = 0; v < heights.size(); ++v)
    heights[v] = height(static_cast<int>(v % period), static_cast<int>(v / period % period),
                        static_cast<int>(v / (period * period)));
  std::vector<double> sorted = heights;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(0.3 * static_cast<double>(sorted.size()));
  std::nth_element(sorted.begin(), middle, sorted.end());
  VoxelCube cube(n);
  cube.fill([&](const int i, const int j, const int k) {
    return heights[static_cast<std::size_t>((k % period * period + j % period) * period + i % period)] <
           *middle;
  });
  return cube;
}

/**
 * Random bone, 30 % solid: 100 plane waves of random direction and phase, about 24 voxels long, cut where
 * their sum, nearly normal by then, exceeds its 70 % quantile; what does not hang on z = 0 is left out.
 */
inline VoxelCube random_bone(const int n, const std::uint64_t seed)
{
  struct Wave
  {
    double x, y, z, phase;
  };
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<Wave> waves(100);
  for (Wave &wave : waves) {
    const double x = normal(engine), y = normal(engine), z = normal(engine);
    const double number = 2 * std::numbers::pi / 24 * (1 + 0.14 * normal(engine)); // radians a voxel
    const double scale = number / std::sqrt(x * x + y * y + z * z);
    wave = {scale * x, scale * y, scale * z, 2 * std::numbers::pi * number_of(engine(), seed)};
  }
  const double cut =
      0.524 * std::sqrt(0.5 * static_cast<double>(waves.size())); // P(standard normal > 0.524) = 0.3
  std::vector<double> row(static_cast<std::size_t>(n));
  VoxelCube cube(n);
  cube.fill([&](const int i, const int j, const int k) {
    if (i == 0) {
      std::fill(row.begin(), row.end(), 0.0);
      for (const Wave &wave : waves) { // along a row each wave turns by the same angle
        const double start = wave.y * j + wave.z * k + wave.phase, turn_c = std::cos(wave.x),
                     turn_s = std::sin(wave.x);
        double c = std::cos(start), s = std::sin(start);
        for (double &sum : row) {
          sum += c;
          const double next = c * turn_c - s * turn_s;
          s = s * turn_c + c * turn_s;
          c = next;
        }
      }
    }
    return row[static_cast<std::size_t>(i)] > cut;
  });
  cube.keep_what_is_held();
  return cube;
}

} // namespace wolff::benchmarks
