#include "mechanics/assembled_solver.h"

#include "base/clock.h"
#include "base/errors.h"
#include "mechanics/assembled_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wolff::mechanics {

using discretisation::brick_voxels;
using discretisation::BrickNodes;
using discretisation::voxels_per_edge;

namespace {

double sum_over_ranks(double value, const MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
  return value;
}

double dot(const std::vector<double> &a, const std::vector<double> &b, const MPI_Comm comm)
{
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum_over_ranks(sum, comm);
}

/// visit(node of the bricks, node of the mesh of voxels) for each node of an owned brick that stands in both.
template <typename Visit>
void for_each_pair(const discretisation::BrickForest &forest, const BrickNodes &bricks,
                   const discretisation::VoxelNodes &voxels, const Visit &visit)
{
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (std::size_t place = 0; place < bricks.nodes_per_brick(); ++place)
      visit(bricks.of_brick(b)[place], voxels.of_brick(b)[place]);
}

} // namespace

AssembledSolver::AssembledSolver(const discretisation::BrickForest &forest, const int degree,
                                 const SolverOptions &options)
    : forest_(forest), options_(options), element_(degree), nodes_(forest, degree),
      position_(nodes_.n_local(), Vector3::Zero()), prescribed_{
                                                        std::vector<std::uint8_t>(3 * nodes_.n_local(), 0),
                                                        zero_vector()}
{
  const int n = nodes_.n(), m = n + 1;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int i = 0; i < m * m * m; ++i)
      position_[nodes_.of_brick(b)[i]] =
          discretisation::node_position(forest.brick(b), n, i % m, i / m % m, i / (m * m));
}

AssembledSolver::~AssembledSolver() = default;

std::uint32_t AssembledSolver::node_of(const std::size_t voxel, const int local) const
{
  const int degree = element_.degree(), m = degree + 1, line = nodes_.n() + 1;
  const int v = static_cast<int>(voxel % brick_voxels);
  const int i = v % 8 * degree + local % m, j = v / 8 % 8 * degree + local / m % m,
            k = v / 64 * degree + local / (m * m);
  return nodes_.of_brick(voxel / brick_voxels)[(k * line + j) * line + i];
}

void AssembledSolver::set_moduli(std::vector<double> lambda, std::vector<double> mu)
{
  lambda_ = std::move(lambda);
  mu_ = std::move(mu);
  matrix_.reset();
}

void AssembledSolver::prescribe(const Prescription &prescription)
{
  for (std::size_t i = 0; i < 3 * nodes_.n_owned(); ++i) {
    if (nodes_.is_hanging(i / 3)) continue; // its masters are asked
    const std::optional<double> value = prescription(position_[i / 3], static_cast<int>(i % 3));
    prescribed_.fixed[i] = value ? 1 : 0;
    prescribed_.value[i] = value.value_or(0.0);
  }
  nodes_.exchange().update_ghosts(prescribed_.fixed.data(), 3);
  nodes_.exchange().update_ghosts(prescribed_.value.data(), 3);
  matrix_.reset();
}

void AssembledSolver::prescribe(const BrickNodes &bricks, PrescribedDisplacement prescribed)
{
  // A flag set on any rank holds; a value of the bricks' owner wins, else the mean of what the others say.
  std::vector<double> sums(3 * bricks.n_local(), 0.0),
      counts(prescribed.fixed.begin(), prescribed.fixed.end());
  for (std::size_t i = 0; i < sums.size(); ++i)
    if (prescribed.fixed[i]) sums[i] = prescribed.value[i];
  bricks.exchange().add_to_owners(sums.data(), 3);
  bricks.exchange().add_to_owners(counts.data(), 3);
  for (std::size_t i = 0; i < 3 * bricks.n_owned(); ++i)
    if (counts[i] > 0 && !prescribed.fixed[i]) prescribed.value[i] = sums[i] / counts[i];
  std::vector<double> fixed = zero_vector(), value = zero_vector();
  for_each_pair(forest_, bricks, nodes_, [&](const std::size_t brick_node, const std::size_t node) {
    if (brick_node >= bricks.n_owned() || bricks.is_hanging(brick_node)) return;
    for (std::size_t c = 0; c < 3; ++c)
      if (counts[3 * brick_node + c] > 0) {
        fixed[3 * node + c] = 1;
        value[3 * node + c] = prescribed.value[3 * brick_node + c];
      }
  });
  nodes_.exchange().add_to_owners(fixed.data(), 3); // exactly one rank has spoken for each node
  nodes_.exchange().add_to_owners(value.data(), 3);
  nodes_.exchange().update_ghosts(fixed.data(), 3);
  nodes_.exchange().update_ghosts(value.data(), 3);
  for (std::size_t i = 0; i < fixed.size(); ++i) prescribed_.fixed[i] = fixed[i] > 0 ? 1 : 0;
  prescribed_.value = std::move(value);
  matrix_.reset();
}

