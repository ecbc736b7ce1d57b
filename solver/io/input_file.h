// A file that somebody else wrote, opened so that nothing about it can hang or mislead us: only regular
// files, read by position and byte count, and compared at the end with what it was at the beginning. Not for
// writing (safe_file.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <string>

namespace wolff::io {

/// How much reading one file may cost; more is refused with exit 7 before anything is allocated.
struct ReadLimits
{
  std::uint64_t memory =
      0; ///< [bytes] for all arrays of the file; 0: memory of the machine, or ulimit -v if lower
  std::size_t pieces = 65536; ///< pieces that one index file may name

  std::uint64_t memory_bytes() const;
};

class InputFile
{
public:
  /// @throws Fault (exit 2) if the path is no regular readable file; names the path as given and as resolved.
  explicit InputFile(std::string path);
  ~InputFile();
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;

  const std::string &path() const { return path_; }
  std::uint64_t size() const { return size_; }

  /// Read exactly @p count bytes at @p offset. @throws Fault (exit 2) if the file ends before.
  void read(std::uint64_t offset, void *to, std::size_t count) const;

  /// @throws Fault (exit 2) if size or time of change are no longer what they were when the file was opened.
  void check_unchanged() const;

private:
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::timespec changed_{};
};

/// @p a * @p b, or the greatest number there is if the product does not fit 64 bits: a limit then refuses it.
inline std::uint64_t saturated_product(const std::uint64_t a, const std::uint64_t b)
{
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max() : product;
}

/// The whole text of a small file. @throws Fault (exit 2), also if it holds more than @p most bytes.
std::string read_small_file(const std::string &path, std::size_t most = std::size_t{1} << 26);

} // namespace wolff::io
