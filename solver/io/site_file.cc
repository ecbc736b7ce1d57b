#include "io/site_file.h"

#include "base/errors.h"
#include "io/input_file.h"
#include "io/safe_file.h"

#include <vtkCellArray.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkUnsignedCharArray.h>
#include <vtkXMLPolyDataReader.h>
#include <vtkXMLPolyDataWriter.h>

#include <fmt/format.h>

#include <filesystem>

namespace wolff::io {

namespace fs = std::filesystem;

namespace {

std::string piece_folder(const std::string &path)
{
  return fs::path(path).replace_extension().string();
}

std::string piece_name(const int number)
{
  return fmt::format("piece_{:04d}.vtp", number);
}

std::string piece_text(const std::vector<SitePoint> &points, const SiteFrame &frame)
{
  const auto n = static_cast<vtkIdType>(points.size());
  vtkNew<vtkFloatArray> places;
  places->SetNumberOfComponents(3);
  places->SetNumberOfTuples(n);
  vtkNew<vtkIntArray> site;
  site->SetName("site");
  site->SetNumberOfComponents(3);
  site->SetNumberOfTuples(n);
  vtkNew<vtkUnsignedCharArray> kind, age;
  kind->SetName("kind");
  kind->SetNumberOfTuples(n);
  age->SetName("age_day");
  age->SetNumberOfTuples(n);
  vtkNew<vtkCellArray> vertices;
  for (vtkIdType i = 0; i < n; ++i) {
    const SitePoint &point = points[static_cast<std::size_t>(i)];
    for (int d = 0; d < 3; ++d) {
      const std::int32_t at = point.site[static_cast<std::size_t>(d)];
      site->SetTypedComponent(i, d, at);
      places->SetTypedComponent(i, d, static_cast<float>(frame.origin[d] + frame.spacing * at));
    }
    kind->SetValue(i, point.kind);
    age->SetValue(i, point.age);
    vertices->InsertNextCell(1, &i);
  }
  vtkNew<vtkPoints> where;
  where->SetData(places);
  vtkNew<vtkPolyData> data;
  data->SetPoints(where);
  data->SetVerts(vertices);
  data->GetPointData()->AddArray(site);
  data->GetPointData()->AddArray(kind);
  data->GetPointData()->AddArray(age);
  vtkNew<vtkDoubleArray> place;
  place->SetName("frame_mm");
  for (const double number : {frame.origin[0], frame.origin[1], frame.origin[2], frame.spacing})
    place->InsertNextValue(number);
  data->GetFieldData()->AddArray(place);
  vtkNew<vtkXMLPolyDataWriter> writer;
  writer->SetInputData(data);
  writer->SetDataModeToAppended();
  writer->EncodeAppendedDataOff();
  writer->WriteToOutputStringOn();
  if (writer->Write() != 1)
    throw Fault(Exit::storage, "write-failed", "", "VTK cannot write the cells of a lattice");
  return writer->GetOutputString();
}

std::string index_text(const std::string &path, const int pieces)
{
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"PPolyData\" version=\"1.0\" "
      "byte_order=\"LittleEndian\" header_type=\"UInt32\" compressor=\"vtkZLibDataCompressor\">\n"
      "<PPolyData GhostLevel=\"0\">\n<PPointData>\n"
      "<PDataArray type=\"Int32\" Name=\"site\" NumberOfComponents=\"3\"/>\n"
      "<PDataArray type=\"UInt8\" Name=\"kind\"/>\n<PDataArray type=\"UInt8\" Name=\"age_day\"/>\n"
      "</PPointData>\n<PPoints>\n"
      "<PDataArray type=\"Float32\" Name=\"Points\" NumberOfComponents=\"3\"/>\n</PPoints>\n";
  const std::string folder = fs::path(piece_folder(path)).filename().string();
  for (int k = 0; k < pieces; ++k) text += "<Piece Source=\"" + folder + "/" + piece_name(k) + "\"/>\n";
  return text + "</PPolyData>\n</VTKFile>\n";
}

template <typename Array>
Array *array_of(vtkPolyData &data, const char *name, const int components, const std::string &path)
{
  auto *const array = Array::SafeDownCast(data.GetPointData()->GetArray(name));
  if (!array || array->GetNumberOfComponents() != components)
    throw Fault(Exit::input, "array-missing", path, "point array of this name and type not found")
        .wanted(name);
  return array;
}

void append_piece(const std::string &path, std::vector<SitePoint> &points, SiteFrame &frame)
{
  const InputFile file(path); // a regular file that can be read
  vtkNew<vtkXMLPolyDataReader> reader;
  reader->SetFileName(path.c_str());
  reader->Update();
  vtkPolyData *const data = reader->GetOutput();
  if (reader->GetErrorCode() != 0 || !data || !data->GetPoints())
    throw Fault(Exit::input, "lattice-file", path, "VTK cannot read the cells of a lattice");
  auto *const place = vtkDoubleArray::SafeDownCast(data->GetFieldData()->GetArray("frame_mm"));
  if (!place || place->GetNumberOfValues() != 4)
    throw Fault(Exit::input, "array-missing", path, "field array of four numbers not found")
        .wanted("frame_mm");
  frame = {Vector3(place->GetValue(0), place->GetValue(1), place->GetValue(2)), place->GetValue(3)};
  if (data->GetNumberOfPoints() == 0) return;
  auto *const site = array_of<vtkIntArray>(*data, "site", 3, path);
  auto *const kind = array_of<vtkUnsignedCharArray>(*data, "kind", 1, path);
  auto *const age = array_of<vtkUnsignedCharArray>(*data, "age_day", 1, path);
  for (vtkIdType i = 0; i < data->GetNumberOfPoints(); ++i)
    points.push_back(
        {{site->GetTypedComponent(i, 0), site->GetTypedComponent(i, 1), site->GetTypedComponent(i, 2)},
         kind->GetValue(i),
         age->GetValue(i)});
}

} // namespace

void write_sites(const std::string &path, const std::vector<SitePoint> &points, const SiteFrame &frame,
                 const MPI_Comm comm)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const std::string folder = piece_folder(path);
  together(comm, [&] {
    if (rank != 0) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", folder, "the folder cannot be made: " + error.message());
  });
  together(comm, [&] { write_file_safely(folder + "/" + piece_name(rank), piece_text(points, frame)); });
  together(comm, [&] {
    if (rank == 0) write_file_safely(path, index_text(path, size));
  });
}

std::vector<SitePoint> read_sites(const std::string &path, SiteFrame &frame, const MPI_Comm comm)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  std::vector<SitePoint> points;
  together(comm, [&] {
    // Only the pieces that write_sites names are opened.
    const std::string index = read_small_file(path);
    int pieces = 0;
    for (std::size_t at = index.find("<Piece "); at != std::string::npos; at = index.find("<Piece ", at + 1))
      ++pieces;
    if (index != index_text(path, pieces))
      throw Fault(Exit::input, "lattice-file", path,
                  "no index of the cells of a lattice as this program writes it");
    for (int k = rank; k < pieces; k += size)
      append_piece(piece_folder(path) + "/" + piece_name(k), points, frame);
  });
  // A rank without a piece takes the frame of the first, which has one.
  double numbers[4] = {frame.origin[0], frame.origin[1], frame.origin[2], frame.spacing};
  MPI_Bcast(numbers, 4, MPI_DOUBLE, 0, comm);
  frame = {Vector3(numbers[0], numbers[1], numbers[2]), numbers[3]};
  return points;
}

} // namespace wolff::io
