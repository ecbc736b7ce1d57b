#include "mechanics/pore_operator.h"

#include "mechanics/pore_sweep.h"

#include <algorithm>

namespace wolff::mechanics {

namespace {

template <typename T>
void make_current(const discretisation::BrickNodes &nodes, std::vector<T> &values, const std::size_t block)
{
  nodes.exchange().update_ghosts(values.data(), block);
  nodes.fill_hanging(values.data(), block);
}

/// From hanging nodes to masters, from ghosts to owners.
template <typename T>
void gather(const discretisation::BrickNodes &nodes, std::vector<T> &forces, const std::size_t block)
{
  nodes.fold_hanging(forces.data(), block);
  nodes.exchange().add_to_owners(forces.data(), block);
}

} // namespace

template <typename T>
PoreOperator<T>::PoreOperator(const discretisation::BrickForest &forest,
                              const discretisation::BrickNodes &nodes)
    : forest_(forest), nodes_(nodes), has_fluid_(forest.n_owned(), 0)
{
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    voxel_edge_.push_back(static_cast<T>(forest.brick(b).edge / nodes.n()));
}

template <typename T>
void PoreOperator<T>::set_coefficients(PoreCoefficients<T> coefficients)
{
  coefficients_ = std::move(coefficients);
  const auto voxels = static_cast<std::size_t>(nodes_.n() * nodes_.n() * nodes_.n());
  for (std::size_t b = 0; b < has_fluid_.size(); ++b) {
    has_fluid_[b] = 0;
    for (std::size_t v = b * voxels; v < (b + 1) * voxels; ++v)
      if (coefficients_.storage[v] != 0 || coefficients_.mobility[v] != 0) has_fluid_[b] = 1;
  }
}

template <typename T>
PoreVoxels<T> PoreOperator<T>::voxels_of(const std::size_t brick) const
{
  const auto first = brick * static_cast<std::size_t>(nodes_.n() * nodes_.n() * nodes_.n());
  const auto from = [&](const std::vector<T> &values) {
    return values.empty() ? nullptr : values.data() + first;
  };
  return {from(coefficients_.storage), from(coefficients_.stabilisation), from(coefficients_.mobility),
          from(coefficients_.biot)};
}

/// The pass over small bricks, of coarse levels: node by node.
template <typename T>
void PoreOperator<T>::sweep_small(const T dt, const T push, const T *const u, const T *const p, T *const f_u,
                                  T *const f_p) const
{
  const std::size_t per_brick = nodes_.nodes_per_brick();
  std::vector<T> moved(u ? 3 * per_brick : 0), pressure(p ? per_brick : 0), forces(f_u ? 3 * per_brick : 0),
      fluid(f_p ? per_brick : 0);
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (!has_fluid_[b]) continue;
    const discretisation::NodesOfBrick nodes = nodes_.of_brick(b);
    for (std::size_t i = 0; i < per_brick; ++i) {
      if (p) pressure[i] = p[nodes[i]];
      if (u)
        for (std::size_t c = 0; c < 3; ++c) moved[c * per_brick + i] = u[3 * std::size_t{nodes[i]} + c];
    }
    pore_forces<T>(nodes_.n(), voxel_edge_[b], dt, voxels_of(b), u ? moved.data() : nullptr,
                   p ? pressure.data() : nullptr, f_u ? forces.data() : nullptr,
                   f_p ? fluid.data() : nullptr);
    for (std::size_t i = 0; i < per_brick; ++i) {
      if (f_p) f_p[nodes[i]] += fluid[i];
      if (f_u)
        for (std::size_t c = 0; c < 3; ++c)
          f_u[3 * std::size_t{nodes[i]} + c] -= push * forces[c * per_brick + i];
    }
  }
}

