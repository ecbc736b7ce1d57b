#include "geometry/surface_file.h"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCommand.h>
#include <vtkIdList.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPLYReader.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkSTLReader.h>
#include <vtkTriangleFilter.h>
#include <vtkXMLPolyDataReader.h>
#include <vtkXMLPolyDataWriter.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>

namespace wolff::geometry {

namespace {

/// Collects the errors that a VTK object reports; the readers return normally after most of them.
class ErrorObserver : public vtkCommand
{
public:
  static ErrorObserver *New() { return new ErrorObserver; }
  void Execute(vtkObject *, unsigned long, void *text) override
  {
    if (message.empty() && text) message = static_cast<const char *>(text);
    failed = true;
  }
  std::string message;
  bool failed = false;
};

std::string lower_extension(const std::filesystem::path &path)
{
  std::string extension = path.extension().string();
  for (char &c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

/// The size of a regular file that can be opened. @throws Fault
std::uintmax_t checked_size(const std::string &file)
{
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found || error)
    throw Fault(Exit::input, "file-missing", file, "the file cannot be found")
        .found(error ? error.message() : "nothing at " + std::filesystem::absolute(file).string());
  if (status.type() != std::filesystem::file_type::regular)
    throw Fault(Exit::input, "file-not-regular", file, "not a regular file")
        .found(status.type() == std::filesystem::file_type::directory ? "a folder"
                                                                      : "a pipe, device or socket");
  errno = 0;
  if (!std::ifstream(file, std::ios::binary))
    throw Fault(Exit::input, "file-unreadable", file, "the file cannot be opened")
        .found(std::strerror(errno));
  const std::uintmax_t size = std::filesystem::file_size(file);
  if (size == 0) throw Fault(Exit::input, "file-empty", file, "the file is empty");
  return size;
}

/// First bytes of a file, as text.
std::string head_of(const std::string &file, const std::size_t bytes)
{
  std::ifstream stream(file, std::ios::binary);
  std::string text(bytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(bytes));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

Fault malformed(const std::string &file, const std::string &what)
{
  return Fault(Exit::input, "surface-unreadable", file, what);
}

/// The whole number that follows @p key in @p text, or 0.
std::uintmax_t declared(const std::string &text, const std::string &key)
{
  const std::size_t at = text.find(key);
  std::uintmax_t value = 0;
  if (at == std::string::npos) return 0;
  const auto result = std::from_chars(text.data() + at + key.size(), text.data() + text.size(), value);
  return result.ec == std::errc::result_out_of_range ? UINTMAX_MAX : value;
}

void check_stl_header(const std::string &file, const std::uintmax_t size)
{
  const std::string head = head_of(file, 84);
  std::uint32_t facets = 0;
  if (head.size() == 84) std::memcpy(&facets, head.data() + 80, 4);
  if (head.size() == 84 && size == 84 + 50 * static_cast<std::uintmax_t>(facets)) return;
  if (head.rfind("solid", 0) != 0)
    throw malformed(file, "neither a binary STL file of the length its header declares nor an ASCII one")
        .found(std::to_string(size) + " bytes")
        .wanted(std::to_string(84 + 50 * static_cast<std::uintmax_t>(facets)) + " bytes for " +
                std::to_string(facets) + " facets, or a file that starts with \"solid\"");
  // An ASCII file that was cut off lacks its last line.
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(size > 400 ? -400 : 0, size > 400 ? std::ios::end : std::ios::beg);
  const std::string tail{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (tail.find("endsolid") == std::string::npos)
    throw malformed(file, "the ASCII STL file has no \"endsolid\" line").wanted("a complete file");
}

void check_ply_header(const std::string &file, const std::uintmax_t size)
{
  const std::string head = head_of(file, 4096);
  if (head.rfind("ply", 0) != 0 || head.find("end_header") == std::string::npos)
    throw malformed(file, "no PLY header").wanted("\"ply\" on the first line and \"end_header\"");
  // A point takes three numbers of at least two characters, a facet four.
  const std::uintmax_t points = declared(head, "element vertex "), facets = declared(head, "element face ");
  if (points > size / 6 || facets > size / 4)
    throw malformed(file, "the header declares more than the file can hold")
        .found(std::to_string(points) + " points and " + std::to_string(facets) + " facets in " +
               std::to_string(size) + " bytes");
}

void check_vtp_header(const std::string &file, const std::uintmax_t size)
{
  const std::string head = head_of(file, 65536);
  if (head.find("<!DOCTYPE") != std::string::npos || head.find("<!ENTITY") != std::string::npos)
    throw malformed(file, "document type declarations are refused");
  if (head.find("<VTKFile") == std::string::npos || head.find("\"PolyData\"") == std::string::npos)
    throw malformed(file, "not a VTK XML file of poly data").wanted("<VTKFile type=\"PolyData\" ...>");
  // Compression rarely gains more than a thousandfold.
  const std::uintmax_t points = declared(head, "NumberOfPoints=\""),
                       facets = declared(head, "NumberOfPolys=\"");
  if (points > 100 * size || facets > 100 * size)
    throw malformed(file, "the header declares more than the file can hold")
        .found(std::to_string(points) + " points and " + std::to_string(facets) + " facets in " +
               std::to_string(size) + " bytes");
}

template <typename Reader>
void read_with(Reader &reader, const std::string &file, TriangleSurface &surface)
{
  vtkNew<ErrorObserver> errors;
  vtkNew<vtkTriangleFilter> triangles;
  reader.AddObserver(vtkCommand::ErrorEvent, errors);
  triangles->AddObserver(vtkCommand::ErrorEvent, errors);
  reader.SetFileName(file.c_str());
  triangles->PassLinesOff();
  triangles->PassVertsOff();
  try {
    reader.Update();
    if (!errors->failed && reader.GetOutput()->GetNumberOfPoints() > 0) {
      // Checked before a filter touches the cells: connectivity beyond the points reads foreign memory.
      vtkPolyData &raw = *reader.GetOutput();
      const vtkIdType known = raw.GetNumberOfPoints();
      vtkNew<vtkIdList> ids;
      for (vtkCellArray *cells : {raw.GetPolys(), raw.GetStrips()})
        for (cells->InitTraversal(); cells->GetNextCell(ids);)
          for (vtkIdType i = 0; i < ids->GetNumberOfIds(); ++i)
            if (ids->GetId(i) < 0 || ids->GetId(i) >= known)
              throw malformed(file, "a facet names a point that does not exist")
                  .found(std::to_string(ids->GetId(i)))
                  .wanted("0 to " + std::to_string(known - 1));
      triangles->SetInputConnection(reader.GetOutputPort());
      triangles->Update();
    }
  } catch (const std::bad_alloc &) {
    throw malformed(file, "reading it asks for more memory than there is");
  }
  if (errors->failed) throw malformed(file, "VTK cannot read it").found(errors->message);

  vtkPolyData &poly = *triangles->GetOutput();
  if (poly.GetNumberOfPoints() == 0 || poly.GetNumberOfPolys() == 0)
    throw malformed(file, "no facets")
        .found(std::to_string(reader.GetOutput()->GetNumberOfPoints()) + " points");
  surface.points.resize(static_cast<std::size_t>(poly.GetNumberOfPoints()));
  for (std::size_t i = 0; i < surface.points.size(); ++i)
    poly.GetPoint(static_cast<vtkIdType>(i), surface.points[i].data());
  vtkNew<vtkIdList> ids;
  vtkCellArray &cells = *poly.GetPolys();
  for (cells.InitTraversal(); cells.GetNextCell(ids);)
    if (ids->GetNumberOfIds() == 3)
      surface.triangles.push_back({static_cast<std::uint32_t>(ids->GetId(0)),
                                   static_cast<std::uint32_t>(ids->GetId(1)),
                                   static_cast<std::uint32_t>(ids->GetId(2))});
}

} // namespace

TriangleSurface read_surface(const std::string &file)
{
  const std::uintmax_t size = checked_size(file);
  const std::string extension = lower_extension(file);
  TriangleSurface surface;
  if (extension == ".stl") {
    check_stl_header(file, size);
    vtkNew<vtkSTLReader> reader;
    read_with(*reader, file, surface);
  } else if (extension == ".ply") {
    check_ply_header(file, size);
    vtkNew<vtkPLYReader> reader;
    read_with(*reader, file, surface);
  } else if (extension == ".vtp") {
    check_vtp_header(file, size);
    vtkNew<vtkXMLPolyDataReader> reader;
    read_with(*reader, file, surface);
  } else
    throw Fault(Exit::input, "surface-format", file, "no reader for this kind of surface file")
        .found("\"" + extension + "\"")
        .wanted(".stl, .ply or .vtp");
  for (std::size_t i = 0; i < surface.points.size(); ++i)
    if (!surface.points[i].allFinite())
      throw Fault(Exit::input, "surface-not-finite", file, "point " + std::to_string(i) + " is not finite");
  return with_merged_points(surface);
}

void write_edges(const TriangleSurface &surface, const std::vector<BadEdge> &edges, const std::string &file)
{
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkCellArray> lines;
  vtkNew<vtkIntArray> facets;
  facets->SetName("facets");
  for (const BadEdge &edge : edges) {
    lines->InsertNextCell(2);
    for (const std::uint32_t p : edge.points)
      lines->InsertCellPoint(points->InsertNextPoint(surface.points[p].data()));
    facets->InsertNextValue(edge.facets);
  }
  vtkNew<vtkPolyData> poly;
  poly->SetPoints(points);
  poly->SetLines(lines);
  poly->GetCellData()->AddArray(facets);
  vtkNew<ErrorObserver> errors;
  vtkNew<vtkXMLPolyDataWriter> writer;
  writer->AddObserver(vtkCommand::ErrorEvent, errors);
  writer->SetFileName(file.c_str());
  writer->SetInputData(poly);
  if (writer->Write() != 1 || errors->failed)
    throw Fault(Exit::storage, "write-failed", file, "the bad edges cannot be written")
        .found(errors->message);
}

} // namespace wolff::geometry
