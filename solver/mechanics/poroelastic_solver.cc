#include "mechanics/poroelastic_solver.h"

#include "base/clock.h"
#include "base/errors.h"
#include "mechanics/orthomin.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wolff::mechanics {

namespace {

/// Directions are exact to floats: more than this is not gained between two looks at the true residual.
constexpr double most_reduction = 1e-7;

/// A direction that leaves more than this of the residual is followed by one along its image.
constexpr double least_gain = 0.97;

/// Where this many iterations leave more than that share of the residual, the memory grows to many
/// directions.
constexpr int patience = 10;
constexpr double slow = 0.3;

double norm_of(const double square)
{
  return std::sqrt(std::max(square, 0.0));
}

} // namespace

PoroelasticSolver::PoroelasticSolver(ElasticSolver &solid, const PoroelasticOptions &options)
    : solid_(solid), options_(options), fluid_(solid.stiffness().forest(), solid.nodes()),
      multigrid_(solid.multigrid() ? *solid.multigrid()
                                   : throw Fault(Exit::input, "method", "Solver/Method",
                                                 "fluid in the pores is solved with multigrid only")
                                         .found("assembled")
                                         .wanted("multigrid"))
{
  drained_.assign(solid.nodes().n_local(), 0);
  moved_ = on_skeleton_ = solid.zero_vector();
  pressed_ = on_fluid_ = zero_pressure();
  drained_pressure_.assign(solid.nodes().n_local(), 0.0);
}

void PoroelasticSolver::forget_steps()
{
  pace_.clear();
  brings_ = {-1, -1};
}

double PoroelasticSolver::sum(double mine) const
{
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, fluid_.forest().comm());
  return mine;
}

void PoroelasticSolver::set_drained(std::vector<std::uint8_t> drained, std::vector<double> pressure)
{
  const auto &exchange = solid_.nodes().exchange();
  for (std::size_t i = 0; i < drained.size(); ++i)
    if (!drained[i]) pressure[i] = 0;
  // Not every rank that sees a node knows a drained face at it: the mean of those that do.
  std::vector<double> counts(drained.begin(), drained.end());
  exchange.add_to_owners(counts.data(), 1);
  exchange.add_to_owners(pressure.data(), 1);
  for (std::size_t i = 0; i < solid_.nodes().n_owned(); ++i) {
    drained[i] =
        counts[i] > 0 && !solid_.nodes().is_hanging(i) ? 1 : 0; // masters of a hanging one are drained
    pressure[i] = drained[i] ? pressure[i] / counts[i] : 0.0;
  }
  exchange.update_ghosts(drained.data(), 1);
  exchange.update_ghosts(pressure.data(), 1);
  drained_ = std::move(drained);
  drained_pressure_ = std::move(pressure);
  multigrid_.set_drained(drained_);
  dt_of_multigrid_ = -1;
  forget_steps();
}

void PoroelasticSolver::set_constants(PoreConstants constants)
{
  const std::vector<double> &lambda = solid_.stiffness().lambda(), &mu = solid_.stiffness().mu();
  PoreCoefficients<double> exact;
  exact.stabilisation.resize(lambda.size());
  for_multigrid_ = {};
  for (std::size_t v = 0; v < lambda.size(); ++v) {
    const double alpha = constants.biot[v], modulus = lambda[v] + 2 * mu[v];
    if (!(alpha >= 0 && alpha <= 1) || !(constants.storage[v] >= 0) || !(constants.mobility[v] >= 0))
      throw Fault(Exit::model, "biot-range", "voxel " + std::to_string(v), "constants of the pore fluid")
          .found(fmt::format("alpha {:g}, 1/M {:g}, mobility {:g}", alpha, constants.storage[v],
                             constants.mobility[v]))
          .wanted("0 <= alpha <= 1, 1/M and mobility not negative");
    if (alpha > 0 && !(modulus > 0))
      throw Fault(Exit::model, "biot-range", "voxel " + std::to_string(v),
                  "fluid without a skeleton around it")
          .found(fmt::format("alpha {:g}, lambda + 2 mu {:g} MPa", alpha, modulus))
          .wanted("a stiffness");
    exact.stabilisation[v] = alpha > 0 ? alpha * alpha / modulus : 0.0;
    for_multigrid_.storage.push_back(static_cast<float>(constants.storage[v]));
    for_multigrid_.mobility.push_back(static_cast<float>(constants.mobility[v]));
    for_multigrid_.biot.push_back(static_cast<float>(alpha));
  }
  exact.storage = std::move(constants.storage);
  exact.mobility = std::move(constants.mobility);
  exact.biot = std::move(constants.biot);
  fluid_.set_coefficients(std::move(exact));
  dt_of_multigrid_ = -1;
  forget_steps();
}

