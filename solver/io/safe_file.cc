#include "io/safe_file.h"

#include "base/errors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

namespace wolff::io {

namespace {

constexpr std::string_view temporary_prefix = ".wolff-", temporary_ending = ".tmp";
constexpr std::size_t most_at_once = std::size_t{1} << 30; // single writes beyond 2^31 bytes come back short

unsigned long crc(unsigned long checksum, const void *bytes, std::size_t count)
{
  return crc32_z(checksum, static_cast<const Bytef *>(bytes), count);
}

} // namespace

std::string folder_of(const std::string &path)
{
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

void SafeFile::fail(const std::string &doing, const int reason) const
{
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  throw Fault(Exit::storage, full ? "disk-full" : "write-failed", path_,
              doing + " failed: " + std::strerror(reason))
      .hint(full ? "Free some space, then restart; what was complete before is untouched." : "");
}

SafeFile::SafeFile(std::string path) : path_(std::move(path))
{
  // Runs on several machines may share process numbers on one file system: O_EXCL decides, the next count is
  // tried.
  static std::atomic<unsigned> count{0};
  const std::string folder = folder_of(path_);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    temporary_ = folder + "/" + std::string(temporary_prefix) + std::to_string(getpid()) + "-" +
                 std::to_string(count++) + std::string(temporary_ending);
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) return;
    if (errno != EEXIST) fail("creating a file in " + folder, errno);
  }
  fail("creating a file in " + folder, EEXIST);
}

SafeFile::~SafeFile()
{
  if (descriptor_ >= 0) close(descriptor_);
  if (!published_) unlink(temporary_.c_str());
}

void SafeFile::append(const void *bytes, const std::size_t count)
{
  const auto *from = static_cast<const char *>(bytes);
  for (std::size_t done = 0; done < count;) {
    const ssize_t written = write(descriptor_, from + done, std::min(most_at_once, count - done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("writing at byte " + std::to_string(size_ + done), errno);
    if (written == 0) fail("writing at byte " + std::to_string(size_ + done), ENOSPC);
    done += static_cast<std::size_t>(written);
  }
  checksum_ = crc(checksum_, bytes, count);
  size_ += count;
}

void SafeFile::finish()
{
  if (finished_) return;
  if (fsync(descriptor_) != 0) fail("flushing", errno);
  if (close(std::exchange(descriptor_, -1)) != 0) fail("closing", errno);

  const int reread = open(temporary_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (reread < 0) fail("reading back", errno);
  std::vector<char> buffer(
      std::min<std::uint64_t>(std::max<std::uint64_t>(size_, 1), std::uint64_t{1} << 20));
  std::uint64_t found = 0;
  unsigned long checksum = 0;
  for (;;) {
    const ssize_t got = ::read(reread, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int reason = errno;
      close(reread);
      fail("reading back", reason);
    }
    if (got == 0) break;
    checksum = crc(checksum, buffer.data(), static_cast<std::size_t>(got));
    found += static_cast<std::uint64_t>(got);
  }
  close(reread);
  if (found != size_ || checksum != checksum_)
    throw Fault(Exit::storage, "write-differs", path_, "what was read back is not what was written")
        .found(std::to_string(found) + " bytes" + (found == size_ ? ", another checksum" : ""))
        .wanted(std::to_string(size_) + " bytes")
        .hint("The disk may be full or damaged.");
  finished_ = true;
}

void SafeFile::publish()
{
  finish();
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("renaming", errno);
  published_ = true;
  flush_folder(folder_of(path_));
}

void write_file_safely(const std::string &path, const std::string_view text)
{
  SafeFile file(path);
  file.append(text);
  file.publish();
}

void flush_folder(const std::string &folder)
{
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool flushed =
      descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL); // some file systems cannot
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  if (!flushed)
    throw Fault(Exit::storage, "write-failed", folder,
                std::string("flushing the folder failed: ") + std::strerror(reason));
}

std::uint64_t free_bytes(const std::string &folder)
{
  struct statvfs status = {};
  if (statvfs(folder.c_str(), &status) != 0)
    throw Fault(Exit::storage, "folder-unusable", folder,
                std::string("free space cannot be found: ") + std::strerror(errno));
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

void need_free_space(const std::string &folder, const std::uint64_t expected_bytes)
{
  const std::uint64_t there = free_bytes(folder);
  if (there / 2 >= expected_bytes) return;
  throw Fault(Exit::storage, "disk-full", folder, "not enough free space")
      .found(std::to_string(there) + " bytes")
      .wanted("twice the expected " + std::to_string(expected_bytes) + " bytes")
      .hint("Free some space, then restart.");
}

std::size_t remove_leftovers(const std::string &folder, const int depth)
{
  std::size_t removed = 0;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_symlink(error)) continue;
    if (entry.is_directory(error)) {
      if (depth > 0 && !std::filesystem::exists(entry.path() / lock_name, error))
        removed += remove_leftovers(entry.path().string(), depth - 1);
      continue;
    }
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(temporary_prefix) || !name.ends_with(temporary_ending)) continue;
    if (entry.is_regular_file(error) && std::filesystem::remove(entry.path(), error)) ++removed;
  }
  return removed;
}

} // namespace wolff::io
