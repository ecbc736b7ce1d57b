// Sends the cells of a file to the ranks that own them. A directory, spread over the ranks by a hash of the
// id, brings together who has a cell and who wants it; no rank ever holds the list of all cells.
#include "base/errors.h"
#include "io/all_to_all.h"
#include "io/cell_reading.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace wolff::io {

namespace {

/// A cell as the directory sees it: id, the rank that asked, the index of the cell there.
struct Entry
{
  std::int64_t id;
  int rank;
  std::int64_t index;
  bool operator<(const Entry &other) const
  {
    return std::tie(id, rank, index) < std::tie(other.id, other.rank, other.index);
  }
};

std::size_t directory_of(const std::int64_t id, const int size)
{
  std::uint64_t hash = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 29;
  return hash % static_cast<std::uint64_t>(size);
}

/// Tell the directory about the cells @p ids of this rank; returns what this rank has to keep as part of the
/// directory.
std::vector<Entry> register_cells(const std::vector<std::int64_t> &ids, const MPI_Comm comm)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<std::size_t> counts(static_cast<std::size_t>(size), 0);
  for (const std::int64_t id : ids) ++counts[directory_of(id, size)];
  const Traffic traffic = plan_traffic(counts, comm);
  std::vector<std::int64_t> send(2 * ids.size());
  std::vector<std::size_t> next(traffic.send_starts.begin(), traffic.send_starts.end());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::size_t at = next[directory_of(ids[i], size)]++;
    send[2 * at] = ids[i];
    send[2 * at + 1] = static_cast<std::int64_t>(i);
  }
  const std::vector<std::int64_t> received = exchange_numbers(traffic, send, 2, comm);
  std::vector<Entry> entries;
  entries.reserve(traffic.n_receive);
  for (int rank = 0; rank < size; ++rank)
    for (int i = 0; i < traffic.receive_counts[static_cast<std::size_t>(rank)]; ++i) {
      const std::size_t at =
          static_cast<std::size_t>(traffic.receive_starts[static_cast<std::size_t>(rank)] + i);
      entries.push_back({received[2 * at], rank, received[2 * at + 1]});
    }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Ids that went wrong on this part of the directory.
struct Wrong
{
  std::int64_t count = 0;
  std::array<std::int64_t, 10> first{};
  void add(const std::int64_t id)
  {
    if (count < 10) first[static_cast<std::size_t>(count)] = id;
    ++count;
  }
};

/// One fault on all ranks if any rank counted something. Collective.
void refuse_together(const Wrong &mine, const std::string &path, const char *name, const char *problem,
                     const Exit code, const MPI_Comm comm)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<Wrong> all(static_cast<std::size_t>(size));
  MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, comm);
  std::int64_t count = 0;
  std::vector<std::int64_t> ids;
  for (const Wrong &wrong : all) {
    count += wrong.count;
    ids.insert(ids.end(), wrong.first.begin(), wrong.first.begin() + std::min<std::int64_t>(wrong.count, 10));
  }
  if (count == 0) return;
  std::sort(ids.begin(), ids.end());
  std::vector<std::string> first;
  for (std::size_t i = 0; i < std::min<std::size_t>(ids.size(), 10); ++i)
    first.push_back(std::to_string(ids[i]));
  throw Fault(code, name, path, std::to_string(count) + " " + problem)
      .found("cell_id " + join(first) + (count > 10 ? ", ..." : ""));
}

/// Where a cell of the file has to go.
struct Route
{
  std::int64_t file_index, mesh_rank, mesh_index;
};

