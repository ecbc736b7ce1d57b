#include "discretisation/voxel_nodes.h"

#include "discretisation/brick_nodes.h"
#include "discretisation/element_nodes.h"
#include "discretisation/triangulation.h"

#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/lac/affine_constraints.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace wolff::discretisation {

VoxelNodes::VoxelNodes(const BrickForest &forest, const int degree)
    : HangingNodes(forest.comm()), n_(voxels_per_edge * degree)
{
  refuse_too_many_unknowns(3 * forest.n_global() * n_ * n_ * n_, "unknowns");
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
  std::vector<std::int64_t> brick_globals(forest.n_owned() * m * m * m, -1);
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
      brick_globals[brick * m * m * m + place] = static_cast<std::int64_t>(numbers[order[i]]);
    }
  }
  n_global_ = static_cast<std::int64_t>(dofs.n_dofs());
  const dealii::AffineConstraints<double> constraints = hanging_node_constraints(dofs);

  // The owned numbers of a rank are one interval.
  const auto n_owned = static_cast<std::int64_t>(dofs.n_locally_owned_dofs());
  const std::vector<std::int64_t> first = intervals_of_ranks(comm_, static_cast<std::size_t>(n_owned));
  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
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
  for (const std::int64_t g : ghosts) owners.push_back(owner_of(first, g));
  exchange_ = GhostExchange(comm_, static_cast<std::size_t>(n_owned), owners);

  const auto local = [&](const std::int64_t g) {
    if (owned(g)) return static_cast<std::uint32_t>(g - begin);
    return static_cast<std::uint32_t>(n_owned +
                                      (std::lower_bound(ghosts.begin(), ghosts.end(), g) - ghosts.begin()));
  };
  nodes_of_bricks_.reserve(brick_globals.size());
  for (const std::int64_t g : brick_globals) nodes_of_bricks_.push_back(local(g));
  for (std::int64_t g = begin; g < end; ++g) global_.push_back(g);
  global_.insert(global_.end(), ghosts.begin(), ghosts.end());

  start_hanging(0);
  for (const std::int64_t g : all)
    if (const auto *entries =
            constraints.get_constraint_entries(static_cast<dealii::types::global_dof_index>(g)))
      add_hanging(local(g), *entries, local);
}

} // namespace wolff::discretisation
