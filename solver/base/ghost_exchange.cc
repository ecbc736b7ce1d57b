#include "base/ghost_exchange.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace wolff {

template <typename T>
std::vector<std::vector<T>> exchange_lists(const MPI_Comm comm, const std::vector<std::vector<T>> &out)
{
  static_assert(std::is_trivially_copyable_v<T>);
  int size = 1;
  MPI_Comm_size(comm, &size);
  const auto n = static_cast<std::size_t>(size);
  std::vector<std::int64_t> counts_out(n), counts_in(n);
  for (std::size_t r = 0; r < n; ++r) counts_out[r] = static_cast<std::int64_t>(out[r].size());
  MPI_Alltoall(counts_out.data(), 1, MPI_INT64_T, counts_in.data(), 1, MPI_INT64_T, comm);

  std::vector<std::vector<T>> in(n);
  std::vector<MPI_Request> requests;
  requests.reserve(2 * n);
  for (std::size_t r = 0; r < n; ++r) {
    in[r].resize(static_cast<std::size_t>(counts_in[r]));
    if (in[r].empty()) continue;
    requests.emplace_back();
    MPI_Irecv(in[r].data(), static_cast<int>(in[r].size() * sizeof(T)), MPI_BYTE, static_cast<int>(r), 73,
              comm, &requests.back());
  }
  for (std::size_t r = 0; r < n; ++r) {
    if (out[r].empty()) continue;
    requests.emplace_back();
    MPI_Isend(out[r].data(), static_cast<int>(out[r].size() * sizeof(T)), MPI_BYTE, static_cast<int>(r), 73,
              comm, &requests.back());
  }
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  return in;
}

template std::vector<std::vector<std::uint8_t>>
exchange_lists(MPI_Comm, const std::vector<std::vector<std::uint8_t>> &);
template std::vector<std::vector<std::uint32_t>>
exchange_lists(MPI_Comm, const std::vector<std::vector<std::uint32_t>> &);
template std::vector<std::vector<std::uint64_t>>
exchange_lists(MPI_Comm, const std::vector<std::vector<std::uint64_t>> &);
template std::vector<std::vector<std::int64_t>>
exchange_lists(MPI_Comm, const std::vector<std::vector<std::int64_t>> &);
template std::vector<std::vector<double>> exchange_lists(MPI_Comm, const std::vector<std::vector<double>> &);
template std::vector<std::vector<float>> exchange_lists(MPI_Comm, const std::vector<std::vector<float>> &);
template std::vector<std::vector<RemoteIndex>> exchange_lists(MPI_Comm,
                                                              const std::vector<std::vector<RemoteIndex>> &);

GhostExchange::GhostExchange(const MPI_Comm comm, const std::size_t n_owned,
                             const std::vector<RemoteIndex> &ghosts)
    : comm_(comm), n_owned_(n_owned), n_ghost_(ghosts.size())
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  const auto n = static_cast<std::size_t>(size);
  std::vector<std::vector<std::uint32_t>> asked(n);
  for (const RemoteIndex &ghost : ghosts) asked[static_cast<std::size_t>(ghost.rank)].push_back(ghost.index);
  std::vector<std::vector<std::uint32_t>> sent = exchange_lists(comm, asked);

  std::size_t begin = 0;
  for (std::size_t r = 0; r < n; ++r) {
    if (!asked[r].empty() || !sent[r].empty())
      peers_.push_back({static_cast<int>(r), begin, asked[r].size(), std::move(sent[r])});
    begin += asked[r].size();
  }
}

std::vector<std::int64_t> intervals_of_ranks(const MPI_Comm comm, const std::size_t n_owned)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  const auto mine = static_cast<std::int64_t>(n_owned);
  std::vector<std::int64_t> first(static_cast<std::size_t>(size) + 1, 0);
  MPI_Allgather(&mine, 1, MPI_INT64_T, first.data() + 1, 1, MPI_INT64_T, comm);
  std::partial_sum(first.begin(), first.end(), first.begin());
  return first;
}

RemoteIndex owner_of(const std::vector<std::int64_t> &first_of_rank, const std::int64_t number)
{
  const auto next = std::upper_bound(first_of_rank.begin(), first_of_rank.end(), number);
  const auto rank = static_cast<std::size_t>(next - first_of_rank.begin()) - 1;
  return {static_cast<int>(rank), static_cast<std::uint32_t>(number - first_of_rank[rank])};
}

std::vector<RemoteIndex> find_owners(const MPI_Comm comm, const std::vector<std::uint64_t> &owned,
                                     const std::vector<std::uint64_t> &wanted)
{
  int size = 1, rank = 0;
  MPI_Comm_size(comm, &size);
  MPI_Comm_rank(comm, &rank);
  const auto n = static_cast<std::size_t>(size);
  // Fibonacci hashing spreads keys that differ in their low bits only.
  const auto place = [n](const std::uint64_t key) { return ((key * 0x9E3779B97F4A7C15ULL) >> 32) % n; };

  std::vector<std::vector<std::uint64_t>> published(n), asked(n);
  for (std::size_t i = 0; i < owned.size(); ++i) {
    auto &list = published[place(owned[i])];
    list.push_back(owned[i]);
    list.push_back(i);
  }
  std::vector<std::vector<std::size_t>> position(n);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    asked[place(wanted[i])].push_back(wanted[i]);
    position[place(wanted[i])].push_back(i);
  }

  std::unordered_map<std::uint64_t, RemoteIndex> directory;
  const auto entries = exchange_lists(comm, published);
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t i = 0; i + 1 < entries[r].size(); i += 2)
      directory.emplace(entries[r][i],
                        RemoteIndex{static_cast<int>(r), static_cast<std::uint32_t>(entries[r][i + 1])});

  const auto questions = exchange_lists(comm, asked);
  std::vector<std::vector<RemoteIndex>> replies(n);
  for (std::size_t r = 0; r < n; ++r)
    for (const std::uint64_t key : questions[r]) {
      const auto entry = directory.find(key);
      replies[r].push_back(entry == directory.end() ? RemoteIndex{-1, 0} : entry->second);
    }
  const auto answers = exchange_lists(comm, replies);
  std::vector<RemoteIndex> found(wanted.size());
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t i = 0; i < answers[r].size(); ++i) found[position[r][i]] = answers[r][i];
  return found;
}

} // namespace wolff