/// Match both lists on the directory and send each reader of the file its routes.
std::vector<Route> find_routes(const std::vector<Entry> &in_mesh, const std::vector<Entry> &in_file,
                               const std::string &path, const MPI_Comm comm)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  Wrong mesh_twice, missing, twice, unknown;
  for (std::size_t i = 1; i < in_mesh.size(); ++i)
    if (in_mesh[i].id == in_mesh[i - 1].id) mesh_twice.add(in_mesh[i].id);
  std::vector<std::pair<std::size_t, std::size_t>> pairs; // place in in_file, place in in_mesh
  std::size_t m = 0, f = 0;
  while (m < in_mesh.size() || f < in_file.size()) {
    if (f == in_file.size() || (m < in_mesh.size() && in_mesh[m].id < in_file[f].id)) {
      missing.add(in_mesh[m++].id);
      continue;
    }
    if (m == in_mesh.size() || in_file[f].id < in_mesh[m].id) {
      unknown.add(in_file[f++].id);
      continue;
    }
    const std::int64_t id = in_file[f].id;
    pairs.emplace_back(f++, m++);
    for (; f < in_file.size() && in_file[f].id == id; ++f) twice.add(id);
  }
  refuse_together(mesh_twice, path, "mesh-ids", "cells of the mesh share their id with another",
                  Exit::internal, comm);
  refuse_together(twice, path, "cells-twice", "cells stand in the file more than once", Exit::input, comm);
  refuse_together(missing, path, "cells-missing", "cells of the mesh are missing in the file", Exit::input,
                  comm);
  refuse_together(unknown, path, "cells-unknown", "cells of the file are not in the mesh", Exit::input, comm);

  std::vector<std::size_t> counts(static_cast<std::size_t>(size), 0);
  for (const auto &[file, mesh] : pairs) ++counts[static_cast<std::size_t>(in_file[file].rank)];
  const Traffic traffic = plan_traffic(counts, comm);
  std::vector<std::int64_t> send(3 * pairs.size());
  std::vector<std::size_t> next(traffic.send_starts.begin(), traffic.send_starts.end());
  for (const auto &[file, mesh] : pairs) {
    const std::size_t at = next[static_cast<std::size_t>(in_file[file].rank)]++;
    send[3 * at] = in_file[file].index;
    send[3 * at + 1] = in_mesh[mesh].rank;
    send[3 * at + 2] = in_mesh[mesh].index;
  }
  const std::vector<std::int64_t> received = exchange_numbers(traffic, send, 3, comm);
  std::vector<Route> routes(traffic.n_receive);
  for (std::size_t i = 0; i < routes.size(); ++i)
    routes[i] = {received[3 * i], received[3 * i + 1], received[3 * i + 2]};
  std::sort(routes.begin(), routes.end(), [](const Route &a, const Route &b) {
    return std::tie(a.mesh_rank, a.mesh_index) < std::tie(b.mesh_rank, b.mesh_index);
  });
  return routes;
}

} // namespace

std::vector<DataArray> distribute_by_cell_id(const std::vector<std::int64_t> &mesh_ids,
                                             const FileCells &cells, const MPI_Comm comm)
{
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<Route> routes;
  {
    const std::vector<Entry> in_mesh = register_cells(mesh_ids, comm),
                             in_file = register_cells(cells.ids, comm);
    routes = find_routes(in_mesh, in_file, cells.path, comm);
  }
  std::vector<std::size_t> counts(static_cast<std::size_t>(size), 0);
  for (const Route &route : routes) ++counts[static_cast<std::size_t>(route.mesh_rank)];
  const Traffic traffic = plan_traffic(counts, comm);
  std::vector<std::int64_t> targets(routes.size());
  for (std::size_t i = 0; i < routes.size(); ++i) targets[i] = routes[i].mesh_index;
  targets = exchange_numbers(traffic, targets, 1, comm);

  // One array after the other, so that the copies in flight stay small.
  std::vector<DataArray> result;
  for (const DataArray &array : cells.arrays) {
    const std::size_t bytes = array.bytes_of_tuple();
    std::vector<std::byte> send(routes.size() * bytes);
    for (std::size_t i = 0; i < routes.size(); ++i)
      std::memcpy(send.data() + i * bytes,
                  array.bytes.data() + static_cast<std::size_t>(routes[i].file_index) * bytes, bytes);
    const std::vector<std::byte> received = exchange_bytes(traffic, send, bytes, comm);
    DataArray ordered{array.name, array.type, array.components, {}, {}};
    ordered.bytes.resize(mesh_ids.size() * bytes);
    for (std::size_t i = 0; i < targets.size(); ++i)
      std::memcpy(ordered.bytes.data() + static_cast<std::size_t>(targets[i]) * bytes,
                  received.data() + i * bytes, bytes);
    result.push_back(std::move(ordered));
  }
  return result;
}

} // namespace wolff::io
