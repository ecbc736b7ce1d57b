// The border between the program and the shell: whatever is thrown becomes one line a fault and an exit code,
// on any number of ranks, within seconds. Also the state of the process that everything else relies on.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>

namespace wolff::app {

/**
 * Call first in main: broken pipes and file-size limits become return codes rather than signals, the numeric
 * locale is C whatever the environment says, closed standard streams lead to /dev/null (else the next file
 * opened would receive the log).
 */
void settle_environment();

/**
 * Run @p work on every rank and return the exit code of the program, the same on all ranks: the highest of
 * what the ranks returned or threw. Rank 0 prints the lines of the rank with that code on standard error.
 *
 * A rank that failed waits @p patience_s for the others; if they do not come, because they wait for it in a
 * collective call, it prints its own lines and ends the run by MPI_Abort with its code. Collective.
 */
int report_errors(MPI_Comm comm, const std::function<int()> &work, double patience_s = 3.0);

/// A line for after those of a fault: what is kept of the work so far. Empty: none. The same on all ranks.
void set_closing_line(const std::string &line);

/// What a foreign exception says, in one line: of deal.II's the place, the condition and the additional
/// information, without the stack.
std::string useful_part(const std::string &what);

/// Print on standard output the text that a verb was asked for. A closed pipe is the reader's wish and no
/// fault.
/// @throws Fault (exit 5)
void print_result(const std::string &text);

} // namespace wolff::app
