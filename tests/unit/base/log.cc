// ranks: 1 2
// What a long run says: progress, time left, counted warnings.
#include "base/log.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

using namespace wolff;

namespace {

int rank()
{
  int number = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &number);
  return number;
}

std::string spoken(const std::string &text)
{
  return rank() == 0 ? text : "";
}

const Progress third{3, 28, 9, 10, 3.14e-9, 12.44, 310};

} // namespace

BOOST_AUTO_TEST_CASE(durations_read_like_a_clock)
{
  BOOST_TEST(duration_text(0) == "0.0 s");
  BOOST_TEST(duration_text(3.21) == "3.2 s");
  BOOST_TEST(duration_text(59.94) == "59.9 s");
  BOOST_TEST(duration_text(59.96) == "1 min 00 s"); // never "60.0 s"
  BOOST_TEST(duration_text(245) == "4 min 05 s");
  BOOST_TEST(duration_text(3599.6) == "1 h 00 min");
  BOOST_TEST(duration_text(7.5 * 3600) == "7 h 30 min");
  BOOST_TEST(duration_text(51 * 3600) == "2 d 03 h");
  BOOST_TEST(duration_text(-1) == "unknown");
  BOOST_TEST(duration_text(std::numeric_limits<double>::quiet_NaN()) == "unknown");
  BOOST_TEST(duration_text(1e30) == "more than a century");
}

BOOST_AUTO_TEST_CASE(a_batch_log_gets_one_plain_line_a_step)
{
  std::ostringstream out;
  Log log(MPI_COMM_WORLD, out, false);
  log.line("begin");
  log.progress(third);
  BOOST_TEST(out.str() ==
             spoken("begin\nstep  3/28  day 9  10 iterations  residual 3.1e-09  12.4 s  left 5 min 10 s\n"));
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_a_live_line_that_other_lines_do_not_mix_with)
{
  std::ostringstream out;
  {
    Log log(MPI_COMM_WORLD, out, true);
    log.progress(third);
    log.progress(third);
    log.line("between");
    log.progress(third);
  }
  const std::string live = "\r\x1b[K" + progress_text(third);
  BOOST_TEST(out.str() == spoken(live + live + "\nbetween\n" + live + "\n"));
}

BOOST_AUTO_TEST_CASE(a_million_warnings_are_counted_and_few_are_printed)
{
  std::ostringstream out;
  Log log(MPI_COMM_WORLD, out, false);
  for (int i = 0; i < 1000000; ++i) log.warning("thin", "cell " + std::to_string(i));
  log.warning("other", "once");
  log.summarise_warnings();
  BOOST_TEST(log.warnings() == 1000001u);
  std::string expected;
  for (int i = 0; i < 5; ++i) expected += "warning[thin] cell " + std::to_string(i) + "\n";
  for (int count = 10; count <= 1000000; count *= 10)
    expected +=
        "warning[thin] cell " + std::to_string(count - 1) + " (" + std::to_string(count) + " times so far)\n";
  expected += "warning[other] once\nwarning[thin] 1000000 times in all\n";
  BOOST_TEST(out.str() == spoken(expected));
}

BOOST_AUTO_TEST_CASE(the_log_file_holds_every_line_and_no_control_characters)
{
  const std::string path =
      (std::filesystem::temp_directory_path() / ("wolff-log-" + std::to_string(::getpid()))).string();
  std::ostringstream out;
  {
    Log log(MPI_COMM_WORLD, out, true);
    log.write_to(path);
    log.line("begin");
    log.progress(third);
    log.warning("w", "x");
  }
  std::ostringstream written;
  written << std::ifstream(path).rdbuf();
  BOOST_TEST(written.str() == spoken("begin\n" + progress_text(third) + "\nwarning[w] x\n"));
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_written_is_a_fault_at_the_start_and_a_warning_later)
{
  std::ostringstream out;
  Log log(MPI_COMM_WORLD, out, false);
  if (rank() == 0) BOOST_CHECK_THROW(log.write_to("/nowhere/run.log"), Fault);
  log.write_to("/dev/full");
  log.line("a");
  log.line("b");
  BOOST_TEST(out.str() == spoken("a\nwarning[log-file] /dev/full: the log can no longer be written\nb\n"));
}
