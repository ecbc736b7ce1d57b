#include "discretisation/brick_nodes.h"

#include "base/errors.h"
#include "discretisation/triangulation.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q_iso_q1.h>
#include <deal.II/lac/affine_constraints.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace wolff::discretisation {

void refuse_too_many_unknowns(const std::int64_t count, const std::string &what)
{
  if (count <= std::numeric_limits<std::int32_t>::max()) return;
  throw Fault(Exit::too_large, "index-range", "", "too many " + what)
      .found(std::to_string(count))
      .wanted("at most 2147483647, because the packaged deal.II has 32-bit indices")
      .hint("Coarsen the mesh, or build with a deal.II configured for 64-bit indices");
}

namespace {

/// Part and offset of every node of a brick with n voxels along an edge.
std::vector<NodesOfBrick::Place> places_of_nodes(const int n)
{
  std::vector<NodesOfBrick::Place> places;
  for (int k = 0; k <= n; ++k)
    for (int j = 0; j <= n; ++j)
      for (int i = 0; i <= n; ++i) {
        int part = 0, offset = 0;
        for (const auto &[at, factor] : {std::pair(k, 9), std::pair(j, 3), std::pair(i, 1)}) {
          const bool between = at > 0 && at < n;
          part += factor * (at == 0 ? 0 : between ? 1 : 2);
          if (between) offset = offset * (n - 1) + at - 1;
        }
        places.push_back({static_cast<std::uint8_t>(part), static_cast<std::uint16_t>(offset)});
      }
  return places;
}

} // namespace

