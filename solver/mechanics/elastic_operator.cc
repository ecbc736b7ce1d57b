#include "mechanics/elastic_operator.h"

#include "mechanics/brick_kernel.h"

#include <algorithm>
#include <type_traits>

namespace wolff::mechanics {

template <typename T>
ElasticOperator<T>::ElasticOperator(const discretisation::BrickForest &forest,
                                    const discretisation::BrickNodes &nodes, SolveProfile *const profile)
    : forest_(forest), nodes_(nodes), profile_(profile ? *profile : own_profile_),
      stiff_rows_(forest.n_owned(), 0), shared_(3 * (nodes.n_local() - nodes.first_shared()), T(0))
{
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    voxel_edge_.push_back(static_cast<T>(forest.brick(b).edge / nodes.n()));
  if (nodes.n() != discretisation::voxels_per_edge) small_.resize(3 * nodes.first_shared());
}

template <typename T>
void ElasticOperator<T>::set_moduli(std::vector<T> lambda, std::vector<T> mu)
{
  lambda_ = std::move(lambda);
  mu_ = std::move(mu);
  const auto n = static_cast<std::size_t>(nodes_.n());
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    stiff_rows_[b] = 0;
    for (std::size_t v = 0; v < n * n * n; ++v)
      if (mu_[b * n * n * n + v] != T(0)) stiff_rows_[b] |= std::uint64_t{1} << v / n;
  }
}

template <typename T>
void ElasticOperator<T>::make_current(std::vector<T> &u) const
{
  const SolveProfile::Scope scope(profile_, Work::exchange);
  nodes_.exchange().update_ghosts(u.data(), 3);
  nodes_.fill_hanging(u.data(), 3);
}

template <typename T>
BrickSweep<T> ElasticOperator<T>::sweep() const
{
  return {forest_.n_owned(), nodes_.parts(), stiff_rows_.data(),    voxel_edge_.data(),
          lambda_.data(),    mu_.data(),     nodes_.first_shared(), shared_.data()};
}

/// Forces on shared nodes from hanging nodes to masters, from ghosts to owners.
template <typename T>
void ElasticOperator<T>::gather_shared() const
{
  const SolveProfile::Scope scope(profile_, Work::exchange);
  nodes_.fold_hanging(shared_.data(), 3, nodes_.first_shared());
  nodes_.exchange().add_to_owners(shared_.data(), 3, nodes_.first_shared());
}

/// Forces of bricks of fewer than eight voxels along an edge: levels of a few hundred nodes.
template <typename T>
void ElasticOperator<T>::apply_small(const std::vector<T> &u, std::vector<T> &f, double *energy) const
{
  const int n = nodes_.n();
  const std::size_t per_brick = nodes_.nodes_per_brick(), voxels = static_cast<std::size_t>(n * n * n),
                    first = 3 * nodes_.first_shared();
  std::vector<T> local(3 * per_brick), forces(3 * per_brick);
  std::fill(f.begin(), f.begin() + static_cast<std::ptrdiff_t>(first), T(0));
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (stiff_rows_[b] == 0) continue;
    const discretisation::NodesOfBrick nodes = nodes_.of_brick(b);
    for (std::size_t i = 0; i < per_brick; ++i)
      for (std::size_t c = 0; c < 3; ++c) local[c * per_brick + i] = u[3 * std::size_t{nodes[i]} + c];
    std::fill(forces.begin(), forces.end(), T(0));
    add_brick_forces<T>(n, voxel_edge_[b], &lambda_[b * voxels], &mu_[b * voxels], local.data(),
                        forces.data());
    for (std::size_t i = 0; i < per_brick; ++i)
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at = 3 * std::size_t{nodes[i]} + c;
        (at < first ? f[at] : shared_[at - first]) += forces[c * per_brick + i];
        if (energy) *energy += static_cast<double>(local[c * per_brick + i]) * forces[c * per_brick + i];
      }
  }
}

template <typename T>
void ElasticOperator<T>::apply(std::vector<T> &u, std::vector<T> &f, double *const energy) const
{
  const SolveProfile::Scope scope(profile_, std::is_same_v<T, float> ? Work::smoothing : Work::stiffness);
  make_current(u);
  if (nodes_.n() == discretisation::voxels_per_edge)
    sweep_forces<T>(sweep(), u.data(), f.data(), energy);
  else
    apply_small(u, f, energy);
  gather_shared();
  std::copy(shared_.begin(), shared_.end(),
            f.begin() + static_cast<std::ptrdiff_t>(3 * nodes_.first_shared()));
  std::fill(shared_.begin(), shared_.end(), T(0));
}

