// ranks: 1 3
// Files of the cells of a lattice: what was written comes back, each point once, on the ranks of the writer
// or others.
#include "io/site_file.h"

#include "base/errors.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using namespace wolff;
using namespace wolff::io;

namespace {

/// Some points of this rank, none on rank 1.
std::vector<SitePoint> points_of(const int rank)
{
  std::vector<SitePoint> points;
  for (int i = 0; i < (rank == 1 ? 0 : 5 + rank); ++i)
    points.push_back({{i, 1000 * rank, 65535 - i},
                      static_cast<std::uint8_t>(1 + i % 5),
                      static_cast<std::uint8_t>(250 + i)});
  return points;
}

std::string refusal(const std::string &path)
{
  SiteFrame frame;
  try {
    read_sites(path, frame, MPI_COMM_WORLD);
  } catch (const Fault &fault) {
    return std::to_string(static_cast<int>(fault.code())) + ":" + fault.name();
  }
  return "read";
}

} // namespace

BOOST_AUTO_TEST_CASE(points_and_frame_come_back_as_they_were)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const ScratchFolder scratch;
  const std::string path = scratch.file("some_cells.pvtp");
  const SiteFrame written{Vector3(0.1, -1.0 / 3, 7e9), 0.1};
  write_sites(path, points_of(rank), written, MPI_COMM_WORLD);
  SiteFrame frame;
  BOOST_TEST((read_sites(path, frame, MPI_COMM_WORLD) == points_of(rank)));
  BOOST_TEST((frame.origin == written.origin));
  BOOST_TEST(frame.spacing == written.spacing);

  // On one rank: all of them.
  std::size_t all = 0;
  for (int r = 0; r < size; ++r) all += points_of(r).size();
  BOOST_TEST(read_sites(path, frame, MPI_COMM_SELF).size() == all);
}

BOOST_AUTO_TEST_CASE(files_that_are_not_sound_are_refused_on_all_ranks)
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const ScratchFolder scratch;
  const std::string stem = scratch.file("bad_cells"), path = stem + ".pvtp";
  BOOST_TEST(refusal(path + ".none") == "2:file-missing");
  write_sites(path, points_of(rank), {}, MPI_COMM_WORLD);
  BOOST_TEST(refusal(path) == "read");
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0)
    std::ofstream(stem + "/piece_0000.vtp") << "<VTKFile type=\"PolyData\"><PolyData/></VTKFile>";
  MPI_Barrier(MPI_COMM_WORLD);
  BOOST_TEST(refusal(path) == "2:lattice-file");
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) std::ofstream(path, std::ios::app) << "<Piece Source=\"../elsewhere.vtp\"/>";
  MPI_Barrier(MPI_COMM_WORLD);
  BOOST_TEST(refusal(path) == "2:lattice-file");
}
