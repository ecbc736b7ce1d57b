#include "coupling/solve_start.h"

#include <algorithm>
#include <utility>

namespace wolff::coupling {

namespace {

/// Interpolation from masters that are no corner of a cell to the hanging nodes that are. Rows belong to the
/// owner of the hanging node.
class VoidMasters
{
public:
  VoidMasters(const discretisation::BrickNodes &nodes, std::vector<std::uint8_t> is_known)
      : nodes_(nodes), is_known_(std::move(is_known))
  {
    nodes_.exchange().merge_to_owners(
        is_known_.data(), 1, [](const std::uint8_t a, const std::uint8_t b) { return std::max(a, b); });
    nodes_.exchange().update_ghosts(is_known_.data(), 1);
    for (const auto &hanging : nodes_.hanging()) {
      if (hanging.node >= nodes_.n_owned() || is_known_[hanging.node] == 0) continue;
      const bool has_unknown =
          std::any_of(nodes_.masters().begin() + hanging.begin, nodes_.masters().begin() + hanging.end,
                      [&](const auto &master) { return is_known_[master.node] == 0; });
      if (has_unknown) rows_.push_back(hanging);
    }
  }

  void set_unknown_to_zero(std::vector<double> &u) const
  {
    for (std::size_t i = 0; i < u.size(); ++i)
      if (is_known_[i / 3] == 0) u[i] = 0;
  }

  /// What the masters with or without a known value give to each hanging node; ghosts of u current.
  std::vector<double> interpolate(const std::vector<double> &u, const bool known) const
  {
    std::vector<double> result(3 * rows_.size(), 0.0);
    for (std::size_t row = 0; row < rows_.size(); ++row)
      for (std::uint32_t m = rows_[row].begin; m < rows_[row].end; ++m) {
        const auto &master = nodes_.masters()[m];
        if ((is_known_[master.node] != 0) != known) continue;
        for (std::size_t c = 0; c < 3; ++c)
          result[3 * row + c] += double{master.weight} * u[3 * std::size_t{master.node} + c];
      }
    return result;
  }

  /// The transpose, to the masters without a known value; owned entries are complete.
  void fold(const std::vector<double> &at_rows, std::vector<double> &v) const
  {
    std::fill(v.begin(), v.end(), 0.0);
    for (std::size_t row = 0; row < rows_.size(); ++row)
      for (std::uint32_t m = rows_[row].begin; m < rows_[row].end; ++m) {
        const auto &master = nodes_.masters()[m];
        if (is_known_[master.node] != 0) continue;
        for (std::size_t c = 0; c < 3; ++c)
          v[3 * std::size_t{master.node} + c] += double{master.weight} * at_rows[3 * row + c];
      }
    nodes_.exchange().add_to_owners(v.data(), 3);
  }

  double square(const std::vector<double> &values, const std::size_t n) const
  {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += values[i] * values[i];
    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, nodes_.comm());
    return sum;
  }

  const std::vector<discretisation::BrickNodes::Hanging> &rows() const { return rows_; }

private:
  const discretisation::BrickNodes &nodes_;
  std::vector<std::uint8_t> is_known_;
  std::vector<discretisation::BrickNodes::Hanging> rows_;
};

/// An interpolation from few neighbours: its condition number is of the order of ten.
constexpr int most_steps = 60;
constexpr double tolerance = 1e-12;

} // namespace

std::vector<double> start_of(const Model &model, std::vector<double> displacement)
{
  std::vector<std::uint8_t> is_known(model.solver->nodes().n_local(), 0);
  for (const std::uint32_t voxel : model.mesh->voxel_of_cell())
    for (int corner = 0; corner < 8; ++corner) is_known[model.solver->corner_node(voxel, corner)] = 1;
  return start_from_known(model.solver->nodes(), std::move(is_known), std::move(displacement));
}

std::vector<double> start_from_known(const discretisation::BrickNodes &nodes,
                                     std::vector<std::uint8_t> is_known, std::vector<double> displacement)
{
  const VoidMasters masters(nodes, std::move(is_known));
  const std::size_t n = 3 * nodes.n_owned();
  masters.set_unknown_to_zero(displacement);
  nodes.exchange().update_ghosts(displacement.data(), 3);

  // r = y - A x from x = 0, then conjugate gradients on A^T A x = A^T y.
  std::vector<double> r = masters.interpolate(displacement, true);
  for (std::size_t i = 0; i < r.size(); ++i)
    r[i] = displacement[3 * std::size_t{masters.rows()[i / 3].node} + i % 3] - r[i];
  std::vector<double> s(displacement.size()), p;
  masters.fold(r, s);
  p = s;
  double gamma = masters.square(s, n);
  const double enough = tolerance * tolerance * gamma;
  for (int step = 0; step < most_steps && gamma > enough; ++step) {
    nodes.exchange().update_ghosts(p.data(), 3);
    const std::vector<double> q = masters.interpolate(p, false);
    const double alpha = gamma / masters.square(q, q.size());
    for (std::size_t i = 0; i < n; ++i) displacement[i] += alpha * p[i];
    for (std::size_t i = 0; i < r.size(); ++i) r[i] -= alpha * q[i];
    masters.fold(r, s);
    const double former = gamma;
    gamma = masters.square(s, n);
    for (std::size_t i = 0; i < n; ++i) p[i] = s[i] + gamma / former * p[i];
  }
  return displacement;
}

} // namespace wolff::coupling
