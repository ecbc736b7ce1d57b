#include "mechanics/transfer.h"

#include "base/errors.h"
#include "mechanics/brick_sweep.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace wolff::mechanics {

using discretisation::BrickForest;
using discretisation::BrickKey;
using discretisation::BrickNodes;
using discretisation::for_each_row_piece;
using discretisation::part_size;
using discretisation::row_place;

Transfer::Transfer(const BrickForest &fine_forest, const BrickNodes &fine, const BrickForest &coarse_forest,
                   const BrickNodes &coarse)
    : fine_forest_(fine_forest), coarse_forest_(coarse_forest), fine_(fine), coarse_(coarse)
{
  const MPI_Comm comm = fine_forest.comm();
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);

  // The coarse brick is the brick itself or its parent.
  std::vector<std::uint64_t> coarse_keys, same_keys, parent_keys;
  for (std::size_t b = 0; b < coarse_forest.n_owned(); ++b)
    coarse_keys.push_back(coarse_forest.brick(b).key.bits);
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b) {
    const BrickKey key = fine_forest.brick(b).key;
    same_keys.push_back(key.bits);
    parent_keys.push_back(key.level() > 0 ? key.parent().bits : key.bits);
  }
  const std::vector<RemoteIndex> same = find_owners(comm, coarse_keys, same_keys);
  const std::vector<RemoteIndex> parent = find_owners(comm, coarse_keys, parent_keys);

  // Parents, each once, sorted by owner; ask their owners for the global numbers of their nodes.
  std::map<RemoteIndex, std::uint32_t> parents;
  parent_of_.resize(fine_forest.n_owned());
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b) {
    parent_of_[b] = same[b].rank >= 0 ? same[b] : parent[b];
    if (parent_of_[b].rank < 0)
      throw Fault(Exit::internal, "multigrid-parent", "", "a brick has no parent on the next coarser level");
    parents.emplace(parent_of_[b], 0U);
  }
  std::vector<std::vector<std::uint32_t>> asked(static_cast<std::size_t>(size));
  std::uint32_t number = 0;
  for (auto &[place, index] : parents) {
    index = number++;
    asked[static_cast<std::size_t>(place.rank)].push_back(place.index);
  }
  const auto questions = exchange_lists(comm, asked);
  std::vector<std::vector<std::int64_t>> replies(questions.size());
  for (std::size_t r = 0; r < questions.size(); ++r)
    for (const std::uint32_t b : questions[r])
      for (const std::uint32_t node : coarse.parts()[b]) replies[r].push_back(coarse.global_number(node));
  const auto answers = exchange_lists(comm, replies);

  const std::int64_t begin = coarse.first_of_rank()[static_cast<std::size_t>(rank)],
                     end = coarse.first_of_rank()[static_cast<std::size_t>(rank) + 1];
  const auto owned = [&](const std::int64_t g) { return g >= begin && g < end; };
  std::vector<std::int64_t> globals, ghosts;
  for (const auto &list : answers) globals.insert(globals.end(), list.begin(), list.end());
  for (std::size_t i = 0; i < globals.size(); ++i)
    for (std::int64_t node = 0; node < part_size(coarse.n(), static_cast<unsigned>(i % 27)); ++node)
      if (!owned(globals[i])) ghosts.push_back(globals[i] + node);
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  std::vector<RemoteIndex> owners;
  for (const std::int64_t g : ghosts) owners.push_back(owner_of(coarse.first_of_rank(), g));
  wide_ = GhostExchange(comm, coarse.n_owned(), owners);
  wide_values_.resize(3 * wide_.n_local());
  parents_.resize(globals.size() / 27);
  for (std::size_t i = 0; i < globals.size(); ++i) {
    const std::int64_t g = globals[i];
    parents_[i / 27][i % 27] = static_cast<std::uint32_t>(
        owned(g) ? g - begin
                 : end - begin + (std::lower_bound(ghosts.begin(), ghosts.end(), g) - ghosts.begin()));
  }

  const int nf = fine.n(), nc = coarse.n();
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b) {
    Place place{parents.at(parent_of_[b]), {0, 0, 0}, static_cast<std::uint8_t>(nc), 0};
    if (same[b].rank < 0) {
      const unsigned octant = fine_forest.brick(b).key.octant();
      for (unsigned d = 0; d < 3; ++d)
        place.from[d] = static_cast<std::uint8_t>((octant >> d & 1U) * static_cast<unsigned>(nf) / 2);
      place.cells = static_cast<std::uint8_t>(nf / 2);
    }
    places_.push_back(place);
  }

  // A part of a brick hangs as a whole or not at all, and has one owner.
  std::vector<std::uint8_t> spoken(fine.n_owned(), 0);
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b)
    for (unsigned part = 0; part < 27; ++part) {
      const std::uint32_t node = fine.parts()[b][part];
      if (part_size(fine.n(), part) == 0 || node >= fine.n_owned() || fine.is_hanging(node) || spoken[node])
        continue;
      spoken[node] = 1;
      places_[b].speaks_for |= 1U << part;
    }
}

