#include "io/array_encoding.h"

#include "base/errors.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace wolff::io {

namespace {

constexpr std::size_t block_size = std::size_t{1} << 18;
// Noisy mantissas do not shrink: after such a block this many are stored as they are, which is ten times as
// fast.
constexpr int blocks_stored_after_noise = 7;
constexpr double noise = 0.9; // compressed / original

} // namespace

std::string compressed_array(const void *numbers, const std::size_t bytes)
{
  const std::size_t blocks = (bytes + block_size - 1) / block_size;
  std::vector<std::uint64_t> table{blocks, block_size, bytes % block_size};
  std::string result((3 + blocks) * sizeof(std::uint64_t), '\0');
  std::vector<Bytef> packed(compressBound(block_size));
  int to_store = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t count = std::min(block_size, bytes - b * block_size);
    uLongf length = packed.size();
    const auto *from = static_cast<const Bytef *>(numbers) + b * block_size;
    if (compress2(packed.data(), &length, from, count, to_store > 0 ? Z_NO_COMPRESSION : Z_BEST_SPEED) !=
        Z_OK)
      throw Fault(Exit::internal, "compression", "", "zlib could not compress an array");
    if (to_store > 0)
      --to_store;
    else if (static_cast<double>(length) > noise * static_cast<double>(count))
      to_store = blocks_stored_after_noise;
    table.push_back(length);
    result.append(reinterpret_cast<const char *>(packed.data()), length);
  }
  std::memcpy(result.data(), table.data(), table.size() * sizeof(std::uint64_t));
  return result;
}

namespace {

void append_base64(const char *from, std::size_t count, std::string &text)
{
  // In parts of whole triples, because the length of one call is an int.
  constexpr std::size_t part = 3u << 20;
  for (std::size_t at = 0; at < count; at += part) {
    const std::size_t length = std::min(part, count - at), begin = text.size();
    text.resize(begin + 4 * ((length + 2) / 3) + 1); // EVP_EncodeBlock closes with a zero
    const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data() + begin),
                                        reinterpret_cast<const unsigned char *>(from + at), static_cast<int>(length));
    text.resize(begin + static_cast<std::size_t>(written));
  }
}

} // namespace

std::string base64_of_compressed(const std::string &compressed)
{
  std::uint64_t blocks = 0;
  std::memcpy(&blocks, compressed.data(), sizeof blocks);
  const std::size_t table = (3 + blocks) * sizeof(std::uint64_t);
  std::string text;
  append_base64(compressed.data(), table, text);
  append_base64(compressed.data() + table, compressed.size() - table, text);
  return text;
}

} // namespace wolff::io
