// The arithmetic of brick_kernel.h. Included by one source per instruction set, each of which defines
// WOLFF_KERNEL_NAMESPACE; the compiler sees the same text with other vector registers.
#include <cstring>

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

/// N numbers side by side: the voxels of a row along x.
template <typename T, int N>
struct Lanes
{
  typedef T Vector __attribute__((vector_size(N * sizeof(T))));
};
template <typename T>
struct Lanes<T, 1>
{
  using Vector = T;
};

/**
 * Sweep over the rows of voxels. Along each axis two neighbouring nodal values a, b enter as their sum a + b
 * (parity 0) and difference b - a (parity 1); u[c][p] is component c with parities p = x + 2 y + 4 z. In
 * these modes the stiffness falls into blocks of 3, 2 and 1, up to the factor h/16.
 */
template <typename T, int n>
void sweep(const T h, const T *const lambda, const T *const mu, const T *const displacement, T *const forces)
{
  using V = typename Lanes<T, n>::Vector;
  constexpr int m = n + 1;
  constexpr int nodes = m * m * m;
  const T scale = h / 16;
  const auto load = [](const T *from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  };

  // Forces of each row of nodes, still in parity modes along x: [component][x parity][k][j].
  V rows[3][2][m][m] = {};

  for (int k = 0; k < n; ++k) {
    V below[3][4], above[3][4]; // node rows j and j + 1 of the layer: [component][x parity + 2 z parity]
    V sum[3][4] = {};           // forces on row j gathered so far, same modes
    const auto transform_row = [&](const int j, V(&row)[3][4]) {
      for (int c = 0; c < 3; ++c) {
        const T *const lower = displacement + c * nodes + (k * m + j) * m, *const upper = lower + m * m;
        const V l0 = load(lower), l1 = load(lower + 1), u0 = load(upper), u1 = load(upper + 1);
        const V ls = l0 + l1, ld = l1 - l0, us = u0 + u1, ud = u1 - u0;
        row[c][0] = ls + us;
        row[c][1] = ld + ud;
        row[c][2] = us - ls;
        row[c][3] = ud - ld;
      }
    };
    const auto store_row = [&](const int j, const V(&row)[3][4]) {
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < 2; ++x) {
          rows[c][x][k][j] += row[c][x] - row[c][2 + x];
          rows[c][x][k + 1][j] += row[c][x] + row[c][2 + x];
        }
    };

    transform_row(0, below);
    for (int j = 0; j < n; ++j) {
      transform_row(j + 1, above);
      V u[3][8], f[3][8];
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < 2; ++x)
          for (int z = 0; z < 2; ++z) {
            u[c][x + 4 * z] = below[c][x + 2 * z] + above[c][x + 2 * z];
            u[c][x + 2 + 4 * z] = above[c][x + 2 * z] - below[c][x + 2 * z];
          }

      const V la = load(lambda + (k * n + j) * n) * scale, mu1 = load(mu + (k * n + j) * n) * scale;
      const V mu2 = mu1 + mu1, la3 = la * T(1.0 / 3.0), mu3 = mu1 * T(1.0 / 3.0);
      // Parities: 1 = x, 2 = y, 4 = z, 3 = xy, 5 = xz, 6 = yz, 7 = xyz.
      const V t0 = la * (u[0][1] + u[1][2] + u[2][4]);
      f[0][1] = t0 + mu2 * u[0][1];
      f[1][2] = t0 + mu2 * u[1][2];
      f[2][4] = t0 + mu2 * u[2][4];
      const V t1 = la3 * (u[0][3] + u[2][6]);
      f[0][3] = t1 + mu1 * u[0][3];
      f[2][6] = t1 + mu1 * u[2][6];
      const V t2 = la3 * (u[0][5] + u[1][6]);
      f[0][5] = t2 + mu1 * u[0][5];
      f[1][6] = t2 + mu1 * u[1][6];
      const V t3 = la3 * (u[1][3] + u[2][5]);
      f[1][3] = t3 + mu1 * u[1][3];
      f[2][5] = t3 + mu1 * u[2][5];
      f[0][2] = f[1][1] = mu1 * (u[0][2] + u[1][1]);
      f[0][4] = f[2][1] = mu1 * (u[0][4] + u[2][1]);
      f[1][4] = f[2][2] = mu1 * (u[1][4] + u[2][2]);
      const V warp = mu3 * (u[0][6] + u[1][5] + u[2][3]);
      f[0][6] = warp + mu3 * u[0][6];
      f[1][5] = warp + mu3 * u[1][5];
      f[2][3] = warp + mu3 * u[2][3];
      const V torsion = (la + mu2 + mu2) * T(1.0 / 9.0);
      for (int c = 0; c < 3; ++c) {
        f[c][7] = torsion * u[c][7];
        f[c][0] = V{};
      }

      V next[3][4];
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < 2; ++x)
          for (int z = 0; z < 2; ++z) {
            sum[c][x + 2 * z] += f[c][x + 4 * z] - f[c][x + 2 + 4 * z];
            next[c][x + 2 * z] = f[c][x + 4 * z] + f[c][x + 2 + 4 * z];
          }
      store_row(j, sum);
      for (int c = 0; c < 3; ++c)
        for (int i = 0; i < 4; ++i) {
          sum[c][i] = next[c][i];
          below[c][i] = above[c][i];
        }
    }
    store_row(n, sum);
  }

  for (int c = 0; c < 3; ++c)
    for (int k = 0; k < m; ++k)
      for (int j = 0; j < m; ++j) {
        T left[n], right[n];
        const V l = rows[c][0][k][j] - rows[c][1][k][j], r = rows[c][0][k][j] + rows[c][1][k][j];
        std::memcpy(left, &l, sizeof l);
        std::memcpy(right, &r, sizeof r);
        T *const to = forces + c * nodes + (k * m + j) * m;
        to[0] += left[0];
        for (int i = 1; i < n; ++i) to[i] += left[i] + right[i - 1];
        to[n] += right[n - 1];
      }
}

template <typename T>
void add_brick_forces(const int n, const T h, const T *lambda, const T *mu, const T *displacement, T *forces)
{
  switch (n) {
  case 8:
    sweep<T, 8>(h, lambda, mu, displacement, forces);
    break;
  case 4:
    sweep<T, 4>(h, lambda, mu, displacement, forces);
    break;
  case 2:
    sweep<T, 2>(h, lambda, mu, displacement, forces);
    break;
  default:
    sweep<T, 1>(h, lambda, mu, displacement, forces);
    break;
  }
}

template void add_brick_forces<float>(int, float, const float *, const float *, const float *, float *);
template void add_brick_forces<double>(int, double, const double *, const double *, const double *, double *);

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
