#include "io/cell_file.h"

#include "base/errors.h"
#include "io/array_encoding.h"
#include "io/checksum.h"
#include "io/safe_file.h"
#include "io/xml.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace wolff::io {

namespace fs = std::filesystem;

namespace {

std::string piece_name(const int rank)
{
  const std::string digits = std::to_string(rank);
  return "piece_" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits + ".vtu";
}

std::string field_xml(const std::string &name, const char *element, const char *type,
                      const std::size_t tuples, const std::string &body)
{
  return std::string("<") + element + " type=\"" + type + "\" Name=\"" + xml_escaped(name) +
         "\" NumberOfTuples=\"" + std::to_string(tuples) + "\" format=\"ascii\">" + body + "</" + element +
         ">\n";
}

/// Pieces of an older file of the same name, written by more ranks.
void remove_other_pieces(const fs::path &folder, const std::vector<int> &kept)
{
  std::set<std::string> names;
  for (const int rank : kept) names.insert(piece_name(rank));
  std::error_code error;
  std::vector<fs::path> old;
  for (const auto &entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("piece_") && name.ends_with(".vtu") && !names.contains(name))
      old.push_back(entry.path());
  }
  for (const fs::path &path : old) fs::remove(path, error);
}

} // namespace

CellFile::CellFile(const std::span<const discretisation::Cell> cells, const Precision precision)
    : precision_(precision), n_cells_(cells.size())
{
  try {
    points_ = corner_points(cells);
  } catch (const Fault &fault) {
    refuse(fault);
    return;
  }
  geometry_.push_back(encode_reals("Points", 3, points_.xyz, "point"));
  geometry_.push_back(encode<std::int32_t>("connectivity", 1, points_.corners));
  std::vector<std::int64_t> offsets(n_cells_);
  for (std::size_t i = 0; i < n_cells_; ++i) offsets[i] = static_cast<std::int64_t>(8 * (i + 1));
  geometry_.push_back(encode<std::int64_t>("offsets", 1, offsets));
  geometry_.push_back(
      encode<std::uint8_t>("types", 1, std::vector<std::uint8_t>(n_cells_, 12))); // VTK_HEXAHEDRON

  std::vector<std::int64_t> ids(n_cells_);
  std::transform(cells.begin(), cells.end(), ids.begin(), [](const auto &cell) { return cell.id; });
  add_cell_array("cell_id", ids);
}

CellFile::~CellFile() = default;
CellFile::CellFile(CellFile &&) noexcept = default;

void CellFile::refuse(const Fault &fault)
{
  if (!problem_) problem_ = std::make_unique<Fault>(fault);
}

bool CellFile::accept(const std::string &name, const std::size_t found, const std::size_t wanted)
{
  if (!names_.insert(name).second)
    refuse(Fault(Exit::internal, "array-duplicate", "", "two arrays of one file are called \"" + name + '"'));
  else if (found != wanted)
    refuse(Fault(Exit::internal, "array-length", "", "number of values of array \"" + name + '"')
               .found(std::to_string(found))
               .wanted(std::to_string(wanted)));
  else
    return !problem_;
  return false;
}

template <typename Number>
CellFile::Encoded CellFile::encode(const std::string &name, const int components,
                                   const std::span<const Number> values) const
{
  return {name, number_type_of<Number>(), components, compressed_array(values.data(), values.size_bytes())};
}

CellFile::Encoded CellFile::encode_reals(const std::string &name, const int components,
                                         const std::span<const double> values, const char *what)
{
  const auto wrong = std::find_if(values.begin(), values.end(), [this](const double v) {
    return !std::isfinite(precision_ == Precision::float64 ? v : static_cast<double>(static_cast<float>(v)));
  });
  if (wrong != values.end())
    refuse(Fault(Exit::not_converged, "not-finite", "",
                 "array \"" + name + "\" is not finite at " + what + " " +
                     std::to_string((wrong - values.begin()) / components) + " of a rank")
               .found(*wrong)
               .wanted("a finite number, also in the precision of the file"));
  if (precision_ == Precision::float64) return encode(name, components, values);
  const std::vector<float> rounded(values.begin(), values.end());
  return encode<float>(name, components, rounded);
}

void CellFile::add_cell_array(const std::string &name, const int components,
                              const std::span<const double> values)
{
  if (accept(name, values.size(), n_cells_ * static_cast<std::size_t>(components)))
    cell_arrays_.push_back(encode_reals(name, components, values, "cell"));
}

