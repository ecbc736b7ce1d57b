#include "mechanics/elastic_operator.h"

#include "mechanics/brick_kernel.h"

#include <algorithm>

namespace wolff::mechanics {

template <typename T>
ElasticOperator<T>::ElasticOperator(const discretisation::BrickForest &forest,
                                    const discretisation::BrickNodes &nodes)
    : forest_(forest), nodes_(nodes), is_void_(forest.n_owned(), 1)
{
}

template <typename T>
void ElasticOperator<T>::set_moduli(std::vector<T> lambda, std::vector<T> mu)
{
  lambda_ = std::move(lambda);
  mu_ = std::move(mu);
  const std::size_t voxels = static_cast<std::size_t>(nodes_.n() * nodes_.n() * nodes_.n());
  for (std::size_t b = 0; b < forest_.n_owned(); ++b)
    is_void_[b] = std::all_of(mu_.begin() + static_cast<std::ptrdiff_t>(b * voxels),
                              mu_.begin() + static_cast<std::ptrdiff_t>((b + 1) * voxels),
                              [](T m) { return m == T(0); });
}

template <typename T>
void ElasticOperator<T>::gather(const std::size_t brick, const T *u, T *local) const
{
  const std::size_t per_brick = nodes_.nodes_per_brick();
  const std::uint32_t *nodes = nodes_.of_brick(brick);
  for (std::size_t i = 0; i < per_brick; ++i) {
    const T *const from = u + 3 * static_cast<std::size_t>(nodes[i]);
    local[i] = from[0];
    local[per_brick + i] = from[1];
    local[2 * per_brick + i] = from[2];
  }
}

template <typename T>
void ElasticOperator<T>::apply(std::vector<T> &u, std::vector<T> &f) const
{
  nodes_.exchange().update_ghosts(u.data(), 3);
  nodes_.fill_hanging(u.data(), 3);
  std::fill(f.begin(), f.end(), T(0));

  const int n = nodes_.n();
  const std::size_t per_brick = nodes_.nodes_per_brick(), voxels = static_cast<std::size_t>(n * n * n);
  std::vector<T> local(3 * per_brick), forces(3 * per_brick);
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (is_void_[b]) continue;
    gather(b, u.data(), local.data());
    std::fill(forces.begin(), forces.end(), T(0));
    add_brick_forces<T>(n, static_cast<T>(forest_.brick(b).edge / n), &lambda_[b * voxels], &mu_[b * voxels],
                        local.data(), forces.data());
    const std::uint32_t *nodes = nodes_.of_brick(b);
    for (std::size_t i = 0; i < per_brick; ++i) {
      T *const to = f.data() + 3 * static_cast<std::size_t>(nodes[i]);
      to[0] += forces[i];
      to[1] += forces[per_brick + i];
      to[2] += forces[2 * per_brick + i];
    }
  }
  nodes_.fold_hanging(f.data(), 3);
  nodes_.exchange().add_to_owners(f.data(), 3);
}

template <typename T>
std::vector<T> ElasticOperator<T>::diagonal() const
{
  const int n = nodes_.n(), m = n + 1;
  std::vector<T> diagonal(nodes_.n_local(), T(0));
  for (std::size_t b = 0; b < forest_.n_owned(); ++b) {
    if (is_void_[b]) continue;
    const std::uint32_t *nodes = nodes_.of_brick(b);
    const T h = static_cast<T>(forest_.brick(b).edge / n);
    for (int k = 0; k < n; ++k)
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i) {
          const auto v =
              b * static_cast<std::size_t>(n * n * n) + static_cast<std::size_t>((k * n + j) * n + i);
          const T entry = voxel_diagonal(h, lambda_[v], mu_[v]);
          for (int corner = 0; corner < 8; ++corner)
            diagonal[nodes[((k + (corner >> 2)) * m + j + ((corner >> 1) & 1)) * m + i + (corner & 1)]] +=
                entry;
        }
  }
  // A master takes w^2 of a hanging node's entry; couplings between nodes of one brick are left out.
  for (const auto &h : nodes_.hanging()) {
    for (std::uint32_t i = h.begin; i < h.end; ++i) {
      const T w = static_cast<T>(nodes_.masters()[i].weight);
      diagonal[nodes_.masters()[i].node] += w * w * diagonal[h.node];
    }
    diagonal[h.node] = T(0);
  }
  nodes_.exchange().add_to_owners(diagonal.data(), 1);
  return diagonal;
}

template class ElasticOperator<float>;
template class ElasticOperator<double>;

} // namespace wolff::mechanics
