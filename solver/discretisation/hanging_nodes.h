// Nodes that take their value from others: what the numbering of bricks and that of voxels have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wolff::discretisation {

class HangingNodes
{
public:
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
  /// @p first: the node that values[0] belongs to, none that hangs or is a master lies before it
  template <typename T>
  void fold_hanging(T *values, const std::size_t block, const std::size_t first = 0) const
  {
    for (const Hanging &h : hanging_)
      for (std::size_t c = 0; c < block; ++c) {
        T &hung = values[(h.node - first) * block + c];
        for (std::uint32_t m = h.begin; m < h.end; ++m)
          values[(masters_[m].node - first) * block + c] += T(masters_[m].weight) * hung;
        hung = T(0);
      }
  }

protected:
  std::vector<Hanging> hanging_;
  std::vector<Master> masters_;
};

} // namespace wolff::discretisation
