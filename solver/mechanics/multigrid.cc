#include "mechanics/multigrid.h"

#include "base/errors.h"
#include "mechanics/brick_kernel.h"

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>

#include <algorithm>
#include <cmath>
#include <map>

namespace wolff::mechanics {

using discretisation::BrickForest;
using discretisation::BrickNodes;

struct Multigrid::Level
{
  std::unique_ptr<BrickForest> owned_forest; ///< empty where the level shares the forest of the one above
  std::unique_ptr<BrickNodes> owned_nodes;
  const BrickForest *forest = nullptr;
  const BrickNodes *nodes = nullptr;
  std::unique_ptr<ElasticOperator<float>> stiffness;
  std::unique_ptr<Transfer> to_coarser;

  std::vector<std::uint8_t> fixed;     ///< three a local node
  std::vector<float> inverse_diagonal; ///< three an owned node; zero where held, hanging or inert

  std::vector<float> x, b, d; ///< solution, right-hand side, update; d also holds the residual
};

/// The coarsest level, small enough to be assembled and factored on every rank.
struct Multigrid::Coarsest
{
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factor;
  std::vector<int> unknown_of;     ///< owned entry (node * 3 + c) -> unknown, or -1
  std::vector<int> counts, begins; ///< unknowns of each rank
  std::vector<int> order;          ///< gathered position -> unknown
};

namespace {

/// Coarse moduli are power means of the eight children, (mean E^(1/a))^a. The plain mean (a = 1) keeps the
/// full stiffness of struts that the coarse grid no longer resolves; a = 1.3 takes a tenth to a quarter of
/// the iterations away, above 1.6 the coarse levels become too soft (solver/doc/model.md).
constexpr float averaging_exponent = 1.3F;

/// Levels below the finest that are corrected more than once: what is lost of thin structures is lost there.
/// The levels below these cost little work but as many messages as any other.
constexpr std::size_t repeated_levels = 3;

} // namespace

Multigrid::Multigrid(const BrickForest &forest, const BrickNodes &nodes, const MultigridOptions &options,
                     SolveProfile &profile)
    : comm_(forest.comm()), options_(options), profile_(profile)
{
  const auto add_level = [&](std::unique_ptr<BrickForest> own_forest, const BrickForest *shared_forest,
                             std::unique_ptr<BrickNodes> own_nodes, const BrickNodes *shared_nodes) {
    auto level = std::make_unique<Level>();
    level->owned_forest = std::move(own_forest);
    level->owned_nodes = std::move(own_nodes);
    level->forest = level->owned_forest ? level->owned_forest.get() : shared_forest;
    level->nodes = level->owned_nodes ? level->owned_nodes.get() : shared_nodes;
    level->stiffness = std::make_unique<ElasticOperator<float>>(*level->forest, *level->nodes, &profile_);
    level->fixed.assign(level->stiffness->vector_size(), 0);
    for (auto *vector : {&level->x, &level->b, &level->d})
      vector->assign(level->stiffness->vector_size(), 0.0F);
    if (!levels_.empty()) {
      Level &finer = *levels_.back();
      finer.to_coarser =
          std::make_unique<Transfer>(*finer.forest, *finer.nodes, *level->forest, *level->nodes);
    }
    levels_.push_back(std::move(level));
  };

  add_level({}, &forest, {}, &nodes);
  while (auto coarser = levels_.back()->forest->coarsened()) {
    auto numbers = std::make_unique<BrickNodes>(*coarser, nodes.n());
    add_level(std::move(coarser), nullptr, std::move(numbers), nullptr);
  }
  // 500 nodes are factored faster than another level costs in messages.
  for (int n = nodes.n() / 2; n >= 1 && levels_.back()->nodes->n_global() > 500; n /= 2) {
    const BrickForest &shared = *levels_.back()->forest;
    add_level({}, &shared, std::make_unique<BrickNodes>(shared, n), nullptr);
  }
  coarsest_ = std::make_unique<Coarsest>();
}

Multigrid::~Multigrid() = default;

void Multigrid::set_fixed(std::vector<std::uint8_t> fixed)
{
  levels_[0]->fixed = std::move(fixed);
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l)
    levels_[l + 1]->fixed = levels_[l]->to_coarser->inject_flags(levels_[l]->fixed);
}