void PoroelasticSolver::set_time_step(const double dt)
{
  const double weighted = options_.theta * dt;
  if (weighted == dt_of_multigrid_) return;
  multigrid_.set_coefficients(for_multigrid_, static_cast<float>(weighted));
  dt_of_multigrid_ = weighted;
  brings_ = {-1, -1};
  pressure_free_.resize(solid_.nodes().n_owned());
  for (std::size_t i = 0; i < pressure_free_.size(); ++i) pressure_free_[i] = multigrid_.is_free(i) ? 1 : 0;
}

/// Residual of both equations at (u, p), each over its scale: three numbers a node, then one a node; zero
/// where nothing is unknown. Returns the 2-norms of the two parts.
std::array<double, 2> PoroelasticSolver::residual(const Step &step, std::vector<double> &u,
                                                  std::vector<double> &p, std::vector<double> &r)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  const std::vector<std::uint8_t> &u_free = solid_.is_free();
  solid_.stiffness().apply(u, on_skeleton_);
  fluid_.apply_coupled(u, p, step.weighted_dt, on_skeleton_, on_fluid_);
  std::array<double, 2> squares{};
  for (std::size_t i = 0; i < n3; ++i) {
    r[i] = u_free[i] ? (step.forces[i] - on_skeleton_[i]) / scale_u_ : 0.0;
    squares[0] += r[i] * r[i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    r[n3 + i] = pressure_free_[i] ? (step.held[i] - on_fluid_[i]) / scale_p_ : 0.0;
    squares[1] += r[n3 + i] * r[n3 + i];
  }
  MPI_Allreduce(MPI_IN_PLACE, squares.data(), 2, MPI_DOUBLE, MPI_SUM, fluid_.forest().comm());
  return {norm_of(squares[0]), norm_of(squares[1])};
}

/// w = A z over the scales, z in the order of a residual.
void PoroelasticSolver::apply(const double weighted_dt, const std::vector<double> &z, std::vector<double> &w)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  const std::vector<std::uint8_t> &u_free = solid_.is_free();
  const auto parts = z.begin() + static_cast<std::ptrdiff_t>(n3);
  std::copy(z.begin(), parts, moved_.begin());
  std::copy(parts, z.end(), pressed_.begin());
  solid_.stiffness().apply(moved_, on_skeleton_);
  fluid_.apply_coupled(moved_, pressed_, weighted_dt, on_skeleton_, on_fluid_);
  for (std::size_t i = 0; i < n3; ++i) w[i] = u_free[i] ? on_skeleton_[i] / scale_u_ : 0.0;
  for (std::size_t i = 0; i < n; ++i) w[n3 + i] = pressure_free_[i] ? on_fluid_[i] / scale_p_ : 0.0;
}

/// z: corrections that one cycle finds for the scaled residuals r of size @p norm.
void PoroelasticSolver::precondition(const std::vector<double> &r, const double norm, std::vector<double> &z)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  // Residuals near one for the floats.
  const double near_one = std::sqrt(static_cast<double>(solid_.nodes().n_global())) / norm,
               ratio = near_one * scale_p_ / scale_u_, back = scale_u_ / near_one;
  for (std::size_t i = 0; i < n3; ++i)
    multigrid_.right_displacement()[i] = static_cast<float>(near_one * r[i]);
  for (std::size_t i = 0; i < n; ++i) multigrid_.right_pressure()[i] = static_cast<float>(ratio * r[n3 + i]);
  multigrid_.precondition();
  const std::vector<std::uint8_t> &u_free = solid_.is_free();
  for (std::size_t i = 0; i < n3; ++i)
    z[i] = u_free[i] ? back * static_cast<double>(multigrid_.displacement()[i]) : 0.0;
  for (std::size_t i = 0; i < n; ++i)
    z[n3 + i] = pressure_free_[i] ? back * static_cast<double>(multigrid_.pressure()[i]) : 0.0;
}

