#include "mechanics/poroelastic_multigrid.h"

#include "mechanics/brick_kernel.h"

#include <algorithm>
#include <array>

namespace wolff::mechanics {

struct PoroelasticMultigrid::Level
{
  explicit Level(const Multigrid::LevelView &view)
      : solid(view), fluid(view.forest, view.nodes), yielding(view.forest, view.nodes),
        drained(view.nodes.n_local(), 0), right_u(view.x.size(), 0.0F)
  {
    for (auto *vector : {&x, &b, &d, &r, &image, &correction}) vector->assign(view.nodes.n_local(), 0.0F);
  }

  Multigrid::LevelView solid;
  /// Right-hand side of the solid: b_u + Q p. Where nothing is unknown it does not matter. Collective.
  void push_skeleton()
  {
    const auto owned = static_cast<std::ptrdiff_t>(solid.inverse_diagonal.size());
    std::copy(right_u.begin(), right_u.begin() + owned, solid.b.begin());
    std::fill(solid.b.begin() + owned, solid.b.end(), 0.0F);
    fluid.add_push(x, solid.b);
  }

  PoreOperator<float> fluid;    ///< C + S + dt H and Q
  PoreOperator<float> yielding; ///< C + alpha^2/K_drained + dt H, for the smoother
  std::vector<std::uint8_t> drained;
  std::vector<float> inverse_diagonal; ///< one an owned node; zero where given, hanging or without fluid
  std::vector<float> right_u;    ///< right-hand side of the momentum; the solid's b is that of a smoothing
  std::vector<float> x, b, d, r; ///< pressure, right-hand side, update, residual before the smoothing
  std::vector<float> correction; ///< of the pressure by the last smoothing
  std::vector<float> image;      ///< what an operator makes of a vector
};

namespace {

constexpr int pressure_steps = 3;
constexpr double pressure_range = 8;
/// Share of what a coarse skeleton fails to yield that its storage takes over; without it a coarse pressure
/// in a voxel of soft tissue and metal is corrected a thousandfold. A half took fewer iterations than all of
/// it.
constexpr float taken_over = 0.5F;

} // namespace

PoroelasticMultigrid::PoroelasticMultigrid(Multigrid &solid) : solid_(solid)
{
  for (std::size_t l = 0; l < solid.n_levels(); ++l)
    levels_.push_back(std::make_unique<Level>(solid.level(l)));
}

PoroelasticMultigrid::~PoroelasticMultigrid() = default;

void PoroelasticMultigrid::set_drained(const std::vector<std::uint8_t> &drained)
{
  levels_[0]->drained = drained;
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l)
    levels_[l + 1]->drained = levels_[l]->solid.to_coarser->inject_flags(levels_[l]->drained, 1);
}

