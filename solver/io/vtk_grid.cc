#include "io/vtk_grid.h"

#include "base/errors.h"
#include "io/array_decoding.h"

#include <algorithm>
#include <limits>
#include <map>
#include <new>

namespace wolff::io {

namespace {

struct CellType
{
  const char *name;
  int corners; ///< -1: any number
};

/// The cell types of VTK files that have linear or quadratic geometry, with their number of nodes.
const std::map<std::uint8_t, CellType> &cell_types()
{
  static const std::map<std::uint8_t, CellType> types{{1, {"vertex", 1}},
                                                      {2, {"poly-vertex", -1}},
                                                      {3, {"line", 2}},
                                                      {4, {"poly-line", -1}},
                                                      {5, {"triangle", 3}},
                                                      {6, {"triangle strip", -1}},
                                                      {7, {"polygon", -1}},
                                                      {8, {"pixel", 4}},
                                                      {9, {"quadrilateral", 4}},
                                                      {10, {"tetrahedron", 4}},
                                                      {11, {"voxel", 8}},
                                                      {12, {"hexahedron", 8}},
                                                      {13, {"wedge", 6}},
                                                      {14, {"pyramid", 5}},
                                                      {21, {"quadratic edge", 3}},
                                                      {22, {"quadratic triangle", 6}},
                                                      {23, {"quadratic quadrilateral", 8}},
                                                      {24, {"quadratic tetrahedron", 10}},
                                                      {25, {"quadratic hexahedron", 20}},
                                                      {26, {"quadratic wedge", 15}},
                                                      {27, {"quadratic pyramid", 13}},
                                                      {29, {"triquadratic hexahedron", 27}}};
  return types;
}

class GridReader
{
public:
  GridReader(const std::string &path, const ReadRequest &request, MemoryBudget &budget)
      : file_(path), request_(request), budget_(budget),
        layout_(read_layout(file_, request.limits,
                            [this](const auto &section, const auto &name) { return wanted(section, name); }))
  {
  }

  VtkLayout::Kind kind() const { return layout_.kind; }

  VtkGrid read()
  {
    VtkGrid grid;
    if (layout_.kind == VtkLayout::Kind::image) grid.image = layout_.image;
    if (layout_.pieces.empty())
      throw Fault(Exit::input, "piece-missing", file_.path(), "the file holds no piece");
    for (const ArrayNote &note : layout_.field_data)
      grid.field_arrays.push_back(decode_field_array(file_, layout_, note, budget_));
    for (const ArrayNote &note : layout_.pieces.front().cell_data) grid.cell_array_names.push_back(note.name);
    for (std::size_t p = 0; p < layout_.pieces.size(); ++p) {
      append_piece(grid, layout_.pieces[p], p == 0);
      layout_.pieces[p] = {}; // its text is not needed any more
    }
    file_.check_unchanged();
    return grid;
  }

private:
  bool wanted(const std::string &section, const std::string &name) const
  {
    if (section == "FieldData") return true;
    if (section == "Points" || section == "Cells") return request_.geometry;
    const auto &names = section == "CellData" ? request_.cell_arrays : request_.point_arrays;
    return !names || std::find(names->begin(), names->end(), name) != names->end();
  }

  const ArrayNote &need(const PieceNote &piece, const std::vector<ArrayNote> &notes,
                        const std::string &name) const
  {
    for (const ArrayNote &note : notes)
      if (note.name == name) return note;
    throw Fault(Exit::input, "array-missing", file_.path(),
                piece.place.text() + ": the piece has no array \"" + name + '"');
  }

  DataArray decode(const ArrayNote &note, const std::int64_t tuples)
  {
    return decode_array(file_, layout_, note, static_cast<std::uint64_t>(tuples), budget_);
  }

