// Copies of values that other ranks own. An array holds n_owned blocks of numbers, then one block for each
// ghost; the ghosts are sorted by owner, so a message lands in place. Used for nodes, cells and multigrid
// transfers alike.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace wolff {

template <typename T>
MPI_Datatype mpi_type();
template <>
inline MPI_Datatype mpi_type<double>()
{
  return MPI_DOUBLE;
}
template <>
inline MPI_Datatype mpi_type<float>()
{
  return MPI_FLOAT;
}
template <>
inline MPI_Datatype mpi_type<int>()
{
  return MPI_INT;
}
template <>
inline MPI_Datatype mpi_type<std::int64_t>()
{
  return MPI_INT64_T;
}
template <>
inline MPI_Datatype mpi_type<std::uint8_t>()
{
  return MPI_UINT8_T;
}

/// Where a value lives: rank, and index among the values that rank owns.
struct RemoteIndex
{
  int rank;
  std::uint32_t index;
  auto operator<=>(const RemoteIndex &) const = default;
};

class GhostExchange
{
public:
  GhostExchange() = default;
  /// @param ghosts sorted by rank; none of them on this rank. Collective.
  GhostExchange(MPI_Comm comm, std::size_t n_owned, const std::vector<RemoteIndex> &ghosts);

  std::size_t n_owned() const { return n_owned_; }
  std::size_t n_ghost() const { return n_ghost_; }
  std::size_t n_local() const { return n_owned_ + n_ghost_; }

  /// Owner to ghost. @p values holds n_local() blocks of @p block numbers. Collective among neighbours.
  template <typename T>
  void update_ghosts(T *values, std::size_t block) const;

  /// Bring each ghost's value home: owner = combine(owner, ghost), in order of rank, so the result is the
  /// same in every run with the same partition. The ghosts keep their values. Collective among neighbours.
  /// @param first local index that values[0] belongs to; none that another rank knows lies before it
  template <typename T, typename Combine>
  void merge_to_owners(T *values, std::size_t block, const Combine &combine, std::size_t first = 0) const;

  /// Add each ghost's value to its owner's and set the ghost to zero.
  template <typename T>
  void add_to_owners(T *values, const std::size_t block, const std::size_t first = 0) const
  {
    merge_to_owners(
        values, block, [](const T mine, const T other) { return static_cast<T>(mine + other); }, first);
    for (std::size_t i = (n_owned_ - first) * block; i < (n_local() - first) * block; ++i) values[i] = T(0);
  }

private:
  struct Peer
  {
    int rank;
    std::size_t ghost_begin, n_ghosts; ///< my ghosts that this peer owns
    std::vector<std::uint32_t> sent;   ///< my owned values that are ghosts there
  };

  MPI_Comm comm_ = MPI_COMM_SELF;
  std::size_t n_owned_ = 0, n_ghost_ = 0;
  std::vector<Peer> peers_;
};

template <typename T>
void GhostExchange::update_ghosts(T *values, const std::size_t block) const
{
  std::vector<MPI_Request> requests;
  std::vector<std::vector<T>> buffers(peers_.size());
  requests.reserve(2 * peers_.size());
  for (const Peer &peer : peers_)
    if (peer.n_ghosts > 0) {
      requests.emplace_back();
      MPI_Irecv(values + (n_owned_ + peer.ghost_begin) * block, static_cast<int>(peer.n_ghosts * block),
                mpi_type<T>(), peer.rank, 71, comm_, &requests.back());
    }
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    const Peer &peer = peers_[i];
    if (peer.sent.empty()) continue;
    buffers[i].resize(peer.sent.size() * block);
    T *to = buffers[i].data();
    for (const std::uint32_t index : peer.sent)
      for (std::size_t c = 0; c < block; ++c) *to++ = values[index * block + c];
    requests.emplace_back();
    MPI_Isend(buffers[i].data(), static_cast<int>(buffers[i].size()), mpi_type<T>(), peer.rank, 71, comm_,
              &requests.back());
  }
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
}

template <typename T, typename Combine>
void GhostExchange::merge_to_owners(T *values, const std::size_t block, const Combine &combine,
                                    const std::size_t first) const
{
  std::vector<MPI_Request> requests;
  std::vector<std::vector<T>> buffers(peers_.size());
  requests.reserve(2 * peers_.size());
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    const Peer &peer = peers_[i];
    if (peer.sent.empty()) continue;
    buffers[i].resize(peer.sent.size() * block);
    requests.emplace_back();
    MPI_Irecv(buffers[i].data(), static_cast<int>(buffers[i].size()), mpi_type<T>(), peer.rank, 72, comm_,
              &requests.back());
  }
  for (const Peer &peer : peers_)
    if (peer.n_ghosts > 0) {
      requests.emplace_back();
      MPI_Isend(values + (n_owned_ - first + peer.ghost_begin) * block, static_cast<int>(peer.n_ghosts * block),
                mpi_type<T>(), peer.rank, 72, comm_, &requests.back());
    }
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    const T *from = buffers[i].data();
    for (const std::uint32_t index : peers_[i].sent)
      for (std::size_t c = 0; c < block; ++c) {
        T &mine = values[(index - first) * block + c];
        mine = combine(mine, *from++);
      }
  }
}

/**
 * Where is each of @p wanted? Every rank publishes the keys it owns (position in the list = owned index); a
 * directory spread over the ranks answers. rank = -1 where no rank owns the key. Collective.
 */
std::vector<RemoteIndex> find_owners(MPI_Comm comm, const std::vector<std::uint64_t> &owned,
                                     const std::vector<std::uint64_t> &wanted);

/// Values are numbered over all ranks, an interval for each: the first number of each rank, and one past the
/// last. Collective.
std::vector<std::int64_t> intervals_of_ranks(MPI_Comm comm, std::size_t n_owned);

/// The place of a value in such a numbering.
RemoteIndex owner_of(const std::vector<std::int64_t> &first_of_rank, std::int64_t number);

/// All-to-all of lists of different length: out[r] goes to rank r; returns what each rank sent here.
/// Collective.
template <typename T>
std::vector<std::vector<T>> exchange_lists(MPI_Comm comm, const std::vector<std::vector<T>> &out);

} // namespace wolff