void PoroelasticMultigrid::set_coefficients(PoreCoefficients<float> coefficients, const float dt)
{
  dt_ = dt;
  // What a voxel takes up of fluid at a pressure: its storage, and what its skeleton yields. A coarse voxel
  // of soft tissue and metal is as stiff as metal, but its fluid is no more locked in than on the fine mesh:
  // what the coarse skeleton does not yield is put, in part, to its storage.
  std::vector<float> taken_up;
  for (const auto &level : levels_) {
    PoreCoefficients<float> coarse;
    std::vector<float> coarse_taken_up;
    if (const Transfer *const down = level->solid.to_coarser) {
      coarse.storage = down->average(coefficients.storage, 1);
      coarse.mobility = down->average(coefficients.mobility, 1);
      coarse.biot = down->average(coefficients.biot, 1);
    }
    const std::vector<float> &lambda = level->solid.stiffness.lambda(), &mu = level->solid.stiffness.mu();
    const bool is_finest = taken_up.empty();
    if (is_finest) taken_up = coefficients.storage;
    coefficients.stabilisation.assign(mu.size(), 0.0F);
    for (std::size_t v = 0; v < mu.size(); ++v) {
      const float alpha = coefficients.biot[v];
      if (alpha == 0) continue;
      const float yields = alpha * alpha / (lambda[v] + 2 * mu[v] / 3);
      coefficients.stabilisation[v] = alpha * alpha / (lambda[v] + 2 * mu[v]);
      if (is_finest)
        taken_up[v] += yields;
      else
        coefficients.storage[v] = std::max(coefficients.storage[v], taken_over * (taken_up[v] - yields));
    }
    if (const Transfer *const down = level->solid.to_coarser) coarse_taken_up = down->average(taken_up, 1);
    PoreCoefficients<float> yielding{std::move(taken_up), {}, coefficients.mobility, {}};
    taken_up = std::move(coarse_taken_up);
    level->fluid.set_coefficients(std::move(coefficients));
    level->yielding.set_coefficients(std::move(yielding));
    coefficients = std::move(coarse);

    const discretisation::BrickNodes &nodes = level->solid.nodes;
    const std::vector<float> bound = level->yielding.bound(dt);
    level->inverse_diagonal.assign(nodes.n_owned(), 0.0F);
    for (std::size_t node = 0; node < nodes.n_owned(); ++node)
      if (bound[node] > 0 && !level->drained[node] && !nodes.is_hanging(node))
        level->inverse_diagonal[node] = 1.0F / bound[node];
  }

  // The coarsest level as a symmetric quasi-definite matrix [K -Q; -Q^T -(C + S + dt H)], u and p of a node
  // side by side: it has an L D L^T in any order.
  const Level &level = *levels_.back();
  const PoreCoefficients<float> &pores = level.fluid.coefficients();
  std::vector<std::uint8_t> is_unknown;
  for (std::size_t node = 0; node < level.solid.nodes.n_owned(); ++node) {
    for (std::size_t c = 0; c < 3; ++c)
      is_unknown.push_back(level.solid.inverse_diagonal[3 * node + c] > 0 ? 1 : 0);
    is_unknown.push_back(level.inverse_diagonal[node] > 0 ? 1 : 0);
  }
  std::vector<double> numbers;
  for (std::size_t v = 0; v < pores.storage.size(); ++v)
    for (const float number : {level.solid.stiffness.lambda()[v], level.solid.stiffness.mu()[v],
                               pores.storage[v], pores.stabilisation[v], pores.mobility[v], pores.biot[v]})
      numbers.push_back(number);
  coarsest_.factor(
      level.solid.forest, level.solid.nodes, 4, is_unknown, numbers, 6,
      [dt](const double edge, const double *const of_voxel, double *const matrix) {
        std::array<double, 576> solid{};
        voxel_stiffness(edge, of_voxel[0], of_voxel[1], solid.data());
        for (std::size_t row = 0; row < 24; ++row)
          for (std::size_t column = 0; column < 24; ++column)
            matrix[(row / 3 * 4 + row % 3) * 32 + column / 3 * 4 + column % 3] = solid[row * 24 + column];
        const PoreVoxels<double> pores_of_voxel{of_voxel + 2, of_voxel + 3, of_voxel + 4, of_voxel + 5};
        for (std::size_t column = 0; column < 8; ++column) {
          std::array<double, 8> p{}, f_p{};
          std::array<double, 24> f_u{};
          p[column] = 1;
          pore_forces<double>(1, edge, double{dt}, pores_of_voxel, nullptr, p.data(), f_u.data(), f_p.data());
          for (std::size_t row = 0; row < 8; ++row) {
            matrix[(4 * row + 3) * 32 + 4 * column + 3] = -f_p[row];
            for (std::size_t c = 0; c < 3; ++c) {
              matrix[(4 * row + c) * 32 + 4 * column + 3] = f_u[8 * c + row];
              matrix[(4 * column + 3) * 32 + 4 * row + c] = f_u[8 * c + row];
            }
          }
        }
      });
}

