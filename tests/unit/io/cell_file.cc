// ranks: 1 2 3 4
// Writing field files and reading them back: bit for bit, on any number of ranks, and in VTK's own eyes.
#include "io/cell_file.h"
#include "base/errors.h"
#include "io/cell_reading.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkFieldData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkStringArray.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPUnstructuredGridReader.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>

using namespace wolff;
using namespace wolff::io;
using discretisation::Cell;

namespace {

const MPI_Comm world = MPI_COMM_WORLD;

int rank_of()
{
  int rank = 0;
  MPI_Comm_rank(world, &rank);
  return rank;
}

int size_of()
{
  int size = 1;
  MPI_Comm_size(world, &size);
  return size;
}

constexpr int n_side = 6;

/// The cells of a box of 6 x 6 x 6 unit cubes that a rank owns under some partition.
std::vector<Cell> box_cells(const int ranks, const int rank)
{
  std::vector<Cell> cells;
  for (int z = 0; z < n_side; ++z)
    for (int y = 0; y < n_side; ++y)
      for (int x = 0; x < n_side; ++x) {
        const int id = x + n_side * (y + n_side * z);
        if (id * ranks / (n_side * n_side * n_side) == rank)
          cells.push_back({{x + 0.5, y + 0.5, z + 0.5}, 1.0, id * 1000003LL});
      }
  return cells;
}

/// A value whose bits depend on all digits of its arguments.
double value(const std::int64_t id, const int component)
{
  return std::sin(static_cast<double>(id) + 0.37 * component) * 1e-3;
}

CellFile box_file(const std::vector<Cell> &cells, const Precision precision = Precision::float64)
{
  CellFile file(cells, precision);
  std::vector<double> stress, fraction;
  std::vector<std::int32_t> region;
  std::vector<std::uint8_t> phase;
  for (const Cell &cell : cells) {
    for (int k = 0; k < 6; ++k) stress.push_back(value(cell.id, k));
    fraction.push_back(value(cell.id, 7));
    region.push_back(static_cast<std::int32_t>(cell.id % 5) - 2);
    phase.push_back(static_cast<std::uint8_t>(cell.id % 9));
  }
  file.add_cell_array("stress_MPa", 6, stress);
  file.add_cell_array("fraction_bone", 1, fraction);
  file.add_cell_array("region", region);
  file.add_cell_array("phase", phase);
  const std::vector<double> displacement = file.points().xyz; // the identity: easy to recognise
  file.add_point_array("displacement_mm", 3, displacement);
  file.add_field("wolff_file", "mechanics");
  file.add_field("day", 0.1);
  file.add_field("step", std::int64_t{12});
  file.add_field("mesh_checksum", hexadecimal(0x0123456789abcdefu));
  file.add_field("load_cases", std::vector<std::string>{"walking \xc3\xbc", "stairs & <more>"});
  return file;
}

std::string bytes_of_file(const std::string &path)
{
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string refusal_of_write(CellFile &file, const std::string &path)
{
  try {
    file.write(path, world);
  } catch (const Fault &fault) {
    return std::to_string(static_cast<int>(fault.code())) + ":" + fault.name();
  }
  return "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_bit_for_bit_onto_another_partition)
{
  const ScratchFolder folder;
  const std::string path = folder.file("mechanics_0000.pvtu");
  box_file(box_cells(size_of(), rank_of())).write(path, world);

  const FileCells file = read_cell_file(path, world);
  BOOST_TEST(field_number(file, "day") == 0.1);
  BOOST_TEST(field_number(file, "step") == 12.0);
  BOOST_TEST(field_text(file, "wolff_file") == "mechanics");
  BOOST_TEST(find_array(file.fields, "load_cases")->texts[0] == "walking \xc3\xbc");
  BOOST_CHECK_NO_THROW(check_mesh_checksum(file, 0x0123456789abcdefu));
  BOOST_CHECK_EXCEPTION(check_mesh_checksum(file, 1), Fault,
                        [](const Fault &f) { return f.code() == Exit::model && f.name() == "mesh-differs"; });

  // Another partition, and within a rank another order: every third cell, turned round.
  std::vector<std::int64_t> ids;
  for (int id = n_side * n_side * n_side - 1; id >= 0; --id)
    if (id % size_of() == rank_of()) ids.push_back(id * 1000003LL);
  const std::vector<DataArray> arrays = distribute_by_cell_id(ids, file, world);
  const DataArray *stress = find_array(arrays, "stress_MPa"), *region = find_array(arrays, "region"),
                  *phase = find_array(arrays, "phase");
  BOOST_REQUIRE((stress != nullptr && region != nullptr && phase != nullptr));
  BOOST_TEST((phase->type == NumberType::uint8));
  BOOST_TEST(stress->n_tuples() == ids.size());
  bool same = true;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t k = 0; k < 6; ++k)
      same = same && stress->real(6 * i + k) == value(ids[i], static_cast<int>(k));
    same = same && region->integer(i) == ids[i] % 5 - 2 && phase->integer(i) == ids[i] % 9;
  }
  BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(vtk_reads_the_same_cells_points_and_arrays)
{
  const ScratchFolder folder;
  const std::string path = folder.file("mechanics_0000.pvtu");
  box_file(box_cells(size_of(), rank_of())).write(path, world);
  if (rank_of() != 0) return;

  vtkNew<vtkXMLPUnstructuredGridReader> reader;
  reader->SetFileName(path.c_str());
  reader->Update();
  vtkUnstructuredGrid *grid = reader->GetOutput();
  BOOST_REQUIRE(grid->GetNumberOfCells() == n_side * n_side * n_side);
  vtkDataArray *ids = grid->GetCellData()->GetArray("cell_id");
  vtkDataArray *stress = grid->GetCellData()->GetArray("stress_MPa");
  vtkDataArray *displacement = grid->GetPointData()->GetArray("displacement_mm");
  BOOST_REQUIRE((ids != nullptr && stress != nullptr && displacement != nullptr));
  BOOST_TEST(stress->GetNumberOfComponents() == 6);
  bool same = true;
  for (vtkIdType c = 0; c < grid->GetNumberOfCells(); ++c) {
    const auto id = static_cast<std::int64_t>(ids->GetComponent(c, 0));
    for (int k = 0; k < 6; ++k) same = same && stress->GetComponent(c, k) == value(id, k);
    // Each cell is the unit cube of its id, right side out.
    double box[6];
    grid->GetCellBounds(c, box);
    const std::int64_t n = id / 1000003;
    same = same && box[0] == static_cast<double>(n % n_side) &&
           box[2] == static_cast<double>(n / n_side % n_side) &&
           box[5] == static_cast<double>(n / n_side / n_side) + 1;
    same = same && grid->GetCellType(c) == 12;
  }
  for (vtkIdType p = 0; p < grid->GetNumberOfPoints(); ++p)
    for (int k = 0; k < 3; ++k) same = same && displacement->GetComponent(p, k) == grid->GetPoint(p)[k];
  BOOST_TEST(same);
  // 7^3 points if one rank has all cells; on more ranks those on the cuts are there more than once.
  if (size_of() == 1) BOOST_TEST(grid->GetNumberOfPoints() == 343);

  vtkNew<vtkXMLUnstructuredGridReader> piece;
  piece->SetFileName(folder.file("mechanics_0000/piece_0000.vtu").c_str());
  piece->Update();
  auto *cases =
      vtkStringArray::SafeDownCast(piece->GetOutput()->GetFieldData()->GetAbstractArray("load_cases"));
  BOOST_REQUIRE(cases != nullptr);
  BOOST_TEST(cases->GetValue(0) == "walking \xc3\xbc");
  BOOST_TEST(cases->GetValue(1) == "stairs & <more>");
  BOOST_TEST(piece->GetOutput()->GetFieldData()->GetArray("day")->GetComponent(0, 0) == 0.1);
}

BOOST_AUTO_TEST_CASE(the_same_cells_and_values_give_the_same_bytes)
{
  const ScratchFolder folder;
  const std::string own = "/piece_000" + std::to_string(rank_of()) + ".vtu";
  box_file(box_cells(size_of(), rank_of())).write(folder.file("a.pvtu"), world);
  box_file(box_cells(size_of(), rank_of())).write(folder.file("b.pvtu"), world);
  const std::string first = bytes_of_file(folder.file("a" + own));
  BOOST_TEST(first.size() > 1000u);
  BOOST_TEST((first == bytes_of_file(folder.file("b" + own))));
}

BOOST_AUTO_TEST_CASE(a_view_file_holds_float32)
{
  const ScratchFolder folder;
  box_file(box_cells(size_of(), rank_of()), Precision::float32).write(folder.file("view.pvtu"), world);
  const FileCells file =
      read_cell_file(folder.file("view.pvtu"), world, std::vector<std::string>{"stress_MPa"});
  BOOST_REQUIRE(file.arrays.size() == 1u);
  BOOST_TEST((file.arrays[0].type == NumberType::float32));
  for (std::size_t i = 0; i < file.ids.size(); ++i)
    BOOST_REQUIRE(file.arrays[0].real(6 * i) ==
                  static_cast<double>(static_cast<float>(value(file.ids[i], 0))));
}

BOOST_AUTO_TEST_CASE(a_rank_without_cells_writes_no_piece_and_reads_all_the_same)
{
  const ScratchFolder folder;
  const std::vector<Cell> cells = rank_of() == 0 ? box_cells(1, 0) : std::vector<Cell>{};
  box_file(cells).write(folder.file("a.pvtu"), world);
  if (rank_of() == 0) BOOST_TEST(read_parallel_index(folder.file("a.pvtu")).pieces.size() == 1u);
  const FileCells file = read_cell_file(folder.file("a.pvtu"), world);
  BOOST_TEST(file.arrays.size() == 4u); // known on the ranks without a piece as well
  BOOST_TEST(field_number(file, "step") == 12.0);
}

BOOST_AUTO_TEST_CASE(writing_again_with_fewer_pieces_leaves_no_old_piece)
{
  const ScratchFolder folder;
  box_file(box_cells(size_of(), rank_of())).write(folder.file("a.pvtu"), world);
  box_file(rank_of() == 0 ? box_cells(1, 0) : std::vector<Cell>{}).write(folder.file("a.pvtu"), world);
  MPI_Barrier(world);
  std::size_t files = 0;
  for (const auto &entry : std::filesystem::directory_iterator(folder.file("a")))
    files += entry.is_regular_file() ? 1 : 0;
  BOOST_TEST(files == 1u);
}

BOOST_AUTO_TEST_CASE(mistakes_on_one_rank_are_thrown_on_all_and_no_file_appears)
{
  const ScratchFolder folder;
  const std::vector<Cell> cells = box_cells(size_of(), rank_of());
  const bool last = rank_of() == size_of() - 1;
  {
    CellFile file = box_file(cells);
    std::vector<double> extra(cells.size(), 1.0);
    if (last) extra.back() = std::nan("");
    file.add_cell_array("extra", 1, extra);
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "4:not-finite");
  }
  {
    CellFile file = box_file(cells);
    file.add_cell_array(last ? "phase" : "other", std::vector<std::int32_t>(cells.size()));
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "70:array-duplicate");
  }
  {
    CellFile file = box_file(cells);
    file.add_point_array("phase", 1, std::vector<double>(file.points().n_points()));
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "70:array-duplicate");
  }
  {
    CellFile file = box_file(cells);
    file.add_cell_array("short", std::vector<std::int32_t>(last ? cells.size() - 1 : cells.size()));
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "70:array-length");
  }
  if (size_of() > 1) {
    CellFile file = box_file(cells);
    file.add_field("rank", static_cast<std::int64_t>(rank_of()));
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "70:arrays-differ");
  }
  {
    CellFile file = box_file({});
    BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "70:cells-none");
  }
  BOOST_TEST(!std::filesystem::exists(folder.file("a.pvtu")));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_exit_5_on_all_ranks_and_the_older_file_stays_sound)
{
  const ScratchFolder folder;
  box_file(box_cells(size_of(), rank_of())).write(folder.file("a.pvtu"), world);
  const std::string before = bytes_of_file(folder.file("a.pvtu"));

  // A limit on the length of files stands in for the full disk: write() then fails in the same way.
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_IGN);
  if (rank_of() == size_of() - 1) {
    const rlimit tight{2000, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
  }
  CellFile file = box_file(box_cells(size_of(), rank_of()));
  const std::string refusal = refusal_of_write(file, folder.file("a.pvtu"));
  setrlimit(RLIMIT_FSIZE, &old);
  BOOST_TEST(refusal == "5:disk-full");
  MPI_Barrier(world);
  BOOST_TEST(bytes_of_file(folder.file("a.pvtu")) == before);
  BOOST_TEST(read_cell_file(folder.file("a.pvtu"), world).arrays.size() == 4u);
  for (const auto &entry : std::filesystem::directory_iterator(folder.file("a")))
    BOOST_TEST(entry.path().filename().string().find(".tmp") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_exit_5)
{
  const ScratchFolder folder;
  if (rank_of() == 0) std::ofstream(folder.file("a")) << "in the way";
  MPI_Barrier(world);
  CellFile file = box_file(box_cells(size_of(), rank_of()));
  BOOST_TEST(refusal_of_write(file, folder.file("a.pvtu")) == "5:folder-unusable");
}

BOOST_AUTO_TEST_CASE(a_missing_array_is_named_with_those_present)
{
  const ScratchFolder folder;
  box_file(box_cells(size_of(), rank_of())).write(folder.file("a.pvtu"), world);
  BOOST_CHECK_EXCEPTION(
      read_cell_file(folder.file("a.pvtu"), world, std::vector<std::string>{"Fraction_Bone"}), Fault,
      [](const Fault &f) {
        return f.code() == Exit::input &&
               f.message().find("cell array \"Fraction_Bone\" not found") != std::string::npos &&
               f.message().find("stress_MPa") != std::string::npos &&
               f.message().find("Rename \"fraction_bone\"") != std::string::npos;
      });
}