/// f_p = (C + S + dt H) p + Q^T u and f_u += push Q p, null vectors left out.
template <typename T>
void PoreOperator<T>::sweep(const T dt, const T push, const T *const u, const T *const p,
                            std::vector<T> *const f_u, std::vector<T> *const f_p) const
{
  const bool is_small = nodes_.n() != discretisation::voxels_per_edge;
  if (f_p) // the large sweep writes the inner nodes itself
    std::fill(f_p->begin() + (is_small ? 0 : static_cast<std::ptrdiff_t>(nodes_.first_shared())), f_p->end(),
              T(0));
  T *const on_skeleton = f_u ? f_u->data() : nullptr, *const on_fluid = f_p ? f_p->data() : nullptr;
  if (is_small)
    sweep_small(dt, push, u, p, on_skeleton, on_fluid);
  else
    sweep_pores<T>({forest_.n_owned(), nodes_.parts(), has_fluid_.data(), voxel_edge_.data(), voxels_of(0)},
                   dt, push, u, p, on_skeleton, on_fluid);
  if (f_p) gather(nodes_, *f_p, 1);
  if (f_u) gather(nodes_, *f_u, 3);
}

template <typename T>
void PoreOperator<T>::apply(std::vector<T> &p, const T dt, std::vector<T> &f) const
{
  make_current(nodes_, p, 1);
  sweep(dt, T(0), nullptr, p.data(), nullptr, &f);
}

template <typename T>
void PoreOperator<T>::volume_change(std::vector<T> &u, std::vector<T> &f) const
{
  make_current(nodes_, u, 3);
  sweep(T(0), T(0), u.data(), nullptr, nullptr, &f);
}

template <typename T>
void PoreOperator<T>::add_push(std::vector<T> &p, std::vector<T> &f_u) const
{
  make_current(nodes_, p, 1);
  sweep(T(0), T(1), nullptr, p.data(), &f_u, nullptr);
}

template <typename T>
void PoreOperator<T>::apply_fluid(std::vector<T> &u, std::vector<T> &p, const T dt, std::vector<T> &f_p) const
{
  make_current(nodes_, u, 3);
  make_current(nodes_, p, 1);
  sweep(dt, T(0), u.data(), p.data(), nullptr, &f_p);
}

template <typename T>
void PoreOperator<T>::apply_coupled(const std::vector<T> &u, std::vector<T> &p, const T dt,
                                    std::vector<T> &f_u, std::vector<T> &f_p) const
{
  make_current(nodes_, p, 1);
  sweep(dt, T(-1), u.data(), p.data(), &f_u, &f_p);
}

template <typename T>
std::vector<T> PoreOperator<T>::bound(const T dt) const
{
  const int n = nodes_.n(), m = n + 1;
  const auto voxels = static_cast<std::size_t>(n * n * n);
  std::vector<T> bound(nodes_.n_local(), T(0));
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (!has_fluid_[b]) continue;
    const discretisation::NodesOfBrick nodes = nodes_.of_brick(b);
    const T h = static_cast<T>(forest_.brick(b).edge / n);
    for (int v = 0; v < n * n * n; ++v) {
      const std::size_t at = b * voxels + static_cast<std::size_t>(v);
      // The largest eigenvalue of one voxel, 8 times the weight of a mode that is odd along one axis.
      const T stored = h * h * h / 8 * coefficients_.storage[at],
              held = stored + (coefficients_.stabilisation.empty()
                                   ? T(0)
                                   : h * h * h / 8 * coefficients_.stabilisation[at]),
              flow = dt * h / 2 * coefficients_.mobility[at];
      const T greatest = held + flow;
      if (greatest == 0) continue;
      const int i = v % n, j = v / n % n, k = v / (n * n);
      for (int corner = 0; corner < 8; ++corner)
        bound[nodes[static_cast<std::size_t>(((k + (corner >> 2)) * m + j + (corner >> 1 & 1)) * m + i +
                                             (corner & 1))]] += greatest;
    }
  }
  // (sum w p)^2 <= sum w p^2: with w the sum stays a bound.
  for (const auto &h : nodes_.hanging()) {
    for (std::uint32_t i = h.begin; i < h.end; ++i)
      bound[nodes_.masters()[i].node] += static_cast<T>(nodes_.masters()[i].weight) * bound[h.node];
    bound[h.node] = T(0);
  }
  nodes_.exchange().add_to_owners(bound.data(), 1);
  bound.resize(nodes_.n_owned());
  return bound;
}

template class PoreOperator<float>;
template class PoreOperator<double>;

} // namespace wolff::mechanics
