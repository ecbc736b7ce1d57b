#include "base/log.h"

#include "base/errors.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace wolff {

namespace {

constexpr std::size_t always_printed = 5;

bool is_first(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank == 0;
}

/// Columns of the terminal; a live line that wraps could not be overwritten.
std::size_t terminal_width()
{
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) return size.ws_col - 1u;
  return 110;
}

bool is_power_of_ten(std::size_t count)
{
  while (count % 10 == 0) count /= 10;
  return count == 1;
}

} // namespace

std::string duration_text(const double seconds)
{
  if (!std::isfinite(seconds) || seconds < 0) return "unknown";
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const double rounded = std::round(seconds);
  if (rounded >= 86400.0 * 36500) return "more than a century";
  const auto whole = static_cast<long>(rounded);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {:02} h", whole / 86400, whole / 3600 % 24);
}

std::string progress_text(const Progress &p)
{
  const std::string of = std::to_string(p.of);
  return fmt::format("step {:>{}}/{}  day {}  {} iterations  residual {:.1e}  {}  left {}", p.step, of.size(),
                     of, to_text(p.day), p.iterations, p.residual, duration_text(p.seconds),
                     duration_text(p.seconds_left));
}

namespace {

/// A starter of MPI programs gives rank 0 a terminal of its own whose output may end in the log of a batch
/// job, so only a program that was started by hand trusts it.
bool stands_before_a_reader()
{
  for (const char *variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "SLURM_JOB_ID"})
    if (std::getenv(variable) != nullptr) return false;
  return isatty(STDOUT_FILENO) == 1;
}

} // namespace

Log::Log(const MPI_Comm comm) : Log(comm, std::cout, stands_before_a_reader()) {}

Log::Log(const MPI_Comm comm, std::ostream &out, const bool live)
    : speaks_(is_first(comm)), live_(live), out_(out)
{
}

Log::~Log()
{
  end_live_line();
}

void Log::write_to(const std::string &path)
{
  if (!speaks_) return;
  file_.close();
  file_.clear();
  file_.open(path, std::ios::app);
  if (!file_)
    throw Fault(Exit::storage, "log-file", path,
                std::string("the log cannot be written: ") + std::strerror(errno));
  file_path_ = path;
}

void Log::line(const std::string &text)
{
  print(text);
}

void Log::warning(const std::string &name, const std::string &text)
{
  const std::size_t count = ++counts_[name];
  if (count <= always_printed)
    print("warning[" + name + "] " + text);
  else if (is_power_of_ten(count))
    print(fmt::format("warning[{}] {} ({} times so far)", name, text, count));
}

std::size_t Log::warnings() const
{
  std::size_t all = 0;
  for (const auto &[name, count] : counts_) all += count;
  return all;
}

void Log::summarise_warnings()
{
  for (const auto &[name, count] : counts_)
    if (count > always_printed) print(fmt::format("warning[{}] {} times in all", name, count));
}

void Log::progress(const Progress &progress)
{
  if (!speaks_) return;
  const std::string text = progress_text(progress);
  if (!live_) {
    print(text);
    return;
  }
  if (file_.is_open()) file_ << text << std::endl;
  out_ << "\r\x1b[K" << text.substr(0, terminal_width()) << std::flush;
  live_line_open_ = true;
}

void Log::print(const std::string &text)
{
  if (!speaks_) return;
  end_live_line();
  // A reader that went away (a closed pipe) must not end the run: the state of the stream is not looked at.
  out_ << text << std::endl;
  if (!file_.is_open()) return;
  file_ << text << std::endl;
  if (!file_) {
    file_.close();
    out_ << "warning[log-file] " << file_path_ << ": the log can no longer be written" << std::endl;
  }
}

void Log::end_live_line()
{
  if (!live_line_open_) return;
  out_ << std::endl;
  live_line_open_ = false;
}

} // namespace wolff
