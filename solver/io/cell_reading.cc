#include "io/cell_reading.h"

#include "base/errors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace wolff::io {

namespace {

std::vector<std::string> pieces_of(const std::string &path, const ReadLimits &limits)
{
  if (has_ending(path, ".pvtu")) return read_parallel_index(path, limits).pieces;
  if (has_ending(path, ".vtu")) return {path};
  throw Fault(Exit::input, "file-format", path, "the ending names no field file").wanted(".pvtu or .vtu");
}

/// Rank @p root's bytes on all ranks. Collective.
std::vector<std::uint8_t> broadcast(std::vector<std::uint8_t> bytes, const int root, const MPI_Comm comm)
{
  std::uint64_t length = bytes.size();
  MPI_Bcast(&length, 1, MPI_UINT64_T, root, comm);
  bytes.resize(length);
  for (std::uint64_t at = 0; at < length;) { // a message holds at most 2^31 - 1 bytes
    const std::uint64_t count = std::min<std::uint64_t>(length - at, std::uint64_t{1} << 30);
    MPI_Bcast(bytes.data() + at, static_cast<int>(count), MPI_BYTE, root, comm);
    at += count;
  }
  return bytes;
}

using nlohmann::json;

/// What all pieces of one file have in common, as bytes that can be sent and compared.
std::vector<std::uint8_t> common_part(const FileCells &cells)
{
  json common{{"arrays", json::array()}, {"fields", json::array()}};
  for (const DataArray &array : cells.arrays)
    common["arrays"].push_back({array.name, static_cast<int>(array.type), array.components});
  for (const DataArray &field : cells.fields) {
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(field.bytes.data());
    json texts = json::array();
    for (const std::string &text : field.texts) texts.push_back(json::binary({text.begin(), text.end()}));
    common["fields"].push_back({json::binary({field.name.begin(), field.name.end()}),
                                static_cast<int>(field.type), field.components,
                                json::binary({bytes, bytes + field.bytes.size()}), texts});
  }
  return json::to_cbor(common);
}

std::string text_of(const json &binary)
{
  const auto &bytes = binary.get_binary();
  return {bytes.begin(), bytes.end()};
}

void take_common_part(const std::vector<std::uint8_t> &bytes, FileCells &cells)
{
  const json common = json::from_cbor(bytes);
  for (const json &array : common["arrays"])
    cells.arrays.push_back({array[0], static_cast<NumberType>(array[1].get<int>()), array[2], {}, {}});
  for (const json &field : common["fields"]) {
    DataArray next{text_of(field[0]), static_cast<NumberType>(field[1].get<int>()), field[2], {}, {}};
    const auto &numbers = field[3].get_binary();
    next.bytes.resize(numbers.size());
    std::transform(numbers.begin(), numbers.end(), next.bytes.begin(),
                   [](const std::uint8_t b) { return std::byte{b}; });
    for (const json &text : field[4]) next.texts.push_back(text_of(text));
    cells.fields.push_back(std::move(next));
  }
}

/// Make a cell array of eight tuples a cell, x fastest, of each point array that was read.
void gather_corners(VtkGrid &grid, const std::string &piece)
{
  for (const std::uint8_t type : grid.types)
    if (type != vtk_hexahedron)
      throw Fault(Exit::input, "cell-type", piece, "a cell of this type has no eight corners")
          .found(std::to_string(type))
          .wanted("12, a hexahedron");
  constexpr std::array<std::size_t, 8> vtk_place{0, 1, 3, 2, 4, 5, 7, 6}; // of corner 0..7, x fastest
  for (const DataArray &points : grid.point_arrays) {
    DataArray corners{points.name, points.type, 8 * points.components, {}, {}};
    const std::size_t tuple = points.bytes_of_tuple();
    corners.bytes.resize(8 * tuple * grid.types.size());
    for (std::size_t cell = 0; cell < grid.types.size(); ++cell)
      for (std::size_t corner = 0; corner < 8; ++corner) {
        const auto point = static_cast<std::size_t>(grid.connectivity[8 * cell + vtk_place[corner]]);
        std::memcpy(corners.bytes.data() + (8 * cell + corner) * tuple, points.bytes.data() + point * tuple,
                    tuple);
      }
    grid.cell_arrays.push_back(std::move(corners));
  }
}

void append_piece(FileCells &cells, VtkGrid grid, const std::string &piece, const bool first)
{
  const DataArray &ids = need_array(grid.cell_arrays, "cell_id", 1, piece);
  if (!is_integer(ids.type))
    throw Fault(Exit::input, "array-type", piece, "type of cell array \"cell_id\"")
        .found(vtk_name(ids.type))
        .wanted("Int64");
  const std::vector<std::int64_t> numbers = ids.integers();
  cells.ids.insert(cells.ids.end(), numbers.begin(), numbers.end());
  if (first)
    cells.fields = grid.field_arrays;
  else if (cells.fields != grid.field_arrays)
    throw Fault(Exit::input, "piece-differs", piece, "the field data are not those of the other pieces")
        .hint("Pieces of different steps or cases seem to be mixed.");

  std::size_t taken = 0;
  for (DataArray &array : grid.cell_arrays) {
    if (array.name == "cell_id") continue;
    if (const NotFinite bad = not_finite(array); bad.count > 0)
      throw Fault(Exit::input, "not-finite", piece,
                  "cell array \"" + array.name + "\" holds " + std::to_string(bad.count) +
                      " values that are not finite, first in cell " +
                      std::to_string(bad.first / static_cast<std::size_t>(array.components)) +
                      " of the piece")
          .found(array.real(bad.first));
    ++taken;
    if (first) {
      cells.arrays.push_back(std::move(array));
      continue;
    }
    // The order of arrays may differ from piece to piece; name, type and components may not.
    const auto same = std::find_if(cells.arrays.begin(), cells.arrays.end(), [&](const DataArray &a) {
      return a.name == array.name && a.type == array.type && a.components == array.components;
    });
    if (same == cells.arrays.end())
      throw Fault(Exit::input, "piece-differs", piece,
                  "cell array \"" + array.name + "\" is not in the other pieces, or has another type there");
    same->bytes.insert(same->bytes.end(), array.bytes.begin(), array.bytes.end());
  }
  if (taken != cells.arrays.size())
    throw Fault(Exit::input, "piece-differs", piece, "cell arrays of the other pieces are missing");
}

} // namespace