/// What one cycle for the right-hand side of one equation brings the other, over that right-hand side.
double PoroelasticSolver::brought(const int equation, const Step &step)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  const bool of_skeleton = equation == 0;
  std::vector<double> r = step.right_hand_side, z(r.size());
  const auto parts = r.begin() + static_cast<std::ptrdiff_t>(n3);
  std::fill(of_skeleton ? parts : r.begin(), of_skeleton ? r.end() : parts, 0.0);
  precondition(r, step.right[static_cast<std::size_t>(equation)], z);
  double square = 0;
  if (of_skeleton) {
    std::copy_n(z.begin(), n3, moved_.begin());
    fluid_.volume_change(moved_, on_fluid_);
    for (std::size_t i = 0; i < n; ++i) square += pressure_free_[i] ? on_fluid_[i] * on_fluid_[i] : 0.0;
  } else {
    std::copy_n(z.begin() + static_cast<std::ptrdiff_t>(n3), n, pressed_.begin());
    std::fill(on_skeleton_.begin(), on_skeleton_.end(), 0.0);
    fluid_.add_push(pressed_, on_skeleton_);
    for (std::size_t i = 0; i < n3; ++i)
      square += solid_.is_free()[i] ? on_skeleton_[i] * on_skeleton_[i] : 0.0;
  }
  return norm_of(sum(square)) / step.right[static_cast<std::size_t>(equation)];
}

/// Scales of the two residuals of a step: the right-hand sides at the prescribed values, and what each would
/// bring the other. False if nothing acts; @p u and @p p are then the solution. Collective.
bool PoroelasticSolver::set_scales(Step &step, std::vector<double> &u, std::vector<double> &p)
{
  scale_u_ = scale_p_ = 1;
  step.right_hand_side.resize(4 * solid_.nodes().n_owned());
  step.right = residual(step, u, p, step.right_hand_side);
  if (step.right[0] == 0 && step.right[1] == 0) return false;
  for (const int equation : {0, 1})
    if (double &share = brings_[static_cast<std::size_t>(equation)];
        share < 0 && step.right[static_cast<std::size_t>(equation)] > 0)
      share = brought(equation, step);
  scale_u_ = std::max(step.right[0], brings_[1] * step.right[1]);
  scale_p_ = std::max(step.right[1], brings_[0] * step.right[0]);
  if (!(scale_u_ > 0)) scale_u_ = 1;
  if (!(scale_p_ > 0)) scale_p_ = 1;
  return true;
}

