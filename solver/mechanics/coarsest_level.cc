#include "mechanics/coarsest_level.h"

#include "base/errors.h"

#include <algorithm>
#include <unordered_map>

namespace wolff::mechanics {

void CoarsestLevel::factor(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes,
                           const std::size_t block, const std::vector<std::uint8_t> &is_unknown,
                           const std::vector<double> &numbers, const std::size_t per_voxel,
                           const VoxelMatrix &voxel_matrix)
{
  comm_ = forest.comm();
  int size = 1, rank = 0;
  MPI_Comm_size(comm_, &size);
  MPI_Comm_rank(comm_, &rank);
  const auto entry_of = [block](const std::int64_t node, const std::size_t c) {
    return static_cast<std::int64_t>(block) * node + static_cast<std::int64_t>(c);
  };

  std::vector<std::int64_t> my_unknowns;
  for (std::size_t i = 0; i < is_unknown.size(); ++i)
    if (is_unknown[i]) my_unknowns.push_back(entry_of(nodes.global_number(i / block), i % block));
  counts_.resize(static_cast<std::size_t>(size));
  const int mine = static_cast<int>(my_unknowns.size());
  MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_);
  begins_.assign(static_cast<std::size_t>(size), 0);
  for (std::size_t r = 1; r < begins_.size(); ++r) begins_[r] = begins_[r - 1] + counts_[r - 1];
  std::vector<std::int64_t> unknowns(static_cast<std::size_t>(begins_.back() + counts_.back()));
  MPI_Allgatherv(my_unknowns.data(), mine, MPI_INT64_T, unknowns.data(), counts_.data(), begins_.data(),
                 MPI_INT64_T, comm_);
  std::unordered_map<std::int64_t, int> number;
  for (std::size_t i = 0; i < unknowns.size(); ++i) number.emplace(unknowns[i], static_cast<int>(i));
  int next = begins_[static_cast<std::size_t>(rank)];
  unknown_of_.assign(is_unknown.size(), -1);
  for (std::size_t i = 0; i < is_unknown.size(); ++i)
    if (is_unknown[i]) unknown_of_[i] = next++;

  std::vector<std::int64_t> places;
  std::vector<double> entries;
  const int n = nodes.n(), m1 = n + 1;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int v = 0; v < n * n * n; ++v) {
      const double *const voxel =
          &numbers[per_voxel * (b * static_cast<std::size_t>(n * n * n) + static_cast<std::size_t>(v))];
      if (std::all_of(voxel, voxel + per_voxel, [](const double x) { return x == 0; })) continue;
      const int i = v % n, j = v / n % n, k = v / (n * n);
      for (int corner = 0; corner < 8; ++corner)
        places.push_back(nodes.global_number(nodes.of_brick(b)[static_cast<std::size_t>(
            ((k + (corner >> 2)) * m1 + j + ((corner >> 1) & 1)) * m1 + i + (corner & 1))]));
      entries.push_back(forest.brick(b).edge / n);
      entries.insert(entries.end(), voxel, voxel + per_voxel);
    }
  const auto all_places =
      exchange_lists(comm_, std::vector<std::vector<std::int64_t>>(static_cast<std::size_t>(size), places));
  const auto all_entries =
      exchange_lists(comm_, std::vector<std::vector<double>>(static_cast<std::size_t>(size), entries));
  std::vector<Eigen::Triplet<double>> triplets;
  const std::size_t order_of_voxel = 8 * block;
  std::vector<double> element(order_of_voxel * order_of_voxel);
  for (std::size_t r = 0; r < all_places.size(); ++r)
    for (std::size_t e = 0; 8 * e < all_places[r].size(); ++e) {
      const double *const voxel = &all_entries[r][(per_voxel + 1) * e];
      voxel_matrix(voxel[0], voxel + 1, element.data());
      for (std::size_t row = 0; row < order_of_voxel; ++row) {
        const auto a = number.find(entry_of(all_places[r][8 * e + row / block], row % block));
        if (a == number.end()) continue;
        for (std::size_t column = 0; column < order_of_voxel; ++column) {
          const auto c = number.find(entry_of(all_places[r][8 * e + column / block], column % block));
          if (c != number.end())
            triplets.emplace_back(a->second, c->second, element[row * order_of_voxel + column]);
        }
      }
    }
  const auto order = static_cast<Eigen::Index>(unknowns.size());
  Eigen::SparseMatrix<double> matrix(order, order);
  matrix.setFromTriplets(triplets.begin(), triplets.end());
  if (order == 0) return;
  factor_.compute(matrix);
  if (factor_.info() != Eigen::Success)
    throw Fault(Exit::not_converged, "coarsest-level", "", "the coarsest multigrid level is singular")
        .hint("Supports that leave a rigid motion free, or a part that hangs by an edge");
}

void CoarsestLevel::solve(const std::vector<float> &b, std::vector<float> &x) const
{
  std::vector<double> mine;
  for (std::size_t i = 0; i < unknown_of_.size(); ++i)
    if (unknown_of_[i] >= 0) mine.push_back(b[i]);
  Eigen::VectorXd right(begins_.back() + counts_.back());
  MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, right.data(), counts_.data(),
                 begins_.data(), MPI_DOUBLE, comm_);
  if (right.size() == 0) return;
  const Eigen::VectorXd solution = factor_.solve(right);
  for (std::size_t i = 0; i < unknown_of_.size(); ++i)
    x[i] = unknown_of_[i] >= 0 ? static_cast<float>(solution[unknown_of_[i]]) : 0.0F;
}

} // namespace wolff::mechanics
