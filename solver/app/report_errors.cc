#include "app/report_errors.h"

#include "base/errors.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <locale>
#include <new>
#include <thread>

namespace wolff::app {

namespace {

/// How the work of one rank ended.
struct Outcome
{
  int code = 0;
  std::string lines; ///< one for each fault, each with its line break
};

std::string &closing_line()
{
  static std::string line;
  return line;
}

Outcome outcome_of(const Fault &fault)
{
  return {static_cast<int>(fault.code()), fault.line() + "\n"};
}

Outcome outcome_of(const std::function<int()> &work)
{
  try {
    return {work(), ""};
  } catch (const Fault &fault) {
    return outcome_of(fault);
  } catch (const FaultList &list) {
    Outcome all{static_cast<int>(list.code()), ""};
    for (const Fault &fault : list.faults()) all.lines += fault.line() + "\n";
    return all;
  } catch (const std::bad_alloc &) {
    return outcome_of(
        Fault(Exit::internal, "out-of-memory", "", "memory could not be allocated during the run")
            .hint("Use more ranks or a coarser mesh; \"wolff check\" estimates what a case needs."));
  } catch (const std::exception &e) {
    return outcome_of(Fault(Exit::internal, "exception", "", useful_part(e.what()))
                          .hint("This is a defect of the program; please report it."));
  } catch (...) {
    return outcome_of(Fault(Exit::internal, "exception", "", "something was thrown that is no exception")
                          .hint("This is a defect of the program; please report it."));
  }
}

void print_error(const std::string &lines)
{
  std::fputs(lines.c_str(), stderr); // if even this fails, the exit code is all that is left to say
  std::fflush(stderr);
}

/// Wait for a request; give up after @p patience_s if that is not negative. @return whether it is complete
bool completed(MPI_Request &request, const double patience_s)
{
  const auto begin = std::chrono::steady_clock::now();
  auto pause = std::chrono::microseconds(10);
  while (true) {
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return true;
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - begin;
    if (patience_s >= 0 && waited.count() > patience_s) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::microseconds(10000));
  }
}

} // namespace

void settle_environment()
{
  for (int stream = 0; stream <= 2; ++stream)
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) {
      // open() takes the lowest free number, which is this stream.
      [[maybe_unused]] const int opened = ::open("/dev/null", stream == 0 ? O_RDONLY : O_WRONLY);
    }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::setlocale(LC_ALL, "C");
  std::locale::global(std::locale::classic());
}

int report_errors(const MPI_Comm comm, const std::function<int()> &work, const double patience_s)
{
  // A communicator of its own: the agreement must never meet a collective call that another rank is still in.
  MPI_Comm agreement = MPI_COMM_NULL;
  MPI_Comm_dup(comm, &agreement);
  int rank = 0;
  MPI_Comm_rank(agreement, &rank);

  Outcome mine = outcome_of(work);
  if (!mine.lines.empty()) mine.lines += closing_line();

  struct
  {
    int code, rank;
  } local{mine.code, rank}, worst{};
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(&local, &worst, 1, MPI_2INT, MPI_MAXLOC, agreement, &request);
  // A rank without a fault waits as long as the others work. Of several that failed, one loses patience
  // first, so that only one speaks.
  const double stagger = std::min(2.0, 0.1 * rank);
  if (!completed(request, mine.lines.empty() ? -1.0 : patience_s + stagger)) {
    print_error(mine.lines);
    MPI_Abort(comm, mine.code);
  }

  unsigned long length = mine.lines.size();
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, worst.rank, agreement);
  std::string lines = mine.lines;
  lines.resize(length);
  MPI_Bcast(lines.data(), static_cast<int>(length), MPI_CHAR, worst.rank, agreement);
  MPI_Comm_free(&agreement);
  if (rank == 0) print_error(lines);
  return worst.code;
}

void set_closing_line(const std::string &line)
{
  closing_line() = line.empty() ? line : line + "\n";
}

std::string useful_part(const std::string &what)
{
  const auto one_line = [](const std::string &text) {
    std::string line;
    for (const char c : text) {
      const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
      if (!blank)
        line += c;
      else if (!line.empty() && line.back() != ' ')
        line += ' ';
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
    return line;
  };
  const auto between = [&](const std::string &begin_mark,
                           const std::vector<std::string> &end_marks) -> std::string {
    std::size_t begin = what.find(begin_mark);
    if (begin == std::string::npos) return "";
    begin += begin_mark.size();
    std::size_t end = what.size();
    for (const std::string &mark : end_marks) end = std::min(end, what.find(mark, begin));
    return one_line(what.substr(begin, end - begin));
  };
  const std::string line = between("An error occurred in line <", {">"});
  if (line.empty()) return one_line(what);

  std::string file = between("of file <", {">"});
  const std::string condition =
      between("The violated condition was:", {"Additional information:", "Stacktrace:", "\n----"});
  const std::string more = between("Additional information:", {"Stacktrace:", "\n----"});
  file = file.substr(file.rfind('/') + 1); // the folder of the build says nothing to a user
  std::string text = file + ":" + line;
  if (!more.empty()) text += ": " + more;
  if (!condition.empty()) text += " (condition: " + condition + ")";
  return text;
}

void print_result(const std::string &text)
{
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EPIPE) return;
    if (count < 0) throw Fault(Exit::storage, "output-failed", "standard output", std::strerror(errno));
    done += static_cast<std::size_t>(count);
  }
}

} // namespace wolff::app
