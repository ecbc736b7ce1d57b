// NIfTI-1 files of tests, byte by byte after nifti1.h, and gzip.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace wolff::tests {

/// A sound header of 4 x 3 x 2 voxels of uint8 with an edge of 0.1 mm, whose parts can be exchanged.
struct Nifti
{
  std::string bytes =
      std::string(352, '\0'); ///< header and the four bytes that say that no extension follows

  Nifti()
  {
    set<std::int32_t>(0, 348);
    const std::array<std::int16_t, 8> dimensions{3, 4, 3, 2, 1, 1, 1, 1};
    for (std::size_t i = 0; i < 8; ++i) set<std::int16_t>(40 + 2 * i, dimensions[i]);
    type(2, 8);
    for (std::size_t i = 0; i < 4; ++i) set<float>(76 + 4 * i, i == 0 ? 1.0F : 0.1F);
    set<float>(108, 352);
    set<std::uint8_t>(123, 2); // mm
    bytes.replace(344, 4, std::string("n+1\0", 4));
  }

  template <typename Number>
  Nifti &set(const std::size_t offset, const Number value)
  {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
    return *this;
  }
  Nifti &type(const int code, const int bits)
  {
    return set<std::int16_t>(70, static_cast<std::int16_t>(code))
        .set<std::int16_t>(72, static_cast<std::int16_t>(bits));
  }
  Nifti &size(const std::array<int, 3> &voxels)
  {
    for (std::size_t a = 0; a < 3; ++a) set<std::int16_t>(42 + 2 * a, static_cast<std::int16_t>(voxels[a]));
    return *this;
  }
  template <typename Number>
  std::string with(const std::vector<Number> &values) const
  {
    return bytes + std::string(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(Number));
  }
};

inline std::string gzipped(const std::string &text)
{
  z_stream zlib{};
  deflateInit2(&zlib, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&zlib, text.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef *>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  deflate(&zlib, Z_FINISH);
  packed.resize(zlib.total_out);
  deflateEnd(&zlib);
  return packed;
}

} // namespace wolff::tests
