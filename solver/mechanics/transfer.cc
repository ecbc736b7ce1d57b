#include "mechanics/transfer.h"

#include "base/errors.h"

#include <algorithm>
#include <map>

namespace wolff::mechanics {

using discretisation::BrickForest;
using discretisation::BrickKey;
using discretisation::BrickNodes;

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
  const std::size_t per_brick = coarse.nodes_per_brick();
  const auto questions = exchange_lists(comm, asked);
  std::vector<std::vector<std::int64_t>> replies(questions.size());
  for (std::size_t r = 0; r < questions.size(); ++r)
    for (const std::uint32_t b : questions[r])
      for (std::size_t i = 0; i < per_brick; ++i)
        replies[r].push_back(coarse.global_number(coarse.of_brick(b)[i]));
  const auto answers = exchange_lists(comm, replies);

  const std::int64_t begin = coarse.first_of_rank()[static_cast<std::size_t>(rank)],
                     end = coarse.first_of_rank()[static_cast<std::size_t>(rank) + 1];
  std::vector<std::int64_t> globals, ghosts;
  for (const auto &list : answers) globals.insert(globals.end(), list.begin(), list.end());
  for (const std::int64_t g : globals)
    if (g < begin || g >= end) ghosts.push_back(g);
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  std::vector<RemoteIndex> owners;
  for (const std::int64_t g : ghosts) owners.push_back(owner_of(coarse.first_of_rank(), g));
  wide_ = GhostExchange(comm, coarse.n_owned(), owners);
  wide_values_.resize(3 * wide_.n_local());
  for (const std::int64_t g : globals)
    wide_nodes_.push_back(
        g >= begin && g < end
            ? static_cast<std::uint32_t>(g - begin)
            : static_cast<std::uint32_t>(
                  end - begin + (std::lower_bound(ghosts.begin(), ghosts.end(), g) - ghosts.begin())));

  const int nf = fine.n(), nc = coarse.n();
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b) {
    Place place{parents.at(parent_of_[b]), {0, 0, 0}, static_cast<std::uint8_t>(nc)};
    if (same[b].rank < 0) {
      const unsigned octant = fine_forest.brick(b).key.octant();
      for (unsigned d = 0; d < 3; ++d)
        place.from[d] = static_cast<std::uint8_t>((octant >> d & 1U) * static_cast<unsigned>(nf) / 2);
      place.cells = static_cast<std::uint8_t>(nf / 2);
    }
    places_.push_back(place);
  }

  std::vector<std::uint8_t> spoken(fine.n_owned(), 0);
  is_responsible_.assign(fine_forest.n_owned() * fine.nodes_per_brick(), 0);
  for (std::size_t b = 0; b < fine_forest.n_owned(); ++b)
    for (std::size_t i = 0; i < fine.nodes_per_brick(); ++i) {
      const std::uint32_t node = fine.of_brick(b)[i];
      if (node >= fine.n_owned() || fine.is_hanging(node) || spoken[node]) continue;
      spoken[node] = 1;
      is_responsible_[b * fine.nodes_per_brick() + i] = 1;
    }
}

namespace {

/// Lines of m + 1 values become lines of 2 m + 1 along the middle index; inner and outer are the other two.
void interpolate_lines(const int outer, const int m, const int inner, const float *from, float *to)
{
  for (int o = 0; o < outer; ++o) {
    const float *const a = from + o * (m + 1) * inner;
    float *const b = to + o * (2 * m + 1) * inner;
    for (int l = 0; l <= m; ++l)
      for (int i = 0; i < inner; ++i) b[2 * l * inner + i] = a[l * inner + i];
    for (int l = 0; l < m; ++l)
      for (int i = 0; i < inner; ++i)
        b[(2 * l + 1) * inner + i] = 0.5F * (a[l * inner + i] + a[(l + 1) * inner + i]);
  }
}

void interpolate_lines_transposed(const int outer, const int m, const int inner, const float *from, float *to)
{
  for (int o = 0; o < outer; ++o) {
    const float *const b = from + o * (2 * m + 1) * inner;
    float *const a = to + o * (m + 1) * inner;
    for (int l = 0; l <= m; ++l)
      for (int i = 0; i < inner; ++i) {
        float sum = b[2 * l * inner + i];
        if (l > 0) sum += 0.5F * b[(2 * l - 1) * inner + i];
        if (l < m) sum += 0.5F * b[(2 * l + 1) * inner + i];
        a[l * inner + i] = sum;
      }
  }
}

} // namespace

template <typename Visit>
void Transfer::for_each_box_node(const Place &place, const Visit &visit) const
{
  const int m = coarse_.n() + 1;
  const std::uint32_t *const nodes = wide_nodes_.data() + place.parent * coarse_.nodes_per_brick();
  int i = 0;
  for (int z = 0; z <= place.cells; ++z)
    for (int y = 0; y <= place.cells; ++y)
      for (int x = 0; x <= place.cells; ++x)
        visit(i++, nodes[((z + place.from[2]) * m + y + place.from[1]) * m + x + place.from[0]]);
}

