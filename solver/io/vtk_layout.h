// What a VTK XML file says about itself: type, version, pieces, and for every array its name, number type,
// and where its numbers stand. Nothing is decoded or allocated by what the file declares; that comes after
// the checks (vtk_grid.h).
#pragma once

#include "io/data_array.h"
#include "io/xml.h"

#include <array>
#include <functional>

namespace wolff::io {

enum class ArrayFormat
{
  ascii,
  binary,
  appended
};

/// One <DataArray> of the file, not decoded yet.
struct ArrayNote
{
  std::string name;
  NumberType type = NumberType::float64;
  int components = 1;
  std::optional<std::uint64_t> tuples; ///< attribute NumberOfTuples (field data)
  ArrayFormat format = ArrayFormat::ascii;
  std::uint64_t offset = 0; ///< into the appended data
  bool wanted = true;
  std::string text; ///< between the tags, for ascii and binary; empty if not wanted
  XmlPlace place;

  /// 'array "name" at line 7 (byte 314)', for messages.
  std::string where() const { return "array \"" + name + "\" at " + place.text(); }
};

struct PieceNote
{
  std::int64_t n_points = 0, n_cells = 0;
  std::array<std::int64_t, 6> extent{}; ///< of an image, in points: x from, x to, y from, ...
  std::vector<ArrayNote> points, cells, cell_data, point_data;
  XmlPlace place;
};

/// Where the points of an image lie: origin + spacing * index.
struct ImageGeometry
{
  std::array<std::int64_t, 6> extent{};
  std::array<double, 3> origin{}, spacing{1, 1, 1}; ///< [length unit of the file]
};

/// A declared array of a parallel index file.
struct DeclaredArray
{
  std::string name;
  NumberType type;
  int components;
};

struct VtkLayout
{
  enum class Kind
  {
    unstructured,
    image,
    parallel_unstructured
  };
  Kind kind = Kind::unstructured;
  std::size_t header_bytes = 4; ///< size of the counts before binary data
  bool compressed = false;
  ImageGeometry image;
  std::vector<PieceNote> pieces;
  std::vector<ArrayNote> field_data;
  std::uint64_t appended_begin = 0, appended_end = 0; ///< bytes of the file; equal: there is none
  bool appended_base64 = false;
  // Of an index file:
  std::vector<std::string> sources;
  std::vector<DeclaredArray> declared_cell_data, declared_point_data;
};

/// Section ("CellData", "PointData", "FieldData", "Points", "Cells") and name of an array -> are its numbers
/// wanted?
using WantedArray = std::function<bool(const std::string &section, const std::string &name)>;

/// @throws Fault (exit 2) for anything that is not a .vtu, .vti or .pvtu file as VTK describes it.
VtkLayout read_layout(const InputFile &file, const ReadLimits &limits, const WantedArray &wanted);

} // namespace wolff::io
