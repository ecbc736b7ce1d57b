// Reading VTK XML files (.vtu, .pvtu, .vti) that somebody else wrote: cells, points and named arrays in
// memory, checked so far that nothing later can reach out of bounds. What the arrays mean is not known here.
//
// The reader is our own. The one of VTK 9.1 ends the process on malformed files (uncaught bad_alloc on
// declared sizes, segmentation faults on short or duplicate arrays) and accepts others without a word
// (connectivity out of range, "0,5" read as 0); checking everything before VTK sees a byte means decoding
// everything anyway, so nothing is left for VTK to do. Tests compare both readers on sound files.
//
// Read are: ascii, inline base64, appended raw and base64 data; uncompressed and zlib; header types UInt32
// and UInt64; little-endian; file versions 0.1, 1.0 and 2.x; several pieces in a .vtu; one level of pieces
// below a .pvtu.
#pragma once

#include "base/errors.h"
#include "io/data_array.h"
#include "io/input_file.h"
#include "io/vtk_layout.h"

#include <optional>

namespace wolff::io {

constexpr std::uint8_t vtk_hexahedron = 12; ///< the VTK number of a cell with eight corners

struct VtkGrid
{
  std::optional<ImageGeometry>
      image; ///< set for an image; points and cells of an image are implied, not stored

  std::vector<double> points;             ///< x y z of each point
  std::vector<std::int64_t> connectivity; ///< points of all cells, one cell after the other
  std::vector<std::int64_t> offsets;      ///< behind the last entry of each cell in `connectivity`
  std::vector<std::uint8_t> types;        ///< VTK number of the type of each cell

  std::vector<DataArray> cell_arrays, point_arrays, field_arrays;
  std::vector<std::string> cell_array_names; ///< of all in the file, also of those that were not asked for
  std::int64_t n_points = 0, n_cells = 0;
};

/// What to take from a file; the rest is checked for its declaration only and costs no memory.
struct ReadRequest
{
  bool geometry = true;                                              ///< points, connectivity, offsets, types
  std::optional<std::vector<std::string>> cell_arrays, point_arrays; ///< names; nothing given: all
  ReadLimits limits;
};

/**
 * Read a .vtu, .vti or .pvtu file; the pieces of a .pvtu follow one another in the order of the index, and
 * their field data must be the same in all. Not collective.
 *
 * Checked: everything that is declared against what is there; points finite; offsets increasing; connectivity
 * within the points; number of corners as the cell type wants; no name twice in a section; field data of
 * pieces equal.
 * @throws Fault exit 2 for a file that is not sound, exit 7 for one beyond the limits
 */
VtkGrid read_vtk_grid(const std::string &path, const ReadRequest &request = {});

/// The pieces of a .pvtu file as paths that can be opened, and what the index declares.
struct ParallelIndex
{
  std::vector<std::string> pieces;
  std::vector<DeclaredArray> cell_arrays, point_arrays;
};

/// @throws Fault (exit 2), also for pieces that are missing, lie outside the folder of the index, or are the
/// index
ParallelIndex read_parallel_index(const std::string &path, const ReadLimits &limits = {});

/// Does the file name end in @p ending (".pvtu"), letter case ignored?
bool has_ending(const std::string &path, const std::string &ending);

/// The fault (exit 2) of an array that is not there; @p present: the names that are.
Fault array_missing(const std::string &name, const std::vector<std::string> &present, const std::string &path,
                    const std::string &what = "cell array");

/// The array @p name among the cell or point data of @p grid. @throws Fault (exit 2) that lists the names
/// present.
const DataArray &need_array(const std::vector<DataArray> &arrays, const std::string &name, int components,
                            const std::string &path, const std::string &what = "cell array");

} // namespace wolff::io
