// The published lattice model in its own words: one cell after the other in random order, each seeing what
// the ones before have left. One processor, one stimulus; what the rounds of regeneration/lattice_day.h are
// measured against.
#pragma once

#include "tissue/lattice_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace wolff::tests {

/// A closed box of tissue of n x n x n sites. A cell is its kind and age; kind none is a free site.
class SequentialLattice
{
public:
  using Occupant = tissue::Occupant;

  SequentialLattice(const std::int64_t n, const tissue::LatticeOptions &options, const unsigned seed)
      : n_(n), options_(options), random_(seed), kind_(static_cast<std::size_t>(n * n * n), Occupant::none),
        age_(kind_.size(), 0)
  {
  }

  void place(const std::int64_t x, const std::int64_t y, const std::int64_t z, const Occupant kind,
             const int age)
  {
    kind_[at(x, y, z)] = kind;
    age_[at(x, y, z)] = age;
  }

  void advance(const int day, const tissue::Window window)
  {
    const tissue::LatticeDay rules = tissue::lattice_day(options_, day);
    const auto w = static_cast<std::size_t>(window);
    if (rules.cells_change)
      for (const std::size_t site : shuffled([](Occupant) { return true; })) {
        Occupant &kind = kind_[site];
        if (kind == Occupant::msc) {
          if (age_[site] < options_.maturation_age || !happens(rules.differentiation[0][w])) continue;
          if (rules.surface_guided_deposition && !has_surface(site)) continue;
          kind = tissue::phenotype_under(window);
          age_[site] = 1;
        } else if (happens(rules.death[index(kind)][w])) {
          kind = Occupant::none;
        }
      }
    for (const std::size_t site : shuffled([](Occupant) { return true; })) {
      const Occupant kind = kind_[site];
      if (happens(rules.division[0][index(kind)][w])) divide(site, kind, rules.patterns);
    }
    for (std::size_t site : shuffled([](const Occupant k) { return k == Occupant::msc; }))
      for (std::uint32_t jump = 0; jump < rules.jumps; ++jump) {
        std::vector<std::size_t> free = free_neighbours(site);
        if (rules.surface_guided_migration)
          std::erase_if(free, [&](const std::size_t target) { return !has_surface(target); });
        if (free.empty()) break;
        const std::size_t target = free[random_() % free.size()];
        std::swap(kind_[target], kind_[site]);
        std::swap(age_[target], age_[site]);
        site = target;
      }
    for (int &age : age_) age += age != 0;
  }

  std::array<double, tissue::n_occupants> counts() const
  {
    std::array<double, tissue::n_occupants> counts{};
    for (const Occupant kind : kind_) ++counts[index(kind)];
    return counts;
  }
  /// Cells of a kind in each layer along z.
  std::vector<double> profile(const Occupant kind) const
  {
    std::vector<double> layers(static_cast<std::size_t>(n_), 0);
    for (std::size_t site = 0; site < kind_.size(); ++site)
      layers[site / static_cast<std::size_t>(n_ * n_)] += kind_[site] == kind;
    return layers;
  }

private:
  std::size_t at(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    return static_cast<std::size_t>(x + n_ * (y + n_ * z));
  }
  bool happens(const std::uint64_t bound) { return (random_() & 0xffffffff) < bound; }

  std::vector<std::size_t> neighbours(const std::size_t site) const
  {
    const auto i = static_cast<std::int64_t>(site);
    const std::int64_t x = i % n_, y = i / n_ % n_, z = i / n_ / n_;
    std::vector<std::size_t> found;
    if (x > 0) found.push_back(at(x - 1, y, z));
    if (x < n_ - 1) found.push_back(at(x + 1, y, z));
    if (y > 0) found.push_back(at(x, y - 1, z));
    if (y < n_ - 1) found.push_back(at(x, y + 1, z));
    if (z > 0) found.push_back(at(x, y, z - 1));
    if (z < n_ - 1) found.push_back(at(x, y, z + 1));
    return found;
  }
  std::vector<std::size_t> free_neighbours(const std::size_t site) const
  {
    std::vector<std::size_t> found = neighbours(site);
    std::erase_if(found, [&](const std::size_t s) { return kind_[s] != Occupant::none; });
    return found;
  }
  bool has_surface(const std::size_t site) const
  {
    const std::vector<std::size_t> around = neighbours(site);
    return std::any_of(around.begin(), around.end(), [&](const std::size_t s) {
      return kind_[s] != Occupant::none && kind_[s] != Occupant::msc;
    });
  }
  template <typename Wanted>
  std::vector<std::size_t> shuffled(const Wanted &wanted)
  {
    std::vector<std::size_t> found;
    for (std::size_t site = 0; site < kind_.size(); ++site)
      if (kind_[site] != Occupant::none && wanted(kind_[site])) found.push_back(site);
    std::shuffle(found.begin(), found.end(), random_);
    return found;
  }
  void divide(const std::size_t site, const Occupant kind, const tissue::DivisionPatterns patterns)
  {
    const std::vector<std::size_t> free = free_neighbours(site);
    if (free.empty()) return;
    const bool both = patterns == tissue::DivisionPatterns::one_or_both_move;
    const std::size_t n = free.size(), pairs = both ? n * (n - 1) / 2 : 0;
    std::size_t chosen = random_() % (n + pairs);
    const auto put = [&](const std::size_t target) {
      kind_[target] = kind;
      age_[target] = 1;
    };
    if (chosen < n) {
      put(free[chosen]);
      if (both) age_[site] = 1;
      return;
    }
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = a + 1; b < n; ++b)
        if (chosen-- == n) {
          put(free[a]);
          put(free[b]);
        }
    kind_[site] = Occupant::none;
  }

  std::int64_t n_;
  tissue::LatticeOptions options_;
  std::mt19937_64 random_;
  std::vector<Occupant> kind_;
  std::vector<int> age_;
};

} // namespace wolff::tests
