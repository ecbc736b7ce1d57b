// main() of every test program: starts MPI, runs the Boost.Test tree on every rank, and fails if any rank
// failed. Ranks other than 0 print errors only, so one message appears once.
#include <boost/test/unit_test.hpp>

#include <deal.II/base/mpi.h>

#include <cstdlib>
#include <string>
#include <vector>

int main(int argc, char **argv)
{
  // deal.II's guard rather than MPI_Init: it also keeps p4est quiet.
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);

  std::vector<char *> arguments(argv, argv + argc);
  std::string quiet_log = "--log_level=error", quiet_report = "--report_level=no";
  if (rank != 0) {
    arguments.resize(1);
    arguments.push_back(quiet_log.data());
    arguments.push_back(quiet_report.data());
  }
  int mine = boost::unit_test::unit_test_main([] { return true; }, static_cast<int>(arguments.size()),
                                              arguments.data());
  // A rank that stops on an exception leaves the others in a collective call: end them all.
  if (mine != 0 && rank != 0) MPI_Abort(MPI_COMM_WORLD, mine);
  int worst = mine;
  MPI_Allreduce(&mine, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return worst;
}
