#include "base/counter_random.h"

// One source, compiled for several instruction sets; the loader picks the best of this machine.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
    !defined(__SANITIZE_THREAD__)
#define WOLFF_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WOLFF_CLONES
#endif

namespace wolff {

WOLFF_CLONES
void philox_pairs(const std::uint64_t *const sites, const std::size_t n, const std::uint32_t c2,
                  const std::uint32_t c3, const std::array<std::uint32_t, 2> key, std::uint32_t *const first,
                  std::uint32_t *const second)
{
  for (std::size_t i = 0; i < n; ++i) {
    // The rounds of philox() on words in 64 bits, so that products need no change of width.
    constexpr std::uint64_t low = 0xFFFFFFFF;
    std::uint64_t x0 = sites[i] & low, x1 = sites[i] >> 32, x2 = c2, x3 = c3;
    std::uint64_t k0 = key[0], k1 = key[1];
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = (x0 & low) * 0xD2511F53U, b = (x2 & low) * 0xCD9E8D57U;
      x0 = (b >> 32) ^ x1 ^ k0;
      x1 = b & low;
      x2 = (a >> 32) ^ x3 ^ k1;
      x3 = a & low;
      k0 = (k0 + 0x9E3779B9) & low;
      k1 = (k1 + 0xBB67AE85) & low;
    }
    first[i] = static_cast<std::uint32_t>(x0);
    second[i] = static_cast<std::uint32_t>(x1);
  }
}

} // namespace wolff
