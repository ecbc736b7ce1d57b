#include "app/signals.h"

#include <csignal>
#include <initializer_list>

namespace wolff::app {

namespace {

// A signal handler has no arguments of ours: this is the one variable of the program that must be global.
volatile std::sig_atomic_t last_signal = 0;
volatile std::sig_atomic_t urgent = 0;

extern "C" void note_signal(const int signal)
{
  if (signal == SIGTERM || signal == SIGINT) {
    if (urgent != 0) {
      std::signal(signal, SIG_DFL); // both calls are async-signal-safe
      ::raise(signal);
      return;
    }
    urgent = 1;
  }
  last_signal = signal;
}

} // namespace

void listen_for_stop_signals()
{
  struct sigaction action = {};
  action.sa_handler = note_signal;
  // Calls into the file system go on after the handler; a half-written file would be the alternative.
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGUSR1, SIGUSR2, SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
}

bool stop_requested(const MPI_Comm comm)
{
  const int mine = last_signal != 0 ? 1 : 0;
  int any = 0;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, comm);
  return any != 0;
}

const char *stop_signal_name()
{
  switch (last_signal) {
  case SIGUSR1:
    return "USR1";
  case SIGUSR2:
    return "USR2";
  case SIGTERM:
    return "TERM";
  case SIGINT:
    return "INT";
  default:
    return "";
  }
}

} // namespace wolff::app
