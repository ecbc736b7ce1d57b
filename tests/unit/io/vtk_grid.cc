// Reading VTK XML files: what VTK's own writers leave in all their encodings comes back number by number.
#include "io/vtk_grid.h"
#include "base/errors.h"
#include "support/scratch_folder.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkSmartPointer.h>
#include <vtkStringArray.h>
#include <vtkTypeInt64Array.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLImageDataWriter.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <cmath>
#include <sys/stat.h>

#include <fstream>

using namespace wolff;
using namespace wolff::io;

namespace {

struct Encoding
{
  int mode;
  bool base64, zlib, header64;
  int shape; ///< number of cubes along x; many make several compressed blocks
};

std::ostream &operator<<(std::ostream &out, const Encoding &e)
{
  return out << "mode " << e.mode << " base64 " << e.base64 << " zlib " << e.zlib << " header64 "
             << e.header64 << " cells " << e.shape;
}

std::vector<Encoding> encodings()
{
  std::vector<Encoding> all;
  for (const int cells : {1, 5000})
    for (const bool header64 : {false, true}) {
      all.push_back({vtkXMLWriter::Ascii, false, false, header64, cells});
      for (const bool zlib : {false, true}) {
        all.push_back({vtkXMLWriter::Binary, true, zlib, header64, cells});
        for (const bool base64 : {false, true})
          all.push_back({vtkXMLWriter::Appended, base64, zlib, header64, cells});
      }
    }
  return all;
}

void apply(vtkXMLWriter *writer, const Encoding &e, const std::string &path)
{
  writer->SetFileName(path.c_str());
  writer->SetDataMode(e.mode);
  writer->SetEncodeAppendedData(e.base64);
  writer->SetHeaderType(e.header64 ? vtkXMLWriter::UInt64 : vtkXMLWriter::UInt32);
  if (e.zlib)
    writer->SetCompressorTypeToZLib();
  else
    writer->SetCompressorTypeToNone();
}

double noise(const int i)
{
  return std::sin(12.9898 * i) * 43758.5453;
}

/// A row of unit cubes with arrays of several types, a six-component array, and field data.
vtkSmartPointer<vtkUnstructuredGrid> row_of_cubes(const int n)
{
  auto grid = vtkSmartPointer<vtkUnstructuredGrid>::New();
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (int i = 0; i <= n; ++i)
    for (const auto &[y, z] : {std::pair{0, 0}, {1, 0}, {1, 1}, {0, 1}}) points->InsertNextPoint(i, y, z);
  grid->SetPoints(points);
  vtkNew<vtkDoubleArray> stress;
  stress->SetName("stress_MPa");
  stress->SetNumberOfComponents(6);
  vtkNew<vtkTypeInt64Array> id;
  id->SetName("cell_id");
  vtkNew<vtkUnsignedCharArray> phase;
  phase->SetName("phase");
  vtkNew<vtkFloatArray> height;
  height->SetName("height_mm");
  for (int i = 0; i < n; ++i) {
    const vtkIdType a = 4 * i, b = 4 * (i + 1);
    const vtkIdType corners[8] = {a, b, b + 1, a + 1, a + 3, b + 3, b + 2, a + 2};
    grid->InsertNextCell(VTK_HEXAHEDRON, 8, corners);
    for (int k = 0; k < 6; ++k) stress->InsertNextValue(noise(6 * i + k));
    id->InsertNextValue((vtkTypeInt64(1) << 60) + i);
    phase->InsertNextValue(static_cast<unsigned char>(200 + i % 50));
  }
  for (int i = 0; i < 4 * (n + 1); ++i) height->InsertNextValue(static_cast<float>(noise(i)));
  grid->GetCellData()->AddArray(stress);
  grid->GetCellData()->AddArray(id);
  grid->GetCellData()->AddArray(phase);
  grid->GetPointData()->AddArray(height);
  vtkNew<vtkStringArray> name;
  name->SetName("case_name");
  name->InsertNextValue("caf\xc3\xa9 <1> & \"2\"");
  name->InsertNextValue("");
  name->InsertNextValue("last");
  vtkNew<vtkDoubleArray> day;
  day->SetName("day");
  day->InsertNextValue(0.1);
  grid->GetFieldData()->AddArray(name);
  grid->GetFieldData()->AddArray(day);
  return grid;
}

void write(const std::string &path, const std::string &text)
{
  std::ofstream(path, std::ios::binary) << text;
}

std::string refusal(const std::string &path)
{
  try {
    read_vtk_grid(path);
  } catch (const Fault &fault) {
    BOOST_TEST(static_cast<int>(fault.code()) == 2);
    return fault.name();
  }
  return "none";
}

} // namespace

