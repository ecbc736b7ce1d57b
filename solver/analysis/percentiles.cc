#include "analysis/percentiles.h"

#include "analysis/quantity.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace wolff::analysis {

namespace {

using Key = std::uint64_t;
constexpr Key sign_bit = Key(1) << 63;

/// Keys ascend as the numbers do.
Key key_of(const double value)
{
  // Adding zero makes -0 and +0 the same number.
  const Key bits = std::bit_cast<Key>(std::isnan(value) ? HUGE_VAL : value + 0.0);
  return bits & sign_bit ? ~bits : bits | sign_bit;
}

double value_of(const Key key)
{
  return std::bit_cast<double>(key & sign_bit ? key & ~sign_bit : ~key);
}

/// The samples of one set on this rank in ascending order, with the volume up to and including each.
class SortedSamples
{
public:
  SortedSamples(std::vector<VolumeSample> samples, const double unit)
  {
    std::sort(samples.begin(), samples.end(),
              [](const auto &a, const auto &b) { return key_of(a.value) < key_of(b.value); });
    keys_.reserve(samples.size());
    volumes_.reserve(samples.size());
    std::int64_t sum = 0;
    for (const VolumeSample &sample : samples) {
      keys_.push_back(key_of(sample.value));
      volumes_.push_back(sum += std::llround(sample.volume / unit));
    }
  }

  std::int64_t volume_up_to(const Key key) const
  {
    const auto above = std::upper_bound(keys_.begin(), keys_.end(), key);
    return above == keys_.begin() ? 0 : volumes_[static_cast<std::size_t>(above - keys_.begin()) - 1];
  }
  std::int64_t volume() const { return volumes_.empty() ? 0 : volumes_.back(); }

private:
  std::vector<Key> keys_;
  std::vector<std::int64_t> volumes_;
};

/// ceil(percent volume / 100), without overflow.
std::int64_t share(const std::int64_t volume, const int percent)
{
  return volume / 100 * percent + (volume % 100 * percent + 99) / 100;
}

void sum_over_ranks(std::vector<std::int64_t> &values, const MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT64_T, MPI_SUM, comm);
}

} // namespace

std::vector<std::vector<double>> percentiles(const std::vector<std::vector<VolumeSample>> &sets,
                                             const std::vector<int> &percents, const MPI_Comm comm)
{
  double unit = HUGE_VAL;
  for (const auto &set : sets)
    for (const VolumeSample &sample : set) unit = std::min(unit, sample.volume);
  MPI_Allreduce(MPI_IN_PLACE, &unit, 1, MPI_DOUBLE, MPI_MIN, comm);

  std::vector<SortedSamples> sorted;
  std::vector<std::int64_t> totals;
  sorted.reserve(sets.size());
  for (const auto &set : sets) {
    sorted.emplace_back(set, unit);
    totals.push_back(sorted.back().volume());
  }
  sum_over_ranks(totals, comm);

  struct Search
  {
    std::size_t set;
    std::int64_t wanted;
    Key least = 0, greatest = ~Key(0);
    Key middle() const { return least + (greatest - least) / 2; }
  };
  std::vector<Search> searches;
  for (std::size_t set = 0; set < sets.size(); ++set)
    for (const int percent : percents) searches.push_back({set, share(totals[set], percent)});

  std::vector<std::int64_t> volumes(searches.size());
  for (int halving = 0; halving < 64; ++halving) {
    for (std::size_t s = 0; s < searches.size(); ++s)
      volumes[s] = sorted[searches[s].set].volume_up_to(searches[s].middle());
    sum_over_ranks(volumes, comm);
    for (std::size_t s = 0; s < searches.size(); ++s) {
      Search &search = searches[s];
      if (volumes[s] >= search.wanted)
        search.greatest = search.middle();
      else
        search.least = search.middle() + 1;
    }
  }

  std::vector<std::vector<double>> values(sets.size());
  for (const Search &search : searches)
    values[search.set].push_back(totals[search.set] > 0 ? value_of(search.least) : no_value);
  return values;
}

} // namespace wolff::analysis
