// Nodes of the bricks: numbering over all ranks, ghosts, and the constraints of hanging nodes. Values at
// nodes are piecewise trilinear on n voxels along a brick's edge (n = 8 on the mesh itself, 4, 2, 1 on
// coarser levels).
#pragma once

#include "discretisation/brick_forest.h"
#include "discretisation/brick_parts.h"
#include "discretisation/hanging_nodes.h"

#include <array>
#include <cstdint>
#include <vector>

namespace wolff::discretisation {

/// The nodes of one brick, x fastest: an array of local numbers that is worked out from 27 of them.
class NodesOfBrick
{
public:
  NodesOfBrick(const std::uint32_t *starts, const NodePlace *places) : starts_(starts), places_(places) {}
  std::uint32_t operator[](const std::size_t i) const { return starts_[places_[i].part] + places_[i].offset; }

private:
  const std::uint32_t *starts_;
  const NodePlace *places_;
};

/**
 * Local numbers run over the interiors of the owned bricks, brick by brick, x fastest; then over the other
 * owned nodes, which bricks share; then over the ghosts. Nodes of a face's or an edge's interior are
 * consecutive too.
 */
class BrickNodes : public HangingNodes
{
public:
  /// @p n voxels along a brick's edge on this level. Collective.
  /// @throws Fault (exit 7) if the number of nodes exceeds the index type
  BrickNodes(const BrickForest &forest, int n);

  int n() const { return n_; }
  std::size_t nodes_per_brick() const { return static_cast<std::size_t>((n_ + 1) * (n_ + 1) * (n_ + 1)); }

  /// Nodes before this one are interior to owned bricks: no other brick and no other rank knows them.
  std::size_t first_shared() const { return first_shared_; }

  /// Local numbers of the nodes of an owned brick, x fastest.
  NodesOfBrick of_brick(const std::size_t brick) const { return {starts_[brick].data(), places_.data()}; }

  /// First local number of each of the 27 parts of every owned brick: interior, faces, edges, corners.
  const std::array<std::uint32_t, 27> *parts() const { return starts_.data(); }

  /// The same on every rank that sees the node.
  std::int64_t global_number(const std::size_t node) const
  {
    return node < n_owned() ? begin_ + static_cast<std::int64_t>(node) : ghost_global_[node - n_owned()];
  }
  /// First global number of each rank, and one past the last.
  const std::vector<std::int64_t> &first_of_rank() const { return first_of_rank_; }

private:
  int n_ = 0;
  std::int64_t begin_ = 0;
  std::vector<NodePlace> places_;
  std::vector<std::array<std::uint32_t, 27>> starts_;
  std::vector<std::int64_t> first_of_rank_, ghost_global_;
};

/// Position [mm] of every node of an owned brick is corner + spacing * (i, j, k).
inline Vector3 node_position(const Brick &brick, const int n, const int i, const int j, const int k)
{
  return brick.corner + brick.edge / n * Vector3(i, j, k);
}

/// Throw (exit 7) if @p count unknowns exceed what the index type of the libraries holds.
void refuse_too_many_unknowns(std::int64_t count, const std::string &what);

} // namespace wolff::discretisation
