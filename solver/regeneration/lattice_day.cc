#include "regeneration/lattice_day.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace wolff::regeneration {

using tissue::CodeSet;
using tissue::Direction;
using tissue::Occupant;
using tissue::Purpose;
using tissue::SiteCode;
using tissue::Window;
using Index = LatticeSlab::Index;
namespace sites = tissue::sites;

namespace {

/// Adds the time of its life to a number.
class Stopwatch
{
public:
  explicit Stopwatch(double &seconds) : seconds_(seconds) {}
  ~Stopwatch()
  {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  Stopwatch(const Stopwatch &) = delete;
  Stopwatch &operator=(const Stopwatch &) = delete;

private:
  double &seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Draws for some cells at once.
struct Batch
{
  static constexpr std::size_t size = 64; ///< their sites and neighbours fit the nearest cache
  std::array<std::uint64_t, size> keys;
  std::array<std::uint32_t, size> first, second;

  template <typename Key>
  void draw(const tissue::Draws &draws, const Purpose purpose, const std::uint32_t round, const std::size_t n,
            const Key &key)
  {
    for (std::size_t i = 0; i < n; ++i) keys[i] = key(i);
    draws.pairs(keys.data(), n, purpose, round, first.data(), second.data());
  }
};

std::uint64_t floor_of(const std::uint64_t bound, const std::uint64_t number)
{
  // bound is p 2^32 rounded, so one more keeps 0.2 x 5 = 1.
  return bound == 0 ? 0 : ((bound + 1) * number) >> 32;
}

} // namespace

LatticeStep::LatticeStep(Lattice &lattice, const int day, const std::vector<Window> &stimulus)
    : lattice_(lattice), slab_(lattice.slab_), options_(lattice.options_),
      rules_(tissue::lattice_day(lattice.options_, day)), draws_{static_cast<std::uint64_t>(
                                                                     lattice.options_.seed),
                                                                 static_cast<std::uint32_t>(day)},
      stimulus_(stimulus)
{
}

std::vector<LatticeStep::Candidate> LatticeStep::chosen(std::vector<Candidate> candidates) const
{
  return options_.legacy ? fewest_draws(std::move(candidates)) : std::move(candidates);
}

std::vector<LatticeStep::Candidate> LatticeStep::fewest_draws(std::vector<Candidate> candidates) const
{
  struct Rival // of an element that several ranks share; sent as bytes, so without gaps
  {
    std::int64_t element;
    std::uint64_t key;
    std::uint32_t bits;
    std::uint32_t kind;
  };
  const auto &elements = lattice_.elements_;
  const auto key_of = [&](const Candidate &c) {
    return slab_.key((c.is_stromal ? lattice_.stromal_ : lattice_.formed_)[c.entry].site);
  };
  std::vector<Rival> rivals;
  if (elements.any_shared())
    for (const Candidate &c : candidates)
      if (elements.is_shared(c.element))
        rivals.push_back({elements.ids()[c.element], key_of(c), c.bits, static_cast<std::uint32_t>(c.kind)});
  int has_any = elements.any_shared() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &has_any, 1, MPI_INT, MPI_MAX, slab_.comm());
  const auto group = [](const Rival &r) { return std::tuple(r.element, r.kind); };
  const auto order = [](const Rival &r) { return std::tuple(r.element, r.kind, r.bits, r.key); };
  if (has_any) {
    int size = 1;
    MPI_Comm_size(slab_.comm(), &size);
    std::vector<int> counts(static_cast<std::size_t>(size)), begins(counts.size(), 0);
    const auto mine = static_cast<int>(rivals.size() * sizeof(Rival));
    MPI_Allgather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, slab_.comm());
    for (std::size_t r = 1; r < counts.size(); ++r) begins[r] = begins[r - 1] + counts[r - 1];
    std::vector<Rival> all(static_cast<std::size_t>(begins.back() + counts.back()) / sizeof(Rival));
    MPI_Allgatherv(rivals.data(), mine, MPI_BYTE, all.data(), counts.data(), begins.data(), MPI_BYTE,
                   slab_.comm());
    rivals = std::move(all);
    std::sort(rivals.begin(), rivals.end(),
              [&](const Rival &a, const Rival &b) { return order(a) < order(b); });
  }

