#include "mechanics/elastic_solver.h"

#include "base/clock.h"
#include "base/errors.h"
#include "mechanics/assembled_solver.h"

#include <Eigen/QR>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wolff::mechanics {

using discretisation::brick_voxels;
using discretisation::voxels_per_edge;

void SolverOptions::declare(Options &options)
{
  options.add("Tolerance [-]", tolerance,
              "Residual relative to the right-hand side, in the 2-norm of the free unknowns.",
              {1e-14, 1e-2, false, false});
  options.add("Most iterations [-]", most_iterations, "Iterations of conjugate gradients before giving up.",
              between(1, 100000));
  options.add_choice(
      "Method", method, {"multigrid", "assembled"},
      "How equilibrium is found: matrix-free with geometric multigrid, or, as a yardstick and a "
      "fallback, on an assembled matrix with algebraic multigrid (Trilinos ML), which takes some "
      "thirty times the memory.");
  options.add("Smoothing steps [-]", multigrid.smoothing_steps, "Degree of the Chebyshev smoother.",
              between(1, 10));
  options.add("Smoothing range [-]", multigrid.smoothing_range,
              "Ratio of the largest eigenvalue to the smallest one that the smoother damps.",
              between(2, 100));
  options.add(
      "Coarse corrections [-]", multigrid.coarse_corrections,
      "Visits of the next coarser level from each of the three levels below the finest, an odd number: 1 is "
      "a V-cycle, 5 suits thin struts in void.",
      between(1, 9));
  options.add(
      "Former solutions [-]", former_solutions,
      "Solutions of former steps from which the start of a solve is combined, so that its error is least in "
      "energy; each costs 8 bytes an unknown, for every load case, and one application of the stiffness. 1: "
      "the "
      "last one as it is.",
      between(1, 8));
}

std::vector<Fault> check(const SolverOptions &options)
{
  if (options.multigrid.coarse_corrections % 2 == 1) return {};
  return {Fault(Exit::input, "corrections-even", "Solver/Coarse corrections [-]",
                "with an even number the preconditioner need not be positive")
              .found(options.multigrid.coarse_corrections)
              .wanted("an odd number")};
}

ElasticSolver::ElasticSolver(const discretisation::BrickForest &forest, const SolverOptions &options)
    : forest_(forest), options_(options), nodes_(forest, voxels_per_edge),
      stiffness_(forest, nodes_, &profile_)
{
  if (options.method == "assembled")
    assembled_ = std::make_unique<AssembledSolver>(forest, 1, options);
  else
    multigrid_ = std::make_unique<Multigrid>(forest, nodes_, options.multigrid, profile_);
}

ElasticSolver::~ElasticSolver() = default;

PrescribedDisplacement ElasticSolver::nothing_prescribed() const
{
  return {std::vector<std::uint8_t>(3 * nodes_.n_local(), 0), std::vector<double>(3 * nodes_.n_local(), 0.0)};
}

void ElasticSolver::set_prescribed(PrescribedDisplacement prescribed)
{
  if (assembled_) return assembled_->prescribe(nodes_, std::move(prescribed));
  // A node may be held by a cell that its owner does not see: bring the flags and the values to the owner.
  std::vector<std::uint8_t> &fixed = prescribed.fixed;
  {
    std::vector<double> &value = prescribed.value;
    std::vector<std::uint8_t> counts(fixed.size(), 0); // of the other ranks that hold an entry
    for (std::size_t i = 3 * nodes_.n_owned(); i < fixed.size(); ++i) counts[i] = fixed[i] ? 1 : 0;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (!fixed[i]) value[i] = 0.0;
    const std::vector<double> own(value.begin(),
                                  value.begin() + static_cast<std::ptrdiff_t>(3 * nodes_.n_owned()));
    nodes_.exchange().add_to_owners(value.data(), 3);
    nodes_.exchange().add_to_owners(counts.data(), 3);
    prescribed_.clear();
    for (std::size_t i = 0; i < own.size(); ++i) {
      const bool is_held = (fixed[i] || counts[i] > 0) && !nodes_.is_hanging(i / 3); // its masters are held
      if (is_held)
        prescribed_.push_back({static_cast<std::uint32_t>(i), fixed[i] ? own[i] : value[i] / counts[i]});
      fixed[i] = is_held ? 1 : 0;
    }
  }
  std::vector<double>().swap(prescribed.value);
  nodes_.exchange().update_ghosts(fixed.data(), 3);
  multigrid_->set_fixed(std::move(fixed));
}

