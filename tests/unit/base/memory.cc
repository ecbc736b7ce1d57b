// ranks: 1 2
// links: base
// What a machine has free is read from the files of its kernel; a run that needs more is refused on all
// ranks.
#include "base/memory.h"

#include "support/fault_name.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace wolff;

namespace {

void write(const std::string &path, const std::string &text)
{
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_tightest_of_machine_and_control_groups_counts_and_cached_files_do_not)
{
  const ScratchFolder scratch;
  const std::string proc = scratch.file("proc"), groups = scratch.file("sys/fs/cgroup");
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const auto on_first = [&](const auto &work) {
    if (rank == 0) work();
    MPI_Barrier(MPI_COMM_WORLD);
  };
  const auto free_now = [&] {
    const double bytes = free_memory(scratch.path()).of_machine;
    MPI_Barrier(MPI_COMM_WORLD);
    return bytes;
  };
  BOOST_TEST(std::isinf(free_now())); // nothing is known
  on_first(
      [&] { write(proc + "/meminfo", "MemTotal:  9000 kB\nMemAvailable:    4000 kB\nBuffers: 1 kB\n"); });
  BOOST_TEST(free_now() == 4000 * 1024.0);
  on_first([&] {
    write(proc + "/self/cgroup", "0::/batch/job\n");
    write(groups + "/batch/job/memory.max", "max\n");
    write(groups + "/batch/job/memory.current", "1000000\n");
    write(groups + "/batch/memory.max", "3000000\n");
    write(groups + "/batch/memory.current", "2500000\n");
  });
  BOOST_TEST(free_now() == 500000.0);
  on_first(
      [&] { write(groups + "/batch/memory.stat", "anon 7\ninactive_file 300000\nactive_file 200000\n"); });
  BOOST_TEST(free_now() == 1000000.0);
  on_first([&] { write(groups + "/batch/job/memory.max", "900000\n"); }); // already exceeded
  BOOST_TEST(free_now() == 0.0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_on_every_rank)
{
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const auto fault = [&](const double bytes, const FreeMemory &found) {
    return tests::fault_name([&] { require_memory(bytes, "Mesh", MPI_COMM_WORLD, found); });
  };
  const FreeMemory found{2e9, 3e9};
  BOOST_TEST(fault(2e9, found) == "");
  BOOST_TEST(fault(size * 1e9, found) == (size * 1e9 > 3e9 ? "memory" : ""));
  BOOST_TEST(fault(size * 2.1e9, found) == "memory"); // of a rank
  BOOST_TEST(fault(3.1e9, found) == "memory");        // of the machine, all ranks of which are here
  BOOST_TEST(free_memory().of_machine > 1e6);
  BOOST_TEST(fault(1e6, free_memory()) == "");
  BOOST_TEST(fault(1e18, free_memory()) == "memory");
}