template <typename T>
void ElasticOperator<T>::residual(std::vector<T> &x, const std::vector<T> &b,
                                  const std::vector<T> &inverse_diagonal, std::vector<T> &r) const
{
  const SolveProfile::Scope scope(profile_, std::is_same_v<T, float> ? Work::smoothing : Work::stiffness);
  make_current(x);
  const std::size_t first = 3 * nodes_.first_shared(), end = 3 * nodes_.n_owned();
  if (nodes_.n() == discretisation::voxels_per_edge)
    sweep_residual<T>(sweep(), x.data(), b.data(), inverse_diagonal.data(), r.data());
  else {
    apply_small(x, small_, nullptr);
    for (std::size_t i = 0; i < first; ++i) r[i] = inverse_diagonal[i] > 0 ? b[i] - small_[i] : T(0);
  }
  gather_shared();
  for (std::size_t i = first; i < end; ++i) r[i] = inverse_diagonal[i] > 0 ? b[i] - shared_[i - first] : T(0);
  std::fill(shared_.begin(), shared_.end(), T(0));
}

template <typename T>
void ElasticOperator<T>::chebyshev_step(std::vector<T> &x, const std::vector<T> &b,
                                        const std::vector<T> &inverse_diagonal, std::vector<T> &d,
                                        const T keep, const T add) const
{
  const SolveProfile::Scope scope(profile_, std::is_same_v<T, float> ? Work::smoothing : Work::stiffness);
  make_current(x);
  const std::size_t first = 3 * nodes_.first_shared(), end = 3 * nodes_.n_owned();
  const auto step = [&](const std::size_t i, const T force) {
    d[i] = keep * d[i] + add * inverse_diagonal[i] * (b[i] - force);
    x[i] += d[i];
  };
  if (nodes_.n() == discretisation::voxels_per_edge)
    sweep_chebyshev<T>(sweep(), x.data(), b.data(), inverse_diagonal.data(), d.data(), keep, add);
  else {
    apply_small(x, small_, nullptr);
    for (std::size_t i = 0; i < first; ++i) step(i, small_[i]);
  }
  gather_shared();
  for (std::size_t i = first; i < end; ++i) step(i, shared_[i - first]);
  std::fill(shared_.begin(), shared_.end(), T(0));
}

/// Adds entry(h, lambda, mu) of each voxel to its eight nodes, and of a hanging node w or w^2 times to its
/// masters.
template <typename T>
template <typename Entry>
std::vector<T> ElasticOperator<T>::sum_over_voxels(const Entry &voxel_entry, const bool is_bound) const
{
  const int n = nodes_.n(), m = n + 1;
  std::vector<T> diagonal(nodes_.n_local(), T(0));
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (stiff_rows_[b] == 0) continue;
    const discretisation::NodesOfBrick nodes = nodes_.of_brick(b);
    const T h = static_cast<T>(forest_.brick(b).edge / n);
    for (int k = 0; k < n; ++k)
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i) {
          const auto v =
              b * static_cast<std::size_t>(n * n * n) + static_cast<std::size_t>((k * n + j) * n + i);
          const T entry = voxel_entry(h, lambda_[v], mu_[v]);
          for (int corner = 0; corner < 8; ++corner)
            diagonal[nodes[((k + (corner >> 2)) * m + j + ((corner >> 1) & 1)) * m + i + (corner & 1)]] +=
                entry;
        }
  }
  // (sum w x)^2 <= sum w x^2: with w the sum stays a bound. The diagonal itself has w^2, and couplings
  // between nodes of one brick that are left out.
  for (const auto &h : nodes_.hanging()) {
    for (std::uint32_t i = h.begin; i < h.end; ++i) {
      const T w = static_cast<T>(nodes_.masters()[i].weight);
      diagonal[nodes_.masters()[i].node] += (is_bound ? w : w * w) * diagonal[h.node];
    }
    diagonal[h.node] = T(0);
  }
  nodes_.exchange().add_to_owners(diagonal.data(), 1);
  return diagonal;
}

template <typename T>
std::vector<T> ElasticOperator<T>::diagonal() const
{
  return sum_over_voxels([](const T h, const T l, const T m) { return voxel_diagonal(h, l, m); }, false);
}

template <typename T>
std::vector<T> ElasticOperator<T>::bound() const
{
  return sum_over_voxels([](const T h, const T l, const T m) { return voxel_bound(h, l, m); }, true);
}

template class ElasticOperator<float>;
template class ElasticOperator<double>;

} // namespace wolff::mechanics
