// Nodes of bricks, and of the voxels in them, by their place in space.
#pragma once

#include "discretisation/brick_nodes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace wolff::tests {

/// visit(local number, position) for all nodes of the owned bricks, those that bricks share once for each.
/// @p nodes: BrickNodes or VoxelNodes
template <typename Nodes, typename Visit>
void for_each_place(const discretisation::BrickForest &forest, const Nodes &nodes, const Visit &visit)
{
  const int n = nodes.n(), m = n + 1;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int i = 0; i < m * m * m; ++i)
      visit(nodes.of_brick(b)[i],
            discretisation::node_position(forest.brick(b), n, i % m, i / m % m, i / (m * m)));
}

/// The same for each node that this rank owns and that does not hang, once.
template <typename Nodes, typename Visit>
void for_each_free_node(const discretisation::BrickForest &forest, const Nodes &nodes, const Visit &visit)
{
  std::vector<std::uint8_t> done(nodes.n_owned(), 0);
  for_each_place(forest, nodes, [&](const std::uint32_t node, const Vector3 &x) {
    if (node >= nodes.n_owned() || nodes.is_hanging(node) || done[node]) return;
    done[node] = 1;
    visit(node, x);
  });
}

/// Gives a function's values to the nodes that do not hang; what ghosts and hanging nodes then have differs
/// from the function by this much at most, on this rank.
template <typename Nodes, typename Function>
double interpolation_error(const discretisation::BrickForest &forest, const Nodes &nodes,
                           const Function &function)
{
  std::vector<double> values(nodes.n_local(), 1e30);
  for_each_free_node(forest, nodes,
                     [&](const std::uint32_t node, const Vector3 &x) { values[node] = function(x); });
  nodes.exchange().update_ghosts(values.data(), 1);
  nodes.fill_hanging(values.data(), 1);
  double error = 0;
  for_each_place(forest, nodes, [&](const std::uint32_t node, const Vector3 &x) {
    error = std::max(error, std::abs(values[node] - function(x)));
  });
  return error;
}

/// A place on the lattice of half the finest voxels, and a component.
using Key = std::array<long, 4>;
constexpr double lattice = 256; // voxels of 1/128 in the unit cube, so that their centres count too

inline Key key_of(const Vector3 &x, const int component)
{
  return {std::lround(lattice * x[0]), std::lround(lattice * x[1]), std::lround(lattice * x[2]), component};
}

/// A number in [0, 1) that looks random and depends on the place alone: the same on any rank.
inline double random_at(const Vector3 &x, const int component)
{
  std::uint64_t state = 0x9e3779b97f4a7c15ULL;
  for (const long part : key_of(x, component)) {
    state = (state ^ static_cast<std::uint64_t>(part)) * 0xbf58476d1ce4e5b9ULL;
    state ^= state >> 29;
  }
  return static_cast<double>(state >> 11) * 0x1p-53;
}

} // namespace wolff::tests
