#include "mechanics/poroelastic_solver.h"

#include "base/clock.h"
#include "base/errors.h"

#include <fmt/format.h>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace wolff::mechanics {

namespace {

/// The basis is in float: more than this is not gained between two looks at the true residual.
constexpr double most_reduction = 1e-7;

/// Entries that stay in cache while all vectors of the basis pass by.
constexpr std::size_t chunk = 1024;

/// Sum of a_i b_i in eight lanes, which a compiler may keep in one register.
template <typename A, typename B>
double dot(const A *const a, const B *const b, const std::size_t n)
{
  std::array<double, 8> lanes{};
  const std::size_t whole = n / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8)
    for (std::size_t l = 0; l < 8; ++l)
      lanes[l] += static_cast<double>(a[i + l]) * static_cast<double>(b[i + l]);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (std::size_t i = whole; i < n; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// Adds r.v_l for the first @p count vectors of the basis, and r.r behind them.
template <typename Basis, typename Part>
void add_dots(const std::vector<double> &r, const Basis &basis, const Part part, const std::size_t n,
              const std::size_t count, std::vector<double> &dots)
{
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    const std::size_t size = std::min(chunk, n - begin);
    for (std::size_t l = 0; l < count; ++l)
      dots[l] += dot(r.data() + begin, (basis[l].*part).data() + begin, size);
    dots[count] += dot(r.data() + begin, r.data() + begin, size);
  }
}

/// r -= sum of factor_l v_l over all but the last of the factors.
template <typename Basis, typename Part>
void subtract_multiples(std::vector<double> &r, const Basis &basis, const Part part, const std::size_t n,
                        const std::vector<double> &factors)
{
  for (std::size_t begin = 0; begin < n; begin += chunk)
    for (std::size_t l = 0; l + 1 < factors.size(); ++l) {
      const float *const v = (basis[l].*part).data();
      for (std::size_t i = begin; i < std::min(begin + chunk, n); ++i)
        r[i] -= factors[l] * static_cast<double>(v[i]);
    }
}

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
  drained_pressure_.assign(solid.nodes().n_local(), 0.0);
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
  forget_pace();
}

void PoroelasticSolver::set_time_step(const double dt)
{
  const double weighted = options_.theta * dt;
  if (weighted == dt_of_multigrid_) return;
  multigrid_.set_coefficients(for_multigrid_, static_cast<float>(weighted));
  dt_of_multigrid_ = weighted;
  pressure_free_.resize(solid_.nodes().n_owned());
  for (std::size_t i = 0; i < pressure_free_.size(); ++i) pressure_free_[i] = multigrid_.is_free(i) ? 1 : 0;
}

/// Corrections for the residuals v.u scale_u and v.p scale_p, in the vectors of the multigrid: multiplied by
/// scale_of_correction() they are what is to be added.
void PoroelasticSolver::precondition(const Pair &v)
{
  // Residuals near one for the floats.
  const auto near_one = static_cast<float>(std::sqrt(static_cast<double>(solid_.nodes().n_global())));
  const float ratio = near_one * static_cast<float>(scale_p_ / scale_u_);
  for (std::size_t i = 0; i < v.u.size(); ++i) multigrid_.right_displacement()[i] = near_one * v.u[i];
  for (std::size_t i = 0; i < v.p.size(); ++i)
    multigrid_.right_pressure()[i] = pressure_free_[i] ? ratio * v.p[i] : 0.0F;
  multigrid_.precondition();
}

double PoroelasticSolver::scale_of_correction() const
{
  return scale_u_ / std::sqrt(static_cast<double>(solid_.nodes().n_global()));
}

