#include "discretisation/brick_nodes.h"

#include "base/errors.h"
#include "discretisation/triangulation.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_q_iso_q1.h>
#include <deal.II/lac/affine_constraints.h>

#include <algorithm>
#include <array>
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

struct BrickNodes::Numbering
{
  std::int64_t n_global, n_owned;
  std::vector<std::int64_t> brick_globals; ///< of each owned brick, x fastest
  dealii::AffineConstraints<double> constraints;

  Numbering(const dealii::DoFHandler<3> &dofs, const std::size_t size)
      : n_global(static_cast<std::int64_t>(dofs.n_dofs())),
        n_owned(static_cast<std::int64_t>(dofs.n_locally_owned_dofs())), brick_globals(size, -1)
  {
    dealii::IndexSet relevant;
    dealii::DoFTools::extract_locally_relevant_dofs(dofs, relevant);
    constraints.reinit(relevant);
    dealii::DoFTools::make_hanging_node_constraints(dofs, constraints);
    constraints.close();
  }

  static Numbering of_bricks(const BrickForest &forest, int n);
  static Numbering of_voxels(const BrickForest &forest, int degree);
};

namespace {

/// Number of each node of a cell, x fastest: place of the support points, which lie @p n intervals apart.
std::vector<unsigned> lexicographic_order(const dealii::FiniteElement<3> &element, const int n)
{
  std::vector<unsigned> order(element.n_dofs_per_cell());
  for (unsigned i = 0; i < order.size(); ++i) {
    const dealii::Point<3> &p = element.get_unit_support_points()[i];
    const auto step = [&](const unsigned d) { return static_cast<unsigned>(std::lround(p[d] * n)); };
    const auto m = static_cast<unsigned>(n + 1);
    order[(step(2) * m + step(1)) * m + step(0)] = i;
  }
  return order;
}

} // namespace

BrickNodes::Numbering BrickNodes::Numbering::of_bricks(const BrickForest &forest, const int n)
{
  const dealii::FE_Q_iso_Q1<3> element(static_cast<unsigned>(n));
  dealii::DoFHandler<3> dofs(triangulation(forest));
  dofs.distribute_dofs(element);

  const std::vector<unsigned> order = lexicographic_order(element, n);
  Numbering result(dofs, forest.n_owned() * order.size());
  std::vector<dealii::types::global_dof_index> numbers(order.size());
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const dealii::DoFHandler<3>::active_cell_iterator cell(
        &dofs.get_triangulation(), leaves(forest)[b]->level(), leaves(forest)[b]->index(), &dofs);
    cell->get_dof_indices(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      result.brick_globals[b * numbers.size() + i] = static_cast<std::int64_t>(numbers[order[i]]);
  }
  return result;
}

BrickNodes::Numbering BrickNodes::Numbering::of_voxels(const BrickForest &forest, const int degree)
{
  dealii::parallel::distributed::Triangulation<3> mesh(forest.comm());
  mesh.copy_triangulation(triangulation(forest)); // with its settings: no cell leaves the rank of its brick
  mesh.refine_global(3);                          // 2^3 voxels along the edge of a brick
  const dealii::FE_Q<3> element(static_cast<unsigned>(degree));
  dealii::DoFHandler<3> dofs(mesh);
  dofs.distribute_dofs(element);

  std::unordered_map<std::uint64_t, std::size_t> brick_of_key;
  for (std::size_t b = 0; b < forest.n_owned(); ++b) brick_of_key.emplace(forest.brick(b).key.bits, b);
  const std::vector<unsigned> order = lexicographic_order(element, degree);
  const auto m = static_cast<std::size_t>(voxels_per_edge * degree + 1),
             in_cell = static_cast<std::size_t>(degree + 1);
  Numbering result(dofs, forest.n_owned() * m * m * m);
  std::vector<dealii::types::global_dof_index> numbers(order.size());
  for (const auto &cell : dofs.active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    // The last three steps of the path lead from the brick to the voxel.
    const dealii::CellId id = cell->id();
    const auto path = id.get_child_indices();
    std::uint64_t brick_path = 0;
    const std::size_t level = path.size() - 3;
    for (std::size_t l = 0; l < level; ++l) brick_path = (brick_path << 3) | path[l];
    std::array<std::size_t, 3> voxel{};
    for (std::size_t l = level; l < path.size(); ++l)
      for (std::size_t d = 0; d < 3; ++d) voxel[d] = 2 * voxel[d] + ((path[l] >> d) & 1U);
    const std::size_t brick = brick_of_key.at(BrickKey::make(static_cast<unsigned>(id.get_coarse_cell_id()),
                                                             static_cast<unsigned>(level), brick_path)
                                                  .bits);
    cell->get_dof_indices(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::array<std::size_t, 3> at{i % in_cell, i / in_cell % in_cell, i / (in_cell * in_cell)};
      std::size_t place = 0;
      for (std::size_t d = 3; d-- > 0;)
        place = place * m + voxel[d] * static_cast<std::size_t>(degree) + at[d];
      result.brick_globals[brick * m * m * m + place] = static_cast<std::int64_t>(numbers[order[i]]);
    }
  }
  return result;
}

BrickNodes::BrickNodes(const BrickForest &forest, const int n)
    // An upper bound before anything is numbered: no brick shares less than its interior.
    : BrickNodes(forest, n,
                 (refuse_too_many_unknowns(3 * forest.n_global() * n * n * n, "unknowns"),
                  Numbering::of_bricks(forest, n)))
{
}

BrickNodes BrickNodes::of_voxel_mesh(const BrickForest &forest, const int degree)
{
  const int n = voxels_per_edge * degree;
  refuse_too_many_unknowns(3 * forest.n_global() * n * n * n, "unknowns");
  return BrickNodes(forest, n, Numbering::of_voxels(forest, degree));
}

BrickNodes::BrickNodes(const BrickForest &forest, const int n, const Numbering &numbering)
    : n_(n), comm_(forest.comm()), n_global_(numbering.n_global)
{
  const std::int64_t n_owned = numbering.n_owned;
  const std::vector<std::int64_t> &brick_globals = numbering.brick_globals;
  const dealii::AffineConstraints<double> &constraints = numbering.constraints;

  // The owned numbers of a rank are one interval.
  int size = 1, rank = 0;
  MPI_Comm_size(comm_, &size);
  MPI_Comm_rank(comm_, &rank);
  std::vector<std::int64_t> first(static_cast<std::size_t>(size) + 1, 0);
  MPI_Allgather(&n_owned, 1, MPI_INT64_T, first.data() + 1, 1, MPI_INT64_T, comm_);
  for (std::size_t r = 1; r < first.size(); ++r) first[r] += first[r - 1];
  const std::int64_t begin = first[static_cast<std::size_t>(rank)],
                     end = first[static_cast<std::size_t>(rank) + 1];

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