  std::sort(candidates.begin(), candidates.end(), [&](const Candidate &a, const Candidate &b) {
    return std::tuple(a.element, a.kind, a.bits, key_of(a)) <
           std::tuple(b.element, b.kind, b.bits, key_of(b));
  });
  std::vector<Candidate> kept;
  for (auto begin = candidates.begin(); begin != candidates.end();) {
    auto end = begin;
    while (end != candidates.end() && end->element == begin->element && end->kind == begin->kind) ++end;
    if (!elements.is_shared(begin->element)) {
      const std::uint64_t n = floor_of(begin->bound, static_cast<std::uint64_t>(end - begin));
      kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(n));
    } else {
      const Rival first{elements.ids()[begin->element], 0, 0, static_cast<std::uint32_t>(begin->kind)};
      const auto [from, to] =
          std::equal_range(rivals.begin(), rivals.end(), first,
                           [&](const Rival &a, const Rival &b) { return group(a) < group(b); });
      const std::uint64_t n = floor_of(begin->bound, static_cast<std::uint64_t>(to - from));
      for (auto c = begin; c != end && n > 0; ++c) {
        const Rival here{first.element, key_of(*c), c->bits, first.kind},
            &last = *(from + static_cast<std::ptrdiff_t>(n) - 1);
        if (order(here) <= order(last)) kept.push_back(*c);
      }
    }
    begin = end;
  }
  return kept;
}

void LatticeStep::erode()
{
  if (!options_.erodes()) return;
  constexpr CodeSet scaffold = tissue::set_of(tissue::Ground::scaffold);
  std::vector<Index> gone;
  std::erase_if(lattice_.scaffold_, [&](const Index site) {
    const std::uint64_t bound =
        rules_.erosion[tissue::direction_sets[slab_.neighbours_in(site, scaffold)].size];
    if (bound == 0 || draws_(slab_.key(site), Purpose::erosion)[0] >= bound) return false;
    gone.push_back(site);
    return true;
  });
  for (const Index site : gone) lattice_.make_tissue_of(site);
  report_.eroded = static_cast<std::int64_t>(gone.size());
  slab_.exchange_changes();
}

