// Writing a field file: the cells of the mesh as hexahedra with true cell data, in parallel, one .vtu piece
// for each rank that has cells and a .pvtu index. What the arrays mean is not known here.
//
// Float64 as appended raw data or Float32 as inline base64, zlib. The pieces of "tissue_0003.pvtu" are
// "tissue_0003/piece_0000.vtu" and so on. The same cells, values and ranks give the same bytes. Symmetric
// tensors have six components in the order XX YY ZZ XY YZ XZ, as ParaView shows them; no name may be used for
// both a cell and a point array, ParaView would mix them up.
#pragma once

#include "io/cell_points.h"
#include "io/data_array.h"

#include <mpi.h>

#include <memory>
#include <set>
#include <string>

namespace wolff {
class Fault;
}

namespace wolff::io {

class SafeFile;

enum class Precision
{
  float64,
  float32
};

/**
 * Collect the arrays of one file on this rank, then write() on all. Arrays are compressed when they are
 * added, so their source need not stay. Every rank adds the same arrays in the same order.
 *
 * A mistake in an array (wrong length, a name twice: exit 70; a value that is not finite: exit 4) is kept and
 * thrown by write() on all ranks, so that no rank is left waiting.
 */
class CellFile
{
public:
  /// @p precision is that of points and real arrays; float32 is for files that are only looked at.
  explicit CellFile(std::span<const discretisation::Cell> cells, Precision precision = Precision::float64);
  ~CellFile();
  CellFile(CellFile &&) noexcept;

  /// The points of the file, for arrays of point data.
  const CellPoints &points() const { return points_; }

  /// @param values  @p components numbers for each cell, cell after cell
  void add_cell_array(const std::string &name, int components, std::span<const double> values);
  void add_cell_array(const std::string &name, std::span<const std::int64_t> values);
  void add_cell_array(const std::string &name, std::span<const std::int32_t> values);
  void add_cell_array(const std::string &name, std::span<const std::uint8_t> values);
  void add_point_array(const std::string &name, int components, std::span<const double> values);

  /// Field data stand for the whole file; every rank must give the same.
  void add_field(const std::string &name, const std::string &text);
  void add_field(const std::string &name, const std::vector<std::string> &texts);
  void add_field(const std::string &name, double number);
  void add_field(const std::string &name, std::int64_t number);
  void add_field(const std::string &name, const std::vector<double> &numbers);

  /// Bytes that this rank will write, headers left out.
  std::uint64_t bytes() const;

  /**
   * Write the file. Collective. An older file of the same name stays until all pieces of the new one are on
   * the disk.
   * @throws Fault on all ranks: exit 5 for storage (also if less than twice the bytes are free), 4 and 70 as
   * above
   */
  void write(const std::string &path, MPI_Comm comm);

private:
  struct Encoded
  {
    std::string name;
    NumberType type;
    int components;
    std::string bytes;
  };

  bool accept(const std::string &name, std::size_t found, std::size_t wanted);
  void refuse(const Fault &fault);
  template <typename Number>
  Encoded encode(const std::string &name, int components, std::span<const Number> values) const;
  Encoded encode_reals(const std::string &name, int components, std::span<const double> values,
                       const char *what);
  void write_piece(SafeFile &file) const;
  std::string index_text(const std::string &folder, const std::vector<int> &pieces) const;
  std::string declarations() const;

  Precision precision_;
  std::size_t n_cells_;
  CellPoints points_;
  std::vector<Encoded> geometry_, cell_arrays_,
      point_arrays_;   ///< geometry: points, connectivity, offsets, types
  std::string fields_; ///< XML of the field data
  std::set<std::string> names_, field_names_;
  std::unique_ptr<Fault> problem_;
};

} // namespace wolff::io
