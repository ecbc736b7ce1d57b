#include "coupling/external_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

extern char **environ;

namespace wolff::coupling {

std::vector<std::string> split_command(const std::string &text)
{
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, open = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      open = true;
    } else if ((c == ' ' || c == '\t') && !quoted) {
      if (open) words.push_back(word);
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (quoted)
    throw Fault(Exit::input, "program-quotes", "Regeneration/External program",
                "a double quote is not closed")
        .found(text);
  if (open) words.push_back(word);
  return words;
}

void run_program(const std::vector<std::string> &arguments, const double minutes, const std::string &output)
{
  std::vector<char *> argv;
  for (const std::string &argument : arguments) argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  // A group of its own, so that what it starts is ended with it; signals as a fresh program expects them.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGTERM, SIGINT}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0)
    throw Fault(Exit::input, "program-not-started", arguments[0],
                std::string("the external program cannot be started: ") + std::strerror(failed));

  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(60 * minutes);
  int status = 0;
  for (;;) {
    const pid_t done = waitpid(child, &status, WNOHANG);
    if (done == child) break;
    if (done < 0 && errno != EINTR)
      throw Fault(Exit::internal, "program-lost", arguments[0],
                  std::string("waiting for it failed: ") + std::strerror(errno));
    if (std::chrono::steady_clock::now() > end) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      throw Fault(Exit::not_converged, "program-time", arguments[0],
                  "the external program took longer than its limit and was ended")
          .wanted("an answer within " + to_text(minutes) + " min")
          .hint("What it printed stands in " + output);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  if (WIFSIGNALED(status))
    throw Fault(Exit::not_converged, "program-failed", arguments[0],
                "the external program was ended by a signal")
        .found(std::to_string(WTERMSIG(status)))
        .hint("What it printed stands in " + output);
  if (WEXITSTATUS(status) != 0)
    throw Fault(Exit::not_converged, "program-failed", arguments[0], "exit status of the external program")
        .found(std::to_string(WEXITSTATUS(status)))
        .wanted("0")
        .hint("What it printed stands in " + output);
}

} // namespace wolff::coupling