FileCells read_cell_file(const std::string &path, const MPI_Comm comm,
                         const std::optional<std::vector<std::string>> &wanted,
                         const std::vector<std::string> &corner_arrays, const ReadLimits &limits)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);

  // One rank looks at the index: thousands asking a file server for the same file at once would be slow.
  std::vector<std::uint8_t> list;
  together(comm, [&] {
    if (rank == 0) {
      json names = json::array();
      for (const std::string &piece : pieces_of(path, limits))
        names.push_back(json::binary({piece.begin(), piece.end()}));
      list = json::to_cbor(names);
    }
  });
  std::vector<std::string> pieces;
  for (const json &piece : json::from_cbor(broadcast(std::move(list), 0, comm)))
    pieces.push_back(text_of(piece));

  FileCells cells;
  cells.path = path;
  const auto first_of = [&](const int r) {
    return pieces.size() * static_cast<std::size_t>(r) / static_cast<std::size_t>(size);
  };
  const bool has_pieces = first_of(rank) < first_of(rank + 1);
  together(comm, [&] {
    ReadRequest request;
    request.geometry = !corner_arrays.empty();
    request.limits = limits;
    request.point_arrays = corner_arrays;
    if (wanted) {
      request.cell_arrays = wanted;
      request.cell_arrays->push_back("cell_id");
    }
    for (std::size_t p = first_of(rank); p < first_of(rank + 1); ++p) {
      VtkGrid grid = read_vtk_grid(pieces[p], request);
      if (grid.image)
        throw Fault(Exit::input, "piece-type", pieces[p], "an image cannot be a field file")
            .wanted("an unstructured grid");
      gather_corners(grid, pieces[p]);
      append_piece(cells, std::move(grid), pieces[p], p == first_of(rank));
    }
    if (wanted && has_pieces)
      for (const std::string &name : *wanted)
        if (name != "cell_id" && find_array(cells.arrays, name) == nullptr) {
          ReadRequest all = request; // once more without the choice, to list what there is
          all.cell_arrays.reset();
          need_array(read_vtk_grid(pieces[first_of(rank)], all).cell_arrays, name, 1, path);
        }
  });

  // By name: writers of pieces need not keep one order, and every rank must have the same.
  std::sort(cells.arrays.begin(), cells.arrays.end(),
            [](const auto &a, const auto &b) { return a.name < b.name; });

  int source = has_pieces ? rank : size, root = 0;
  MPI_Allreduce(&source, &root, 1, MPI_INT, MPI_MIN, comm);
  std::vector<std::uint8_t> mine;
  if (has_pieces) mine = common_part(cells);
  const std::vector<std::uint8_t> common =
      broadcast(rank == root ? mine : std::vector<std::uint8_t>{}, root, comm);
  together(comm, [&] {
    if (!has_pieces)
      take_common_part(common, cells);
    else if (mine != common)
      throw Fault(Exit::input, "piece-differs", path, "arrays or field data are not the same in all pieces")
          .hint("Pieces of different steps or cases seem to be mixed.");
  });
  return cells;
}

double field_number(const FileCells &cells, const std::string &name)
{
  const DataArray &field = need_array(cells.fields, name, 1, cells.path, "field data");
  if (field.type == NumberType::text || field.n_numbers() != 1)
    throw Fault(Exit::input, "field-data", cells.path, "field data \"" + name + '"').wanted("one number");
  return field.real(0);
}

std::string field_text(const FileCells &cells, const std::string &name)
{
  const DataArray &field = need_array(cells.fields, name, 1, cells.path, "field data");
  if (field.texts.size() != 1)
    throw Fault(Exit::input, "field-data", cells.path, "field data \"" + name + '"').wanted("one text");
  return field.texts.front();
}

std::string hexadecimal(const std::uint64_t number)
{
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return digits;
}

void check_mesh_checksum(const FileCells &cells, const std::uint64_t mesh_checksum)
{
  const std::string found = field_text(cells, "mesh_checksum");
  if (found == hexadecimal(mesh_checksum)) return;
  throw Fault(Exit::model, "mesh-differs", cells.path, "the file belongs to another mesh: its mesh_checksum")
      .found(found)
      .wanted(hexadecimal(mesh_checksum))
      .hint("Use the case that the file was written with; geometry and mesh options must be the same.");
}

} // namespace wolff::io
