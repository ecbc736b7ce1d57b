// Nodes of the bricks: numbering over all ranks, ghosts, and the constraints of hanging nodes. Values at
// nodes are piecewise trilinear on n voxels along a brick's edge (n = 8 on the mesh itself, 4, 2, 1 on
// coarser levels).
#pragma once

#include "base/ghost_exchange.h"
#include "discretisation/brick_forest.h"

#include <cstdint>
#include <vector>

namespace wolff::discretisation {

class BrickNodes
{
public:
  /// @p n voxels along a brick's edge on this level. Collective.
  /// @throws Fault (exit 7) if the number of nodes exceeds the index type
  BrickNodes(const BrickForest &forest, int n);

  /**
   * The same numbers by another road, for the assembled matrix: an ordinary deal.II mesh with one cell a
   * voxel and elements FE_Q(@p degree) on it, so 8 * degree intervals between nodes along a brick's edge and
   * values of that degree in each voxel. The mesh is given back once the nodes are numbered. Collective.
   */
  static BrickNodes of_voxel_mesh(const BrickForest &forest, int degree);

  int n() const { return n_; }
  std::size_t nodes_per_brick() const { return static_cast<std::size_t>((n_ + 1) * (n_ + 1) * (n_ + 1)); }

  const GhostExchange &exchange() const { return exchange_; }
  std::size_t n_owned() const { return exchange_.n_owned(); }
  std::size_t n_local() const { return exchange_.n_local(); }
  std::int64_t n_global() const { return n_global_; }

  /// Local numbers of the nodes of an owned brick, x fastest.
  const std::uint32_t *of_brick(const std::size_t brick) const
  {
    return brick_nodes_.data() + brick * nodes_per_brick();
  }

  std::int64_t global_number(std::size_t node) const { return global_[node]; }

  /// A node on the face or edge of a coarser brick: value = sum of weight * value of masters.
  struct Hanging
  {
    std::uint32_t node, begin, end; ///< masters()[begin..end)
  };
  struct Master
  {
    std::uint32_t node;
    float weight; ///< 1, 1/2, 1/4 (degree 2: 3/8, 3/4, -1/8) and their products: exact in float
  };
  const std::vector<Hanging> &hanging() const { return hanging_; }
  const std::vector<Master> &masters() const { return masters_; }
  bool is_hanging(const std::size_t node) const { return is_hanging_[node] != 0; }

  /// Hanging nodes take the value of their masters. @p values: n_local() blocks of @p block numbers, ghosts
  /// current.
  template <typename T>
  void fill_hanging(T *values, const std::size_t block) const
  {
    for (const Hanging &h : hanging_)
      for (std::size_t c = 0; c < block; ++c) {
        T sum = 0;
        for (std::uint32_t m = h.begin; m < h.end; ++m)
          sum += T(masters_[m].weight) * values[masters_[m].node * block + c];
        values[h.node * block + c] = sum;
      }
  }

  /// The transpose: what acts on a hanging node acts on its masters. The hanging entry becomes zero.
  template <typename T>
  void fold_hanging(T *values, const std::size_t block) const
  {
    for (const Hanging &h : hanging_)
      for (std::size_t c = 0; c < block; ++c) {
        for (std::uint32_t m = h.begin; m < h.end; ++m)
          values[masters_[m].node * block + c] += T(masters_[m].weight) * values[h.node * block + c];
        values[h.node * block + c] = T(0);
      }
  }

  /// Number of nodes of the whole mesh that do not hang. Collective.
  std::int64_t n_free_global() const;

private:
  struct Numbering; ///< what deal.II says: global numbers of the nodes of each brick, and constraints
  BrickNodes(const BrickForest &forest, int n, const Numbering &numbering);

  int n_ = 0;
  MPI_Comm comm_ = MPI_COMM_SELF;
  std::int64_t n_global_ = 0;
  GhostExchange exchange_;
  std::vector<std::uint32_t> brick_nodes_;
  std::vector<std::int64_t> global_;
  std::vector<Hanging> hanging_;
  std::vector<Master> masters_;
  std::vector<std::uint8_t> is_hanging_;
};

/// Position [mm] of every node of an owned brick is corner + spacing * (i, j, k).
inline Vector3 node_position(const Brick &brick, const int n, const int i, const int j, const int k)
{
  return brick.corner + brick.edge / n * Vector3(i, j, k);
}

/// Throw (exit 7) if @p count unknowns exceed what the index type of the libraries holds.
void refuse_too_many_unknowns(std::int64_t count, const std::string &what);

} // namespace wolff::discretisation
