// ranks: 1 2 3 4
// Cells of a file find their way to the ranks that own them, and a file that does not fit the mesh is
// refused.
#include "base/errors.h"
#include "io/cell_reading.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace wolff;
using namespace wolff::io;

namespace {

int rank_and_size(int &size)
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return rank;
}

/// Ids of this rank: all of @p ids shuffled with @p seed and dealt out unevenly.
std::vector<std::int64_t> deal(std::vector<std::int64_t> ids, const unsigned seed)
{
  int size = 1;
  const int rank = rank_and_size(size);
  std::mt19937 random(seed);
  std::shuffle(ids.begin(), ids.end(), random);
  std::vector<std::int64_t> mine;
  for (const std::int64_t id : ids)
    if (static_cast<int>(random() % static_cast<unsigned>(size * size)) / size == rank) mine.push_back(id);
  return mine;
}

std::vector<std::int64_t> some_ids()
{
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < 997; ++i)
    ids.push_back((i << 33) - 5 * i + (i % 3 == 0 ? std::int64_t{1} << 62 : 0));
  return ids;
}

FileCells file_with(const std::vector<std::int64_t> &ids)
{
  std::vector<std::int64_t> copies;
  for (const std::int64_t id : ids) {
    copies.push_back(id);
    copies.push_back(-id);
  }
  return {"cells.pvtu",
          ids,
          {make_array("twice", 2, copies),
           make_array("low", 1, std::vector<std::uint8_t>(ids.begin(), ids.end()))},
          {}};
}

std::string refusal(const std::vector<std::int64_t> &mesh, const std::vector<std::int64_t> &file)
{
  try {
    distribute_by_cell_id(mesh, file_with(file), MPI_COMM_WORLD);
  } catch (const Fault &fault) {
    return fault.line();
  }
  return "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(values_arrive_at_their_cells_whatever_the_two_partitions)
{
  for (unsigned seed = 0; seed < 10; ++seed) {
    const std::vector<std::int64_t> mesh = deal(some_ids(), seed), file = deal(some_ids(), seed + 100);
    const std::vector<DataArray> arrays = distribute_by_cell_id(mesh, file_with(file), MPI_COMM_WORLD);
    BOOST_REQUIRE(arrays.size() == 2u);
    BOOST_REQUIRE(arrays[0].n_tuples() == mesh.size());
    for (std::size_t i = 0; i < mesh.size(); ++i) {
      BOOST_REQUIRE(arrays[0].integer(2 * i) == mesh[i]);
      BOOST_REQUIRE(arrays[0].integer(2 * i + 1) == -mesh[i]);
      BOOST_REQUIRE(arrays[1].integer(i) == (mesh[i] & 255));
    }
  }
}

BOOST_AUTO_TEST_CASE(missing_double_and_unknown_cells_are_counted_and_named_on_every_rank)
{
  std::vector<std::int64_t> ten(10), nine, eleven;
  for (std::size_t i = 0; i < 10; ++i) ten[i] = static_cast<std::int64_t>(7 * i);
  nine = {ten.begin(), ten.end() - 1};
  eleven = ten;
  eleven.push_back(1000);
  int size = 1;
  const int rank = rank_and_size(size);

  BOOST_TEST(
      refusal(deal(ten, 1), deal(nine, 2)) ==
      "error[2:cells-missing] cells.pvtu: 1 cells of the mesh are missing in the file; found cell_id 63.");
  BOOST_TEST(
      refusal(deal(ten, 1), deal(eleven, 2)) ==
      "error[2:cells-unknown] cells.pvtu: 1 cells of the file are not in the mesh; found cell_id 1000.");
  std::vector<std::int64_t> twice = deal(ten, 2);
  if (rank == size - 1) twice.push_back(21);
  BOOST_TEST(refusal(deal(ten, 1), twice) ==
             "error[2:cells-twice] cells.pvtu: 1 cells stand in the file more than once; found cell_id 21.");
  BOOST_TEST(refusal(deal(ten, 1), {}) ==
             "error[2:cells-missing] cells.pvtu: 10 cells of the mesh are missing in the file; found cell_id "
             "0, 7, 14, 21, 28, 35, 42, 49, 56, 63.");
  BOOST_TEST(refusal(deal(ten, 1), deal(ten, 3)) == "none");
}
