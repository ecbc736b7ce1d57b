// Reading a field file back onto a mesh: the pieces are shared out over the ranks, and every cell then goes
// to the rank that owns it, found by its `cell_id`. Any number of ranks reads a file of any number of pieces,
// in any order of cells.
#pragma once

#include "io/vtk_grid.h"

#include <mpi.h>

namespace wolff::io {

/// The cells of a file that this rank has read; names, types and field data are the same on all ranks.
struct FileCells
{
  std::string path;
  std::vector<std::int64_t> ids; ///< cell_id of each cell read here, in the order of the file
  std::vector<DataArray>
      arrays; ///< cell arrays but cell_id, sorted by name; no tuples on a rank without a piece
  std::vector<DataArray> fields; ///< field data
};

/**
 * Read a .pvtu or .vtu file in parallel. Collective.
 * @param wanted  names of the cell arrays to read; nothing: all
 * @param corner_arrays  point arrays to read where the file has them; each becomes a cell array of eight
 * tuples, the corners of the cell with x fastest, then y, then z
 * @throws Fault on all ranks: exit 2 if the file is not sound, an array is missing, there is no `cell_id`, a
 * value is not finite, or pieces do not belong together
 */
FileCells read_cell_file(const std::string &path, MPI_Comm comm,
                         const std::optional<std::vector<std::string>> &wanted = {},
                         const std::vector<std::string> &corner_arrays = {}, const ReadLimits &limits = {});

/**
 * Bring the arrays of @p cells into the order of @p mesh_ids, the cells that this rank owns. Collective;
 * values come through bit for bit.
 * @throws Fault on all ranks (exit 2) with counts and first ids if a cell of the mesh is missing in the file,
 * stands there twice, or the file has cells that the mesh has not
 */
std::vector<DataArray> distribute_by_cell_id(const std::vector<std::int64_t> &mesh_ids,
                                             const FileCells &cells, MPI_Comm comm);

/// One number of the field data. @throws Fault (exit 2) if it is missing, text, or an array
double field_number(const FileCells &cells, const std::string &name);
/// One text of the field data. @throws Fault (exit 2)
std::string field_text(const FileCells &cells, const std::string &name);

/// Sixteen hexadecimal digits, the form in which a mesh checksum stands in field data.
std::string hexadecimal(std::uint64_t number);

/// @throws Fault (exit 3) if field data "mesh_checksum" differ from @p mesh_checksum: the file belongs to
/// another mesh
void check_mesh_checksum(const FileCells &cells, std::uint64_t mesh_checksum);

} // namespace wolff::io