BrickNodes::BrickNodes(const BrickForest &forest, const int n) : n_(n), comm_(forest.comm())
{
  // An upper bound before anything is numbered: no brick shares less than its interior.
  refuse_too_many_unknowns(3 * forest.n_global() * n * n * n, "unknowns");

  const dealii::FE_Q_iso_Q1<3> element(static_cast<unsigned>(n));
  dealii::DoFHandler<3> dofs(triangulation(forest));
  dofs.distribute_dofs(element);
  n_global_ = static_cast<std::int64_t>(dofs.n_dofs());

  dealii::IndexSet relevant;
  dealii::DoFTools::extract_locally_relevant_dofs(dofs, relevant);
  dealii::AffineConstraints<double> constraints(relevant);
  dealii::DoFTools::make_hanging_node_constraints(dofs, constraints);
  constraints.close();

  // The owned numbers of a rank are one interval.
  const std::size_t n_owned = dofs.n_locally_owned_dofs();
  first_of_rank_ = intervals_of_ranks(comm_, n_owned);
  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
  begin_ = first_of_rank_[static_cast<std::size_t>(rank)];
  const std::int64_t end = first_of_rank_[static_cast<std::size_t>(rank) + 1];
  const auto owned = [&](const std::int64_t g) { return g >= begin_ && g < end; };

  // Our own order of the owned nodes: interiors first, then the other parts as bricks meet them. deal.II
  // numbers the nodes of a part consecutively, but those of a face across y run along z first.
  places_ = places_of_nodes(n);
  std::vector<std::size_t> deal_ii_place(nodes_per_brick());
  for (unsigned i = 0; i < deal_ii_place.size(); ++i) {
    const dealii::Point<3> &p = element.get_unit_support_points()[i];
    const auto step = [&](const unsigned d) { return static_cast<std::size_t>(std::lround(p[d] * n)); };
    const auto m = static_cast<std::size_t>(n + 1);
    deal_ii_place[(step(2) * m + step(1)) * m + step(0)] = i;
  }
  std::vector<std::size_t> part_by_part(places_.size());
  std::iota(part_by_part.begin(), part_by_part.end(), 0);
  std::sort(part_by_part.begin(), part_by_part.end(), [&](const std::size_t a, const std::size_t b) {
    return std::pair(places_[a].part, places_[a].offset) < std::pair(places_[b].part, places_[b].offset);
  });
  constexpr std::size_t interior = 13;
  const auto interior_nodes = static_cast<std::size_t>((n - 1) * (n - 1) * (n - 1));
  first_shared_ = forest.n_owned() * interior_nodes;
  constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> local_of(n_owned, unset);
  auto next = static_cast<std::uint32_t>(first_shared_);
  std::vector<std::array<std::int64_t, 27>> globals(forest.n_owned());
  std::vector<std::int64_t> ghosts; // nodes of owned bricks that others own, and masters of hanging ones
  std::vector<dealii::types::global_dof_index> numbers(nodes_per_brick());
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const dealii::DoFHandler<3>::active_cell_iterator cell(
        &dofs.get_triangulation(), leaves(forest)[b]->level(), leaves(forest)[b]->index(), &dofs);
    cell->get_dof_indices(numbers);
    globals[b].fill(begin_);
    for (const std::size_t i : part_by_part) {
      const auto g = static_cast<std::int64_t>(numbers[deal_ii_place[i]]);
      const NodesOfBrick::Place place = places_[i];
      if (place.offset == 0) globals[b][place.part] = g;
      if (!owned(g)) {
        ghosts.push_back(g);
        continue;
      }
      std::uint32_t &local = local_of[static_cast<std::size_t>(g - begin_)];
      if (place.part == interior)
        local = static_cast<std::uint32_t>(b * interior_nodes + place.offset);
      else if (local == unset)
        local = next++;
    }
  }
  const auto sort_once = [](auto &list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  sort_once(ghosts);
  // deal.II also stores constraints of nodes that only other ranks' bricks have.
  const std::vector<std::int64_t> seen = ghosts;
  const auto is_seen = [&](const std::int64_t g) {
    return owned(g) || std::binary_search(seen.begin(), seen.end(), g);
  };
  for (const auto &line : constraints.get_lines())
    if (is_seen(static_cast<std::int64_t>(line.index)))
      for (const auto &entry : line.entries)
        if (const auto g = static_cast<std::int64_t>(entry.first); !owned(g)) ghosts.push_back(g);
  sort_once(ghosts);

  // Their owners know where they stand. In the owners' order the nodes of a part are consecutive here as
  // well.
  std::vector<std::vector<std::uint32_t>> asked(first_of_rank_.size() - 1);
  for (const std::int64_t g : ghosts) {
    const RemoteIndex place = owner_of(first_of_rank_, g);
    asked[static_cast<std::size_t>(place.rank)].push_back(place.index);
  }
  std::vector<std::vector<std::uint32_t>> replies = exchange_lists(comm_, asked);
  for (auto &list : replies)
    for (std::uint32_t &index : list) index = local_of[index];
  const std::vector<std::vector<std::uint32_t>> answers = exchange_lists(comm_, replies);
  std::vector<RemoteIndex> place_of_ghost; // in the order of ghosts
  for (std::size_t r = 0; r < answers.size(); ++r)
    for (const std::uint32_t index : answers[r]) place_of_ghost.push_back({static_cast<int>(r), index});
  std::vector<RemoteIndex> owners = place_of_ghost;
  std::sort(owners.begin(), owners.end());
  for (const RemoteIndex &place : owners)
    ghost_global_.push_back(first_of_rank_[static_cast<std::size_t>(place.rank)] + place.index);
  exchange_ = GhostExchange(comm_, n_owned, owners);

  const auto local = [&](const std::int64_t g) {
    if (owned(g)) return local_of[static_cast<std::size_t>(g - begin_)];
    const auto at =
        static_cast<std::size_t>(std::lower_bound(ghosts.begin(), ghosts.end(), g) - ghosts.begin());
    const auto place = std::lower_bound(owners.begin(), owners.end(), place_of_ghost[at]);
    return static_cast<std::uint32_t>(n_owned + static_cast<std::size_t>(place - owners.begin()));
  };
  starts_.resize(globals.size());
  for (std::size_t b = 0; b < globals.size(); ++b)
    for (std::size_t part = 0; part < 27; ++part) starts_[b][part] = local(globals[b][part]);

  is_hanging_.assign(n_local() - first_shared_, 0);
  for (const auto &line : constraints.get_lines()) {
    if (!is_seen(static_cast<std::int64_t>(line.index))) continue;
    Hanging h{local(static_cast<std::int64_t>(line.index)), static_cast<std::uint32_t>(masters_.size()), 0};
    for (const auto &entry : line.entries)
      masters_.push_back({local(static_cast<std::int64_t>(entry.first)), static_cast<float>(entry.second)});
    h.end = static_cast<std::uint32_t>(masters_.size());
    hanging_.push_back(h);
    is_hanging_[h.node - first_shared_] = 1;
  }
}

std::int64_t BrickNodes::n_free_global() const
{
  std::int64_t hanging = 0;
  for (const Hanging &h : hanging_) hanging += h.node < n_owned() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &hanging, 1, MPI_INT64_T, MPI_SUM, comm_);
  return n_global_ - hanging;
}

} // namespace wolff::discretisation