/// K u = b_u + Q p, then (C + alpha^2/K_drained + dt H) dp = b_p - Q^T u - (C + S + dt H) p.
void PoroelasticMultigrid::smooth_both(const std::size_t l, const bool start_from_zero)
{
  Level &level = *levels_[l];
  const std::size_t n = level.inverse_diagonal.size();
  if (start_from_zero)
    std::copy(level.right_u.begin(),
              level.right_u.begin() + static_cast<std::ptrdiff_t>(level.solid.inverse_diagonal.size()),
              level.solid.b.begin());
  else
    level.push_skeleton();
  smooth(level.solid, solid_.options(), start_from_zero);

  if (start_from_zero)
    level.fluid.volume_change(level.solid.x, level.image);
  else
    level.fluid.apply_fluid(level.solid.x, level.x, dt_, level.image);
  const Chebyshev steps(pressure_range);
  double rho = 1 / steps.sigma;
  const auto first_factor = static_cast<float>(1 / steps.centre);
  for (std::size_t i = 0; i < n; ++i) {
    level.r[i] = level.b[i] - level.image[i];
    level.correction[i] = level.d[i] = first_factor * level.inverse_diagonal[i] * level.r[i];
  }
  for (int step = 1; step < pressure_steps; ++step) {
    const double next = 1 / (2 * steps.sigma - rho);
    const auto keep = static_cast<float>(next * rho), add = static_cast<float>(2 * next / steps.half);
    level.yielding.apply(level.correction, dt_, level.image);
    for (std::size_t i = 0; i < n; ++i) {
      level.d[i] = keep * level.d[i] + add * level.inverse_diagonal[i] * (level.r[i] - level.image[i]);
      level.correction[i] += level.d[i];
    }
    rho = next;
  }
  for (std::size_t i = 0; i < n; ++i)
    level.x[i] = start_from_zero ? level.correction[i] : level.x[i] + level.correction[i];
}

void PoroelasticMultigrid::solve_coarsest()
{
  Level &level = *levels_.back();
  const std::size_t n = level.inverse_diagonal.size();
  std::vector<float> right(4 * n), solution(4 * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < 3; ++c) right[4 * i + c] = level.right_u[3 * i + c];
    right[4 * i + 3] = -level.b[i];
  }
  coarsest_.solve(right, solution);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < 3; ++c) level.solid.x[3 * i + c] = solution[4 * i + c];
    level.x[i] = solution[4 * i + 3];
  }
}

/// A V-cycle: more corrections of the coarse levels, as the skeleton alone has them, took a tenth of the
/// iterations away and cost a fifth of the time of each.
void PoroelasticMultigrid::cycle(const std::size_t l)
{
  if (l + 1 == levels_.size()) return solve_coarsest();
  Level &level = *levels_[l], &coarse = *levels_[l + 1];
  smooth_both(l, true);
  // Residuals of both rows: those of the momentum through K and Q apart.
  level.push_skeleton();
  level.solid.stiffness.residual(level.solid.x, level.solid.b, level.solid.inverse_diagonal, level.solid.d);
  level.fluid.apply(level.correction, dt_, level.image); // of the last smoothing, on its residual
  for (std::size_t i = 0; i < level.inverse_diagonal.size(); ++i)
    level.r[i] = level.inverse_diagonal[i] > 0 ? level.r[i] - level.image[i] : 0.0F;
  level.solid.to_coarser->restrict_residual(level.solid.d, coarse.right_u);
  level.solid.to_coarser->restrict_residual(level.r, coarse.b, 1);
  cycle(l + 1);
  level.solid.to_coarser->add_prolongation(coarse.solid.x, level.solid.x);
  level.solid.to_coarser->add_prolongation(coarse.x, level.x, 1);
  smooth_both(l, false);
}

void PoroelasticMultigrid::precondition()
{
  cycle(0);
}

std::vector<float> &PoroelasticMultigrid::right_displacement()
{
  return levels_[0]->right_u;
}

std::vector<float> &PoroelasticMultigrid::right_pressure()
{
  return levels_[0]->b;
}

const std::vector<float> &PoroelasticMultigrid::displacement() const
{
  return levels_[0]->solid.x;
}

const std::vector<float> &PoroelasticMultigrid::pressure() const
{
  return levels_[0]->x;
}

bool PoroelasticMultigrid::is_free(const std::size_t node) const
{
  return levels_[0]->inverse_diagonal[node] > 0;
}

} // namespace wolff::mechanics
