// What a long run says while it works: lines, counted warnings, progress. Rank 0 speaks, the others are
// silent. Not for errors that end the run (errors.h), and not for results.
#pragma once

#include <mpi.h>

#include <fstream>
#include <iosfwd>
#include <map>
#include <string>

namespace wolff {

/// Where a long work stands after one of its steps.
struct Progress
{
  int step = 0, of = 0;     ///< steps done, steps in all
  double day = 0;           ///< healing time [day]
  int iterations = 0;       ///< of the linear solver in this step
  double residual = 0;      ///< relative [-]
  double seconds = 0;       ///< wall time of this step [s]
  double seconds_left = -1; ///< estimate for the rest [s]; negative: unknown
};

/// "3.2 s", "4 min 05 s", "7 h 30 min", "2 d 03 h"; "unknown" for negative or not finite.
std::string duration_text(double seconds);

/// "step   3/28  day 9  10 iterations  residual 3.1e-09  12.4 s  left 5 min 10 s"
std::string progress_text(const Progress &progress);

class Log
{
public:
  /// Speaks on standard output, with a live line if that is a terminal and no starter of MPI programs is
  /// between.
  explicit Log(MPI_Comm comm);
  /// Speaks on @p out; @p live: progress overwrites its line. For tests, and for programs without a terminal.
  Log(MPI_Comm comm, std::ostream &out, bool live);
  ~Log();
  Log(const Log &) = delete;
  Log &operator=(const Log &) = delete;

  /// Also append every line, without the live ones, to this file. @throws Fault (exit 5), on rank 0 alone
  void write_to(const std::string &path);

  void line(const std::string &text);

  /**
   * "warning[name] text". The first five of a name are printed, then the 10th, 100th, 1000th ... with the
   * count. What only one rank sees must be agreed on before: a warning on another rank than 0 is lost.
   */
  void warning(const std::string &name, const std::string &text);
  /// Warnings so far, printed or not.
  std::size_t warnings() const;
  /// A line for each name of which some warnings were not printed.
  void summarise_warnings();

  /// One plain line, or the live line rewritten.
  void progress(const Progress &progress);

private:
  void print(const std::string &text);
  void end_live_line();

  bool speaks_, live_;
  bool live_line_open_ = false;
  std::ostream &out_;
  std::ofstream file_;
  std::string file_path_;
  std::map<std::string, std::size_t> counts_;
};

} // namespace wolff
