#include "discretisation/brick_nodes.h"

#include "base/errors.h"
#include "discretisation/element_nodes.h"
#include "discretisation/periodic_parts.h"
#include "discretisation/triangulation.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_q_iso_q1.h>
#include <deal.II/lac/affine_constraints.h>

#include <algorithm>
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

/// Places of all nodes of a brick with n voxels along an edge, x fastest.
std::vector<NodePlace> places_of_nodes(const int n)
{
  std::vector<NodePlace> places;
  for (int k = 0; k <= n; ++k)
    for (int j = 0; j <= n; ++j)
      for (int i = 0; i <= n; ++i) places.push_back(node_place(n, i, j, k));
  return places;
}

} // namespace

BrickNodes::BrickNodes(const BrickForest &forest, const int n) : HangingNodes(forest.comm()), n_(n)
{
  // An upper bound before anything is numbered: no brick shares less than its interior.
  refuse_too_many_unknowns(3 * forest.n_global() * n * n * n, "unknowns");

  const dealii::FE_Q_iso_Q1<3> element(static_cast<unsigned>(n));
  dealii::DoFHandler<3> dofs(triangulation(forest));
  dofs.distribute_dofs(element);
  n_global_ = static_cast<std::int64_t>(dofs.n_dofs());

  const dealii::AffineConstraints<double> constraints = hanging_node_constraints(dofs);

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
  const std::vector<unsigned> deal_ii_place = lexicographic_order(element, n);
  std::vector<std::size_t> part_by_part(places_.size());
  std::iota(part_by_part.begin(), part_by_part.end(), 0);
  std::sort(part_by_part.begin(), part_by_part.end(), [&](const std::size_t a, const std::size_t b) {
    return std::pair(places_[a].part, places_[a].offset) < std::pair(places_[b].part, places_[b].offset);
  });
  constexpr std::size_t interior = 13;
  const auto interior_nodes = static_cast<std::size_t>((n - 1) * (n - 1) * (n - 1));
  const std::size_t first_shared = forest.n_owned() * interior_nodes;
  constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> local_of(n_owned, unset);
  auto next = static_cast<std::uint32_t>(first_shared);
  std::vector<std::array<std::int64_t, 27>> globals(forest.n_owned());
  std::vector<std::int64_t> ghosts; // nodes of owned bricks that others own, and masters of hanging ones
  std::vector<dealii::types::global_dof_index> numbers(nodes_per_brick());
  const bool is_periodic = forest.periodic() != std::array<bool, 3>{};
  std::array<bool, 27> is_image{};
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const dealii::DoFHandler<3>::active_cell_iterator cell(
        &dofs.get_triangulation(), leaves(forest)[b]->level(), leaves(forest)[b]->index(), &dofs);
    cell->get_dof_indices(numbers);
    globals[b].fill(begin_);
    for (unsigned part = 0; is_periodic && part < 27; ++part)
      is_image[part] = is_periodic_image(forest, b, part);
    for (const std::size_t i : part_by_part) {
      const auto g = static_cast<std::int64_t>(numbers[deal_ii_place[i]]);
      const NodePlace place = places_[i];
      if (place.offset == 0) globals[b][place.part] = g;
      if (is_image[place.part])
        continue; // its nodes are those of the opposite side; its own numbers stay unused
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
  if (is_periodic) {
    identify_periodic_parts(forest, n, begin_, end, globals);
    for (std::size_t b = 0; b < forest.n_owned(); ++b)
      for (unsigned part = 0; part < 27; ++part) {
        if (!is_periodic_image(forest, b, part)) continue;
        for (std::int64_t g = globals[b][part]; g < globals[b][part] + part_size(n, part); ++g)
          if (!owned(g)) ghosts.push_back(g);
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

  start_hanging(first_shared);
  for (const auto &line : constraints.get_lines()) {
    const auto g = static_cast<std::int64_t>(line.index);
    if (is_seen(g)) add_hanging(local(g), line.entries, local);
  }
}

} // namespace wolff::discretisation