void LatticeStep::fate()
{
  const Stopwatch watch(report_.seconds_fate);
  if (!rules_.cells_change) return;
  std::uint32_t element = 0;
  Window window{};

  std::vector<Candidate> differentiate, die;
  const auto &msc_death = rules_.death[index(Occupant::msc)];
  const bool mscs_die = *std::max_element(msc_death.begin(), msc_death.end()) > 0;
  for (std::size_t k = 0; k < lattice_.stromal_.size(); ++k) {
    const LatticeCell &c = lattice_.stromal_[k];
    const bool is_mature = c.age >= rules_.maturation_age;
    if ((!is_mature && !mscs_die) || !look_up(c.site, element, window)) continue;
    const auto words = draws_(slab_.key(c.site), Purpose::fate);
    Candidate candidate{static_cast<std::uint32_t>(k), true, Occupant::msc, element, words[0], 0};
    candidate.bound = rules_.differentiation[is_graft(c.site) ? 1 : 0][static_cast<std::size_t>(window)];
    if (is_mature && candidate.bound > 0 && takes_part(candidate)) differentiate.push_back(candidate);
    candidate.bits = words[1];
    candidate.bound = msc_death[static_cast<std::size_t>(window)];
    if (candidate.bound > 0 && takes_part(candidate)) die.push_back(candidate);
  }
  for (std::size_t k = 0; k < lattice_.formed_.size(); ++k) {
    const LatticeCell &c = lattice_.formed_[k];
    if (!look_up(c.site, element, window)) continue;
    Candidate candidate{
        static_cast<std::uint32_t>(k), false, tissue::occupant_of(slab_.code(c.site)), element, 0, 0};
    candidate.bound = rules_.death[index(candidate.kind)][static_cast<std::size_t>(window)];
    if (candidate.bound == 0) continue;
    candidate.bits = draws_(slab_.key(c.site), Purpose::fate)[0];
    if (takes_part(candidate)) die.push_back(candidate);
  }

  differentiate = chosen(std::move(differentiate));
  die = chosen(std::move(die));
  // A cell that settles is a surface for the next ones, so where surfaces guide, cells act in turns.
  const auto n_turns = rules_.surface_guided_deposition ? static_cast<std::uint32_t>(options_.turns) : 1;
  std::vector<std::vector<Candidate>> settle(n_turns), leave(n_turns);
  const auto spread = [&](const std::vector<Candidate> &all, std::vector<std::vector<Candidate>> &turns) {
    for (const Candidate &c : all)
      turns[n_turns == 1 ? 0 : below(draws_(slab_.key(cell(c).site), Purpose::fate)[2], n_turns)].push_back(
          c);
  };
  spread(differentiate, settle);
  spread(die, leave);
  for (std::uint32_t turn = 0; turn < n_turns; ++turn) {
    if (rules_.surface_guided_deposition)
      std::erase_if(settle[turn], [&](const Candidate &c) {
        return slab_.neighbours_in(cell(c).site, sites::surface) == 0;
      });
    for (const Candidate &c : settle[turn]) {
      const Index site = cell(c).site;
      const Occupant made = tissue::phenotype_under(stimulus_[c.element]);
      slab_.set(site, tissue::with_occupant(slab_.code(site), made));
      cell(c).site = LatticeSlab::none;
      lattice_.formed_.push_back({site, 1});
      ++report_.differentiated[index(made)];
    }
    for (const Candidate &c : leave[turn]) {
      const Index site = cell(c).site;
      if (site == LatticeSlab::none) continue; // a stromal cell that has differentiated
      slab_.set(site, tissue::with_occupant(slab_.code(site), Occupant::none));
      cell(c).site = LatticeSlab::none;
      ++report_.died[index(c.kind)];
    }
    slab_.exchange_changes();
  }
}

void LatticeStep::put(const Index site, const Occupant kind, const std::uint8_t age)
{
  const SiteCode code = tissue::with_occupant(slab_.code(site), kind);
  if (!slab_.is_owned(site)) return slab_.send_cell(site, code, age);
  slab_.set(site, code);
  (kind == Occupant::msc ? lattice_.stromal_ : lattice_.formed_).push_back({site, age});
}

void LatticeStep::receive()
{
  for (const LatticeSlab::Arrival &arrival : slab_.exchange_changes()) {
    const bool is_stromal = tissue::contains(sites::stromal, slab_.code(arrival.site));
    (is_stromal ? lattice_.stromal_ : lattice_.formed_).push_back({arrival.site, arrival.age});
  }
}

std::vector<LatticeStep::Mother> LatticeStep::legacy_mothers() const
{
  std::vector<Candidate> candidates;
  std::uint32_t element = 0;
  Window window{};
  for (const bool is_stromal : {true, false}) {
    const std::vector<LatticeCell> &list = is_stromal ? lattice_.stromal_ : lattice_.formed_;
    for (std::size_t k = 0; k < list.size(); ++k) {
      const Index site = list[k].site;
      if (site == LatticeSlab::none || !look_up(site, element, window)) continue;
      const Occupant kind = tissue::occupant_of(slab_.code(site));
      const std::uint64_t bound = division_bound(site, kind, window);
      if (bound > 0)
        candidates.push_back({static_cast<std::uint32_t>(k), is_stromal, kind, element,
                              draws_(slab_.key(site), Purpose::division)[0], bound});
    }
  }
  std::vector<Mother> mothers;
  for (const Candidate &c : fewest_draws(std::move(candidates)))
    mothers.push_back({c.entry, (c.is_stromal ? lattice_.stromal_ : lattice_.formed_)[c.entry].site, c.kind});
  return mothers;
}