  void append_piece(VtkGrid &grid, const PieceNote &piece, const bool first)
  {
    if (layout_.kind == VtkLayout::Kind::unstructured && request_.geometry) append_geometry(grid, piece);
    append_arrays(grid.cell_arrays, piece, piece.cell_data, "CellData", piece.n_cells, first);
    append_arrays(grid.point_arrays, piece, piece.point_data, "PointData", piece.n_points, first);
    if (__builtin_add_overflow(grid.n_points, piece.n_points, &grid.n_points) ||
        __builtin_add_overflow(grid.n_cells, piece.n_cells, &grid.n_cells))
      throw Fault(Exit::input, "counts", file_.path(),
                  "the numbers of points and cells of the pieces are beyond 64 bits");
  }

  void append_geometry(VtkGrid &grid, const PieceNote &piece)
  {
    if (piece.points.size() != 1)
      throw Fault(Exit::input, "points", file_.path(), piece.place.text() + ": number of arrays in <Points>")
          .found(std::to_string(piece.points.size()))
          .wanted("1");
    const ArrayNote &points = piece.points.front();
    if (points.components != 3 || !is_real(points.type))
      throw Fault(Exit::input, "points", file_.path(), points.where() + ": the points")
          .found(std::to_string(points.components) + " components of type " + vtk_name(points.type))
          .wanted("3 components of type Float32 or Float64");
    const DataArray coordinates = decode(points, piece.n_points);
    if (const NotFinite bad = not_finite(coordinates); bad.count > 0)
      throw Fault(Exit::input, "not-finite", file_.path(),
                  points.where() + ": point " + std::to_string(bad.first / 3) + " and " +
                      std::to_string(bad.count - 1) + " more values are not finite numbers")
          .found(to_text(coordinates.real(bad.first)));

    const ArrayNote &types = need(piece, piece.cells, "types"),
                    &offsets = need(piece, piece.cells, "offsets"),
                    &corners = need(piece, piece.cells, "connectivity");
    for (const ArrayNote *note : {&types, &offsets, &corners})
      if (note->components != 1 || !is_integer(note->type))
        throw Fault(Exit::input, "array-type", file_.path(), note->where() + ": the array")
            .found(std::to_string(note->components) + " components of type " + vtk_name(note->type))
            .wanted("one component of an integer type");
    const std::vector<std::int64_t> type_numbers = decode(types, piece.n_cells).integers();
    const std::vector<std::int64_t> ends = decode(offsets, piece.n_cells).integers();
    check_offsets(offsets, ends);
    // Only now is the wanted length of the connectivity known.
    const std::vector<std::int64_t> connectivity = decode(corners, ends.empty() ? 0 : ends.back()).integers();
    check_cells(piece, types, type_numbers, ends, corners, connectivity);

    const std::int64_t first_point = grid.n_points;
    const auto first_entry = static_cast<std::int64_t>(grid.connectivity.size());
    const std::vector<double> xyz = coordinates.reals();
    grid.points.insert(grid.points.end(), xyz.begin(), xyz.end());
    for (const std::int64_t point : connectivity) grid.connectivity.push_back(first_point + point);
    for (const std::int64_t end : ends) grid.offsets.push_back(first_entry + end);
    for (const std::int64_t type : type_numbers) grid.types.push_back(static_cast<std::uint8_t>(type));
  }

  void check_offsets(const ArrayNote &note, const std::vector<std::int64_t> &ends) const
  {
    std::int64_t before = 0;
    for (std::size_t cell = 0; cell < ends.size(); ++cell) {
      if (ends[cell] <= before)
        throw Fault(Exit::input, "offsets", file_.path(),
                    note.where() + ": offset of cell " + std::to_string(cell))
            .found(std::to_string(ends[cell]))
            .wanted("more than " + std::to_string(before));
      before = ends[cell];
    }
  }