void Multigrid::set_moduli(const std::vector<double> &lambda, const std::vector<double> &mu)
{
  std::vector<float> l(lambda.begin(), lambda.end()), m(mu.begin(), mu.end());
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    Level &level = *levels_[i];
    std::vector<float> coarse_l, coarse_m;
    if (level.to_coarser) {
      coarse_l = level.to_coarser->average(l, averaging_exponent);
      coarse_m = level.to_coarser->average(m, averaging_exponent);
    }
    level.stiffness->set_moduli(std::move(l), std::move(m));
    l = std::move(coarse_l);
    m = std::move(coarse_m);

    const std::vector<float> bound = level.stiffness->bound();
    level.inverse_diagonal.assign(3 * level.nodes->n_owned(), 0.0F);
    for (std::size_t node = 0; node < level.nodes->n_owned(); ++node)
      for (std::size_t c = 0; c < 3; ++c)
        if (bound[node] > 0 && !level.fixed[3 * node + c] && !level.nodes->is_hanging(node))
          level.inverse_diagonal[3 * node + c] = 1.0F / bound[node];
  }

  // Assemble the coarsest level from the voxels of all ranks.
  const Level &level = *levels_.back();
  const BrickNodes &nodes = *level.nodes;
  std::vector<std::int64_t> my_unknowns;
  coarsest_->unknown_of.assign(3 * nodes.n_owned(), -1);
  for (std::size_t i = 0; i < 3 * nodes.n_owned(); ++i)
    if (level.inverse_diagonal[i] > 0)
      my_unknowns.push_back(3 * nodes.global_number(i / 3) + static_cast<std::int64_t>(i % 3));
  int size = 1;
  MPI_Comm_size(comm_, &size);
  coarsest_->counts.resize(static_cast<std::size_t>(size));
  const int mine = static_cast<int>(my_unknowns.size());
  MPI_Allgather(&mine, 1, MPI_INT, coarsest_->counts.data(), 1, MPI_INT, comm_);
  coarsest_->begins.assign(static_cast<std::size_t>(size), 0);
  for (std::size_t r = 1; r < coarsest_->begins.size(); ++r)
    coarsest_->begins[r] = coarsest_->begins[r - 1] + coarsest_->counts[r - 1];
  std::vector<std::int64_t> unknowns(
      static_cast<std::size_t>(coarsest_->begins.back() + coarsest_->counts.back()));
  MPI_Allgatherv(my_unknowns.data(), mine, MPI_INT64_T, unknowns.data(), coarsest_->counts.data(),
                 coarsest_->begins.data(), MPI_INT64_T, comm_);
  std::map<std::int64_t, int> number;
  for (std::size_t i = 0; i < unknowns.size(); ++i) number.emplace(unknowns[i], static_cast<int>(i));
  {
    int rank = 0;
    MPI_Comm_rank(comm_, &rank);
    int next = coarsest_->begins[static_cast<std::size_t>(rank)];
    for (std::size_t i = 0; i < coarsest_->unknown_of.size(); ++i)
      if (level.inverse_diagonal[i] > 0) coarsest_->unknown_of[i] = next++;
  }

  std::vector<std::int64_t> places;
  std::vector<double> entries;
  const int n = nodes.n(), m1 = n + 1;
  for (std::size_t b = 0; b < level.forest->n_owned(); ++b)
    for (int v = 0; v < n * n * n; ++v) {
      const std::size_t voxel = b * static_cast<std::size_t>(n * n * n) + static_cast<std::size_t>(v);
      if (level.stiffness->mu()[voxel] == 0.0F) continue;
      const int i = v % n, j = v / n % n, k = v / (n * n);
      for (int corner = 0; corner < 8; ++corner)
        places.push_back(nodes.global_number(
            nodes.of_brick(b)[((k + (corner >> 2)) * m1 + j + ((corner >> 1) & 1)) * m1 + i + (corner & 1)]));
      entries.push_back(level.forest->brick(b).edge / n);
      entries.push_back(level.stiffness->lambda()[voxel]);
      entries.push_back(level.stiffness->mu()[voxel]);
    }
  const auto all_places =
      exchange_lists(comm_, std::vector<std::vector<std::int64_t>>(static_cast<std::size_t>(size), places));
  const auto all_entries =
      exchange_lists(comm_, std::vector<std::vector<double>>(static_cast<std::size_t>(size), entries));
  std::vector<Eigen::Triplet<double>> triplets;
  std::array<double, 576> element{};
  for (std::size_t r = 0; r < all_places.size(); ++r)
    for (std::size_t e = 0; 8 * e < all_places[r].size(); ++e) {
      voxel_stiffness(all_entries[r][3 * e], all_entries[r][3 * e + 1], all_entries[r][3 * e + 2],
                      element.data());
      for (std::size_t row = 0; row < 24; ++row)
        for (std::size_t column = 0; column < 24; ++column) {
          const auto a = number.find(3 * all_places[r][8 * e + row / 3] + static_cast<std::int64_t>(row % 3));
          const auto c =
              number.find(3 * all_places[r][8 * e + column / 3] + static_cast<std::int64_t>(column % 3));
          if (a != number.end() && c != number.end())
            triplets.emplace_back(a->second, c->second, element[row * 24 + column]);
        }
    }
  const auto order = static_cast<Eigen::Index>(unknowns.size());
  Eigen::SparseMatrix<double> matrix(order, order);
  matrix.setFromTriplets(triplets.begin(), triplets.end());
  if (order > 0) {
    coarsest_->factor.compute(matrix);
    if (coarsest_->factor.info() != Eigen::Success)
      throw Fault(Exit::not_converged, "coarsest-level", "", "the coarsest multigrid level is singular")
          .hint("Supports that leave a rigid motion free, or a part that hangs by an edge");
  }
}

