#include "mechanics/multigrid.h"

#include "mechanics/brick_kernel.h"

#include <algorithm>
#include <cmath>

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

  const Level &level = *levels_.back();
  std::vector<std::uint8_t> is_unknown;
  for (const float entry : level.inverse_diagonal) is_unknown.push_back(entry > 0 ? 1 : 0);
  std::vector<double> numbers;
  for (std::size_t v = 0; v < level.stiffness->mu().size(); ++v) {
    numbers.push_back(level.stiffness->lambda()[v]);
    numbers.push_back(level.stiffness->mu()[v]);
  }
  coarsest_.factor(*level.forest, *level.nodes, 3, is_unknown, numbers, 2,
                   [](const double edge, const double *const moduli, double *const matrix) {
                     voxel_stiffness(edge, moduli[0], moduli[1], matrix);
                   });
}

void smooth(const Multigrid::LevelView &level, const MultigridOptions &options, const bool start_from_zero)
{
  // The diagonal is a bound of the stiffness: no eigenvalue is greater than one.
  const Chebyshev steps(options.smoothing_range);
  double rho = 1 / steps.sigma;
  const auto first_factor = static_cast<float>(1 / steps.centre);

  if (start_from_zero)
    for (std::size_t i = 0; i < level.inverse_diagonal.size(); ++i)
      level.x[i] = level.d[i] = first_factor * level.inverse_diagonal[i] * level.b[i];
  else
    level.stiffness.chebyshev_step(level.x, level.b, level.inverse_diagonal, level.d, 0.0F, first_factor);
  for (int step = 1; step < options.smoothing_steps; ++step) {
    const double next = 1 / (2 * steps.sigma - rho);
    level.stiffness.chebyshev_step(level.x, level.b, level.inverse_diagonal, level.d,
                                   static_cast<float>(next * rho), static_cast<float>(2 * next / steps.half));
    rho = next;
  }
}

void Multigrid::cycle(const std::size_t l)
{
  Level &level = *levels_[l];
  if (l + 1 == levels_.size()) {
    const SolveProfile::Scope scope(profile_, Work::coarsest);
    coarsest_.solve(level.b, level.x);
    return;
  }

  // Smoothing between two coarse corrections serves both; the sequence is a palindrome, so the cycle is
  // symmetric. The finest level is visited once. Of an odd number of corrections the cycle stays positive
  // even where a coarse level, softer than it should be, over-corrects.
  Level &coarse = *levels_[l + 1];
  smooth(this->level(l), options_, true);
  for (int correction = 0; correction < corrections(l); ++correction) {
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
    smooth(this->level(l), options_, false);
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

Multigrid::LevelView Multigrid::level(const std::size_t l)
{
  Level &one = *levels_[l];
  return {*one.forest, *one.nodes, one.to_coarser.get(), *one.stiffness, one.inverse_diagonal, one.x,
          one.b,       one.d};
}

int Multigrid::corrections(const std::size_t l) const
{
  return l > 0 && l <= repeated_levels ? options_.coarse_corrections : 1;
}

bool Multigrid::is_free(const std::size_t entry) const
{
  return levels_[0]->inverse_diagonal[entry] > 0;
}

} // namespace wolff::mechanics