BOOST_DATA_TEST_CASE(hexahedra_written_by_vtk_in_any_encoding_are_read_bit_for_bit, encodings(), encoding)
{
  const ScratchFolder folder;
  const auto written = row_of_cubes(encoding.shape);
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(written);
  apply(writer, encoding, folder.file("a.vtu"));
  BOOST_REQUIRE(writer->Write() == 1);

  const VtkGrid grid = read_vtk_grid(folder.file("a.vtu"));
  BOOST_TEST(grid.n_cells == encoding.shape);
  BOOST_TEST(grid.n_points == 4 * (encoding.shape + 1));
  BOOST_REQUIRE(grid.cell_arrays.size() == 3u);
  BOOST_REQUIRE(grid.point_arrays.size() == 1u);
  BOOST_REQUIRE(grid.field_arrays.size() == 2u);
  BOOST_TEST(grid.offsets.back() == 8 * encoding.shape);
  bool same = true;
  for (int i = 0; i < encoding.shape; ++i) {
    const auto cell = static_cast<std::size_t>(i);
    same = same && grid.types[cell] == VTK_HEXAHEDRON;
    same = same && grid.connectivity[8 * cell + 6] == 4 * (i + 1) + 2;
    for (std::size_t k = 0; k < 6; ++k)
      same = same && grid.cell_arrays[0].real(6 * cell + k) == noise(6 * i + static_cast<int>(k));
    same = same && grid.cell_arrays[1].integer(cell) == (std::int64_t{1} << 60) + i;
    same = same && grid.cell_arrays[2].integer(cell) == 200 + i % 50;
  }
  for (std::size_t i = 0; i < grid.point_arrays[0].n_numbers(); ++i)
    same = same && grid.point_arrays[0].real(i) ==
                       static_cast<double>(static_cast<float>(noise(static_cast<int>(i))));
  for (std::size_t p = 0; p < static_cast<std::size_t>(grid.n_points); ++p)
    same = same && grid.points[3 * p] == std::floor(static_cast<double>(p) / 4);
  BOOST_TEST(same);
  const DataArray *name = find_array(grid.field_arrays, "case_name"),
                  *day = find_array(grid.field_arrays, "day");
  BOOST_REQUIRE(name != nullptr);
  BOOST_REQUIRE(day != nullptr);
  const std::vector<std::string> texts{"caf\xc3\xa9 <1> & \"2\"", "", "last"};
  BOOST_TEST(name->texts == texts, boost::test_tools::per_element());
  BOOST_TEST(day->real(0) == 0.1);
}