void CellFile::add_cell_array(const std::string &name, const std::span<const std::int64_t> values)
{
  if (accept(name, values.size(), n_cells_)) cell_arrays_.push_back(encode(name, 1, values));
}

void CellFile::add_cell_array(const std::string &name, const std::span<const std::int32_t> values)
{
  if (accept(name, values.size(), n_cells_)) cell_arrays_.push_back(encode(name, 1, values));
}

void CellFile::add_cell_array(const std::string &name, const std::span<const std::uint8_t> values)
{
  if (accept(name, values.size(), n_cells_)) cell_arrays_.push_back(encode(name, 1, values));
}

void CellFile::add_point_array(const std::string &name, const int components,
                               const std::span<const double> values)
{
  if (accept(name, values.size(), points_.n_points() * static_cast<std::size_t>(components)))
    point_arrays_.push_back(encode_reals(name, components, values, "point"));
}

void CellFile::add_field(const std::string &name, const std::string &text)
{
  add_field(name, std::vector{text});
}

void CellFile::add_field(const std::string &name, const std::vector<std::string> &texts)
{
  std::string codes; // VTK stores texts as bytes, each closed by a zero
  for (const std::string &text : texts) {
    for (const char c : text) codes += std::to_string(static_cast<signed char>(c)) + ' ';
    codes += "0 ";
    if (text.find('\0') != std::string::npos)
      refuse(Fault(Exit::internal, "text-zero", "", "text \"" + name + "\" holds a zero byte"));
  }
  if (!field_names_.insert(name).second)
    refuse(Fault(Exit::internal, "array-duplicate", "", "field data \"" + name + "\" twice"));
  fields_ += field_xml(name, "Array", "String", texts.size(), codes);
}

void CellFile::add_field(const std::string &name, const double number)
{
  add_field(name, std::vector{number});
}

void CellFile::add_field(const std::string &name, const std::int64_t number)
{
  if (!field_names_.insert(name).second)
    refuse(Fault(Exit::internal, "array-duplicate", "", "field data \"" + name + "\" twice"));
  fields_ += field_xml(name, "DataArray", "Int64", 1, std::to_string(number));
}

void CellFile::add_field(const std::string &name, const std::vector<double> &numbers)
{
  if (!field_names_.insert(name).second)
    refuse(Fault(Exit::internal, "array-duplicate", "", "field data \"" + name + "\" twice"));
  std::string body;
  for (const double number : numbers) {
    if (!std::isfinite(number))
      refuse(Fault(Exit::not_converged, "not-finite", "", "field data \"" + name + "\" are not finite")
                 .found(number));
    body += to_text(number) + ' ';
  }
  fields_ += field_xml(name, "DataArray", "Float64", numbers.size(), body);
}

std::uint64_t CellFile::bytes() const
{
  std::uint64_t sum = fields_.size();
  for (const auto *arrays : {&geometry_, &cell_arrays_, &point_arrays_})
    for (const Encoded &array : *arrays) sum += array.bytes.size();
  return sum;
}

void CellFile::write_piece(SafeFile &file) const
{
  // ParaView as Debian 12 packages it cannot parse a file with raw bytes in it, so what is only looked at goes inline
  // as text; what a computation reads is a third smaller and faster as raw appended data.
  const bool is_inline = precision_ == Precision::float32;
  std::uint64_t offset = 0;
  const auto put = [&](const Encoded &array) {
    file.append(std::string("<DataArray type=\"") + vtk_name(array.type) + "\" Name=\"" + xml_escaped(array.name) +
                "\" NumberOfComponents=\"" + std::to_string(array.components));
    if (is_inline) {
      file.append("\" format=\"binary\">");
      file.append(base64_of_compressed(array.bytes));
      file.append("</DataArray>\n");
    } else
      file.append("\" format=\"appended\" offset=\"" + std::to_string(offset) + "\"/>\n");
    offset += array.bytes.size();
  };
  file.append("<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"1.0\" "
              "byte_order=\"LittleEndian\" "
              "header_type=\"UInt64\" compressor=\"vtkZLibDataCompressor\">\n<UnstructuredGrid>\n<FieldData>\n" +
              fields_ + "</FieldData>\n<Piece NumberOfPoints=\"" + std::to_string(points_.n_points()) +
              "\" NumberOfCells=\"" + std::to_string(n_cells_) + "\">\n<Points>\n");
  // Offsets follow the order of the appended data below: geometry, points, cells.
  put(geometry_[0]);
  file.append("</Points>\n<Cells>\n");
  for (std::size_t i = 1; i < geometry_.size(); ++i) put(geometry_[i]);
  file.append("</Cells>\n<PointData>\n");
  for (const Encoded &array : point_arrays_) put(array);
  file.append("</PointData>\n<CellData>\n");
  for (const Encoded &array : cell_arrays_) put(array);
  file.append("</CellData>\n</Piece>\n</UnstructuredGrid>\n");
  if (!is_inline) {
    file.append("<AppendedData encoding=\"raw\">\n_");
    for (const auto *arrays : {&geometry_, &point_arrays_, &cell_arrays_})
      for (const Encoded &array : *arrays) file.append(array.bytes);
    file.append("\n</AppendedData>\n");
  }
  file.append("</VTKFile>\n");
}

