#include "mechanics/elastic_solver.h"

#include "base/errors.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace wolff::mechanics {

using discretisation::brick_voxels;
using discretisation::voxels_per_edge;

namespace {

double seconds_since(const std::chrono::steady_clock::time_point start)
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

void SolverOptions::declare(Options &options)
{
  options.add("Tolerance [-]", tolerance,
              "Residual relative to the right-hand side, in the 2-norm of the free unknowns.",
              {1e-14, 1e-2, false, false});
  options.add("Most iterations [-]", most_iterations, "Iterations of conjugate gradients before giving up.",
              between(1, 100000));
  options.add("Smoothing steps [-]", multigrid.smoothing_steps, "Degree of the Chebyshev smoother.",
              between(1, 10));
  options.add("Smoothing range [-]", multigrid.smoothing_range,
              "Ratio of the largest eigenvalue to the smallest one that the smoother damps.",
              between(2, 100));
  options.add("Coarse corrections [-]", multigrid.coarse_corrections,
              "Visits of the next coarser level, below the finest: 1 is a V-cycle, 2 a W-cycle.",
              between(1, 4));
}

double SolveReport::force_imbalance() const
{
  const double scale = std::max({force_size, applied.norm(), reaction.norm()});
  return scale > 0 ? (applied + reaction).norm() / scale : 0.0;
}

double SolveReport::energy_imbalance() const
{
  const double scale = std::max(std::abs(strain_energy), std::abs(external_work));
  return scale > 0 ? std::abs(strain_energy - external_work) / scale : 0.0;
}

ElasticSolver::ElasticSolver(const discretisation::BrickForest &forest, const SolverOptions &options)
    : forest_(forest), options_(options), nodes_(forest, voxels_per_edge), stiffness_(forest, nodes_),
      multigrid_(forest, nodes_, options.multigrid), prescribed_(nothing_prescribed())
{
}

PrescribedDisplacement ElasticSolver::nothing_prescribed() const
{
  return {std::vector<std::uint8_t>(3 * nodes_.n_local(), 0), std::vector<double>(3 * nodes_.n_local(), 0.0)};
}

void ElasticSolver::set_prescribed(PrescribedDisplacement prescribed)
{
  prescribed_ = std::move(prescribed);
  // A node may be held by a cell that its owner does not see: bring the flags and the values to the owner.
  std::vector<double> sums(3 * nodes_.n_local());
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = prescribed_.fixed[i] ? prescribed_.value[i] : 0.0;
  std::vector<double> counts(prescribed_.fixed.begin(), prescribed_.fixed.end());
  nodes_.exchange().add_to_owners(sums.data(), 3);
  nodes_.exchange().add_to_owners(counts.data(), 3);
  for (std::size_t i = 0; i < 3 * nodes_.n_owned(); ++i) {
    if (nodes_.is_hanging(i / 3)) counts[i] = 0; // its masters are held
    if (!prescribed_.fixed[i] && counts[i] > 0) prescribed_.value[i] = sums[i] / counts[i];
    prescribed_.fixed[i] = counts[i] > 0 ? 1 : 0;
  }
  nodes_.exchange().update_ghosts(prescribed_.fixed.data(), 3);
  nodes_.exchange().update_ghosts(prescribed_.value.data(), 3);
  multigrid_.set_fixed(prescribed_.fixed);
}

void ElasticSolver::set_moduli(std::vector<double> lambda, std::vector<double> mu)
{
  const auto start = std::chrono::steady_clock::now();
  multigrid_.set_moduli(lambda, mu);
  stiffness_.set_moduli(std::move(lambda), std::move(mu));
  const std::vector<double> diagonal = stiffness_.diagonal();
  is_free_.assign(3 * nodes_.n_owned(), 0);
  for (std::size_t i = 0; i < is_free_.size(); ++i)
    is_free_[i] = diagonal[i / 3] > 0 && !prescribed_.fixed[i] && !nodes_.is_hanging(i / 3) ? 1 : 0;
  setup_seconds_ = seconds_since(start);
}

double ElasticSolver::dot(const std::vector<double> &a, const std::vector<double> &b) const
{
  double sum = 0;
  for (std::size_t i = 0; i < is_free_.size(); ++i) sum += a[i] * b[i];
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, forest_.comm());
  return sum;
}