template <typename Take>
void LatticeStep::for_each_mother(const Take &take) const
{
  Batch batch;
  if (options_.legacy) {
    const std::vector<Mother> mothers = legacy_mothers();
    for (std::size_t begin = 0; begin < mothers.size(); begin += batch.size) {
      const std::size_t n = std::min(batch.size, mothers.size() - begin);
      batch.draw(draws_, Purpose::division, 0, n,
                 [&](const std::size_t i) { return slab_.key(mothers[begin + i].site); });
      for (std::size_t i = 0; i < n; ++i) take(mothers[begin + i], batch.second[i]);
    }
    return;
  }
  std::array<Mother, Batch::size> cells;
  std::array<std::uint64_t, Batch::size> bounds;
  std::size_t n = 0;
  const auto settle = [&] {
    batch.draw(draws_, Purpose::division, 0, n,
               [&](const std::size_t i) { return slab_.key(cells[i].site); });
    for (std::size_t i = 0; i < n; ++i)
      if (batch.first[i] < bounds[i]) take(cells[i], batch.second[i]);
    n = 0;
  };
  std::uint32_t element = 0;
  Window window{};
  for (const bool is_stromal : {true, false}) {
    const std::vector<LatticeCell> &list = is_stromal ? lattice_.stromal_ : lattice_.formed_;
    for (std::size_t k = 0; k < list.size(); ++k) {
      const Index site = list[k].site;
      if (site == LatticeSlab::none || !look_up(site, element, window)) continue;
      const Occupant kind = tissue::occupant_of(slab_.code(site));
      bounds[n] = division_bound(site, kind, window);
      if (bounds[n] == 0) continue;
      cells[n++] = {static_cast<std::uint32_t>(k), site, kind};
      if (n == batch.size) settle();
    }
  }
  settle();
}

void LatticeStep::divide()
{
  const Stopwatch watch(report_.seconds_division);
  const auto n_turns = static_cast<std::uint32_t>(options_.turns), n_rounds = n_turns + spare_rounds;
  std::vector<std::vector<Mother>> turns(n_rounds + 1);
  for_each_mother(
      [&](const Mother &mother, const std::uint32_t bits) { turns[below(bits, n_turns)].push_back(mother); });

  const auto entry_of = [&](const Mother &mother) -> LatticeCell & {
    return (mother.kind == Occupant::msc ? lattice_.stromal_ : lattice_.formed_)[mother.entry];
  };
  Batch batch;
  std::vector<tissue::Division> divisions;
  for (std::uint32_t round = 0; round < n_rounds; ++round) {
    std::vector<Mother> &mothers = turns[round];
    if (round >= n_turns) {
      auto left = static_cast<std::int64_t>(mothers.size());
      MPI_Allreduce(MPI_IN_PLACE, &left, 1, MPI_INT64_T, MPI_SUM, slab_.comm());
      if (left == 0) break;
    }
    slab_.begin_claims(draws_, Purpose::division_place, round);
    divisions.clear();
    std::size_t kept = 0;
    for (std::size_t begin = 0; begin < mothers.size(); begin += batch.size) {
      const std::size_t n = std::min(batch.size, mothers.size() - begin);
      batch.draw(draws_, Purpose::division_place, round, n, [&](const std::size_t i) {
        slab_.fetch(mothers[begin + i].site);
        return slab_.key(mothers[begin + i].site);
      });
      for (std::size_t i = 0; i < n; ++i) {
        const Mother mother = mothers[begin + i];
        const unsigned free = slab_.neighbours_in(
            mother.site, mother.kind == Occupant::msc ? sites::free_for_birth : sites::free_in_tissue);
        if (free == 0) {
          ++report_.lost_divisions;
          continue;
        }
        const tissue::Division division = tissue::choose_division(rules_.patterns, free, batch.first[i]);
        slab_.claim(mother.site, division.first, batch.second[i]);
        if (division.second != tissue::no_direction)
          slab_.claim(mother.site, division.second, batch.second[i]);
        divisions.push_back(division);
        mothers[kept++] = mother;
      }
    }
    mothers.resize(kept);
    slab_.exchange_claims();
    for (std::size_t k = 0; k < mothers.size(); ++k) {
      const Mother &mother = mothers[k];
      const tissue::Division division = divisions[k];
      if (k + 24 < mothers.size()) {
        slab_.fetch_alone(mothers[k + 24].site);
        slab_.fetch_alone(slab_.neighbour(mothers[k + 24].site, divisions[k + 24].first));
      }
      const bool is_pair = division.second != tissue::no_direction;
      const bool first = slab_.granted(mother.site, division.first);
      const bool second = !is_pair || slab_.granted(mother.site, division.second);
      if (!first || !second) {
        slab_.withdraw(mother.site, division.first);
        if (is_pair) slab_.withdraw(mother.site, division.second);
        turns[round + 1].push_back(mother);
        continue;
      }
      ++report_.born[index(mother.kind)];
      if (is_pair) {
        entry_of(mother).site = LatticeSlab::none;
        slab_.set(mother.site, tissue::with_occupant(slab_.code(mother.site), Occupant::none));
        put(slab_.neighbour(mother.site, division.second), mother.kind, 1);
      } else if (rules_.patterns == tissue::DivisionPatterns::one_or_both_move) {
        entry_of(mother).age = 1;
      }
      put(slab_.neighbour(mother.site, division.first), mother.kind, 1);
    }
    receive();
    mothers = {};
  }
  report_.lost_divisions += static_cast<std::int64_t>(turns[n_rounds].size());
}

