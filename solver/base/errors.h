// What can go wrong, with the exit code a batch script acts on, and how several ranks agree on it.
// The message has one form everywhere:
//   error[2:array-missing] case.vtu: cell array "phase" not found; found E, nu; wanted ... . Hint.
#pragma once

#include <mpi.h>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wolff {

/// Exit codes of the program; the meaning of each stands in solver/doc/faults.md.
enum class Exit : int
{
  finished = 0,
  input = 2,         ///< input cannot be read: missing, malformed, wrong type or size
  model = 3,         ///< read, but not a solvable or physical problem
  not_converged = 4, ///< solver did not converge, or a result is not finite
  storage = 5,       ///< output or storage failed
  checkpoint = 6,    ///< checkpoint unusable or of another run
  too_large = 7,     ///< would exceed memory, index range or a declared limit
  internal = 70,     ///< an assertion or an exception nobody expected
  stopped = 75       ///< stopped early on request, checkpoint written
};

/**
 * One thing that went wrong, for one reader: the user. `place` names the file (and line, or option).
 * Composed step by step: Fault(Exit::model, "poisson-range", file, "cell 17: Poisson ratio")
 *                          .found(0.5).wanted("a number in (-1, 0.5)").hint("...")
 */
class Fault : public std::exception
{
public:
  Fault(Exit code, std::string name, std::string place, std::string what_is_wrong);

  Fault &found(const std::string &value);
  Fault &found(double value);
  Fault &wanted(const std::string &description);
  Fault &hint(const std::string &advice);

  Exit code() const { return code_; }
  const std::string &name() const { return name_; }
  const std::string &place() const { return place_; }
  /// The part behind the place: what, found, wanted, hint.
  const std::string &message() const { return message_; }
  /// The whole line, as printed.
  const std::string &line() const { return line_; }
  const char *what() const noexcept override { return line_.c_str(); }

private:
  void compose();

  Exit code_;
  std::string name_, place_, problem_, found_, wanted_, hint_;
  std::string message_, line_;
};

/// Several faults at once: `check` reports all problems of a case rather than the first.
class FaultList : public std::exception
{
public:
  explicit FaultList(std::vector<Fault> faults) : faults_(std::move(faults)) {}
  const std::vector<Fault> &faults() const { return faults_; }
  /// The highest exit code of the list.
  Exit code() const;
  const char *what() const noexcept override { return faults_.empty() ? "" : faults_.front().what(); }

private:
  std::vector<Fault> faults_;
};

/// Throw if the list is not empty: a single Fault as itself, several as a FaultList.
void throw_if_any(std::vector<Fault> faults);

/// The name in @p known that is nearest to @p wrong (edit distance, case ignored), or empty if none is near.
std::string nearest_name(const std::string &wrong, const std::vector<std::string> &known);

/// Names joined by ", " for messages; at most @p most of them, then "... (n in all)".
std::string join(const std::vector<std::string> &names, std::size_t most = 12);

/// Shortest text that reads back as the same double.
std::string to_text(double value);

/**
 * Run @p work on every rank, then agree: if it threw on any rank, every rank throws the fault, or the list of
 * faults, of the rank with the highest exit code (ties: the lowest rank). Collective. Use it around each
 * phase that may fail on one rank alone (reading, checking); @p work itself must not contain collective calls
 * that another rank could miss.
 */
void together(MPI_Comm comm, const std::function<void()> &work);

} // namespace wolff