/// Pieces of rows along x of the coarse box: visit(place in the box, first coarse node, number of nodes).
template <typename Visit>
void Transfer::for_each_box_row(const Place &place, const Visit &visit) const
{
  const int n = coarse_.n(), m = place.cells, low = place.from[0], high = low + m;
  const Parts &parts = parents_[place.parent];
  int box = 0;
  for (int z = place.from[2]; z <= place.from[2] + m; ++z)
    for (int y = place.from[1]; y <= place.from[1] + m; ++y) {
      const auto [part, offset] = row_place(n, y, z);
      const int first_inner = std::max(low, 1), last_inner = std::min(high, n - 1);
      if (low == 0) visit(box, parts[part] + offset, 1);
      if (last_inner >= first_inner)
        visit(box + first_inner - low,
              parts[part + 1u] + offset * static_cast<std::uint32_t>(n - 1) +
                  static_cast<std::uint32_t>(first_inner - 1),
              last_inner - first_inner + 1);
      if (high == n) visit(box + m, parts[part + 2u] + offset, 1);
      box += m + 1;
    }
}

void Transfer::add_prolongation(std::vector<float> &coarse, std::vector<float> &fine,
                                const std::size_t block) const
{
  const int width = static_cast<int>(block);
  coarse_.exchange().update_ghosts(coarse.data(), block);
  coarse_.fill_hanging(coarse.data(), block);
  std::copy(coarse.begin(), coarse.begin() + static_cast<std::ptrdiff_t>(block * coarse_.n_owned()),
            wide_values_.begin());
  wide_.update_ghosts(wide_values_.data(), block);

  std::vector<float> box(block * fine_.nodes_per_brick()), interpolated(block * fine_.nodes_per_brick());
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    for_each_box_row(place, [&](const int at, const std::uint32_t node, const int length) {
      std::copy_n(&wide_values_[block * std::size_t{node}], width * length,
                  &box[static_cast<std::size_t>(width * at)]);
    });
    const float *values = box.data();
    if (place.cells != fine_.n()) {
      interpolate_box(place.cells, width, box.data(), interpolated.data());
      values = interpolated.data();
    }
    const Parts &parts = fine_.parts()[b];
    for_each_row_piece(fine_.n(), [&](const int at, const int part, const int offset, const int length) {
      if ((place.speaks_for >> part & 1U) == 0) return;
      float *const to = &fine[block * (std::size_t{parts[static_cast<std::size_t>(part)]} +
                                       static_cast<std::size_t>(offset))];
      const float *const from = values + width * at;
      for (int i = 0; i < width * length; ++i) to[i] += from[i];
    });
  }
}

void Transfer::restrict_residual(const std::vector<float> &fine, std::vector<float> &coarse,
                                 const std::size_t block) const
{
  const int width = static_cast<int>(block);
  std::fill(wide_values_.begin(), wide_values_.end(), 0.0F);
  std::vector<float> values(block * fine_.nodes_per_brick()), summed(block * fine_.nodes_per_brick());
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const Parts &parts = fine_.parts()[b];
    for_each_row_piece(fine_.n(), [&](const int at, const int part, const int offset, const int length) {
      float *const to = &values[static_cast<std::size_t>(width * at)];
      if ((place.speaks_for >> part & 1U) == 0)
        std::fill_n(to, width * length, 0.0F);
      else
        std::copy_n(&fine[block * (std::size_t{parts[static_cast<std::size_t>(part)]} +
                                   static_cast<std::size_t>(offset))],
                    width * length, to);
    });
    const float *result = values.data();
    if (place.cells != fine_.n()) {
      restrict_box(place.cells, width, values.data(), summed.data());
      result = summed.data();
    }
    for_each_box_row(place, [&](const int at, const std::uint32_t node, const int length) {
      float *const to = &wide_values_[block * std::size_t{node}];
      const float *const from = result + width * at;
      for (int i = 0; i < width * length; ++i) to[i] += from[i];
    });
  }
  wide_.add_to_owners(wide_values_.data(), block);
  std::copy(wide_values_.begin(),
            wide_values_.begin() + static_cast<std::ptrdiff_t>(block * coarse_.n_owned()), coarse.begin());
  std::fill(coarse.begin() + static_cast<std::ptrdiff_t>(block * coarse_.n_owned()), coarse.end(), 0.0F);
  coarse_.fold_hanging(coarse.data(), block);
  coarse_.exchange().add_to_owners(coarse.data(), block);
}