void LatticeStep::migrate()
{
  const Stopwatch watch(report_.seconds_migration);
  if (rules_.jumps == 0) return;
  struct Walker
  {
    std::uint32_t entry; ///< in the list of stromal cells
    Index site;
    std::uint8_t left; ///< jumps
    Direction direction;
  };
  const CodeSet targets = rules_.jump_targets;
  std::vector<LatticeCell> &cells = lattice_.stromal_;
  lattice_.sort_cells(cells); // daughters stand at the end, and each round runs through all walkers
  const auto n_turns = static_cast<std::uint32_t>(options_.turns);
  std::vector<std::vector<Walker>> turns(n_turns);
  for (std::vector<Walker> &turn : turns) turn.reserve(cells.size() / n_turns + cells.size() / 64 + 64);
  Batch batch;
  for (std::size_t begin = 0; begin < cells.size(); begin += batch.size) {
    const std::size_t n = std::min(batch.size, cells.size() - begin);
    batch.draw(draws_, Purpose::turn, 0, n,
               [&](const std::size_t i) { return slab_.key(cells[begin + i].site); });
    for (std::size_t i = 0; i < n; ++i)
      if (cells[begin + i].site != LatticeSlab::none)
        turns[below(batch.first[i], n_turns)].push_back({static_cast<std::uint32_t>(begin + i),
                                                         cells[begin + i].site,
                                                         static_cast<std::uint8_t>(rules_.jumps), 0});
  }

  const std::uint32_t n_rounds = rules_.jumps + spare_rounds;
  for (std::uint32_t turn = 0; turn < n_turns; ++turn) {
    std::vector<Walker> &walkers = turns[turn];
    for (std::uint32_t round = 0; round < n_rounds; ++round) {
      const std::uint32_t draw = turn * n_rounds + round;
      slab_.begin_claims(draws_, Purpose::jump, draw);
      std::size_t kept = 0; // who is blocked stops for the day
      for (std::size_t begin = 0; begin < walkers.size(); begin += batch.size) {
        const std::size_t n = std::min(batch.size, walkers.size() - begin);
        batch.draw(draws_, Purpose::jump, draw, n, [&](const std::size_t i) {
          slab_.fetch(walkers[begin + i].site);
          return slab_.key(walkers[begin + i].site);
        });
        for (std::size_t i = 0; i < n; ++i) {
          Walker walker = walkers[begin + i];
          unsigned free = slab_.neighbours_in(walker.site, targets);
          if (rules_.surface_guided_migration)
            for (unsigned d = 0; d < tissue::n_directions; ++d)
              if ((free >> d & 1U) &&
                  slab_.neighbours_in(slab_.neighbour(walker.site, d), sites::surface) == 0)
                free &= ~(1U << d);
          if (free == 0) {
            report_.blocked_jumps += walker.left;
            cells[walker.entry].site = walker.site;
            continue;
          }
          walker.direction = tissue::one_direction(free, batch.first[i]);
          slab_.claim(walker.site, walker.direction, batch.second[i]);
          walkers[kept++] = walker;
        }
      }
      walkers.resize(kept);
      slab_.exchange_claims();
      kept = 0;
      for (std::size_t k = 0; k < walkers.size(); ++k) {
        Walker walker = walkers[k];
        if (k + 24 < walkers.size()) {
          const Walker &later = walkers[k + 24];
          slab_.fetch_alone(later.site);
          slab_.fetch_alone(slab_.neighbour(later.site, later.direction));
        }
        if (slab_.granted(walker.site, walker.direction)) {
          ++report_.jumps;
          --walker.left;
          const Index target = slab_.neighbour(walker.site, walker.direction);
          const SiteCode arrived = tissue::with_occupant(slab_.code(target), Occupant::msc);
          slab_.set(walker.site, tissue::with_occupant(slab_.code(walker.site), Occupant::none));
          walker.site = target;
          if (!slab_.is_owned(target)) {
            slab_.send_cell(target, arrived, cells[walker.entry].age, walker.left);
            cells[walker.entry].site = LatticeSlab::none;
            continue;
          }
          slab_.set(target, arrived);
          if (walker.left == 0) {
            cells[walker.entry].site = target;
            continue;
          }
        }
        walkers[kept++] = walker;
      }
      walkers.resize(kept);
      for (const LatticeSlab::Arrival &arrival : slab_.exchange_changes()) {
        if (arrival.left > 0)
          walkers.push_back({static_cast<std::uint32_t>(cells.size()), arrival.site, arrival.left, 0});
        cells.push_back({arrival.site, arrival.age});
      }
    }
    for (const Walker &walker : walkers) {
      report_.blocked_jumps += walker.left;
      cells[walker.entry].site = walker.site;
    }
    walkers = {};
  }
}