  void check_cells(const PieceNote &piece, const ArrayNote &type_note, const std::vector<std::int64_t> &types,
                   const std::vector<std::int64_t> &ends, const ArrayNote &corner_note,
                   const std::vector<std::int64_t> &connectivity) const
  {
    for (std::size_t cell = 0; cell < ends.size(); ++cell) {
      const std::int64_t corners = ends[cell] - (cell == 0 ? 0 : ends[cell - 1]);
      const auto known = types[cell] < 0 || types[cell] > 255
                             ? cell_types().end()
                             : cell_types().find(static_cast<std::uint8_t>(types[cell]));
      if (known == cell_types().end())
        throw Fault(Exit::input, "cell-type", file_.path(),
                    type_note.where() + ": type of cell " + std::to_string(cell))
            .found(std::to_string(types[cell]))
            .wanted("the number of a linear or quadratic VTK cell, 12 for a hexahedron");
      if (known->second.corners >= 0 && corners != known->second.corners)
        throw Fault(Exit::input, "cell-corners", file_.path(),
                    type_note.where() + ": number of points of cell " + std::to_string(cell) + ", a " +
                        known->second.name)
            .found(std::to_string(corners))
            .wanted(std::to_string(known->second.corners));
    }
    for (std::size_t i = 0; i < connectivity.size(); ++i)
      if (connectivity[i] < 0 || connectivity[i] >= piece.n_points) {
        const auto cell =
            std::upper_bound(ends.begin(), ends.end(), static_cast<std::int64_t>(i)) - ends.begin();
        throw Fault(Exit::input, "connectivity", file_.path(),
                    corner_note.where() + ": cell " + std::to_string(cell) +
                        " names a point that does not exist")
            .found(std::to_string(connectivity[i]))
            .wanted("0 to " + std::to_string(piece.n_points - 1));
      }
  }

