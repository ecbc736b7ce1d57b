// Every rank sends a list of items to every other; wrapper of MPI_Alltoallv for plain data.
#pragma once

#include "base/errors.h"

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace wolff::io {

/// Who sends how many items to whom, seen from one rank; may be used for several arrays.
struct Traffic
{
  std::vector<int> send_counts, send_starts, receive_counts, receive_starts;
  std::size_t n_send = 0, n_receive = 0;
};

/// Collective. @p send_counts has one entry for each rank. @throws Fault (exit 7) on all ranks beyond 2^31
/// items
inline Traffic plan_traffic(const std::vector<std::size_t> &send_counts, const MPI_Comm comm)
{
  Traffic traffic;
  const auto fits = [](const std::size_t n) {
    return n <= static_cast<std::size_t>(std::numeric_limits<int>::max());
  };
  const auto starts = [](const std::vector<int> &counts) {
    std::vector<int> first(counts.size());
    std::exclusive_scan(counts.begin(), counts.end(), first.begin(), 0);
    return first;
  };
  for (const std::size_t count : send_counts) {
    traffic.n_send += count;
    traffic.send_counts.push_back(fits(count) ? static_cast<int>(count) : 0);
  }
  traffic.receive_counts.resize(send_counts.size());
  MPI_Alltoall(traffic.send_counts.data(), 1, MPI_INT, traffic.receive_counts.data(), 1, MPI_INT, comm);
  for (const int count : traffic.receive_counts) traffic.n_receive += static_cast<std::size_t>(count);
  together(comm, [&] {
    if (!fits(traffic.n_send) || !fits(traffic.n_receive))
      throw Fault(Exit::too_large, "cells-many", "", "one rank has more cells than a message can hold")
          .hint("Use more ranks.");
  });
  traffic.send_starts = starts(traffic.send_counts);
  traffic.receive_starts = starts(traffic.receive_counts);
  return traffic;
}

/// Send items of @p item_bytes bytes; @p send stands in the order of the receiving ranks. Collective.
inline std::vector<std::byte> exchange_bytes(const Traffic &traffic, const std::vector<std::byte> &send,
                                             const std::size_t item_bytes, const MPI_Comm comm)
{
  std::vector<std::byte> received(traffic.n_receive * item_bytes);
  MPI_Datatype item = MPI_DATATYPE_NULL;
  MPI_Type_contiguous(static_cast<int>(item_bytes), MPI_BYTE, &item);
  MPI_Type_commit(&item);
  MPI_Alltoallv(send.data(), traffic.send_counts.data(), traffic.send_starts.data(), item, received.data(),
                traffic.receive_counts.data(), traffic.receive_starts.data(), item, comm);
  MPI_Type_free(&item);
  return received;
}

/// The same for a list of 64-bit numbers, @p per_item of them an item.
inline std::vector<std::int64_t> exchange_numbers(const Traffic &traffic,
                                                  const std::vector<std::int64_t> &send, const int per_item,
                                                  const MPI_Comm comm)
{
  std::vector<std::int64_t> received(traffic.n_receive * static_cast<std::size_t>(per_item));
  MPI_Datatype item = MPI_DATATYPE_NULL;
  MPI_Type_contiguous(per_item, MPI_INT64_T, &item);
  MPI_Type_commit(&item);
  MPI_Alltoallv(send.data(), traffic.send_counts.data(), traffic.send_starts.data(), item, received.data(),
                traffic.receive_counts.data(), traffic.receive_starts.data(), item, comm);
  MPI_Type_free(&item);
  return received;
}

} // namespace wolff::io