void ElasticSolver::set_moduli(std::vector<double> lambda, std::vector<double> mu)
{
  const Clock clock;
  if (assembled_)
    assembled_->set_moduli(lambda, mu);
  else
    multigrid_->set_moduli(lambda, mu);
  stiffness_.set_moduli(std::move(lambda), std::move(mu));
  is_free_.resize(3 * nodes_.n_owned());
  if (multigrid_)
    for (std::size_t i = 0; i < is_free_.size(); ++i) is_free_[i] = multigrid_->is_free(i) ? 1 : 0;
  setup_seconds_ = clock.seconds();
}

double ElasticSolver::sum(double mine) const
{
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, forest_.comm());
  return mine;
}

void ElasticSolver::select_load_case(const std::size_t index)
{
  load_case_ = index;
  former_.resize(std::max(former_.size(), index + 1));
}

/**
 * u = prescribed values + V a: V holds the last solution and its differences to former ones at free entries,
 * and a solves (V^T K V) a = V^T (f - K u_prescribed), which makes the error of u least in energy within the
 * span.
 */
void ElasticSolver::start_from_former(const std::vector<double> &right, std::vector<double> &u)
{
  const std::vector<std::vector<double>> &former = former_[load_case_];
  const std::size_t n = is_free_.size(), m = former.size();
  if (m == 0) return;
  std::vector<double> v = zero_vector(), image = zero_vector();
  const auto basis = [&](const std::size_t k, const std::size_t i) {
    return !is_free_[i] ? 0.0 : k == 0 ? former[0][i] : former[0][i] - former[k][i];
  };
  Eigen::MatrixXd energies(m, m);
  Eigen::VectorXd works(m);
  for (std::size_t k = 0; k < m; ++k) {
    for (std::size_t i = 0; i < n; ++i) v[i] = basis(k, i);
    stiffness_.apply(v, image);
    std::vector<double> sums(m + 1, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t l = 0; l < m; ++l) sums[l] += basis(l, i) * image[i];
      sums[m] += v[i] * right[i];
    }
    MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(m + 1), MPI_DOUBLE, MPI_SUM, forest_.comm());
    for (std::size_t l = 0; l < m; ++l)
      energies(static_cast<Eigen::Index>(l), static_cast<Eigen::Index>(k)) = sums[l];
    works[static_cast<Eigen::Index>(k)] = sums[m];
  }
  // Differences of nearly equal solutions are small and nearly parallel: scaled, and the least of them
  // dropped.
  const Eigen::VectorXd scale = energies.diagonal().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd scaled = scale.asDiagonal() * energies * scale.asDiagonal();
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver(scaled);
  solver.setThreshold(1e-10);
  const Eigen::VectorXd a = scale.asDiagonal() * solver.solve(scale.asDiagonal() * works);
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_free_[i]) continue;
    u[i] = 0;
    for (std::size_t k = 0; k < m; ++k) u[i] += a[static_cast<Eigen::Index>(k)] * basis(k, i);
  }
}

