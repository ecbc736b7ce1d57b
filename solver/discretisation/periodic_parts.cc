#include "discretisation/periodic_parts.h"

#include "base/errors.h"
#include "discretisation/brick_parts.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace wolff::discretisation {

namespace {

using Place = std::array<std::int64_t, 3>;

/// Number of bricks of this size along each axis of the forest.
Place counts(const BrickForest &forest, const Brick &brick)
{
  Place n{};
  for (std::size_t d = 0; d < 3; ++d)
    n[d] = std::lround(forest.extent()[static_cast<Eigen::Index>(d)] / brick.edge);
  return n;
}

/// Place of a part in half bricks, from the least corner of the forest.
Place place_of(const BrickForest &forest, const Brick &brick, const unsigned part)
{
  const std::array<unsigned, 3> steps{part % 3, part / 3 % 3, part / 9};
  Place place{};
  for (std::size_t d = 0; d < 3; ++d) {
    const auto axis = static_cast<Eigen::Index>(d);
    place[d] = 2 * std::lround((brick.corner[axis] - forest.origin()[axis]) / brick.edge) + steps[d];
  }
  return place;
}

std::uint64_t key_of(const Place &place)
{
  return (static_cast<std::uint64_t>(place[2]) << 42) | (static_cast<std::uint64_t>(place[1]) << 21) |
         static_cast<std::uint64_t>(place[0]);
}

} // namespace

bool is_periodic_image(const BrickForest &forest, const std::size_t brick, const unsigned part)
{
  const Place place = place_of(forest, forest.brick(brick), part), n = counts(forest, forest.brick(brick));
  for (std::size_t d = 0; d < 3; ++d)
    if (forest.periodic()[d] && place[d] == 2 * n[d]) return true;
  return false;
}

void identify_periodic_parts(const BrickForest &forest, const int n, const std::int64_t first_owned,
                             const std::int64_t end_owned,
                             std::vector<std::array<std::int64_t, 27>> &first_numbers)
{
  struct Image
  {
    std::size_t brick;
    unsigned part;
  };
  std::map<std::uint64_t, std::int64_t> originals;
  std::vector<Image> images;
  std::vector<std::uint64_t> wanted;
  together(forest.comm(), [&] {
    for (std::size_t b = 0; b < forest.n_owned(); ++b) {
      const Brick &brick = forest.brick(b);
      if (brick.key.level() != forest.brick(0).key.level())
        throw Fault(Exit::internal, "periodic-bricks", "", "bricks of a periodic box differ in size");
      const Place ends = counts(forest, brick);
      for (unsigned part = 0; part < 27; ++part) {
        if (part_size(n, part) == 0) continue;
        Place place = place_of(forest, brick, part);
        bool is_low = false, is_image = false;
        for (std::size_t d = 0; d < 3; ++d) {
          if (!forest.periodic()[d]) continue;
          is_low = is_low || place[d] == 0;
          if (place[d] != 2 * ends[d]) continue;
          is_image = true;
          place[d] = 0;
        }
        const std::int64_t number = first_numbers[b][part];
        if (is_image) {
          images.push_back({b, part});
          wanted.push_back(key_of(place));
        } else if (is_low && number >= first_owned && number < end_owned)
          originals.emplace(key_of(place), number);
      }
    }
  });

  std::vector<std::uint64_t> keys;
  std::vector<std::int64_t> numbers;
  for (const auto &[key, number] : originals) {
    keys.push_back(key);
    numbers.push_back(number);
  }
  const std::vector<RemoteIndex> places = find_owners(forest.comm(), keys, wanted);
  int size = 1;
  MPI_Comm_size(forest.comm(), &size);
  std::vector<std::vector<std::uint32_t>> asked(static_cast<std::size_t>(size));
  together(forest.comm(), [&] {
    for (const RemoteIndex &place : places) {
      if (place.rank < 0)
        throw Fault(Exit::internal, "periodic-bricks", "", "a node of a periodic box has no original");
      asked[static_cast<std::size_t>(place.rank)].push_back(place.index);
    }
  });
  const auto questions = exchange_lists(forest.comm(), asked);
  std::vector<std::vector<std::int64_t>> replies(questions.size());
  for (std::size_t r = 0; r < questions.size(); ++r)
    for (const std::uint32_t index : questions[r]) replies[r].push_back(numbers[index]);
  const auto answers = exchange_lists(forest.comm(), replies);
  std::vector<std::size_t> next(answers.size(), 0);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto rank = static_cast<std::size_t>(places[i].rank);
    first_numbers[images[i].brick][images[i].part] = answers[rank][next[rank]++];
  }
}

} // namespace wolff::discretisation
