// Writing files so that what stands under a final name is complete: a new name in the same folder, every byte
// count checked, flushed to the disk, read back and compared, renamed, the folder flushed. All failures are
// exit 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wolff::io {

/**
 * One file being written. Nobody sees it under its final name before publish(); if that is never reached the
 * temporary file is removed and what stood under the final name is untouched.
 */
class SafeFile
{
public:
  /// Opens ".wolff-<process>-<count>.tmp" in the folder of @p path. @throws Fault (exit 5)
  explicit SafeFile(std::string path);
  ~SafeFile();
  SafeFile(const SafeFile &) = delete;
  SafeFile &operator=(const SafeFile &) = delete;

  void append(const void *bytes, std::size_t count);
  void append(std::string_view text) { append(text.data(), text.size()); }
  std::uint64_t size() const { return size_; }

  /// Flush to the disk, close, and compare size and checksum of what can be read back.
  void finish();
  /// Rename to the final name and flush the folder. Calls finish() if that has not been done.
  void publish();

private:
  [[noreturn]] void fail(const std::string &doing, int reason) const;

  std::string path_, temporary_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  unsigned long checksum_ = 0; ///< CRC-32 of what was handed over
  bool finished_ = false, published_ = false;
};

/// Write a small file as a whole, or leave what was there. @throws Fault (exit 5)
void write_file_safely(const std::string &path, std::string_view text);

/// Flush the entries of a folder to the disk, so that a rename in it survives a power cut. @throws Fault
/// (exit 5)
void flush_folder(const std::string &folder);

/// Folder that @p path lies in, "." if it has none.
std::string folder_of(const std::string &path);

/// Bytes that an ordinary user can still write there. @throws Fault (exit 5)
std::uint64_t free_bytes(const std::string &folder);

/// @throws Fault (exit 5) unless twice @p expected_bytes are free: writers of libraries do not report a full
/// disk.
void need_free_space(const std::string &folder, std::uint64_t expected_bytes);

/// Name of the file by which a run holds its folder.
inline constexpr std::string_view lock_name = "run.lock";

/// Remove temporary files that killed runs left in @p folder and in the folders below it, @p depth levels
/// down (pieces of files and of checkpoints); returns how many. A folder with a lock of its own belongs to
/// another run and is left alone, as is what a link points to.
std::size_t remove_leftovers(const std::string &folder, int depth);

} // namespace wolff::io
