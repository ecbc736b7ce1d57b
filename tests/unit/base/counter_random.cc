// The counter-based generator: published known answers, and that draws are uniform and independent enough.
#include "base/counter_random.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;

using Words = std::array<std::uint32_t, 4>;

// The known answers that Salmon et al. publish with their code (Random123, kat_vectors, philox4x32 10).
BOOST_AUTO_TEST_CASE(philox_gives_the_published_known_answers)
{
  static_assert(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  static_assert(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
                Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  // Digits of pi.
  static_assert(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
                Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  const Words found = philox({1, 0, 0, 0}, {0, 0}), other = philox({0, 0, 0, 0}, {1, 0});
  BOOST_TEST(found[0] != other[0]);
}

BOOST_AUTO_TEST_CASE(neighbouring_counters_give_uniform_and_uncorrelated_words)
{
  // 2e5 draws: mean 1/2 within 5 standard errors of 1/sqrt(12 n), correlation within 5/sqrt(n).
  constexpr int n = 200000;
  double mean = 0, correlation = 0, before = 0;
  std::array<int, 6> face{};
  for (std::uint32_t i = 0; i < n; ++i) {
    const Words words = philox({i, 0, 7, 3}, {42, 0});
    const double u = words[0] / 4294967296.0 - 0.5;
    mean += u / n;
    correlation += 12 * u * before / n;
    before = u;
    ++face[below(words[1], 6)];
  }
  BOOST_TEST(std::abs(mean) < 5 / std::sqrt(12.0 * n));
  BOOST_TEST(std::abs(correlation) < 5 / std::sqrt(1.0 * n));
  for (const int count : face) BOOST_TEST(std::abs(count - n / 6.0) < 5 * std::sqrt(n * 5.0 / 36.0));
}

BOOST_AUTO_TEST_CASE(a_chance_is_a_share_of_all_words)
{
  BOOST_TEST(chance_bound(0) == 0U);
  BOOST_TEST(chance_bound(1) == std::uint64_t{1} << 32); // above every word
  BOOST_TEST(chance_bound(0.25) == std::uint64_t{1} << 30);
  BOOST_TEST(below(0, 6) == 0U);
  BOOST_TEST(below(0xffffffff, 6) == 5U);
}

BOOST_AUTO_TEST_CASE(many_at_once_are_the_same_as_one_by_one)
{
  std::array<std::uint64_t, 37> sites;
  for (std::size_t i = 0; i < sites.size(); ++i)
    sites[i] = i * 0x123456789abcULL + (i % 3 ? 0 : 0xffffffffffffffffULL);
  std::array<std::uint32_t, 37> first, second;
  philox_pairs(sites.data(), sites.size(), 0xfedcba98, 77, {0x89abcdef, 0xffffffff}, first.data(),
               second.data());
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Words words = philox(
        {static_cast<std::uint32_t>(sites[i]), static_cast<std::uint32_t>(sites[i] >> 32), 0xfedcba98, 77},
        {0x89abcdef, 0xffffffff});
    BOOST_TEST(first[i] == words[0]);
    BOOST_TEST(second[i] == words[1]);
  }
}