/// From the start in u and p. Collective. @throws Fault elastic-solve
void PoroelasticSolver::solve(const Step &step, std::vector<double> &u, std::vector<double> &p,
                              PoroelasticReport &report)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  const auto not_converged = [&](const std::string &what) {
    return Fault(Exit::not_converged, "elastic-solve", "", what)
        .found(fmt::format("relative residuals {:.3g} (displacement), {:.3g} (pressure) after {} iterations",
                           report.residual_displacement, report.residual_pressure, report.iterations))
        .wanted(fmt::format("{:.3g}", options_.tolerance));
  };
  std::vector<double> r(4 * n), x(4 * n, 0.0), z(4 * n), w(4 * n);
  auto memory = static_cast<std::size_t>(options_.memory);
  double last_norm = 0;
  for (int look = 0;; ++look) {
    const std::array<double, 2> norms = residual(step, u, p, r);
    report.residual_displacement = norms[0];
    report.residual_pressure = norms[1];
    const double norm = std::hypot(norms[0], norms[1]);
    if (!std::isfinite(norm)) throw not_converged("the residual is not finite");
    if (norm <= options_.tolerance) return;
    if (look > 0 && !(norm < 0.9 * last_norm)) throw not_converged("the solver for the pores stagnates");
    if (report.iterations >= options_.most_iterations)
      throw not_converged("the solver for the pores did not converge").hint("Allow more iterations");
    last_norm = norm;

    const double goal = std::max(0.8 * options_.tolerance, most_reduction * norm);
    // Anew after each look: the residual is orthogonal to the images of before but for what drifted away.
    Orthomin directions(memory, fluid_.forest().comm());
    Orthomin::Norms now{norm, 0};
    bool leads_nowhere = false;
    for (double patient_until = norm; now.residual > goal && report.iterations < options_.most_iterations;) {
      leads_nowhere ? precondition(w, now.image, z) : precondition(r, now.residual, z);
      ++report.iterations;
      apply(step.weighted_dt, z, w);
      const double before = now.residual;
      now = directions.step(z, w, x, r);
      if (!std::isfinite(now.residual)) break; // on from the true residual, if that has fallen
      leads_nowhere = now.residual > least_gain * before;
      if (report.iterations % patience == 0) {
        if (now.residual > slow * patient_until) memory = static_cast<std::size_t>(options_.longest_memory);
        directions.remember(memory);
        patient_until = now.residual;
      }
    }
    for (std::size_t i = 0; i < n3; ++i) u[i] += x[i];
    for (std::size_t i = 0; i < n; ++i) p[i] += x[n3 + i];
    std::fill(x.begin(), x.end(), 0.0);
  }
}

/// Sums of forces and of fluid at the end of a step, from the unreduced equations as residual() left them.
void PoroelasticSolver::balance(const Step &step, const std::vector<double> &du,
                                const std::vector<double> &dp, PoroelasticReport &report)
{
  const std::size_t n = solid_.nodes().n_owned(), n3 = 3 * n;
  std::array<double, 9> sums{};
  for (std::size_t i = 0; i < n3; ++i) sums[i % 3] += step.forces[i];
  for (const auto &entry : solid_.prescribed())
    sums[3 + entry.index % 3] += on_skeleton_[entry.index] - step.forces[entry.index];
  for (std::size_t i = 0; i < n; ++i) {
    const double taken = on_fluid_[i] - step.held[i];
    if (drained_[i]) sums[6] += taken;
    if (!step.sources.empty()) sums[6] += step.dt * step.sources[i];
    sums[7] += std::abs(taken) + std::abs(step.held[i]);
  }
  // Storage of the step: alpha div and p/M without flow, summed over all nodes.
  moved_ = du;
  pressed_ = dp;
  fluid_.apply_fluid(moved_, pressed_, 0, on_fluid_);
  for (std::size_t i = 0; i < n; ++i) sums[8] += on_fluid_[i];
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 9, MPI_DOUBLE, MPI_SUM, fluid_.forest().comm());
  report.applied = Vector3(sums[0], sums[1], sums[2]);
  report.reaction = Vector3(sums[3], sums[4], sums[5]);
  report.inflow = sums[6];
  report.stored = sums[8];
  report.fluid_imbalance = sums[7] > 0 ? std::abs(report.stored - report.inflow) / sums[7] : 0.0;
}