  void append_arrays(std::vector<DataArray> &arrays, const PieceNote &piece,
                     const std::vector<ArrayNote> &notes, const std::string &section,
                     const std::int64_t tuples, const bool first)
  {
    std::size_t taken = 0;
    for (const ArrayNote &note : notes) {
      if (!note.wanted) continue;
      append_array(arrays, decode(note, tuples), first, file_.path(), piece.place.text());
      ++taken;
    }
    if (taken != arrays.size())
      throw Fault(Exit::input, "piece-differs", file_.path(),
                  piece.place.text() + ": number of arrays in <" + section + ">")
          .found(std::to_string(taken))
          .wanted(std::to_string(arrays.size()) + " as in the first piece");
  }

public:
  /// Put the tuples of @p next behind those of the array of the same name.
  static void append_array(std::vector<DataArray> &arrays, DataArray next, const bool first,
                           const std::string &path, const std::string &where)
  {
    if (first) {
      arrays.push_back(std::move(next));
      return;
    }
    for (DataArray &array : arrays) {
      if (array.name != next.name) continue;
      if (array.type != next.type || array.components != next.components) break;
      array.bytes.insert(array.bytes.end(), next.bytes.begin(), next.bytes.end());
      return;
    }
    throw Fault(Exit::input, "piece-differs", path,
                where + ": array \"" + next.name + "\" is not in the first piece, or has another type there");
  }

private:
  InputFile file_;
  const ReadRequest &request_;
  MemoryBudget &budget_;
  VtkLayout layout_;
};

void append_grid(VtkGrid &all, VtkGrid piece, const std::string &path)
{
  if (piece.field_arrays != all.field_arrays)
    throw Fault(Exit::input, "piece-differs", path, "the field data are not those of the first piece")
        .hint("Pieces of different steps or cases seem to be mixed.");
  if (piece.cell_arrays.size() != all.cell_arrays.size() ||
      piece.point_arrays.size() != all.point_arrays.size())
    throw Fault(Exit::input, "piece-differs", path, "the number of arrays is not that of the first piece");
  const auto first_entry = static_cast<std::int64_t>(all.connectivity.size());
  for (std::int64_t &point : piece.connectivity) point += all.n_points;
  for (std::int64_t &end : piece.offsets) end += first_entry;
  all.points.insert(all.points.end(), piece.points.begin(), piece.points.end());
  all.connectivity.insert(all.connectivity.end(), piece.connectivity.begin(), piece.connectivity.end());
  all.offsets.insert(all.offsets.end(), piece.offsets.begin(), piece.offsets.end());
  all.types.insert(all.types.end(), piece.types.begin(), piece.types.end());
  for (DataArray &array : piece.cell_arrays)
    GridReader::append_array(all.cell_arrays, std::move(array), false, path, "cell data");
  for (DataArray &array : piece.point_arrays)
    GridReader::append_array(all.point_arrays, std::move(array), false, path, "point data");
  all.n_points += piece.n_points;
  all.n_cells += piece.n_cells;
}

void check_declared(const std::vector<DeclaredArray> &declared, const std::vector<DataArray> &present,
                    const std::string &path)
{
  for (const DataArray &array : present)
    if (std::none_of(declared.begin(), declared.end(), [&](const DeclaredArray &d) {
          return d.name == array.name && d.type == array.type && d.components == array.components;
        }))
      throw Fault(Exit::input, "piece-differs", path,
                  "array \"" + array.name + "\" is not what the index file declares");
}

VtkGrid read_pieces(const std::string &path, const ReadRequest &request, MemoryBudget &budget)
{
  const ParallelIndex index = read_parallel_index(path, request.limits);
  VtkGrid all;
  for (std::size_t p = 0; p < index.pieces.size(); ++p) {
    GridReader piece(index.pieces[p], request, budget);
    if (piece.kind() != VtkLayout::Kind::unstructured)
      throw Fault(Exit::input, "piece-type", path,
                  "piece \"" + index.pieces[p] + "\" is no unstructured grid");
    VtkGrid grid = piece.read();
    check_declared(index.cell_arrays, grid.cell_arrays, index.pieces[p]);
    check_declared(index.point_arrays, grid.point_arrays, index.pieces[p]);
    if (p == 0)
      all = std::move(grid);
    else
      append_grid(all, std::move(grid), index.pieces[p]);
  }
  return all;
}

} // namespace

VtkGrid read_vtk_grid(const std::string &path, const ReadRequest &request)
{
  try {
    MemoryBudget budget(request.limits.memory_bytes());
    if (has_ending(path, ".pvtu")) return read_pieces(path, request, budget);
    GridReader file(path, request, budget);
    if (file.kind() == VtkLayout::Kind::parallel_unstructured)
      throw Fault(Exit::input, "file-type", path, "an index of pieces under the name of a single file")
          .wanted("the ending .pvtu");
    return file.read();
  } catch (const std::bad_alloc &) {
    throw Fault(Exit::too_large, "memory", path, "the file needs more memory than there is");
  }
}

Fault array_missing(const std::string &name, const std::vector<std::string> &present, const std::string &path,
                    const std::string &what)
{
  const std::string nearest = nearest_name(name, present);
  return Fault(Exit::input, "array-missing", path, what + " \"" + name + "\" not found")
      .found(present.empty() ? "no arrays" : join(present, 40))
      .hint(nearest.empty() ? "" : "Rename \"" + nearest + "\" if it is meant.");
}

const DataArray &need_array(const std::vector<DataArray> &arrays, const std::string &name,
                            const int components, const std::string &path, const std::string &what)
{
  const DataArray *array = find_array(arrays, name);
  if (array == nullptr) {
    std::vector<std::string> present;
    for (const DataArray &other : arrays) present.push_back(other.name);
    throw array_missing(name, present, path, what);
  }
  if (array->components != components)
    throw Fault(Exit::input, "array-components", path, what + " \"" + name + "\": number of components")
        .found(std::to_string(array->components))
        .wanted(std::to_string(components));
  return *array;
}

} // namespace wolff::io
