#include "io/cell_points.h"

#include "base/errors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace wolff::io {

namespace {

using LatticeIndex = std::array<std::int64_t, 3>;
constexpr int bits_per_axis = 21;

// Corners in the order of VTK_HEXAHEDRON, as bits: 1 for +x, 2 for +y, 4 for +z. Also the place of each VTK
// corner in lexicographic order.
constexpr std::array<int, 8> vtk_corner{0, 1, 3, 2, 4, 5, 7, 6};

/// Lattice point -> number in the order of first call. Open addressing: std::unordered_map would need five
/// times the memory and time for the tens of millions of points of a rank.
class PointNumbers
{
public:
  explicit PointNumbers(const std::size_t expected) { resize(std::bit_ceil(2 * expected + 16)); }

  /// The number, and whether it is new.
  std::pair<std::uint32_t, bool> at(const std::uint64_t key)
  {
    if (2 * count_ > keys_.size()) grow();
    const std::size_t slot = find(key);
    if (keys_[slot] == key) return {numbers_[slot], false};
    keys_[slot] = key;
    numbers_[slot] = static_cast<std::uint32_t>(count_++);
    return {numbers_[slot], true};
  }

private:
  static constexpr std::uint64_t empty = ~std::uint64_t{0};

  std::size_t find(const std::uint64_t key) const
  {
    std::uint64_t hash = key * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
    std::size_t slot = hash & (keys_.size() - 1);
    while (keys_[slot] != empty && keys_[slot] != key) slot = (slot + 1) & (keys_.size() - 1);
    return slot;
  }

  void resize(const std::size_t slots)
  {
    keys_.assign(slots, empty);
    numbers_.assign(slots, 0);
  }

  void grow()
  {
    const std::vector<std::uint64_t> keys = std::move(keys_);
    const std::vector<std::uint32_t> numbers = std::move(numbers_);
    resize(2 * keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] != empty) {
        const std::size_t slot = find(keys[i]);
        keys_[slot] = keys[i];
        numbers_[slot] = numbers[i];
      }
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> numbers_;
  std::size_t count_ = 0;
};

std::int64_t on_lattice(const double steps)
{
  const double rounded = std::round(steps);
  if (!(std::abs(steps - rounded) < 1e-3)) // rounding of coordinates is many orders smaller
    throw Fault(Exit::internal, "cells-off-lattice", "",
                "cells do not lie on one lattice of their smallest edge");
  if (rounded >= double{1 << bits_per_axis})
    throw Fault(Exit::too_large, "lattice", "",
                "the cells of a rank reach over more lattice steps than a file can number")
        .found(rounded)
        .wanted("less than 2^21");
  return static_cast<std::int64_t>(rounded);
}

} // namespace

CellPoints corner_points(const std::span<const discretisation::Cell> cells)
{
  CellPoints points;
  if (cells.empty()) return points;
  double step = std::numeric_limits<double>::infinity();
  Vector3 least = Vector3::Constant(step);
  for (const discretisation::Cell &cell : cells) {
    step = std::min(step, cell.edge);
    least = least.cwiseMin(cell.centre - Vector3::Constant(cell.edge / 2));
  }

  PointNumbers numbers(cells.size() + cells.size() / 4);
  points.corners.reserve(8 * cells.size());
  points.xyz.reserve(3 * (cells.size() + cells.size() / 4));
  for (const discretisation::Cell &cell : cells) {
    LatticeIndex low{};
    for (int axis = 0; axis < 3; ++axis)
      low[static_cast<std::size_t>(axis)] =
          on_lattice((cell.centre[axis] - cell.edge / 2 - least[axis]) / step);
    const std::int64_t width = on_lattice(cell.edge / step);
    for (const int corner : vtk_corner) {
      std::uint64_t key = 0;
      for (std::size_t axis = 0; axis < 3; ++axis)
        key = key << bits_per_axis |
              static_cast<std::uint64_t>(low[axis] + ((corner >> axis & 1) != 0 ? width : 0));
      const auto [number, is_new] = numbers.at(key);
      if (is_new)
        for (int axis = 0; axis < 3; ++axis)
          points.xyz.push_back(cell.centre[axis] + ((corner >> axis & 1) != 0 ? cell.edge : -cell.edge) / 2);
      if (number > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max()))
        throw Fault(Exit::too_large, "points-many", "", "one rank has more points than a file can number")
            .wanted("less than 2^31")
            .hint("Use more ranks.");
      points.corners.push_back(static_cast<std::int32_t>(number));
    }
  }
  return points;
}

std::vector<double> point_values(const CellPoints &points, const std::span<const double> corner_values,
                                 const int components)
{
  const auto n = static_cast<std::size_t>(components);
  if (corner_values.size() != 8 * points.n_cells() * n)
    throw Fault(Exit::internal, "array-length", "", "number of corner values")
        .found(std::to_string(corner_values.size()))
        .wanted(std::to_string(8 * points.n_cells() * n));
  std::vector<double> values(points.n_points() * n);
  std::int64_t next = 0; // points are numbered in the order of first use, so this is the next without a value
  for (std::size_t i = 0; i < points.corners.size(); ++i) {
    if (points.corners[i] != next) continue;
    const std::size_t from = (i / 8 * 8 + static_cast<std::size_t>(vtk_corner[i % 8])) * n;
    std::copy_n(corner_values.begin() + static_cast<std::ptrdiff_t>(from), n,
                values.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(next) * n));
    ++next;
  }
  return values;
}

} // namespace wolff::io