PoroelasticReport PoroelasticSolver::advance(const double dt, std::vector<double> forces,
                                             std::vector<double> sources, std::vector<double> &u,
                                             std::vector<double> &p)
{
  const Clock clock;
  set_time_step(dt);
  const discretisation::BrickNodes &nodes = solid_.nodes();
  const std::size_t n = nodes.n_owned(), n3 = 3 * n;
  PoroelasticReport report;
  const auto to_owners = [&](std::vector<double> &values, const std::size_t block) {
    nodes.fold_hanging(values.data(), block);
    nodes.exchange().add_to_owners(values.data(), block);
  };
  to_owners(forces, 3);
  if (!sources.empty()) to_owners(sources, 1);
  Step step{dt, options_.theta * dt, std::move(forces), std::move(sources), zero_pressure(), {}, {}};

  // What the fluid held before, and what came in during the explicit part of the step.
  fluid_.apply_fluid(u, p, -(dt - step.weighted_dt), step.held);
  if (!step.sources.empty())
    for (std::size_t i = 0; i < n; ++i) step.held[i] += dt * step.sources[i];

  std::vector<double> du = u, dp = p; // the state before, for now
  const auto prescribe = [&](std::vector<double> &v, std::vector<double> &q) {
    for (std::size_t i = 0; i < n3; ++i)
      if (!solid_.is_free()[i]) v[i] = 0;
    for (const auto &entry : solid_.prescribed()) v[entry.index] = entry.value;
    for (std::size_t i = 0; i < n; ++i)
      if (!pressure_free_[i]) q[i] = drained_[i] ? drained_pressure_[i] : 0.0;
  };
  std::vector<double> v = solid_.zero_vector(), q = zero_pressure();
  prescribe(v, q);
  if (!set_scales(step, v, q)) { // nothing acts: what is prescribed, and rest
    u = std::move(v);
    p = std::move(q);
    report.seconds = clock.seconds();
    return report;
  }

  // Start: the last state, carried on at its pace.
  if (!pace_.empty()) {
    for (std::size_t i = 0; i < n3; ++i) u[i] += dt * pace_[i];
    for (std::size_t i = 0; i < n; ++i) p[i] += dt * pace_[n3 + i];
  }
  prescribe(u, p);
  solve(step, u, p, report);

  for (std::size_t i = 0; i < n3; ++i) du[i] = u[i] - du[i];
  for (std::size_t i = 0; i < n; ++i) dp[i] = p[i] - dp[i];
  balance(step, du, dp, report);
  pace_.resize(4 * n);
  for (std::size_t i = 0; i < n3; ++i) pace_[i] = du[i] / dt;
  for (std::size_t i = 0; i < n; ++i) pace_[n3 + i] = dp[i] / dt;
  report.seconds = clock.seconds();
  return report;
}

std::vector<Vector3> PoroelasticSolver::centre_flux(std::vector<double> &p,
                                                    const std::vector<std::uint32_t> &voxel_of_cell) const
{
  solid_.nodes().exchange().update_ghosts(p.data(), 1);
  solid_.nodes().fill_hanging(p.data(), 1);
  std::vector<Vector3> flux(voxel_of_cell.size(), Vector3::Zero());
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i) {
    const std::uint32_t voxel = voxel_of_cell[i];
    const double edge = fluid_.forest().brick(voxel / discretisation::brick_voxels).voxel_edge();
    const double factor = -0.25 * fluid_.coefficients().mobility[voxel] / edge;
    for (int corner = 0; corner < 8; ++corner)
      for (int axis = 0; axis < 3; ++axis)
        flux[i][axis] += (corner >> axis & 1 ? factor : -factor) * p[solid_.corner_node(voxel, corner)];
  }
  return flux;
}

std::vector<double> PoroelasticSolver::centre_pressure(std::vector<double> &p,
                                                       const std::vector<std::uint32_t> &voxel_of_cell) const
{
  solid_.nodes().exchange().update_ghosts(p.data(), 1);
  solid_.nodes().fill_hanging(p.data(), 1);
  std::vector<double> pressure(voxel_of_cell.size(), 0.0);
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i) {
    const std::uint32_t voxel = voxel_of_cell[i];
    if (fluid_.coefficients().storage[voxel] == 0 && fluid_.coefficients().mobility[voxel] == 0) continue;
    for (int corner = 0; corner < 8; ++corner) pressure[i] += 0.125 * p[solid_.corner_node(voxel, corner)];
  }
  return pressure;
}

std::int64_t PoroelasticSolver::n_pressure_unknowns() const
{
  std::int64_t count = 0;
  for (const std::uint8_t free : pressure_free_) count += free;
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, fluid_.forest().comm());
  return count;
}

} // namespace wolff::mechanics