LatticeReport LatticeStep::evening()
{
  {
    const Stopwatch watch(report_.seconds_lists);
    constexpr SiteCode lost = tissue::site_code(tissue::Ground::outside, Occupant::msc);
    for (LatticeCell &c : lattice_.stromal_) {
      if (c.site == LatticeSlab::none || slab_.code(c.site) != lost) continue;
      slab_.set(c.site, tissue::site_code(tissue::Ground::outside));
      c.site = LatticeSlab::none;
      ++report_.left;
    }
    slab_.exchange_changes();
    for (std::vector<LatticeCell> *const list : {&lattice_.stromal_, &lattice_.formed_})
      for (LatticeCell &c : *list) c.age = static_cast<std::uint8_t>(c.age + (c.age != 0 && c.age != 255));
    std::erase_if(lattice_.stromal_, [](const LatticeCell &c) { return c.site == LatticeSlab::none; });
    lattice_.sort_cells(lattice_.formed_);
  }
  std::vector<std::int64_t> numbers{report_.lost_divisions, report_.jumps, report_.blocked_jumps,
                                    report_.left, report_.eroded};
  for (const auto *const list : {&report_.born, &report_.differentiated, &report_.died})
    numbers.insert(numbers.end(), list->begin(), list->end());
  MPI_Allreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_INT64_T, MPI_SUM,
                slab_.comm());
  auto next = numbers.begin();
  for (std::int64_t *const number :
       {&report_.lost_divisions, &report_.jumps, &report_.blocked_jumps, &report_.left, &report_.eroded})
    *number = *next++;
  for (auto *const list : {&report_.born, &report_.differentiated, &report_.died})
    for (std::int64_t &number : *list) number = *next++;
  double seconds[4] = {report_.seconds_fate, report_.seconds_division, report_.seconds_migration,
                       report_.seconds_lists};
  MPI_Allreduce(MPI_IN_PLACE, seconds, 4, MPI_DOUBLE, MPI_MAX, slab_.comm());
  report_.seconds_fate = seconds[0];
  report_.seconds_division = seconds[1];
  report_.seconds_migration = seconds[2];
  report_.seconds_lists = seconds[3];
  return report_;
}

} // namespace wolff::regeneration