BOOST_DATA_TEST_CASE(an_image_written_by_vtk_keeps_geometry_and_values, encodings(), encoding)
{
  const ScratchFolder folder;
  vtkNew<vtkImageData> image;
  image->SetExtent(-1, encoding.shape, 2, 4, 0, 1);
  image->SetSpacing(0.25, 0.5, 0.75);
  image->SetOrigin(-3, 1e-3, 7);
  vtkNew<vtkIntArray> phase;
  phase->SetName("phase");
  for (vtkIdType i = 0; i < image->GetNumberOfCells(); ++i)
    phase->InsertNextValue(static_cast<int>(i % 7) - 3);
  image->GetCellData()->AddArray(phase);
  vtkNew<vtkXMLImageDataWriter> writer;
  writer->SetInputData(image);
  apply(writer, encoding, folder.file("a.vti"));
  BOOST_REQUIRE(writer->Write() == 1);

  const VtkGrid grid = read_vtk_grid(folder.file("a.vti"));
  BOOST_REQUIRE(grid.image.has_value());
  const std::array<std::int64_t, 6> extent{-1, encoding.shape, 2, 4, 0, 1};
  BOOST_TEST((grid.image->extent == extent));
  BOOST_TEST(grid.image->spacing[1] == 0.5);
  BOOST_TEST(grid.image->origin[1] == 1e-3);
  BOOST_TEST(grid.n_cells == (encoding.shape + 1) * 2);
  bool same = true;
  for (std::size_t i = 0; i < grid.cell_arrays[0].n_numbers(); ++i)
    same = same && grid.cell_arrays[0].integer(i) == static_cast<int>(i % 7) - 3;
  BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(only_the_arrays_asked_for_are_read)
{
  const ScratchFolder folder;
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(row_of_cubes(2));
  writer->SetFileName(folder.file("a.vtu").c_str());
  BOOST_REQUIRE(writer->Write() == 1);
  ReadRequest request;
  request.geometry = false;
  request.cell_arrays = std::vector<std::string>{"phase"};
  request.point_arrays = std::vector<std::string>{};
  const VtkGrid grid = read_vtk_grid(folder.file("a.vtu"), request);
  BOOST_TEST(grid.points.empty());
  BOOST_TEST(grid.connectivity.empty());
  BOOST_REQUIRE(grid.cell_arrays.size() == 1u);
  BOOST_TEST(grid.cell_arrays[0].name == "phase");
  BOOST_TEST(grid.point_arrays.empty());
}

BOOST_AUTO_TEST_CASE(a_file_beyond_the_memory_limit_is_refused_as_too_large)
{
  const ScratchFolder folder;
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(row_of_cubes(1000));
  writer->SetFileName(folder.file("a.vtu").c_str());
  BOOST_REQUIRE(writer->Write() == 1);
  ReadRequest request;
  request.limits.memory = 100000;
  BOOST_CHECK_EXCEPTION(read_vtk_grid(folder.file("a.vtu"), request), Fault,
                        [](const Fault &f) { return f.code() == Exit::too_large && f.name() == "memory"; });
}

BOOST_AUTO_TEST_CASE(pieces_of_an_index_follow_one_another_and_must_belong_together)
{
  const ScratchFolder folder;
  const auto write_piece = [&](const char *name, const int n, const double day) {
    const auto cubes = row_of_cubes(n);
    vtkDoubleArray::SafeDownCast(cubes->GetFieldData()->GetArray("day"))->SetValue(0, day);
    vtkNew<vtkXMLUnstructuredGridWriter> writer;
    writer->SetInputData(cubes);
    writer->SetFileName(folder.file(name).c_str());
    BOOST_REQUIRE(writer->Write() == 1);
  };
  const std::string head = "<VTKFile type=\"PUnstructuredGrid\" version=\"1.0\" "
                           "byte_order=\"LittleEndian\"><PUnstructuredGrid><PPoints>"
                           "<PDataArray type=\"Float64\" "
                           "NumberOfComponents=\"3\"/></PPoints><PCellData><PDataArray type=\"Float64\" "
                           "Name=\"stress_MPa\" NumberOfComponents=\"6\"/><PDataArray type=\"Int64\" "
                           "Name=\"cell_id\"/><PDataArray "
                           "type=\"UInt8\" Name=\"phase\"/></PCellData><PPointData><PDataArray "
                           "type=\"Float32\" Name=\"height_mm\"/>"
                           "</PPointData>";
  const auto index = [&](const std::string &sources) {
    std::string text = head;
    return text.append(sources).append("</PUnstructuredGrid></VTKFile>");
  };
  write_piece("one.vtu", 2, 1);
  write_piece("two.vtu", 3, 1);
  write_piece("other day.vtu", 3, 2);
  write(folder.file("a.pvtu"), index("<Piece Source=\"one.vtu\"/><Piece Source=\"two.vtu\"/>"));
  const VtkGrid grid = read_vtk_grid(folder.file("a.pvtu"));
  BOOST_TEST(grid.n_cells == 5);
  BOOST_TEST(grid.n_points == 12 + 16);
  BOOST_TEST(grid.connectivity[16] == 12); // first point of the second piece
  BOOST_TEST(grid.offsets.back() == 40);
  BOOST_TEST(grid.cell_arrays[0].real(6 * 2) == noise(0));

  write(folder.file("b.pvtu"), index("<Piece Source=\"one.vtu\"/><Piece Source=\"other day.vtu\"/>"));
  BOOST_TEST(refusal(folder.file("b.pvtu")) == "piece-differs");
  write(folder.file("c.pvtu"), index("<Piece Source=\"one.vtu\"/><Piece Source=\"one.vtu\"/>"));
  BOOST_TEST(refusal(folder.file("c.pvtu")) == "piece-twice");
  write(folder.file("d.pvtu"), index(""));
  BOOST_TEST(refusal(folder.file("d.pvtu")) == "piece-missing");
  write(folder.file("e.pvtu"),
        index(std::string("<Piece Source=\"").append(folder.file("one.vtu")).append("\"/>")));
  BOOST_TEST(refusal(folder.file("e.pvtu")) == "piece-outside");
  write(folder.file("f.pvtu"), index("<Piece Source=\"a.pvtu\"/>"));
  BOOST_TEST(refusal(folder.file("f.pvtu")) == "piece-type");
  std::string other_type = index("<Piece Source=\"one.vtu\"/>");
  other_type.replace(other_type.find("UInt8"), 5, "Int32");
  write(folder.file("g.pvtu"), other_type);
  BOOST_TEST(refusal(folder.file("g.pvtu")) == "piece-differs");

  const ScratchFolder elsewhere;
  std::filesystem::copy_file(folder.file("one.vtu"), elsewhere.file("one.vtu"));
  std::filesystem::create_symlink(elsewhere.file("one.vtu"), folder.file("link.vtu"));
  write(folder.file("h.pvtu"), index("<Piece Source=\"link.vtu\"/>"));
  BOOST_TEST(refusal(folder.file("h.pvtu")) == "piece-outside");
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_opened_and_a_pipe_does_not_block)
{
  const ScratchFolder folder;
  BOOST_TEST(refusal(folder.file("nowhere.vtu")) == "file-missing");
  BOOST_TEST(refusal(folder.path()) == "file-not-regular");
  BOOST_TEST(refusal("/dev/zero") == "file-not-regular");
  const std::string pipe = folder.file("pipe.vtu");
  BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_TEST(refusal(pipe) == "file-not-regular");
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_read_is_refused)
{
  const ScratchFolder folder;
  write(folder.file("a.txt"), "before");
  const InputFile file(folder.file("a.txt"));
  BOOST_CHECK_NO_THROW(file.check_unchanged());
  write(folder.file("a.txt"), "longer than before");
  BOOST_CHECK_EXCEPTION(file.check_unchanged(), Fault,
                        [](const Fault &f) { return f.name() == "file-changed"; });
}

BOOST_AUTO_TEST_CASE(paths_with_spaces_quotes_newlines_and_leading_dash_work)
{
  const ScratchFolder folder;
  for (const std::string &name :
       {std::string("a b.vtu"), std::string("\"q'.vtu"), std::string("new\nline.vtu"), std::string("-x.vtu"),
        std::string("\xc3\xbc.vtu"), std::string(251, 'n') + ".vtu"}) {
    vtkNew<vtkXMLUnstructuredGridWriter> writer;
    writer->SetInputData(row_of_cubes(1));
    writer->SetFileName(folder.file(name).c_str());
    BOOST_REQUIRE(writer->Write() == 1);
    BOOST_TEST(read_vtk_grid(folder.file(name)).n_cells == 1);
  }
}
