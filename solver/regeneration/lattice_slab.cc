#include "regeneration/lattice_slab.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wolff::regeneration {

namespace {

constexpr std::int64_t halo = 2;
constexpr std::uint64_t is_cell = 32; ///< a bit of a change: the site's cell is new to its owner

template <typename T>
MPI_Datatype type_of()
{
  return sizeof(T) == 8 ? MPI_UINT64_T : MPI_UINT8_T;
}

/// Send a list to either neighbour, receive theirs. ranks[0] below, ranks[1] above.
template <typename T>
std::array<std::vector<T>, 2> exchange(const MPI_Comm comm, const std::array<int, 2> &ranks,
                                       const std::array<std::vector<T>, 2> &sent, const int tag)
{
  std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
  std::array<std::vector<T>, 2> received;
  for (std::size_t side = 0; side < 2; ++side)
    if (ranks[side] != MPI_PROC_NULL)
      MPI_Isend(sent[side].data(), static_cast<int>(sent[side].size()), type_of<T>(), ranks[side], tag, comm,
                &requests[side]);
  for (std::size_t side = 0; side < 2; ++side) {
    if (ranks[side] == MPI_PROC_NULL) continue;
    MPI_Status status;
    int size = 0;
    MPI_Probe(ranks[side], tag, comm, &status);
    MPI_Get_count(&status, type_of<T>(), &size);
    received[side].resize(static_cast<std::size_t>(size));
    MPI_Recv(received[side].data(), size, type_of<T>(), ranks[side], tag, comm, MPI_STATUS_IGNORE);
  }
  MPI_Waitall(2, requests.data(), MPI_STATUSES_IGNORE);
  return received;
}

} // namespace

std::vector<std::int64_t> slab_cuts(const std::vector<double> &weight, const std::int64_t alignment,
                                    const int n_ranks)
{
  const auto nz = static_cast<std::int64_t>(weight.size());
  const std::int64_t least = (3 + alignment - 1) / alignment * alignment;
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  std::vector<std::int64_t> cuts{0};
  double before = 0;
  std::int64_t z = 0;
  for (int rank = 1; rank < n_ranks; ++rank) {
    const double wanted = all * rank / n_ranks;
    while (z < nz && before + weight[static_cast<std::size_t>(z)] / 2 < wanted)
      before += weight[static_cast<std::size_t>(z++)];
    std::int64_t cut = (z + alignment / 2) / alignment * alignment;
    cut = std::max(cut, cuts.back() + least);
    // What is left above must be a slab too; otherwise it goes to this one.
    if (cut + 3 > nz) cut = cuts.back() == nz || cuts.back() == 0 ? nz : cuts.back();
    cuts.push_back(std::min(cut, nz));
  }
  cuts.push_back(nz);
  return cuts;
}

LatticeSlab::LatticeSlab(const MPI_Comm comm, const LatticeExtent &extent,
                         const std::vector<std::int64_t> &cuts)
    : comm_(comm), extent_(extent), row_(extent.nx + 2), plane_((extent.nx + 2) * (extent.ny + 2))
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const auto layers_of = [&](const int r) {
    return cuts[static_cast<std::size_t>(r) + 1] - cuts[static_cast<std::size_t>(r)];
  };
  z_begin_ = cuts[static_cast<std::size_t>(rank)];
  z_end_ = cuts[static_cast<std::size_t>(rank) + 1];
  double largest = 0;
  for (int r = 0; r < size; ++r)
    largest = std::max(largest, static_cast<double>(plane_) * static_cast<double>(layers_of(r) + 2 * halo));
  if (largest > 4e9)
    throw Fault(Exit::too_large, "lattice-size", "Regeneration/Lattice", "sites of the lattice on one rank")
        .found(largest)
        .wanted("at most 4e9")
        .hint("Use more ranks.");
  if (z_begin_ < z_end_) {
    for (int r = rank - 1; r >= 0 && below_ == MPI_PROC_NULL; --r)
      if (layers_of(r) > 0) below_ = r;
    for (int r = rank + 1; r < size && above_ == MPI_PROC_NULL; ++r)
      if (layers_of(r) > 0) above_ = r;
  }
  key_offset_ = z_begin_ * plane_;
  own_begin_ = static_cast<Index>(halo * plane_);
  own_size_ = static_cast<Index>((z_end_ - z_begin_) * plane_);
  visible_ = static_cast<Index>(halo * plane_);
  offsets_ = {-1,
              1,
              static_cast<std::int32_t>(-row_),
              static_cast<std::int32_t>(row_),
              static_cast<std::int32_t>(-plane_),
              static_cast<std::int32_t>(plane_)};
  if (z_begin_ < z_end_)
    bytes_.assign(static_cast<std::size_t>(plane_ * (z_end_ - z_begin_ + 2 * halo)),
                  tissue::site_code(tissue::Ground::wall));
}

