#include "io/input_file.h"

#include "base/errors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wolff::io {

namespace {

std::string kind_of(const mode_t mode)
{
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISSOCK(mode)) return "a socket";
  return "something that is no file";
}

std::string resolved(const std::string &path)
{
  std::error_code ignored;
  const auto absolute = std::filesystem::weakly_canonical(path, ignored);
  return absolute.empty() || absolute == path ? "" : " (resolved: " + absolute.string() + ")";
}

} // namespace

std::uint64_t ReadLimits::memory_bytes() const
{
  if (memory != 0) return memory;
  std::uint64_t bytes = saturated_product(static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)),
                                          static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  rlimit address_space{};
  if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY)
    bytes = std::min<std::uint64_t>(bytes, address_space.rlim_cur);
  return bytes;
}

InputFile::InputFile(std::string path) : path_(std::move(path))
{
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  descriptor_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor_ < 0) {
    const int reason = errno;
    throw Fault(Exit::input, reason == ENOENT ? "file-missing" : "file-unreadable", path_,
                std::string("cannot be opened: ") + std::strerror(reason) + resolved(path_));
  }
  struct stat status = {};
  const bool known = fstat(descriptor_, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    close(descriptor_);
    throw Fault(Exit::input, "file-not-regular", path_, "cannot be read" + resolved(path_))
        .found(known ? kind_of(status.st_mode) : "no status")
        .wanted("a regular file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  changed_ = status.st_mtim;
}

InputFile::~InputFile()
{
  if (descriptor_ >= 0) close(descriptor_);
}

void InputFile::read(const std::uint64_t offset, void *to, const std::size_t count) const
{
  // One call moves at most 2^31 - 4096 bytes, and may move fewer than asked for.
  constexpr std::size_t most_at_once = std::size_t{1} << 30;
  auto *bytes = static_cast<char *>(to);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(descriptor_, bytes + done, std::min(most_at_once, count - done),
                              static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Fault(Exit::input, "file-unreadable", path_,
                  "reading at byte " + std::to_string(offset + done) + " failed: " + std::strerror(errno));
    if (got == 0)
      throw Fault(Exit::input, "truncated", path_, "the file ends too early")
          .found(std::to_string(offset + done) + " bytes")
          .wanted("at least " + std::to_string(offset + count) + " bytes");
    done += static_cast<std::size_t>(got);
  }
}

void InputFile::check_unchanged() const
{
  struct stat now = {};
  if (fstat(descriptor_, &now) == 0 && static_cast<std::uint64_t>(now.st_size) == size_ &&
      now.st_mtim.tv_sec == changed_.tv_sec && now.st_mtim.tv_nsec == changed_.tv_nsec)
    return;
  throw Fault(Exit::input, "file-changed", path_, "the file changed while it was being read")
      .hint("Read it again when its writer has finished; a writer should write to another name and rename.");
}

std::string read_small_file(const std::string &path, const std::size_t most)
{
  const InputFile file(path);
  if (file.size() > most)
    throw Fault(Exit::input, "file-too-long", path, "too long for a file of this kind")
        .found(std::to_string(file.size()) + " bytes")
        .wanted("at most " + std::to_string(most) + " bytes");
  std::string text(file.size(), '\0');
  file.read(0, text.data(), text.size());
  file.check_unchanged();
  return text;
}

} // namespace wolff::io
