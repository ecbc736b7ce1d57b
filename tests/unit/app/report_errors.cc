// ranks: 1 2 3
// From exception to exit code: the same on all ranks, one line a fault, and an end within seconds.
#include "app/report_errors.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <stdexcept>

using namespace wolff;
using wolff::app::report_errors;

namespace {

int rank()
{
  int number = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &number);
  return number;
}

int ranks()
{
  int count = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

std::string content(std::FILE *file)
{
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

/// What this rank printed on standard error, and the exit code.
std::pair<int, std::string> outcome(const std::function<int()> &work)
{
  std::fflush(stderr);
  std::FILE *file = std::tmpfile();
  const int before = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file), STDERR_FILENO);
  const int code = report_errors(MPI_COMM_WORLD, work);
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  const std::string text = content(file);
  std::fclose(file);
  return {code, text};
}

} // namespace

BOOST_AUTO_TEST_CASE(what_the_work_returns_is_the_exit_code_and_nothing_is_printed)
{
  BOOST_TEST(outcome([] { return 0; }).first == 0);
  const auto [code, text] = outcome([] { return rank() == ranks() - 1 ? 75 : 0; });
  BOOST_TEST(code == 75);
  BOOST_TEST(text == "");
}

BOOST_AUTO_TEST_CASE(one_rank_prints_each_fault_in_one_line)
{
  const auto [code, text] = outcome([]() -> int {
    throw FaultList(
        {Fault(Exit::input, "a", "x.prm", "first"), Fault(Exit::model, "b", "y.prm", "sec\nond")});
  });
  BOOST_TEST(code == 3);
  BOOST_TEST(text == (rank() == 0 ? "error[2:a] x.prm: first.\nerror[3:b] y.prm: sec ond.\n" : ""));
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_last_rank_alone_is_printed_by_the_first)
{
  const auto [code, text] = outcome([]() -> int {
    if (rank() == ranks() - 1) throw Fault(Exit::storage, "full", "out", "disk full");
    return 0;
  });
  BOOST_TEST(code == 5);
  BOOST_TEST(text == (rank() == 0 ? "error[5:full] out: disk full.\n" : ""));
}

BOOST_AUTO_TEST_CASE(exceptions_nobody_expected_are_internal_errors)
{
  BOOST_TEST(outcome([]() -> int { throw std::runtime_error("odd\nthing"); }).first == 70);
  BOOST_TEST(outcome([]() -> int { throw 3; }).first == 70);
  const auto [code, text] = outcome([]() -> int { throw std::bad_alloc(); });
  BOOST_TEST(code == 70);
  if (rank() == 0) BOOST_TEST(text.starts_with("error[70:out-of-memory] memory could not be allocated"));
}

BOOST_AUTO_TEST_CASE(of_a_deal_ii_exception_the_useful_part_remains)
{
  const std::string what =
      "\n--------------------------------------------------------\n"
      "An error occurred in line <12> of file </build/x/grid.cc> in function\n    void f()\n"
      "The violated condition was: \n    n == 3\n"
      "Additional information: \n    Two numbers\n    differ.\n\n"
      "Stacktrace:\n-----------\n#0  /lib/x: f()\n"
      "--------------------------------------------------------\n\n";
  BOOST_TEST(app::useful_part(what) == "grid.cc:12: Two numbers differ (condition: n == 3)");
  BOOST_TEST(app::useful_part("plain\n text. ") == "plain text");
}

// The work of the test below, started by it under mpirun: rank 1 fails while the others wait in a barrier.
BOOST_AUTO_TEST_CASE(one_rank_fails_and_the_others_wait, *boost::unit_test::disabled())
{
  report_errors(MPI_COMM_WORLD, []() -> int {
    if (rank() == 1) throw Fault(Exit::model, "alone", "rank 1", "nobody else noticed");
    MPI_Barrier(MPI_COMM_WORLD);
    return 0;
  });
}

BOOST_AUTO_TEST_CASE(a_fault_on_one_rank_only_ends_all_ranks_within_seconds)
{
  if (ranks() != 1) return; // it starts ranks of its own
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::FILE *file = std::tmpfile();
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::fileno(file), STDERR_FILENO);
    // An empty environment: this process is itself an MPI job, whose variables would confuse the new one.
    const char *const arguments[] = {"mpirun", "--oversubscribe", "-n", "2", program.c_str(), nullptr};
    const char *const environment[] = {"PATH=/usr/bin:/bin",
                                       "HOME=/tmp",
                                       "OMPI_ALLOW_RUN_AS_ROOT=1",
                                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
                                       "BOOST_TEST_RUN_FILTERS=one_rank_fails_and_the_others_wait",
                                       nullptr};
    ::execvpe("mpirun", const_cast<char *const *>(arguments), const_cast<char *const *>(environment));
    ::_exit(99);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 3);
  BOOST_TEST(content(file).find("error[3:alone] rank 1: nobody else noticed.\n") != std::string::npos);
  // Three seconds of patience, and mpirun starting and ending on a busy machine; a hang would last for ever.
  BOOST_TEST(seconds.count() < 20.0);
  std::fclose(file);
}

BOOST_AUTO_TEST_CASE(a_closed_pipe_ends_no_process_and_is_no_fault)
{
  app::settle_environment();
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  std::fflush(stdout);
  const int before = ::dup(STDOUT_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  BOOST_CHECK_NO_THROW(app::print_result("nobody reads this\n"));
  const int full = ::open("/dev/full", O_WRONLY);
  ::dup2(full, STDOUT_FILENO);
  int code = 0;
  try {
    app::print_result("no room for this\n");
  } catch (const Fault &fault) {
    code = static_cast<int>(fault.code());
  }
  ::dup2(before, STDOUT_FILENO);
  for (const int descriptor : {before, full, ends[1]}) ::close(descriptor);
  BOOST_TEST(code == 5);
}

BOOST_AUTO_TEST_CASE(closed_standard_streams_lead_nowhere_instead_of_into_the_next_file)
{
  const int kept = ::dup(STDIN_FILENO);
  ::close(STDIN_FILENO);
  app::settle_environment();
  const int next = ::open("/dev/zero", O_RDONLY);
  BOOST_TEST(next > STDERR_FILENO);
  ::close(next);
  if (kept >= 0) {
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
  }
}