SolveReport ElasticSolver::solve(std::vector<double> forces, std::vector<double> &u, const Vector3 &reference)
{
  const auto start = std::chrono::steady_clock::now();
  const std::size_t n = is_free_.size();
  SolveReport report;
  nodes_.fold_hanging(forces.data(), 3);
  nodes_.exchange().add_to_owners(forces.data(), 3);

  std::vector<double> r = zero_vector(), z = zero_vector(), p = zero_vector(), image = zero_vector();

  // The right-hand side of the free unknowns is what remains of the load at u = prescribed values, zero
  // elsewhere.
  for (std::size_t i = 0; i < n; ++i) p[i] = prescribed_.fixed[i] ? prescribed_.value[i] : 0.0;
  stiffness_.apply(p, image);
  for (std::size_t i = 0; i < n; ++i) r[i] = is_free_[i] ? forces[i] - image[i] : 0.0;
  const double right = std::sqrt(dot(r, r));

  for (std::size_t i = 0; i < n; ++i)
    if (!is_free_[i]) u[i] = prescribed_.fixed[i] ? prescribed_.value[i] : 0.0;
  const auto true_residual = [&] {
    stiffness_.apply(u, image);
    for (std::size_t i = 0; i < n; ++i) r[i] = is_free_[i] ? forces[i] - image[i] : 0.0;
    return right > 0 ? std::sqrt(dot(r, r)) / right : 0.0;
  };
  const auto not_converged = [&](const std::string &what) {
    return Fault(Exit::not_converged, "elastic-solve", "", what)
        .found(
            fmt::format("relative residual {:.3g} after {} iterations", report.residual, report.iterations))
        .wanted(fmt::format("{:.3g}", options_.tolerance));
  };

  report.residual = report.first_residual = true_residual();
  // Rounding parts the recurrence from the true residual: when it has converged, look, and go on if need be.
  for (int restart = 0; report.residual > options_.tolerance; ++restart) {
    if (!std::isfinite(report.residual)) throw not_converged("the residual is not finite");
    if (restart == 4) throw not_converged("conjugate gradients stagnate");
    multigrid_.precondition(r, z);
    std::copy(z.begin(), z.begin() + static_cast<std::ptrdiff_t>(n), p.begin());
    double rho = dot(r, z), estimate = report.residual;
    while (estimate > options_.tolerance) {
      if (report.iterations == options_.most_iterations) {
        report.residual = true_residual();
        throw not_converged("conjugate gradients did not converge")
            .hint("Allow more iterations or coarse corrections");
      }
      stiffness_.apply(p, image);
      const double curvature = dot(p, image);
      if (!(curvature > 0) || !(rho > 0)) {
        report.residual = true_residual();
        throw not_converged("conjugate gradients broke down: the stiffness is not positive");
      }
      const double alpha = rho / curvature;
      for (std::size_t i = 0; i < n; ++i)
        if (is_free_[i]) {
          u[i] += alpha * p[i];
          r[i] -= alpha * image[i];
        }
      ++report.iterations;
      estimate = std::sqrt(dot(r, r)) / right;
      if (estimate <= options_.tolerance) break;
      multigrid_.precondition(r, z);
      const double rho_next = dot(r, z), beta = rho_next / rho;
      rho = rho_next;
      for (std::size_t i = 0; i < n; ++i) p[i] = z[i] + beta * p[i];
    }
    report.residual = true_residual();
  }

  // Reactions and energies from the same operator: image = K u after true_residual().
  std::array<double, 15> sums{};
  std::vector<std::uint8_t> done(nodes_.n_owned(), 0);
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    const int m = voxels_per_edge + 1;
    for (int place = 0; place < m * m * m; ++place) {
      const std::uint32_t node = nodes_.of_brick(b)[place];
      if (node >= nodes_.n_owned() || done[node] || nodes_.is_hanging(node)) continue;
      done[node] = 1;
      const Vector3 arm = discretisation::node_position(forest_.brick(b), voxels_per_edge, place % m,
                                                        place / m % m, place / (m * m)) -
                          reference;
      Vector3 force, reaction;
      for (int c = 0; c < 3; ++c) {
        const std::size_t i = 3 * static_cast<std::size_t>(node) + static_cast<std::size_t>(c);
        force[c] = forces[i];
        reaction[c] = prescribed_.fixed[i] ? image[i] - forces[i] : 0.0;
        sums[12] += 0.5 * u[i] * image[i];
        sums[13] += 0.5 * u[i] * (forces[i] + reaction[c]);
      }
      sums[14] += 0.5 * (force.norm() + reaction.norm());
      const Vector3 force_moment = arm.cross(force), reaction_moment = arm.cross(reaction);
      for (std::size_t c = 0; c < 3; ++c) {
        const auto d = static_cast<Eigen::Index>(c);
        sums[c] += force[d];
        sums[3 + c] += reaction[d];
        sums[6 + c] += force_moment[d];
        sums[9 + c] += reaction_moment[d];
      }
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 15, MPI_DOUBLE, MPI_SUM, forest_.comm());
  report.applied = Vector3(sums[0], sums[1], sums[2]);
  report.reaction = Vector3(sums[3], sums[4], sums[5]);
  report.applied_moment = Vector3(sums[6], sums[7], sums[8]);
  report.reaction_moment = Vector3(sums[9], sums[10], sums[11]);
  report.force_size = sums[14];
  report.strain_energy = sums[12];
  report.external_work = sums[13];
  report.setup_seconds = setup_seconds_;
  report.solve_seconds = seconds_since(start);
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
  std::int64_t n = 0;
  for (const std::uint8_t free : is_free_) n += free;
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, forest_.comm());
  return n;
}

} // namespace wolff::mechanics