SolveReport ElasticSolver::solve(std::vector<double> forces, std::vector<double> &u, const Vector3 &reference)
{
  if (assembled_) return assembled_->solve(nodes_, std::move(forces), u, reference);
  const Clock clock;
  profile_.reset();
  const SolveProfile::Scope scope(profile_, Work::vectors);
  const std::size_t n = is_free_.size();
  SolveReport report;
  nodes_.fold_hanging(forces.data(), 3);
  nodes_.exchange().add_to_owners(forces.data(), 3);
  // Few nodes carry a load: what is kept of it during the solve are the entries that are not zero.
  std::vector<Entry> loads;
  for (std::size_t i = 0; i < n; ++i)
    if (forces[i] != 0) loads.push_back({static_cast<std::uint32_t>(i), forces[i]});
  std::vector<double>().swap(forces);

  std::vector<double> r = zero_vector(), p = zero_vector(), image = zero_vector();
  std::vector<float> &scaled_residual = multigrid_->right_hand_side();
  const std::vector<float> &z = multigrid_->correction();

  /// r = f - K v on free entries; its 2-norm.
  const auto residual_of = [&](std::vector<double> &v) {
    stiffness_.apply(v, image);
    for (std::size_t i = 0; i < n; ++i) r[i] = -image[i];
    for (const Entry &load : loads) r[load.index] += load.value;
    double square = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!is_free_[i]) r[i] = 0;
      square += r[i] * r[i];
    }
    return std::sqrt(sum(square));
  };
  // The right-hand side of the free unknowns is what remains of the load at u = prescribed values, zero
  // elsewhere.
  for (std::size_t i = 0; i < n; ++i)
    if (!is_free_[i]) u[i] = 0;
  for (const Entry &held : prescribed_) p[held.index] = u[held.index] = held.value;
  const double right = residual_of(p);
  const auto not_converged = [&](const std::string &what) {
    return Fault(Exit::not_converged, "elastic-solve", "", what)
        .found(
            fmt::format("relative residual {:.3g} after {} iterations", report.residual, report.iterations))
        .wanted(fmt::format("{:.3g}", options_.tolerance));
  };

  if (options_.former_solutions > 1) start_from_former(r, u); // r is f - K u_prescribed
  if (right == 0)                                             // nothing acts: the answer is known
    for (std::size_t i = 0; i < n; ++i)
      if (is_free_[i]) u[i] = 0;
  double norm = residual_of(u);
  report.residual = report.first_residual = right == 0 ? 0.0 : norm / right;
  // Rounding parts the recurrence from the true residual: when it has converged, look, and go on if need be.
  for (int restart = 0; !(report.residual <= options_.tolerance); ++restart) { // also if it is no number
    if (!std::isfinite(report.residual)) throw not_converged("the residual is not finite");
    if (restart == 4) throw not_converged("conjugate gradients stagnate");
    // The preconditioner works in float on the residual scaled to the order of one.
    double scale = std::sqrt(static_cast<double>(nodes_.n_global())) / norm;
    for (std::size_t i = 0; i < n; ++i) scaled_residual[i] = static_cast<float>(scale * r[i]);
    double rho = 0, estimate = report.residual;
    for (bool is_first = true; estimate > options_.tolerance; is_first = false) {
      if (report.iterations == options_.most_iterations) {
        report.residual = residual_of(u) / right;
        throw not_converged("conjugate gradients did not converge")
            .hint("Allow more iterations, set Solver/Coarse corrections to 5, or Solver/Method to assembled");
      }
      multigrid_->precondition();
      double product = 0;
      for (std::size_t i = 0; i < n; ++i) product += r[i] * static_cast<double>(z[i]);
      const double rho_next = sum(product) / scale, beta = is_first ? 0.0 : rho_next / rho;
      rho = rho_next;
      for (std::size_t i = 0; i < n; ++i) p[i] = static_cast<double>(z[i]) / scale + beta * p[i];

      double curvature = 0;
      stiffness_.apply(p, image, &curvature);
      curvature = sum(curvature);
      if (!(curvature > 0) || !(rho > 0)) {
        report.residual = residual_of(u) / right;
        throw not_converged("conjugate gradients broke down: the stiffness is not positive");
      }
      const double alpha = rho / curvature;
      scale = std::sqrt(static_cast<double>(nodes_.n_global())) / norm;
      double square = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (!is_free_[i]) continue;
        u[i] += alpha * p[i];
        r[i] -= alpha * image[i];
        square += r[i] * r[i];
        scaled_residual[i] = static_cast<float>(scale * r[i]);
      }
      ++report.iterations;
      norm = std::sqrt(sum(square));
      estimate = norm / right;
    }
    norm = residual_of(u);
    report.residual = norm / right;
  }
  if (options_.former_solutions > 1) {
    std::vector<std::vector<double>> &former = former_[load_case_];
    former.insert(former.begin(), std::vector<double>(u.begin(), u.begin() + static_cast<std::ptrdiff_t>(n)));
    if (former.size() > static_cast<std::size_t>(options_.former_solutions)) former.pop_back();
  }
  forces = zero_vector();
  for (const Entry &load : loads) forces[load.index] = load.value;
  std::vector<std::uint8_t> is_held(n, 0);
  for (const Entry &held : prescribed_) is_held[held.index] = 1;

  // Reactions and energies from the same operator: image = K u after residual_of(u).
  SolveBalance balance(reference);
  std::vector<std::uint8_t> done(nodes_.n_owned(), 0);
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    const int m = voxels_per_edge + 1;
    for (int place = 0; place < m * m * m; ++place) {
      const std::uint32_t node = nodes_.of_brick(b)[place];
      if (node >= nodes_.n_owned() || done[node] || nodes_.is_hanging(node)) continue;
      done[node] = 1;
      const std::size_t at = 3 * std::size_t{node};
      balance.add({discretisation::node_position(forest_.brick(b), voxels_per_edge, place % m, place / m % m,
                                                 place / (m * m)),
                   &u[at], &image[at], &forces[at], &is_held[at]});
    }
  }
  balance.write_to(report, forest_.comm());
  report.setup_seconds = setup_seconds_;
  report.solve_seconds = clock.seconds();
  report.profile = profile_.seconds();
  return report;
}

