// Nodes numbered over all ranks, some of which take their value from others: what the numbering of bricks and
// that of voxels have in common.
#pragma once

#include "base/ghost_exchange.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wolff::discretisation {

class HangingNodes
{
public:
  MPI_Comm comm() const { return comm_; }
  const GhostExchange &exchange() const { return exchange_; }
  std::size_t n_owned() const { return exchange_.n_owned(); }
  std::size_t n_local() const { return exchange_.n_local(); }
  std::int64_t n_global() const { return n_global_; }

  /// Number of nodes of the whole mesh that do not hang. Collective.
  std::int64_t n_free_global() const;

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
  bool is_hanging(const std::size_t node) const
  {
    return node >= first_shared_ && is_hanging_[node - first_shared_] != 0;
  }

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
  explicit HangingNodes(const MPI_Comm comm) : comm_(comm) {}

  /// No node hangs yet; none before @p first_shared will. After exchange_ is set.
  void start_hanging(std::size_t first_shared);

  /// The local @p node takes its value from @p entries, pairs of the number of a node that does not hang and
  /// a weight; @p local_of gives the local number of each.
  template <typename Entries, typename LocalOf>
  void add_hanging(const std::uint32_t node, const Entries &entries, const LocalOf &local_of)
  {
    const auto begin = static_cast<std::uint32_t>(masters_.size());
    for (const auto &[master, weight] : entries)
      masters_.push_back({local_of(static_cast<std::int64_t>(master)), static_cast<float>(weight)});
    hanging_.push_back({node, begin, static_cast<std::uint32_t>(masters_.size())});
    is_hanging_[node - first_shared_] = 1;
  }

  MPI_Comm comm_;
  std::int64_t n_global_ = 0;
  GhostExchange exchange_;
  std::size_t first_shared_ = 0;

private:
  std::vector<std::uint8_t> is_hanging_; ///< from first_shared_ on
  std::vector<Hanging> hanging_;
  std::vector<Master> masters_;
};

} // namespace wolff::discretisation
