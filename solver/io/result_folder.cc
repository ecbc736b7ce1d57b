#include "io/result_folder.h"

#include "base/errors.h"
#include "io/input_file.h"
#include "io/safe_file.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace wolff::io {

namespace fs = std::filesystem;

namespace {

std::string host_name()
{
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string job_number()
{
  for (const char *variable : {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"})
    if (const char *value = std::getenv(variable); value != nullptr) return value;
  return "";
}

/// A process that has ended, but whose parent has not asked for its status yet, holds nothing any more.
bool has_ended(const long process)
{
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')'); // "number (name) state ...", and names may hold anything
  return name_end != std::string::npos && text.compare(name_end, 3, ") Z") == 0;
}

struct Holder
{
  std::string host, job;
  long process = 0;
  bool known = false;

  bool on_this_host() const { return known && host == host_name(); }
  bool alive_here() const
  {
    return on_this_host() && process > 0 && !has_ended(process) &&
           (kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
  }
  std::string text() const
  {
    if (!known) return "a lock that cannot be read";
    return "process " + std::to_string(process) + " on " + host + (job.empty() ? "" : ", job " + job);
  }
};

Holder read_holder(const std::string &path)
{
  Holder holder;
  try {
    const auto lock = nlohmann::json::parse(read_small_file(path, 1 << 16));
    holder = {lock.at("host"), lock.at("job"), lock.at("process"), true};
  } catch (const std::exception &) { // half-written, removed meanwhile, or not ours: the holder stays unknown
  }
  return holder;
}

/// True if the lock file was made; false if there is one.
bool make_lock(const std::string &path)
{
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    if (errno == EEXIST) return false;
    throw Fault(Exit::storage, "lock-failed", path,
                std::string("the lock cannot be made: ") + std::strerror(errno));
  }
  const std::string text =
      nlohmann::json{{"host", host_name()}, {"process", static_cast<long>(getpid())}, {"job", job_number()}}
          .dump() +
      "\n";
  const bool written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int reason = errno;
  const bool closed = close(descriptor) == 0;
  if (written && closed) return true;
  unlink(path.c_str());
  throw Fault(Exit::storage, "lock-failed", path,
              std::string("the lock cannot be written: ") + std::strerror(reason));
}

} // namespace

FolderLock::FolderLock(std::string folder, const bool break_lock)
    : path_(std::move(folder) + "/" + std::string(lock_name))
{
  if (make_lock(path_)) return;
  const Holder holder = read_holder(path_);
  const auto in_use = [&](const std::string &hint) {
    return Fault(Exit::storage, "folder-locked", path_, "the folder is in use by another run")
        .found(holder.text())
        .hint(hint);
  };
  if (holder.alive_here()) throw in_use("Wait for it, or choose another folder with --output.");
  if (!break_lock)
    throw in_use(holder.on_this_host() ? "That process is gone: give --break-lock to take over."
                                       : "If that run has ended, give --break-lock to take over.");
  // Of two runs that break one lock only one may win: unlink, then the O_EXCL of make_lock decides.
  unlink(path_.c_str());
  if (!make_lock(path_)) throw in_use("Another run took the lock in this moment.");
}

FolderLock::FolderLock(FolderLock &&other) noexcept : path_(std::move(other.path_))
{
  other.path_.clear();
}

FolderLock::~FolderLock()
{
  if (!path_.empty()) unlink(path_.c_str());
}

FolderLock prepare_result_folder(const std::string &folder, const FolderOptions &options)
{
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw Fault(Exit::storage, "folder-unusable", folder, "the output folder is not a folder");
  if (!options.restart && !options.overwrite)
    for (const std::string &mark : options.marks)
      if (fs::exists(fs::path(folder) / mark, error))
        throw Fault(Exit::input, "output-exists", folder, "the folder holds an earlier run")
            .found(mark)
            .hint("Continue it with --restart auto, replace it with --overwrite, or choose another folder "
                  "with --output.");
  fs::create_directories(folder, error);
  if (error)
    throw Fault(Exit::storage, "folder-unusable", folder,
                "the output folder cannot be made: " + error.message());
  FolderLock lock(folder, options.break_lock);
  {
    SafeFile trial(folder + "/trial"); // never published: removed at the end of this block
    trial.append("trial\n");
    trial.finish();
  }
  remove_leftovers(folder, 3); // the deepest are pieces: checkpoint/step_<n>/<file>/piece_<k>.vtu
  return lock;
}

} // namespace wolff::io