std::vector<SymmetricTensor>
ElasticSolver::centre_strains(std::vector<double> &u, const std::vector<std::uint32_t> &voxel_of_cell) const
{
  nodes_.exchange().update_ghosts(u.data(), 3);
  nodes_.fill_hanging(u.data(), 3);
  std::vector<SymmetricTensor> strains(voxel_of_cell.size());
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i) {
    // At the centre each derivative is the mean of the four edge differences along its axis.
    const double quarter = 0.25 / forest_.brick(voxel_of_cell[i] / brick_voxels).voxel_edge();
    double gradient[3][3] = {};
    for (int corner = 0; corner < 8; ++corner) {
      const double *const value = &u[3 * static_cast<std::size_t>(corner_node(voxel_of_cell[i], corner))];
      for (int axis = 0; axis < 3; ++axis) {
        const double sign = corner >> axis & 1 ? quarter : -quarter;
        for (int c = 0; c < 3; ++c) gradient[c][axis] += sign * value[c];
      }
    }
    strains[i].components = {gradient[0][0],
                             gradient[1][1],
                             gradient[2][2],
                             0.5 * (gradient[0][1] + gradient[1][0]),
                             0.5 * (gradient[1][2] + gradient[2][1]),
                             0.5 * (gradient[0][2] + gradient[2][0])};
  }
  return strains;
}

std::vector<Vector3>
ElasticSolver::centre_displacements(std::vector<double> &u,
                                    const std::vector<std::uint32_t> &voxel_of_cell) const
{
  nodes_.exchange().update_ghosts(u.data(), 3);
  nodes_.fill_hanging(u.data(), 3);
  std::vector<Vector3> means(voxel_of_cell.size(), Vector3::Zero());
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i)
    for (int corner = 0; corner < 8; ++corner) {
      const double *const value = &u[3 * static_cast<std::size_t>(corner_node(voxel_of_cell[i], corner))];
      means[i] += 0.125 * Vector3(value[0], value[1], value[2]);
    }
  return means;
}

std::uint32_t ElasticSolver::corner_node(const std::uint32_t voxel, const int corner) const
{
  constexpr int n = voxels_per_edge, m = n + 1;
  const int v = static_cast<int>(voxel % brick_voxels);
  const int i = v % n + (corner & 1), j = v / n % n + (corner >> 1 & 1), k = v / (n * n) + (corner >> 2);
  return nodes_.of_brick(voxel / brick_voxels)[(k * m + j) * m + i];
}

std::int64_t ElasticSolver::n_unknowns() const
{
  if (assembled_) return assembled_->n_unknowns();
  std::int64_t n = 0;
  for (const std::uint8_t free : is_free_) n += free;
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, forest_.comm());
  return n;
}

} // namespace wolff::mechanics