void Transfer::add_prolongation(std::vector<float> &coarse, std::vector<float> &fine) const
{
  coarse_.exchange().update_ghosts(coarse.data(), 3);
  coarse_.fill_hanging(coarse.data(), 3);
  std::copy(coarse.begin(), coarse.begin() + static_cast<std::ptrdiff_t>(3 * coarse_.n_owned()),
            wide_values_.begin());
  wide_.update_ghosts(wide_values_.data(), 3);

  const std::size_t per_brick = fine_.nodes_per_brick();
  const int f = fine_.n() + 1;
  std::vector<float> box(3 * per_brick), x_lines(3 * per_brick), y_lines(3 * per_brick),
      result(3 * per_brick);
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const int m = place.cells;
    for_each_box_node(place, [&](const int i, const std::uint32_t node) {
      for (int c = 0; c < 3; ++c)
        box[static_cast<std::size_t>(3 * i + c)] = wide_values_[3 * node + static_cast<std::uint32_t>(c)];
    });
    const float *values = box.data();
    if (m != fine_.n()) {
      interpolate_lines((m + 1) * (m + 1), m, 3, box.data(), x_lines.data());
      interpolate_lines(m + 1, m, 3 * f, x_lines.data(), y_lines.data());
      interpolate_lines(1, m, 3 * f * f, y_lines.data(), result.data());
      values = result.data();
    }
    const discretisation::NodesOfBrick nodes = fine_.of_brick(b);
    for (std::size_t i = 0; i < per_brick; ++i)
      if (is_responsible_[b * per_brick + i])
        for (std::size_t c = 0; c < 3; ++c) fine[3 * nodes[i] + c] += values[3 * i + c];
  }
}

void Transfer::restrict_residual(const std::vector<float> &fine, std::vector<float> &coarse) const
{
  std::fill(wide_values_.begin(), wide_values_.end(), 0.0F);
  const std::size_t per_brick = fine_.nodes_per_brick();
  const int f = fine_.n() + 1;
  std::vector<float> box(3 * per_brick), x_lines(3 * per_brick), y_lines(3 * per_brick),
      values(3 * per_brick);
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const int m = place.cells;
    const discretisation::NodesOfBrick nodes = fine_.of_brick(b);
    for (std::size_t i = 0; i < per_brick; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        values[3 * i + c] = is_responsible_[b * per_brick + i] ? fine[3 * nodes[i] + c] : 0.0F;
    const float *result = values.data();
    if (m != fine_.n()) {
      interpolate_lines_transposed(1, m, 3 * f * f, values.data(), y_lines.data());
      interpolate_lines_transposed(m + 1, m, 3 * f, y_lines.data(), x_lines.data());
      interpolate_lines_transposed((m + 1) * (m + 1), m, 3, x_lines.data(), box.data());
      result = box.data();
    }
    for_each_box_node(place, [&](const int i, const std::uint32_t node) {
      for (int c = 0; c < 3; ++c) wide_values_[3 * node + static_cast<std::uint32_t>(c)] += result[3 * i + c];
    });
  }
  wide_.add_to_owners(wide_values_.data(), 3);
  std::fill(coarse.begin(), coarse.end(), 0.0F);
  std::copy(wide_values_.begin(), wide_values_.begin() + static_cast<std::ptrdiff_t>(3 * coarse_.n_owned()),
            coarse.begin());
  coarse_.fold_hanging(coarse.data(), 3);
  coarse_.exchange().add_to_owners(coarse.data(), 3);
}

std::vector<float> Transfer::average(const std::vector<float> &fine_voxels) const
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
          float sum = 0;
          for (int child = 0; child < 8; ++child)
            sum +=
                values[((2 * z + (child >> 2)) * nf + 2 * y + (child >> 1 & 1)) * nf + 2 * x + (child & 1)];
          out[to].push_back(sum / 8);
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

std::vector<std::uint8_t> Transfer::inject_flags(const std::vector<std::uint8_t> &fine) const
{
  std::vector<std::uint8_t> wide(3 * wide_.n_local(), 0);
  const int f = fine_.n() + 1;
  for (std::size_t b = 0; b < fine_forest_.n_owned(); ++b) {
    const Place &place = places_[b];
    const int m = place.cells, ratio = fine_.n() / m;
    const discretisation::NodesOfBrick nodes = fine_.of_brick(b);
    for_each_box_node(place, [&](const int i, const std::uint32_t node) {
      const int x = ratio * (i % (m + 1)), y = ratio * (i / (m + 1) % (m + 1)),
                z = ratio * (i / ((m + 1) * (m + 1)));
      const auto low = [&](const int at) { return std::max(at - ratio + 1, 0); };
      const auto high = [&](const int at) { return std::min(at + ratio - 1, f - 1); };
      for (int at_z = low(z); at_z <= high(z); ++at_z)
        for (int at_y = low(y); at_y <= high(y); ++at_y)
          for (int at_x = low(x); at_x <= high(x); ++at_x)
            for (std::size_t c = 0; c < 3; ++c)
              if (fine[3 * nodes[static_cast<std::size_t>((at_z * f + at_y) * f + at_x)] + c]) wide[3 * node + c] = 1;
    });
  }
  wide_.add_to_owners(wide.data(), 3);
  wide.resize(3 * coarse_.n_owned());
  for (std::uint8_t &flag : wide) flag = flag ? 1 : 0;
  wide.resize(3 * coarse_.n_local());
  coarse_.exchange().update_ghosts(wide.data(), 3);
  return wide;
}

} // namespace wolff::mechanics