void AssembledSolver::apply(std::vector<double> &u, std::vector<double> &f) const
{
  nodes_.exchange().update_ghosts(u.data(), 3);
  nodes_.fill_hanging(u.data(), 3);
  std::fill(f.begin(), f.end(), 0.0);
  Eigen::VectorXd local(3 * element_.n_nodes());
  for (std::size_t voxel = 0; voxel < mu_.size(); ++voxel) {
    if (mu_[voxel] == 0) continue;
    for (int i = 0; i < local.size(); ++i)
      local[i] = u[3 * node_of(voxel, i / 3) + static_cast<std::size_t>(i % 3)];
    const double h = forest_.brick(voxel / brick_voxels).voxel_edge();
    local =
        (h * lambda_[voxel] * (element_.per_lambda() * local) + h * mu_[voxel] * (element_.per_mu() * local))
            .eval();
    for (int i = 0; i < local.size(); ++i)
      f[3 * node_of(voxel, i / 3) + static_cast<std::size_t>(i % 3)] += local[i];
  }
  nodes_.fold_hanging(f.data(), 3);
  nodes_.exchange().add_to_owners(f.data(), 3);
}

void AssembledSolver::assemble()
{
  const Clock clock;
  std::vector<double> is_stiff(nodes_.n_local(), 0.0);
  for (std::size_t voxel = 0; voxel < mu_.size(); ++voxel)
    if (mu_[voxel] > 0)
      for (int a = 0; a < element_.n_nodes(); ++a) is_stiff[node_of(voxel, a)] = 1;
  for (const discretisation::VoxelNodes::Hanging &h : nodes_.hanging())
    if (is_stiff[h.node] > 0)
      for (std::uint32_t m = h.begin; m < h.end; ++m) is_stiff[nodes_.masters()[m].node] = 1;
  nodes_.exchange().add_to_owners(is_stiff.data(), 1);
  is_free_.assign(3 * nodes_.n_local(), 0);
  for (std::size_t i = 0; i < 3 * nodes_.n_owned(); ++i)
    is_free_[i] = is_stiff[i / 3] > 0 && !prescribed_.fixed[i] && !nodes_.is_hanging(i / 3) ? 1 : 0;
  nodes_.exchange().update_ghosts(is_free_.data(), 3);
  matrix_ = std::make_unique<AssembledMatrix>(
      AssembledInput{forest_, nodes_, element_, lambda_, mu_, position_, is_free_});
  setup_seconds_ = clock.seconds();
}

double AssembledSolver::free_norm(const std::vector<double> &r) const
{
  double sum = 0;
  for (std::size_t i = 0; i < 3 * nodes_.n_owned(); ++i)
    if (is_free_[i]) sum += r[i] * r[i];
  return std::sqrt(sum_over_ranks(sum, forest_.comm()));
}