void Multigrid::smooth(Level &level, const bool start_from_zero)
{
  // The diagonal is a bound of the stiffness: no eigenvalue is greater than one.
  const double greatest = 1, least = greatest / options_.smoothing_range;
  const double centre = (greatest + least) / 2, half = (greatest - least) / 2;
  const double sigma = centre / half;
  double rho = 1 / sigma;
  const auto first_factor = static_cast<float>(1 / centre);

  if (start_from_zero)
    for (std::size_t i = 0; i < level.inverse_diagonal.size(); ++i)
      level.x[i] = level.d[i] = first_factor * level.inverse_diagonal[i] * level.b[i];
  else
    level.stiffness->chebyshev_step(level.x, level.b, level.inverse_diagonal, level.d, 0.0F, first_factor);
  for (int step = 1; step < options_.smoothing_steps; ++step) {
    const double next = 1 / (2 * sigma - rho);
    level.stiffness->chebyshev_step(level.x, level.b, level.inverse_diagonal, level.d,
                                    static_cast<float>(next * rho), static_cast<float>(2 * next / half));
    rho = next;
  }
}

void Multigrid::cycle(const std::size_t l)
{
  Level &level = *levels_[l];
  if (l + 1 == levels_.size()) {
    const SolveProfile::Scope scope(profile_, Work::coarsest);
    const std::vector<int> &unknown_of = coarsest_->unknown_of;
    std::vector<double> mine;
    for (std::size_t i = 0; i < unknown_of.size(); ++i)
      if (unknown_of[i] >= 0) mine.push_back(level.b[i]);
    Eigen::VectorXd right(coarsest_->begins.back() + coarsest_->counts.back());
    MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, right.data(),
                   coarsest_->counts.data(), coarsest_->begins.data(), MPI_DOUBLE, comm_);
    if (right.size() == 0) return;
    const Eigen::VectorXd solution = coarsest_->factor.solve(right);
    for (std::size_t i = 0; i < unknown_of.size(); ++i)
      level.x[i] = unknown_of[i] >= 0 ? static_cast<float>(solution[unknown_of[i]]) : 0.0F;
    return;
  }

  // Smoothing between two coarse corrections serves both; the sequence is a palindrome, so the cycle is
  // symmetric. The finest level is visited once. Of an odd number of corrections the cycle stays positive
  // even where a coarse level, softer than it should be, over-corrects.
  const int corrections = l > 0 && l <= repeated_levels ? options_.coarse_corrections : 1;
  Level &coarse = *levels_[l + 1];
  smooth(level, true);
  for (int correction = 0; correction < corrections; ++correction) {
    level.stiffness->residual(level.x, level.b, level.inverse_diagonal, level.d);
    {
      const SolveProfile::Scope scope(profile_, Work::transfer);
      level.to_coarser->restrict_residual(level.d, coarse.b);
    }
    cycle(l + 1);
    {
      const SolveProfile::Scope scope(profile_, Work::transfer);
      level.to_coarser->add_prolongation(coarse.x, level.x);
    }
    smooth(level, false);
  }
}

void Multigrid::precondition()
{
  const SolveProfile::Scope scope(profile_, Work::smoothing);
  cycle(0);
}

std::vector<float> &Multigrid::right_hand_side()
{
  return levels_[0]->b;
}

const std::vector<float> &Multigrid::correction() const
{
  return levels_[0]->x;
}

bool Multigrid::is_free(const std::size_t entry) const
{
  return levels_[0]->inverse_diagonal[entry] > 0;
}

} // namespace wolff::mechanics
