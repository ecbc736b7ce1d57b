#include "mechanics/pressure_multigrid.h"

#include <algorithm>

namespace wolff::mechanics {

struct PressureMultigrid::Level
{
  Level(const Multigrid::LevelView &view)
      : fluid(view.forest, view.nodes), to_coarser(view.to_coarser), drained(view.nodes.n_local(), 0)
  {
    for (auto *vector : {&x, &b, &d, &f}) vector->assign(view.nodes.n_local(), 0.0F);
  }

  PoreOperator<float> fluid;
  const Transfer *to_coarser;
  std::vector<std::uint8_t> drained;   ///< one a local node
  std::vector<float> inverse_diagonal; ///< one an owned node; zero where given, hanging or without fluid
  std::vector<float> x, b, d, f;       ///< solution, right-hand side, update, A x; d also holds the residual
};

namespace {

constexpr int smoothing_steps = 3;
constexpr double smoothing_range = 8;

} // namespace

PressureMultigrid::PressureMultigrid(const Multigrid &levels)
{
  for (std::size_t l = 0; l < levels.n_levels(); ++l)
    levels_.push_back(std::make_unique<Level>(levels.level(l)));
}

PressureMultigrid::~PressureMultigrid() = default;

void PressureMultigrid::set_drained(const std::vector<std::uint8_t> &drained)
{
  levels_[0]->drained = drained;
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l)
    levels_[l + 1]->drained = levels_[l]->to_coarser->inject_flags(levels_[l]->drained, 1);
}

void PressureMultigrid::set_coefficients(PoreCoefficients<float> coefficients, const float dt)
{
  dt_ = dt;
  for (const auto &level : levels_) {
    PoreCoefficients<float> coarse;
    if (level->to_coarser) {
      coarse.storage = level->to_coarser->average(coefficients.storage, 1);
      coarse.mobility = level->to_coarser->average(coefficients.mobility, 1);
    }
    level->fluid.set_coefficients(std::move(coefficients));
    coefficients = std::move(coarse); // what varies within a coarse voxel is not its matter: no stabilisation
    const discretisation::BrickNodes &nodes = level->fluid.nodes();
    const std::vector<float> bound = level->fluid.bound(dt);
    level->inverse_diagonal.assign(nodes.n_owned(), 0.0F);
    for (std::size_t node = 0; node < nodes.n_owned(); ++node)
      if (bound[node] > 0 && !level->drained[node] && !nodes.is_hanging(node))
        level->inverse_diagonal[node] = 1.0F / bound[node];
  }

  const Level &level = *levels_.back();
  std::vector<std::uint8_t> is_unknown;
  for (const float entry : level.inverse_diagonal) is_unknown.push_back(entry > 0 ? 1 : 0);
  std::vector<double> numbers;
  for (std::size_t v = 0; v < level.fluid.coefficients().storage.size(); ++v) {
    numbers.push_back(level.fluid.coefficients().storage[v]);
    numbers.push_back(level.fluid.coefficients().mobility[v]);
  }
  coarsest_.factor(level.fluid.forest(), level.fluid.nodes(), 1, is_unknown, numbers, 2,
                   [dt](const double edge, const double *const numbers_of_voxel, double *const matrix) {
                     const double step = dt;
                     for (std::size_t column = 0; column < 8; ++column) {
                       std::array<double, 8> p{}, f{};
                       p[column] = 1;
                       pore_forces<double>(1, edge, step,
                                           {numbers_of_voxel, nullptr, numbers_of_voxel + 1, nullptr},
                                           nullptr, p.data(), nullptr, f.data());
                       for (std::size_t row = 0; row < 8; ++row) matrix[row * 8 + column] = f[row];
                     }
                   });
}

void PressureMultigrid::smooth(Level &level, const bool start_from_zero)
{
  // The diagonal is a bound: no eigenvalue of B^-1 A is greater than one.
  const double greatest = 1, least = greatest / smoothing_range;
  const double centre = (greatest + least) / 2, half = (greatest - least) / 2, sigma = centre / half;
  double rho = 1 / sigma;
  const auto step = [&](const bool is_zero, const double keep, const double add) {
    if (!is_zero) level.fluid.apply(level.x, dt_, level.f);
    for (std::size_t i = 0; i < level.inverse_diagonal.size(); ++i) {
      const float residual = is_zero ? level.b[i] : level.b[i] - level.f[i];
      level.d[i] = static_cast<float>(keep) * (is_zero ? 0.0F : level.d[i]) +
                   static_cast<float>(add) * level.inverse_diagonal[i] * residual;
      level.x[i] = (is_zero ? 0.0F : level.x[i]) + level.d[i];
    }
  };
  step(start_from_zero, 0, 1 / centre);
  for (int s = 1; s < smoothing_steps; ++s) {
    const double next = 1 / (2 * sigma - rho);
    step(false, next * rho, 2 * next / half);
    rho = next;
  }
}

void PressureMultigrid::cycle(const std::size_t l)
{
  Level &level = *levels_[l];
  if (l + 1 == levels_.size()) {
    coarsest_.solve(level.b, level.x);
    return;
  }
  Level &coarse = *levels_[l + 1];
  smooth(level, true);
  level.fluid.apply(level.x, dt_, level.f);
  for (std::size_t i = 0; i < level.inverse_diagonal.size(); ++i)
    level.d[i] = level.inverse_diagonal[i] > 0 ? level.b[i] - level.f[i] : 0.0F;
  level.to_coarser->restrict_residual(level.d, coarse.b, 1);
  cycle(l + 1);
  level.to_coarser->add_prolongation(coarse.x, level.x, 1);
  smooth(level, false);
}

void PressureMultigrid::precondition()
{
  cycle(0);
}

std::vector<float> &PressureMultigrid::right_hand_side()
{
  return levels_[0]->b;
}

const std::vector<float> &PressureMultigrid::correction() const
{
  return levels_[0]->x;
}

const PoreOperator<float> &PressureMultigrid::finest() const
{
  return levels_[0]->fluid;
}

bool PressureMultigrid::is_free(const std::size_t node) const
{
  return levels_[0]->inverse_diagonal[node] > 0;
}

} // namespace wolff::mechanics