SolveReport AssembledSolver::solve(std::vector<double> forces, std::vector<double> &u,
                                   const Vector3 &reference)
{
  if (!matrix_) assemble();
  const Clock clock;
  const MPI_Comm comm = forest_.comm();
  const std::size_t n_owned = 3 * nodes_.n_owned();
  SolveReport report;
  nodes_.fold_hanging(forces.data(), 3);
  nodes_.exchange().add_to_owners(forces.data(), 3);

  // The right-hand side of the free unknowns is what remains of the load at u = prescribed values, zero
  // elsewhere.
  std::vector<double> residual = zero_vector(), image = zero_vector(), held = zero_vector();
  const auto take_residual = [&](std::vector<double> &displacement) {
    apply(displacement, image);
    for (std::size_t i = 0; i < n_owned; ++i) residual[i] = is_free_[i] ? forces[i] - image[i] : 0.0;
    return free_norm(residual);
  };
  for (std::size_t i = 0; i < n_owned; ++i) {
    held[i] = prescribed_.fixed[i] ? prescribed_.value[i] : 0.0;
    if (!is_free_[i]) u[i] = held[i];
  }
  const double right = take_residual(held);
  if (right == 0) // nothing pushes: at rest is the answer, whatever the start
    for (std::size_t i = 0; i < n_owned; ++i)
      if (is_free_[i]) u[i] = 0;
  const auto true_residual = [&] { return take_residual(u) / (right == 0 ? 1 : right); };
  const auto not_converged = [&](const std::string &what) {
    return Fault(Exit::not_converged, "elastic-solve", "", what)
        .found(
            fmt::format("relative residual {:.3g} after {} iterations", report.residual, report.iterations))
        .wanted(fmt::format("{:.3g}", options_.tolerance));
  };

  std::vector<double> x(matrix_->n_rows()), r(x), z(x), p(x), q(x);
  report.residual = report.first_residual = true_residual();
  // Rounding parts the recurrence from the true residual: when it has converged, look, and go on if need be.
  for (int restart = 0; !(report.residual <= options_.tolerance); ++restart) {
    if (!std::isfinite(report.residual)) throw not_converged("the residual is not finite");
    if (restart == 4) throw not_converged("conjugate gradients stagnate");
    matrix_->to_rows(u, x);
    matrix_->to_rows(residual, r);
    matrix_->precondition(r, z);
    p = z;
    double rho = dot(r, z, comm), estimate = report.residual;
    while (!(estimate <= options_.tolerance)) {
      const bool too_many = report.iterations == options_.most_iterations;
      if (!too_many) matrix_->apply(p, q);
      const double curvature = too_many ? 0.0 : dot(p, q, comm);
      if (too_many || !(curvature > 0) || !(rho > 0)) {
        matrix_->to_nodes(x, u);
        report.residual = true_residual();
        if (too_many)
          throw not_converged("conjugate gradients did not converge").hint("Allow more iterations");
        throw not_converged("conjugate gradients broke down: the stiffness is not positive");
      }
      const double alpha = rho / curvature;
      for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += alpha * p[i];
        r[i] -= alpha * q[i];
      }
      ++report.iterations;
      estimate = std::sqrt(dot(r, r, comm)) / right;
      if (estimate <= options_.tolerance) break;
      matrix_->precondition(r, z);
      const double rho_next = dot(r, z, comm), beta = rho_next / rho;
      rho = rho_next;
      for (std::size_t i = 0; i < p.size(); ++i) p[i] = z[i] + beta * p[i];
    }
    matrix_->to_nodes(x, u);
    report.residual = true_residual();
  }

  SolveBalance balance(reference); // image = K u after true_residual()
  for (std::size_t node = 0; node < nodes_.n_owned(); ++node)
    if (const std::size_t at = 3 * node; !nodes_.is_hanging(node))
      balance.add({position_[node], &u[at], &image[at], &forces[at], &prescribed_.fixed[at]});
  balance.write_to(report, comm);
  report.setup_seconds = setup_seconds_;
  report.solve_seconds = clock.seconds();
  return report;
}

SolveReport AssembledSolver::solve(const BrickNodes &bricks, std::vector<double> forces,
                                   std::vector<double> &u, const Vector3 &reference)
{
  bricks.fold_hanging(forces.data(), 3);
  bricks.exchange().add_to_owners(forces.data(), 3);
  bricks.exchange().update_ghosts(u.data(), 3);
  bricks.fill_hanging(u.data(), 3);
  std::vector<double> our_forces = zero_vector(), our_u = zero_vector();
  std::vector<std::uint8_t> done(bricks.n_owned(), 0);
  for_each_pair(forest_, bricks, nodes_, [&](const std::size_t brick_node, const std::size_t node) {
    const bool is_first =
        brick_node < bricks.n_owned() && !bricks.is_hanging(brick_node) && !done[brick_node];
    if (is_first) done[brick_node] = 1;
    for (std::size_t c = 0; c < 3; ++c) {
      our_u[3 * node + c] = u[3 * brick_node + c];
      if (is_first) our_forces[3 * node + c] = forces[3 * brick_node + c];
    }
  });
  const SolveReport report = solve(std::move(our_forces), our_u, reference);
  for_each_pair(forest_, bricks, nodes_, [&](const std::size_t brick_node, const std::size_t node) {
    for (std::size_t c = 0; c < 3; ++c) u[3 * brick_node + c] = our_u[3 * node + c];
  });
  bricks.exchange().update_ghosts(u.data(), 3); // masters that lie on no owned brick
  return report;
}

std::int64_t AssembledSolver::n_unknowns() const
{
  std::int64_t n = 0;
  for (std::size_t i = 0; i < 3 * nodes_.n_owned() && i < is_free_.size(); ++i) n += is_free_[i];
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, forest_.comm());
  return n;
}

} // namespace wolff::mechanics