void LatticeSlab::update_halo()
{
  if (bytes_.empty()) return; // a rank without a slab has no neighbours
  const auto size = static_cast<int>(visible_);
  // Own first layers to the halo above the neighbour below, own last layers to the one above.
  std::uint8_t *const low = bytes_.data(), *const first = low + own_begin_;
  std::uint8_t *const high = first + own_size_, *const last = high - visible_;
  MPI_Sendrecv(first, size, MPI_UINT8_T, below_, 81, high, size, MPI_UINT8_T, above_, 81, comm_,
               MPI_STATUS_IGNORE);
  MPI_Sendrecv(last, size, MPI_UINT8_T, above_, 82, low, size, MPI_UINT8_T, below_, 82, comm_,
               MPI_STATUS_IGNORE);
}

void LatticeSlab::note(const Index i, const tissue::SiteCode code)
{
  if (i - own_begin_ < visible_ && below_ != MPI_PROC_NULL) changes_[0].push_back(key(i) << 22 | code);
  if (own_begin_ + own_size_ - 1 - i < visible_ && above_ != MPI_PROC_NULL)
    changes_[1].push_back(key(i) << 22 | code);
}

void LatticeSlab::send_cell(const Index i, const tissue::SiteCode code, const std::uint8_t age,
                            const std::uint8_t left)
{
  bytes_[i] = code;
  const std::size_t side = i < own_begin_ ? 0 : 1;
  changes_[side].push_back(key(i) << 22 | static_cast<std::uint64_t>(left) << 14 |
                           static_cast<std::uint64_t>(age) << 6 | is_cell | code);
}

std::vector<LatticeSlab::Arrival> LatticeSlab::exchange_changes()
{
  std::vector<Arrival> arrivals;
  const auto received = exchange(comm_, {below_, above_}, changes_, 83);
  for (const std::vector<std::uint64_t> &list : received)
    for (const std::uint64_t change : list) {
      const auto site = static_cast<Index>(static_cast<std::int64_t>(change >> 22) - key_offset_);
      bytes_[site] = change & tissue::site_code_bits;
      if (change & is_cell)
        arrivals.push_back({site, static_cast<std::uint8_t>(change >> 6 & 255),
                            static_cast<std::uint8_t>(change >> 14 & 255)});
    }
  for (auto &list : changes_) list.clear();
  return arrivals;
}

void LatticeSlab::begin_claims(const tissue::Draws &draws, const tissue::Purpose purpose,
                               const std::uint32_t round)
{
  draws_ = draws;
  purpose_ = purpose;
  round_ = round;
  for (auto &list : claims_) list.clear();
  asked_ = {0, 0};
}

void LatticeSlab::settle(const Index target, const tissue::Direction to_claimant,
                         const std::uint32_t priority)
{
  const unsigned before = bytes_[target] >> 5;
  if (before != 0) {
    const std::uint64_t rival = key(neighbour(target, before - 1)),
                        claimant = key(neighbour(target, to_claimant));
    const std::uint32_t best = draws_(rival, purpose_, round_)[1];
    if (best > priority || (best == priority && rival < claimant)) return;
  }
  bytes_[target] =
      static_cast<std::uint8_t>((bytes_[target] & tissue::site_code_bits) | (to_claimant + 1U) << 5);
}

void LatticeSlab::exchange_claims()
{
  received_ = exchange(comm_, {below_, above_}, claims_, 84);
  const auto target_of = [&](const std::uint64_t claim) {
    return static_cast<Index>(static_cast<std::int64_t>(claim >> 3) - key_offset_);
  };
  for (const auto &list : received_)
    for (const std::uint64_t claim : list) {
      const auto to_claimant = static_cast<tissue::Direction>(claim & 7);
      settle(target_of(claim), to_claimant,
             draws_(key(neighbour(target_of(claim), to_claimant)), purpose_, round_)[1]);
    }
  std::array<std::vector<std::uint8_t>, 2> answers;
  for (std::size_t side = 0; side < 2; ++side)
    for (const std::uint64_t claim : received_[side])
      answers[side].push_back((bytes_[target_of(claim)] >> 5) == (claim & 7) + 1 ? 1 : 0);
  grants_ = exchange(comm_, {below_, above_}, answers, 85);
  // A site granted to a neighbour's cell is settled: no own cell may see its own claim there, and the mark
  // must not stay if the neighbour does not use it.
  for (std::size_t side = 0; side < 2; ++side)
    for (std::size_t k = 0; k < received_[side].size(); ++k)
      if (answers[side][k]) bytes_[target_of(received_[side][k])] &= tissue::site_code_bits;
}

} // namespace wolff::regeneration