std::string CellFile::declarations() const
{
  const auto tags = [](const std::vector<Encoded> &arrays) {
    std::string text;
    for (const Encoded &array : arrays)
      text += std::string("<PDataArray type=\"") + vtk_name(array.type) + "\" Name=\"" +
              xml_escaped(array.name) + "\" NumberOfComponents=\"" + std::to_string(array.components) +
              "\"/>\n";
    return text;
  };
  return "<PPoints>\n" + tags({geometry_.begin(), geometry_.begin() + 1}) + "</PPoints>\n<PPointData>\n" +
         tags(point_arrays_) + "</PPointData>\n<PCellData>\n" + tags(cell_arrays_) + "</PCellData>\n";
}

std::string CellFile::index_text(const std::string &folder, const std::vector<int> &pieces) const
{
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"PUnstructuredGrid\" version=\"1.0\" "
      "byte_order=\"LittleEndian\" "
      "header_type=\"UInt64\" compressor=\"vtkZLibDataCompressor\">\n<PUnstructuredGrid GhostLevel=\"0\">\n" +
      declarations();
  for (const int rank : pieces)
    text += "<Piece Source=\"" + xml_escaped(folder + "/" + piece_name(rank)) + "\"/>\n";
  return text + "</PUnstructuredGrid>\n</VTKFile>\n";
}

void CellFile::write(const std::string &path, const MPI_Comm comm)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const fs::path folder = fs::path(path).replace_extension();

  together(comm, [&] {
    if (!path.ends_with(".pvtu"))
      throw Fault(Exit::internal, "file-name", path, "an index of pieces ends in .pvtu");
    if (problem_) throw *problem_;
  });
  // Ranks that disagree about the arrays would write a file that cannot be read.
  const std::string mine = sha256_of_text(declarations() + fields_);
  std::string first = mine;
  MPI_Bcast(first.data(), static_cast<int>(first.size()), MPI_CHAR, 0, comm);
  together(comm, [&] {
    if (mine != first)
      throw Fault(Exit::internal, "arrays-differ", path,
                  "the ranks do not write the same arrays and field data");
  });

  const std::uint64_t my_bytes = bytes();
  std::uint64_t all_bytes = 0;
  MPI_Allreduce(&my_bytes, &all_bytes, 1, MPI_UINT64_T, MPI_SUM, comm);
  const int has_cells = n_cells_ > 0 ? 1 : 0;
  std::vector<int> with_cells(static_cast<std::size_t>(size));
  MPI_Allgather(&has_cells, 1, MPI_INT, with_cells.data(), 1, MPI_INT, comm);
  together(comm, [&] {
    if (rank != 0) return;
    if (std::none_of(with_cells.begin(), with_cells.end(), [](const int has) { return has != 0; }))
      throw Fault(Exit::internal, "cells-none", path, "there are no cells to write");
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", folder.string(),
                  "the folder of the pieces cannot be made: " + error.message());
    need_free_space(folder.string(), all_bytes);
  });

  std::unique_ptr<SafeFile> piece;
  together(comm, [&] {
    if (has_cells == 0) return;
    piece = std::make_unique<SafeFile>((folder / piece_name(rank)).string());
    write_piece(*piece);
    piece->finish();
  });
  // From here on an older file of this name would have pieces of both: its index goes first.
  together(comm, [&] {
    if (rank == 0 && std::remove(path.c_str()) != 0 && fs::exists(path))
      throw Fault(Exit::storage, "write-failed", path, "the older file cannot be removed");
  });
  together(comm, [&] {
    if (piece) piece->publish();
  });
  together(comm, [&] {
    if (rank != 0) return;
    std::vector<int> pieces;
    for (int r = 0; r < size; ++r)
      if (with_cells[static_cast<std::size_t>(r)] != 0) pieces.push_back(r);
    write_file_safely(path, index_text(folder.filename().string(), pieces));
    remove_other_pieces(folder, pieces);
  });
}

} // namespace wolff::io
