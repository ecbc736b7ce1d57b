// ranks: 1 2
// Signals that ask the program to stop.
#include "app/signals.h"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

using namespace wolff;

namespace {

/// How a child process ends that raises these signals after it began to listen: 0, or the signal that ended
/// it.
int end_after(const std::initializer_list<int> signals)
{
  const pid_t child = ::fork();
  if (child == 0) {
    app::listen_for_stop_signals();
    for (const int signal : signals) ::raise(signal);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_first_signal_is_noted_and_a_second_term_or_int_ends_at_once)
{
  BOOST_TEST(end_after({SIGTERM}) == 0);
  BOOST_TEST(end_after({SIGINT}) == 0);
  BOOST_TEST(end_after({SIGUSR1, SIGUSR1, SIGUSR2, SIGTERM}) == 0);
  BOOST_TEST(end_after({SIGTERM, SIGTERM}) == SIGTERM);
  BOOST_TEST(end_after({SIGTERM, SIGINT}) == SIGINT);
  BOOST_TEST(end_after({SIGTERM, SIGUSR1, SIGINT}) == SIGINT);
}

BOOST_AUTO_TEST_CASE(a_request_to_one_rank_stops_all)
{
  int rank = 0, ranks = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  app::listen_for_stop_signals();
  BOOST_TEST(!app::stop_requested(MPI_COMM_WORLD));
  if (rank == ranks - 1) ::raise(SIGUSR1);
  BOOST_TEST(app::stop_requested(MPI_COMM_WORLD));
  BOOST_TEST(app::stop_signal_name() == std::string(rank == ranks - 1 ? "USR1" : ""));
}