PoroelasticReport PoroelasticSolver::advance(const double dt, std::vector<double> forces,
                                             std::vector<double> sources, std::vector<double> &u,
                                             std::vector<double> &p)
{
  const Clock clock;
  set_time_step(dt);
  const discretisation::BrickNodes &nodes = solid_.nodes();
  const std::size_t n = nodes.n_owned(), n3 = 3 * n;
  const std::vector<std::uint8_t> &u_free = solid_.is_free();
  const double th = options_.theta * dt;
  PoroelasticReport report;
  nodes.fold_hanging(forces.data(), 3);
  nodes.exchange().add_to_owners(forces.data(), 3);
  if (!sources.empty()) {
    nodes.fold_hanging(sources.data(), 1);
    nodes.exchange().add_to_owners(sources.data(), 1);
  }

  // What the fluid held before, and what came in during the explicit part of the step.
  std::vector<double> held = zero_pressure(), r_u = solid_.zero_vector(), r_p = zero_pressure();
  {
    nodes.exchange().update_ghosts(u.data(), 3);
    nodes.fill_hanging(u.data(), 3);
    std::vector<double> unused = solid_.zero_vector();
    fluid_.apply_coupled(u, p, -(dt - th), unused, held);
    if (!sources.empty())
      for (std::size_t i = 0; i < n; ++i) held[i] += dt * sources[i];
  }
  const std::vector<double> u_before = u, p_before = p;

  /// r = right-hand side - A (u, p) on free entries; squares of the 2-norms.
  const auto residual_of = [&](std::vector<double> &v, std::vector<double> &q) {
    solid_.stiffness().apply(v, r_u);
    fluid_.apply_coupled(v, q, th, r_u, r_p);
    std::array<double, 2> squares{};
    for (std::size_t i = 0; i < n3; ++i) {
      r_u[i] = u_free[i] ? forces[i] - r_u[i] : 0.0;
      squares[0] += r_u[i] * r_u[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      r_p[i] = pressure_free_[i] ? held[i] - r_p[i] : 0.0;
      squares[1] += r_p[i] * r_p[i];
    }
    MPI_Allreduce(MPI_IN_PLACE, squares.data(), 2, MPI_DOUBLE, MPI_SUM, fluid_.forest().comm());
    return squares;
  };

  // Scales of the two residuals: the right-hand sides at the prescribed values, and what each would bring the
  // other.
  Pair direction{std::vector<float>(n3), std::vector<float>(n)};
  std::vector<double> v = solid_.zero_vector(), q = zero_pressure();
  for (const auto &entry : solid_.prescribed()) v[entry.index] = entry.value;
  for (std::size_t i = 0; i < n; ++i)
    if (drained_[i]) q[i] = drained_pressure_[i];
  {
    const auto squares = residual_of(v, q);
    const double right_u = norm_of(squares[0]), right_p = norm_of(squares[1]);
    if (right_u == 0 && right_p == 0) { // nothing acts: what is prescribed, and rest
      u = v;
      p = q;
      report.seconds = clock.seconds();
      return report;
    }
    scale_u_ = right_u > 0 ? right_u : 1.0;
    scale_p_ = right_p > 0 ? right_p : 1.0;
    double brought_p = 0, brought_u = 0;
    if (right_u > 0) {
      for (std::size_t i = 0; i < n3; ++i) direction.u[i] = static_cast<float>(r_u[i] / scale_u_);
      precondition(direction);
      std::vector<double> moved = solid_.zero_vector(), taken = zero_pressure(), unused = moved, zero = taken;
      for (std::size_t i = 0; i < n3; ++i)
        moved[i] = u_free[i] ? scale_of_correction() * multigrid_.displacement()[i] : 0.0;
      nodes.exchange().update_ghosts(moved.data(), 3);
      nodes.fill_hanging(moved.data(), 3);
      fluid_.apply_coupled(moved, zero, 0, unused, taken);
      for (std::size_t i = 0; i < n; ++i) brought_p += pressure_free_[i] ? taken[i] * taken[i] : 0.0;
      brought_p = norm_of(sum(brought_p));
      std::fill(direction.u.begin(), direction.u.end(), 0.0F);
    }
    if (right_p > 0) {
      for (std::size_t i = 0; i < n; ++i) direction.p[i] = static_cast<float>(r_p[i] / scale_p_);
      precondition(direction);
      std::vector<double> pressed = zero_pressure(), pushed = solid_.zero_vector(), unused = pressed,
                          still = pushed;
      for (std::size_t i = 0; i < n; ++i)
        pressed[i] = pressure_free_[i] ? scale_of_correction() * multigrid_.pressure()[i] : 0.0;
      fluid_.apply_coupled(still, pressed, 0, pushed, unused);
      for (std::size_t i = 0; i < n3; ++i) brought_u += u_free[i] ? pushed[i] * pushed[i] : 0.0;
      brought_u = norm_of(sum(brought_u));
    }
    scale_u_ = std::max(right_u, brought_u);
    scale_p_ = std::max(right_p, brought_p);
    if (scale_u_ == 0) scale_u_ = 1;
    if (scale_p_ == 0) scale_p_ = 1;
  }

  // Start: the last state, carried on at its pace.
  if (pace_u_.size() == n3)
    for (std::size_t i = 0; i < n3; ++i) u[i] += dt * pace_u_[i];
  if (pace_u_.size() == n3)
    for (std::size_t i = 0; i < n; ++i) p[i] += dt * pace_p_[i];
  for (std::size_t i = 0; i < n3; ++i)
    if (!u_free[i]) u[i] = 0;
  for (const auto &entry : solid_.prescribed()) u[entry.index] = entry.value;
  for (std::size_t i = 0; i < n; ++i)
    if (!pressure_free_[i]) p[i] = drained_[i] ? drained_pressure_[i] : 0.0;

  const auto not_converged = [&](const std::string &what) {
    return Fault(Exit::not_converged, "elastic-solve", "", what)
        .found(fmt::format("relative residuals {:.3g} (displacement), {:.3g} (pressure) after {} iterations",
                           report.residual_displacement, report.residual_pressure, report.iterations))
        .wanted(fmt::format("{:.3g}", options_.tolerance));
  };
  const auto m = static_cast<std::size_t>(options_.basis);
  // The cycle is linear but for rounding, and where the fluid is locked in, displacement and pressure of a
  // direction cancel: M v is kept as it was applied (flexible GMRES).
  std::vector<Pair> basis, directions;
  double last_norm = 0;
  for (int restart = 0;; ++restart) {
    const auto squares = residual_of(u, p);
    report.residual_displacement = norm_of(squares[0]) / scale_u_;
    report.residual_pressure = norm_of(squares[1]) / scale_p_;
    const double norm = std::hypot(report.residual_displacement, report.residual_pressure);
    if (!std::isfinite(norm)) throw not_converged("the residual is not finite");
    if (norm <= options_.tolerance) break;
    if (restart > 0 && !(norm < 0.9 * last_norm)) throw not_converged("GMRES stagnates");
    if (report.iterations >= options_.most_iterations)
      throw not_converged("GMRES did not converge").hint("Allow more iterations, or more basis vectors");
    last_norm = norm;

    // Arnoldi: w = A M v_k, made orthogonal to the basis; Givens rotations of its Hessenberg matrix.
    basis.resize(1);
    directions.clear();
    basis[0] = {std::vector<float>(n3), std::vector<float>(n)};
    for (std::size_t i = 0; i < n3; ++i) basis[0].u[i] = static_cast<float>(r_u[i] / (scale_u_ * norm));
    for (std::size_t i = 0; i < n; ++i) basis[0].p[i] = static_cast<float>(r_p[i] / (scale_p_ * norm));
    Eigen::MatrixXd hessenberg = Eigen::MatrixXd::Zero(options_.basis + 1, options_.basis);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(options_.basis + 1);
    right[0] = norm;
    std::vector<std::array<double, 2>> rotations;
    const double goal = std::max(0.8 * options_.tolerance, most_reduction * norm);
    Eigen::Index k = 0;
    while (static_cast<std::size_t>(k) < m && report.iterations < options_.most_iterations) {
      precondition(basis[static_cast<std::size_t>(k)]);
      ++report.iterations;
      directions.push_back({std::vector<float>(n3), std::vector<float>(n)});
      Pair &z = directions.back();
      for (std::size_t i = 0; i < n3; ++i) {
        z.u[i] = u_free[i] ? multigrid_.displacement()[i] : 0.0F;
        v[i] = scale_of_correction() * static_cast<double>(z.u[i]);
      }
      for (std::size_t i = 0; i < n; ++i) {
        z.p[i] = pressure_free_[i] ? multigrid_.pressure()[i] : 0.0F;
        q[i] = scale_of_correction() * static_cast<double>(z.p[i]);
      }
      solid_.stiffness().apply(v, r_u);
      fluid_.apply_coupled(v, q, th, r_u, r_p);
      for (std::size_t i = 0; i < n3; ++i) r_u[i] = u_free[i] ? r_u[i] / scale_u_ : 0.0;
      for (std::size_t i = 0; i < n; ++i) r_p[i] = pressure_free_[i] ? r_p[i] / scale_p_ : 0.0;

      const auto count = static_cast<std::size_t>(k) + 1;
      // Once more where all but a hundredth of the length was taken away: the basis is as exact as floats.
      for (int pass = 0; pass < 2; ++pass) {
        std::vector<double> dots(count + 1, 0.0);
        add_dots(r_u, basis, &Pair::u, n3, count, dots);
        add_dots(r_p, basis, &Pair::p, n, count, dots);
        MPI_Allreduce(MPI_IN_PLACE, dots.data(), static_cast<int>(count + 1), MPI_DOUBLE, MPI_SUM,
                      fluid_.forest().comm());
        double after = dots[count];
        for (std::size_t l = 0; l < count; ++l) {
          hessenberg(static_cast<Eigen::Index>(l), k) += dots[l];
          after -= dots[l] * dots[l];
        }
        subtract_multiples(r_u, basis, &Pair::u, n3, dots);
        subtract_multiples(r_p, basis, &Pair::p, n, dots);
        if (after > 1e-4 * dots[count]) break;
      }
      const double length = norm_of(sum(dot(r_u.data(), r_u.data(), n3) + dot(r_p.data(), r_p.data(), n)));
      if (!std::isfinite(length)) throw not_converged("the residual is not finite");
      hessenberg(k + 1, k) = length;

      for (Eigen::Index l = 0; l < k; ++l) {
        const auto [c, s] = rotations[static_cast<std::size_t>(l)];
        const double a = hessenberg(l, k), b = hessenberg(l + 1, k);
        hessenberg(l, k) = c * a + s * b;
        hessenberg(l + 1, k) = c * b - s * a;
      }
      const double hypotenuse = std::hypot(hessenberg(k, k), hessenberg(k + 1, k));
      if (!(hypotenuse > 0)) throw not_converged("GMRES broke down");
      const double c = hessenberg(k, k) / hypotenuse, s = hessenberg(k + 1, k) / hypotenuse;
      rotations.push_back({c, s});
      hessenberg(k, k) = hypotenuse;
      hessenberg(k + 1, k) = 0;
      right[k + 1] = -s * right[k];
      right[k] *= c;
      ++k;
      if (std::abs(right[k]) <= goal || length == 0) break;
      if (static_cast<std::size_t>(k) == m) break;
      basis.emplace_back();
      Pair &next = basis.back();
      next.u.resize(n3);
      next.p.resize(n);
      for (std::size_t i = 0; i < n3; ++i) next.u[i] = static_cast<float>(r_u[i] / length);
      for (std::size_t i = 0; i < n; ++i) next.p[i] = static_cast<float>(r_p[i] / length);
    }

    const Eigen::VectorXd y =
        hessenberg.topLeftCorner(k, k).triangularView<Eigen::Upper>().solve(right.head(k));
    for (Eigen::Index l = 0; l < k; ++l) {
      const Pair &z = directions[static_cast<std::size_t>(l)];
      const double factor = y[l] * scale_of_correction();
      for (std::size_t i = 0; i < n3; ++i) u[i] += factor * static_cast<double>(z.u[i]);
      for (std::size_t i = 0; i < n; ++i) p[i] += factor * static_cast<double>(z.p[i]);
    }
  }

  // Balances, from the unreduced equations.
  solid_.stiffness().apply(u, r_u);
  fluid_.apply_coupled(u, p, th, r_u, r_p);
  std::array<double, 8> sums{};
  for (std::size_t i = 0; i < n3; ++i) sums[i % 3] += forces[i];
  for (const auto &entry : solid_.prescribed())
    sums[3 + entry.index % 3] += r_u[entry.index] - forces[entry.index];
  for (std::size_t i = 0; i < n; ++i) {
    if (drained_[i]) sums[6] += r_p[i] - held[i];
    if (!sources.empty()) sums[6] += dt * sources[i];
    sums[7] += std::abs(r_p[i] - held[i]) + std::abs(held[i]);
  }
  pace_u_.resize(n3);
  pace_p_.resize(n);
  for (std::size_t i = 0; i < n3; ++i) pace_u_[i] = (u[i] - u_before[i]) / dt;
  for (std::size_t i = 0; i < n; ++i) pace_p_[i] = (p[i] - p_before[i]) / dt;
  // Storage of the step: alpha div and p/M without flow, summed over all nodes.
  double stored = 0;
  {
    std::vector<double> du(u), dp(p), unused = solid_.zero_vector(), taken = zero_pressure();
    for (std::size_t i = 0; i < n3; ++i) du[i] -= u_before[i];
    for (std::size_t i = 0; i < n; ++i) dp[i] -= p_before[i];
    nodes.exchange().update_ghosts(du.data(), 3);
    nodes.fill_hanging(du.data(), 3);
    fluid_.apply_coupled(du, dp, 0, unused, taken);
    for (std::size_t i = 0; i < n; ++i) stored += taken[i];
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 8, MPI_DOUBLE, MPI_SUM, fluid_.forest().comm());
  report.applied = Vector3(sums[0], sums[1], sums[2]);
  report.reaction = Vector3(sums[3], sums[4], sums[5]);
  report.inflow = sums[6];
  report.stored = sum(stored);
  report.fluid_imbalance = sums[7] > 0 ? std::abs(report.stored - report.inflow) / sums[7] : 0.0;
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
