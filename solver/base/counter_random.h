// Random numbers without a state: a function of key and counter, so that a draw depends on what it is for
// (seed, day, place) and not on who makes it or in which order. Not for cryptography.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wolff {

/**
 * Philox-4x32 with ten rounds: 128 uniform bits for each counter and key; all counters of one key give a
 * permutation. Of counter (c0, c1, c2, c3) and key (k0, k1) one round makes, with the high and low halves of
 * the 64-bit products M0 c0 and M1 c2,
 *     (high(M1 c2) ^ c1 ^ k0,  low(M1 c2),  high(M0 c0) ^ c3 ^ k1,  low(M0 c0)),
 * and the key grows by (W0, W1) between rounds.
 * Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11.
 */
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::array<std::uint32_t, 2> key)
{
  constexpr std::uint64_t m0 = 0xD2511F53, m1 = 0xCD9E8D57;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = m0 * counter[0], b = m1 * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/**
 * The first two words of philox for many counters (low and high half of sites[i], @p c2, @p c3) at once,
 * several to an instruction where the processor can.
 */
void philox_pairs(const std::uint64_t *sites, std::size_t n, std::uint32_t c2, std::uint32_t c3,
                  std::array<std::uint32_t, 2> key, std::uint32_t *first, std::uint32_t *second);

/// A number of 0 ... n - 1 from 32 uniform bits; the shares are equal to n/2^32.
constexpr std::uint32_t below(const std::uint32_t bits, const std::uint32_t n)
{
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(bits) * n) >> 32);
}

/// 32 uniform bits lie below chance_bound(p) with probability p, to 2^-32; p in [0, 1].
constexpr std::uint64_t chance_bound(const double p)
{
  return static_cast<std::uint64_t>(p * 4294967296.0 + 0.5);
}

} // namespace wolff