std::vector<float> Transfer::average(const std::vector<float> &fine_voxels, const float exponent) const
{
  const int nf = fine_.n(), nc = coarse_.n();
  const auto fine_per = static_cast<std::size_t>(nf * nf * nf),
             coarse_per = static_cast<std::size_t>(nc * nc * nc);
  std::vector<float> coarse(coarse_forest_.n_owned() * coarse_per, 0.0F);

  // A message holds, for each fine brick, three numbers that place the block and then the block itself.
  int size = 1;
  MPI_Comm_size(fine_forest_.comm(), &size);
  std::vector<std::vector<float>> out(static_cast<std::size_t>(size));
  std::vector<std::vector<std::uint32_t>> headers(static_cast<std::size_t>(size));
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const int m = place.cells, ratio = nf / m;
    const auto to = static_cast<std::size_t>(parent_of_[b].rank);
    headers[to].push_back(parent_of_[b].index);
    headers[to].push_back(static_cast<std::uint32_t>(m));
    headers[to].push_back(
        static_cast<std::uint32_t>((place.from[2] * nc + place.from[1]) * nc + place.from[0]));
    const float *const values = fine_voxels.data() + b * fine_per;
    for (int z = 0; z < m; ++z)
      for (int y = 0; y < m; ++y)
        for (int x = 0; x < m; ++x) {
          if (ratio == 1) {
            out[to].push_back(values[(z * nf + y) * nf + x]);
            continue;
          }
          std::array<float, 8> children{};
          bool are_equal = true;
          for (int child = 0; child < 8; ++child) {
            children[static_cast<std::size_t>(child)] =
                values[((2 * z + (child >> 2)) * nf + 2 * y + (child >> 1 & 1)) * nf + 2 * x + (child & 1)];
            are_equal = are_equal && children[static_cast<std::size_t>(child)] == children[0];
          }
          float sum = 0;
          if (!are_equal)
            for (const float child : children) sum += std::pow(child, 1 / exponent);
          out[to].push_back(are_equal ? children[0] : std::pow(sum / 8, exponent));
        }
  }
  const auto in = exchange_lists(fine_forest_.comm(), out);
  const auto in_headers = exchange_lists(fine_forest_.comm(), headers);
  for (std::size_t r = 0; r < in.size(); ++r) {
    const float *from = in[r].data();
    for (std::size_t h = 0; h < in_headers[r].size(); h += 3) {
      const auto m = static_cast<int>(in_headers[r][h + 1]);
      float *const to = coarse.data() + in_headers[r][h] * coarse_per + in_headers[r][h + 2];
      for (int z = 0; z < m; ++z)
        for (int y = 0; y < m; ++y)
          for (int x = 0; x < m; ++x) to[(z * nc + y) * nc + x] = *from++;
    }
  }
  return coarse;
}

std::vector<std::uint8_t> Transfer::inject_flags(const std::vector<std::uint8_t> &fine,
                                                 const std::size_t block) const
{
  std::vector<std::uint8_t> wide(block * wide_.n_local(), 0);
  const int f = fine_.n() + 1;
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const int m = place.cells, ratio = fine_.n() / m;
    const discretisation::NodesOfBrick nodes = fine_.of_brick(b);
    for_each_box_row(place, [&](const int first, const std::uint32_t first_node, const int length) {
      for (int i = first; i < first + length; ++i) {
        const std::size_t node = first_node + static_cast<std::size_t>(i - first);
        const int x = ratio * (i % (m + 1)), y = ratio * (i / (m + 1) % (m + 1)),
                  z = ratio * (i / ((m + 1) * (m + 1)));
        const auto low = [&](const int at) { return std::max(at - ratio + 1, 0); };
        const auto high = [&](const int at) { return std::min(at + ratio - 1, f - 1); };
        for (int at_z = low(z); at_z <= high(z); ++at_z)
          for (int at_y = low(y); at_y <= high(y); ++at_y)
            for (int at_x = low(x); at_x <= high(x); ++at_x)
              for (std::size_t c = 0; c < block; ++c)
                if (fine[block * std::size_t{nodes[static_cast<std::size_t>((at_z * f + at_y) * f + at_x)]} +
                         c])
                  wide[block * node + c] = 1;
      }
    });
  }
  wide_.add_to_owners(wide.data(), block);
  wide.resize(block * coarse_.n_owned());
  for (std::uint8_t &flag : wide) flag = flag ? 1 : 0;
  wide.resize(block * coarse_.n_local());
  coarse_.exchange().update_ghosts(wide.data(), block);
  return wide;
}

} // namespace wolff::mechanics
