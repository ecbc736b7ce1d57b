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
#include <unordered_map>

namespace wolff::discretisation {

void refuse_too_many_unknowns(const std::int64_t count, const std::string &what)
{
  if (count <= std::numeric_limits<std::int32_t>::max()) return;
  throw Fault(Exit::too_large, "index-range", "", "too many " + what)
      .found(std::to_string(count))
      .wanted("at most 2147483647, because the packaged deal.II has 32-bit indices")
      .hint("Coarsen the mesh, or build with a deal.II configured for 64-bit indices");
}

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
  const auto n_owned = static_cast<std::int64_t>(dofs.n_locally_owned_dofs());
  int size = 1, rank = 0;
  MPI_Comm_size(comm_, &size);
  MPI_Comm_rank(comm_, &rank);
  std::vector<std::int64_t> first(static_cast<std::size_t>(size) + 1, 0);
  MPI_Allgather(&n_owned, 1, MPI_INT64_T, first.data() + 1, 1, MPI_INT64_T, comm_);
  for (std::size_t r = 1; r < first.size(); ++r) first[r] += first[r - 1];
  const std::int64_t begin = first[static_cast<std::size_t>(rank)],
                     end = first[static_cast<std::size_t>(rank) + 1];

  std::vector<unsigned> lexicographic(nodes_per_brick());
  for (unsigned i = 0; i < lexicographic.size(); ++i) {
    const dealii::Point<3> &p = element.get_unit_support_points()[i];
    const auto step = [&](const unsigned d) { return static_cast<unsigned>(std::lround(p[d] * n)); };
    const auto m = static_cast<unsigned>(n + 1);
    lexicographic[(step(2) * m + step(1)) * m + step(0)] = i;
  }

  std::vector<std::int64_t> brick_globals(forest.n_owned() * nodes_per_brick());
  std::vector<dealii::types::global_dof_index> numbers(nodes_per_brick());
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const dealii::DoFHandler<3>::active_cell_iterator cell(
        &dofs.get_triangulation(), leaves(forest)[b]->level(), leaves(forest)[b]->index(), &dofs);
    cell->get_dof_indices(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      brick_globals[b * nodes_per_brick() + i] = static_cast<std::int64_t>(numbers[lexicographic[i]]);
  }

  // Ghosts: nodes of owned bricks that others own, and the masters of hanging ones among all of these.
  std::vector<std::int64_t> ghosts, all = brick_globals;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const auto owned = [&](const std::int64_t g) { return g >= begin && g < end; };
  for (const std::int64_t g : all) {
    if (!owned(g)) ghosts.push_back(g);
    if (const auto *entries =
            constraints.get_constraint_entries(static_cast<dealii::types::global_dof_index>(g)))
      for (const auto &entry : *entries)
        if (!owned(entry.first)) ghosts.push_back(entry.first);
  }
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  std::vector<RemoteIndex> owners;
  for (const std::int64_t g : ghosts) {
    const auto r =
        static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), g) - first.begin()) - 1;
    owners.push_back({static_cast<int>(r), static_cast<std::uint32_t>(g - first[r])});
  }
  exchange_ = GhostExchange(comm_, static_cast<std::size_t>(n_owned), owners);

  const auto local = [&](const std::int64_t g) {
    if (owned(g)) return static_cast<std::uint32_t>(g - begin);
    return static_cast<std::uint32_t>(n_owned +
                                      (std::lower_bound(ghosts.begin(), ghosts.end(), g) - ghosts.begin()));
  };
  brick_nodes_.reserve(brick_globals.size());
  for (const std::int64_t g : brick_globals) brick_nodes_.push_back(local(g));
  for (std::int64_t g = begin; g < end; ++g) global_.push_back(g);
  global_.insert(global_.end(), ghosts.begin(), ghosts.end());

  is_hanging_.assign(n_local(), 0);
  for (const std::int64_t g : all)
    if (const auto *entries =
            constraints.get_constraint_entries(static_cast<dealii::types::global_dof_index>(g))) {
      Hanging h{local(g), static_cast<std::uint32_t>(masters_.size()), 0};
      for (const auto &entry : *entries)
        masters_.push_back({local(entry.first), static_cast<float>(entry.second)});
      h.end = static_cast<std::uint32_t>(masters_.size());
      hanging_.push_back(h);
      is_hanging_[h.node] = 1;
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
