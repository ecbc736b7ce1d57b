// The arithmetic of brick_kernel.h. Included by one source per instruction set, each of which defines
// WOLFF_KERNEL_NAMESPACE; the compiler sees the same text with other vector registers.
#include "mechanics/brick_sweep.h"

#include <cstring>
#include <type_traits>

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

// ---- Bricks of 8^3 voxels: rows of nodes in, rows of forces out ----

/// Nodes along an edge of a brick, rows of nodes, and numbers from one row of displacements to the next in
/// their buffer (27 are used).
constexpr int edge_nodes = 9, n_rows = 81, row_stride = 32;

/// Forces on the nodes of a brick: of each row the seven inner nodes (21 numbers), and the two at its ends (3
/// + 3).
template <typename T>
struct RowForces
{
  alignas(64) T inner[n_rows * 21 + 11];
  alignas(64) T ends[n_rows * 8];
};

/// A register of the sweep holds the eight voxels of a row; sixteen floats hold two rows, k and k + 4.
#ifdef __AVX512F__
template <typename T>
constexpr int lanes_of = std::is_same_v<T, float> ? 16 : 8;
#else
template <typename T>
constexpr int lanes_of = 8;
#endif

/**
 * Rows of nodes x0 y0 z0 x1 y1 ... to one register a component and back. In registers of two rows the lower
 * half is row A, the upper half row B.
 */
template <typename T>
struct RowCodec
{
  static constexpr int lanes = lanes_of<T>, halves = lanes / 8;
  using V = typename Lanes<T, lanes>::Vector;

  /// sum[c] = u_i + u_(i+1), difference[c] = u_(i+1) - u_i for the eight voxels of a row.
  static void read(const T *const (&row)[halves], V (&sum)[3], V (&difference)[3])
  {
    for (int c = 0; c < 3; ++c) {
      T left[lanes], right[lanes];
      for (int half = 0; half < halves; ++half)
        for (int i = 0; i < 8; ++i) {
          left[8 * half + i] = row[half][3 * i + c];
          right[8 * half + i] = row[half][3 * i + 3 + c];
        }
      V l, r;
      std::memcpy(&l, left, sizeof l);
      std::memcpy(&r, right, sizeof r);
      sum[c] = l + r;
      difference[c] = r - l;
    }
  }

  /// The transpose: node i takes left_i + right_(i-1). The seven inner nodes go to @p inner, the two at the
  /// ends to @p ends.
  static void write(const V (&left)[3], const V (&right)[3], T *const (&inner)[halves],
                    T *const (&ends)[halves])
  {
    for (int c = 0; c < 3; ++c) {
      T l[lanes], r[lanes];
      std::memcpy(l, &left[c], sizeof l);
      std::memcpy(r, &right[c], sizeof r);
      for (int half = 0; half < halves; ++half) {
        ends[half][c] = l[8 * half];
        for (int i = 1; i < 8; ++i) inner[half][3 * (i - 1) + c] = l[8 * half + i] + r[8 * half + i - 1];
        ends[half][3 + c] = r[8 * half + 7];
      }
    }
  }
};

#ifdef __AVX512F__
template <>
struct RowCodec<float>
{
  static constexpr int lanes = 16, halves = 2;
  using V = Lanes<float, 16>::Vector;
  typedef int Index __attribute__((vector_size(64)));

  static V load(const float *const from)
  {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }

  static void read(const float *const (&row)[2], V (&sum)[3], V (&difference)[3])
  {
    constexpr Index low{0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23},
        high{1, 2, 3, 4, 5, 6, 7, 8, 17, 18, 19, 20, 21, 22, 23, 24};
    const V a0 = load(row[0]), a1 = load(row[0] + 16), b0 = load(row[1]), b1 = load(row[1] + 16);
    for (int c = 0; c < 3; ++c) {
      const Index third = Index{0, 3, 6, 9, 12, 15, 18, 21, 24, 0, 0, 0, 0, 0, 0, 0} + c;
      const V a = __builtin_shuffle(a0, a1, third), b = __builtin_shuffle(b0, b1, third);
      const V l = __builtin_shuffle(a, b, low), r = __builtin_shuffle(a, b, high);
      sum[c] = l + r;
      difference[c] = r - l;
    }
  }

  static void write(const V (&left)[3], const V (&right)[3], float *const (&inner)[2],
                    float *const (&ends)[2])
  {
    constexpr Index shift{16, 0, 1, 2, 3, 4, 5, 6, 16, 8, 9, 10, 11, 12, 13, 14};
    V node[3];
    for (int c = 0; c < 3; ++c) node[c] = left[c] + __builtin_shuffle(right[c], V{}, shift);
    // x and y of the inner nodes, then z between them.
    constexpr Index xy_first{1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5, 21, 0, 6},
        z_first{0, 1, 17, 3, 4, 18, 6, 7, 19, 9, 10, 20, 12, 13, 21, 15},
        xy_last{22, 0, 7, 23, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        z_last{0, 22, 2, 3, 23, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (int half = 0; half < 2; ++half) {
      const Index up = Index{} + 8 * half; // indices of nodes rise with the half, those of places do not
      const V first = __builtin_shuffle(__builtin_shuffle(node[0], node[1], xy_first + up), node[2],
                                        z_first + (z_first >= 16 ? up : Index{}));
      const V last = __builtin_shuffle(__builtin_shuffle(node[0], node[1], xy_last + up), node[2],
                                       z_last + (z_last >= 16 ? up : Index{}));
      std::memcpy(inner[half], &first, sizeof first);
      std::memcpy(inner[half] + 16, &last, 5 * sizeof(float));
    }
    // Node 0 and node 8 of both rows: x0 y0 z0 x8 y8 z8.
    constexpr Index xy_zero{0, 16, 0, 0, 0, 0, 0, 0, 8, 24, 0, 0, 0, 0, 0, 0},
        xy_eight{0, 0, 0, 7, 23, 0, 0, 0, 0, 0, 0, 15, 31, 0, 0, 0},
        z_both{0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 8, 0, 0, 31, 0, 0},
        join{0, 1, 0, 19, 20, 0, 0, 0, 8, 9, 0, 27, 28, 0, 0, 0},
        with_z{0, 1, 18, 3, 4, 21, 6, 7, 8, 9, 26, 11, 12, 29, 14, 15};
    const V xy = __builtin_shuffle(__builtin_shuffle(node[0], node[1], xy_zero),
                                   __builtin_shuffle(right[0], right[1], xy_eight), join);
    const V both = __builtin_shuffle(xy, __builtin_shuffle(node[2], right[2], z_both), with_z);
    std::memcpy(ends[0], &both, 32);
    const V upper =
        __builtin_shuffle(both, Index{8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15});
    std::memcpy(ends[1], &upper, 32);
  }
};

template <>
struct RowCodec<double>
{
  static constexpr int lanes = 8, halves = 1;
  using V = Lanes<double, 8>::Vector;
  typedef long long Index __attribute__((vector_size(64)));

  static V load(const double *const from)
  {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }

  static void read(const double *const (&row)[1], V (&sum)[3], V (&difference)[3])
  {
    const V a0 = load(row[0]), a1 = load(row[0] + 8), a2 = load(row[0] + 16), a3 = load(row[0] + 24);
    constexpr Index from_two[3] = {{0, 3, 6, 9, 12, 15, 0, 0},
                                   {1, 4, 7, 10, 13, 0, 0, 0},
                                   {2, 5, 8, 11, 14, 0, 0, 0}},
                    from_third[3] = {
                        {0, 1, 2, 3, 4, 5, 10, 13}, {0, 1, 2, 3, 4, 8, 11, 14}, {0, 1, 2, 3, 4, 9, 12, 15}};
    for (int c = 0; c < 3; ++c) {
      const V l = __builtin_shuffle(__builtin_shuffle(a0, a1, from_two[c]), a2, from_third[c]);
      const V r = __builtin_shuffle(l, a3, Index{1, 2, 3, 4, 5, 6, 7, 8 + c});
      sum[c] = l + r;
      difference[c] = r - l;
    }
  }

  static void write(const V (&left)[3], const V (&right)[3], double *const (&inner)[1],
                    double *const (&ends)[1])
  {
    V node[3];
    for (int c = 0; c < 3; ++c)
      node[c] = left[c] + __builtin_shuffle(right[c], V{}, Index{8, 0, 1, 2, 3, 4, 5, 6});
    constexpr Index xy[3] = {{1, 9, 0, 2, 10, 0, 3, 11},
                             {0, 4, 12, 0, 5, 13, 0, 6},
                             {14, 0, 7, 15, 0, 0, 0, 0}},
                    z[3] = {
                        {0, 1, 9, 3, 4, 10, 6, 7}, {11, 1, 2, 12, 4, 5, 13, 7}, {0, 14, 2, 3, 15, 5, 6, 7}};
    V part[3];
    for (int p = 0; p < 3; ++p)
      part[p] = __builtin_shuffle(__builtin_shuffle(node[0], node[1], xy[p]), node[2], z[p]);
    std::memcpy(inner[0], &part[0], sizeof part[0]);
    std::memcpy(inner[0] + 8, &part[1], sizeof part[1]);
    std::memcpy(inner[0] + 16, &part[2], 5 * sizeof(double));
    const V both_xy = __builtin_shuffle(__builtin_shuffle(node[0], node[1], Index{0, 8, 0, 0, 0, 0, 0, 0}),
                                        __builtin_shuffle(right[0], right[1], Index{0, 0, 0, 7, 15, 0, 0, 0}),
                                        Index{0, 1, 0, 11, 12, 0, 0, 0});
    const V both =
        __builtin_shuffle(both_xy, __builtin_shuffle(node[2], right[2], Index{0, 0, 0, 0, 0, 15, 0, 0}),
                          Index{0, 1, 10, 3, 4, 13, 6, 7});
    std::memcpy(ends[0], &both, sizeof both);
  }
};
#endif

/**
 * Forces of one brick from the rows of its nodes; the parity modes as in sweep(). With two rows a register
 * the layers k and k + 4 are treated side by side, and the layer of nodes between the halves is added last.
 */
/// Vectors of 1029 numbers that will be wanted when the kernel is done with a brick: they are fetched from
/// memory while it computes. Without this the pass over large forests took 1.6 times as long.
template <typename T>
struct Wanted
{
  const T *vectors[4];
};

template <typename T>
void brick_forces(const T h, const T *const lambda, const T *const mu, const std::uint64_t stiff_rows,
                  const T *const in, RowForces<T> &out, const Wanted<T> &wanted)
{
  using Codec = RowCodec<T>;
  using V = typename Codec::V;
  constexpr int halves = Codec::halves, layers = 8 / halves, m = edge_nodes;
  const T scale = h / 16;
  const auto moduli = [](const T *const from) {
    typename Lanes<T, 8>::Vector row, upper_row;
    std::memcpy(&row, from, sizeof row);
    if constexpr (halves == 2) {
      std::memcpy(&upper_row, from + 4 * 64, sizeof row);
      return __builtin_shufflevector(row, upper_row, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    } else
      return row;
  };
  // Displacements of the layer of nodes below and above, and forces on them, in parity modes along x.
  V nodes_below[m][3][2], forces_below[m][3][2];
  const auto read_row = [&](const int k, const int j, V(&row)[3][2]) {
    const T *from[halves];
    for (int half = 0; half < halves; ++half) from[half] = in + ((k + half * 4) * m + j) * row_stride;
    V sum[3], difference[3];
    Codec::read(from, sum, difference);
    for (int c = 0; c < 3; ++c) {
      row[c][0] = sum[c];
      row[c][1] = difference[c];
    }
  };
  // With two halves the layer of nodes between them gets a part from each: the one from below is kept apart.
  alignas(64) T middle_inner[m * 21 + 11], middle_ends[m * 8];
  const auto write_row = [&](const int k, const int j, const V(&row)[3][2]) {
    V left[3], right[3];
    for (int c = 0; c < 3; ++c) {
      left[c] = row[c][0] - row[c][1];
      right[c] = row[c][0] + row[c][1];
    }
    T *inner[halves], *ends[halves];
    for (int half = 0; half < halves; ++half) {
      const bool is_middle = halves == 2 && half == 0 && k == layers;
      const int at = (k + half * 4) * m + j;
      inner[half] = is_middle ? middle_inner + j * 21 : out.inner + at * 21;
      ends[half] = is_middle ? middle_ends + j * 8 : out.ends + at * 8;
    }
    Codec::write(left, right, inner, ends);
  };

  for (int j = 0; j < m; ++j) {
    read_row(0, j, nodes_below[j]);
    for (int c = 0; c < 3; ++c) forces_below[j][c][0] = forces_below[j][c][1] = V{};
  }
  for (int k = 0; k < layers; ++k) {
    V below[3][4], above[3][4]; // node rows j and j + 1: [component][x parity + 2 z parity]
    V sum[3][4] = {};           // forces on row j gathered so far, same modes
    const auto transform_row = [&](const int j, V(&row)[3][4]) {
      V upper[3][2];
      read_row(k + 1, j, upper);
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < 2; ++x) {
          row[c][x] = nodes_below[j][c][x] + upper[c][x];
          row[c][2 + x] = upper[c][x] - nodes_below[j][c][x];
          nodes_below[j][c][x] = upper[c][x];
        }
    };
    const auto finish_row = [&](const int j, const V(&row)[3][4]) {
      V done[3][2];
      for (int c = 0; c < 3; ++c)
        for (int x = 0; x < 2; ++x) {
          done[c][x] = forces_below[j][c][x] + (row[c][x] - row[c][2 + x]);
          forces_below[j][c][x] = row[c][x] + row[c][2 + x];
        }
      write_row(k, j, done);
    };

    transform_row(0, below);
    for (int j = 0; j < 8; ++j) {
      constexpr int line = 64 / static_cast<int>(sizeof(T)), lines_a_row = 1029 / line / (layers * 8) + 1;
      for (int i = 0; i < lines_a_row; ++i)
        if (const int at = ((k * 8 + j) * lines_a_row + i) * line; at < 1029 + line)
          for (const T *const vector : wanted.vectors) __builtin_prefetch(vector + at);
      transform_row(j + 1, above);
      const unsigned long long rows_here = halves == 2 ? 0x0000000100000001ULL : 1ULL;
      if ((stiff_rows >> (k * 8 + j) & rows_here) == 0) {
        finish_row(j, sum);
        for (int c = 0; c < 3; ++c)
          for (int xz = 0; xz < 4; ++xz) {
            sum[c][xz] = V{};
            below[c][xz] = above[c][xz];
          }
        continue;
      }
      const V la = moduli(lambda + (k * 8 + j) * 8) * scale, mu1 = moduli(mu + (k * 8 + j) * 8) * scale;
      const V mu2 = mu1 + mu1, la3 = la * T(1.0 / 3.0), mu3 = mu1 * T(1.0 / 3.0);
      // y parity s (sum) and d (difference); names give the parities in x, y, z.
      const auto s = [&](const int c, const int xz) { return below[c][xz] + above[c][xz]; };
      const auto d = [&](const int c, const int xz) { return above[c][xz] - below[c][xz]; };
      V fs[3][4], fd[3][4]; // forces of y parity 0 and 1: [component][x + 2 z]

      const V x100 = s(0, 1), y010 = d(1, 0), z001 = s(2, 2);
      const V t0 = la * (x100 + y010 + z001);
      fs[0][1] = t0 + mu2 * x100;
      fd[1][0] = t0 + mu2 * y010;
      fs[2][2] = t0 + mu2 * z001;
      const V x110 = d(0, 1), z011 = d(2, 2), t1 = la3 * (x110 + z011);
      fd[0][1] = t1 + mu1 * x110;
      fd[2][2] = t1 + mu1 * z011;
      const V x101 = s(0, 3), y011 = d(1, 2), t2 = la3 * (x101 + y011);
      fs[0][3] = t2 + mu1 * x101;
      fd[1][2] = t2 + mu1 * y011;
      const V y110 = d(1, 1), z101 = s(2, 3), t3 = la3 * (y110 + z101);
      fd[1][1] = t3 + mu1 * y110;
      fs[2][3] = t3 + mu1 * z101;
      fd[0][0] = fs[1][1] = mu1 * (d(0, 0) + s(1, 1));
      fs[0][2] = fs[2][1] = mu1 * (s(0, 2) + s(2, 1));
      fs[1][2] = fd[2][0] = mu1 * (s(1, 2) + d(2, 0));
      const V x011 = d(0, 2), y101 = s(1, 3), z110 = d(2, 1), warp = mu3 * (x011 + y101 + z110);
      fd[0][2] = warp + mu3 * x011;
      fs[1][3] = warp + mu3 * y101;
      fd[2][1] = warp + mu3 * z110;
      const V torsion = (la + mu2 + mu2) * T(1.0 / 9.0);
      for (int c = 0; c < 3; ++c) {
        fd[c][3] = torsion * d(c, 3);
        fs[c][0] = V{};
      }

      for (int c = 0; c < 3; ++c)
        for (int xz = 0; xz < 4; ++xz) sum[c][xz] += fs[c][xz] - fd[c][xz];
      finish_row(j, sum);
      for (int c = 0; c < 3; ++c)
        for (int xz = 0; xz < 4; ++xz) {
          sum[c][xz] = fs[c][xz] + fd[c][xz];
          below[c][xz] = above[c][xz];
        }
    }
    finish_row(8, sum);
  }
  for (int j = 0; j < m; ++j) write_row(layers, j, forces_below[j]);
  if constexpr (halves == 2) {
    for (int i = 0; i < m * 21; ++i) out.inner[layers * m * 21 + i] += middle_inner[i];
    for (int i = 0; i < m * 8; ++i) out.ends[layers * m * 8 + i] += middle_ends[i];
  }
}

// ---- The pass over all bricks ----

/// Where a row of nodes lives: the part of the brick that its first node belongs to (the next one holds the
/// inner nodes, the one after it the last node), and the row's place within these parts.
struct RowPlace
{
  std::uint8_t part, offset;
};
struct RowPlaces
{
  RowPlace of[n_rows];
  constexpr RowPlaces() : of{}
  {
    for (int k = 0; k < edge_nodes; ++k)
      for (int j = 0; j < edge_nodes; ++j) {
        const int pk = k == 0 ? 0 : k == 8 ? 2 : 1, pj = j == 0 ? 0 : j == 8 ? 2 : 1;
        const int layer = pk == 1 ? k - 1 : 0, offset = pj == 1 ? layer * 7 + j - 1 : layer;
        of[k * edge_nodes + j] = {static_cast<std::uint8_t>(9 * pk + 3 * pj),
                                  static_cast<std::uint8_t>(offset)};
      }
  }
};
inline constexpr RowPlaces row_places;

template <typename T>
inline void add_to(T *const to, const T *const from, const int n)
{
  for (int i = 0; i < n; ++i) to[i] += from[i];
}

template <typename T, typename Finish>
void for_each_brick(const BrickSweep<T> &bricks, const T *const u, const Finish &finish)
{
  alignas(64) T in[n_rows * row_stride] = {};
  RowForces<T> out;
  for (std::size_t b = 0; b < bricks.n_bricks; ++b) {
    const std::array<std::uint32_t, 27> &parts = bricks.parts[b];
    const std::size_t interior = 3 * static_cast<std::size_t>(parts[13]);
    if (bricks.stiff_rows[b] == 0) {
      finish.void_brick(interior);
      continue;
    }
    const T *from[27];
    T *to[27]; // of shared parts
    for (std::size_t p = 0; p < 27; ++p) {
      from[p] = u + 3 * static_cast<std::size_t>(parts[p]);
      to[p] = bricks.shared + 3 * (static_cast<std::size_t>(parts[p]) - bricks.first_shared);
    }
    for (int row = 0; row < n_rows; ++row) {
      const int part = row_places.of[row].part, offset = row_places.of[row].offset;
      T *const local = in + row * row_stride;
      std::memcpy(local, from[part] + 3 * offset, 3 * sizeof(T));
      std::memcpy(local + 3, from[part + 1] + 21 * offset, 21 * sizeof(T));
      std::memcpy(local + 24, from[part + 2] + 3 * offset, 3 * sizeof(T));
    }
    const std::array<std::uint32_t, 27> &next_parts = bricks.parts[b + 1 < bricks.n_bricks ? b + 1 : b];
    const Wanted<T> wanted = finish.wanted(interior, u + 3 * static_cast<std::size_t>(next_parts[13]));
    brick_forces<T>(bricks.voxel_edge[b], bricks.lambda + b * 512, bricks.mu + b * 512, bricks.stiff_rows[b],
                    in, out, wanted);
    for (int row = 0; row < n_rows; ++row) {
      const int part = row_places.of[row].part, offset = row_places.of[row].offset;
      for (int c = 0; c < 3; ++c) to[part][3 * offset + c] += out.ends[8 * row + c];
      for (int c = 0; c < 3; ++c) to[part + 2][3 * offset + c] += out.ends[8 * row + 3 + c];
    }
    constexpr int layer = edge_nodes * 21, inner_layer = 7 * 21;
    add_to(to[4], out.inner + 21, inner_layer);              // the face z = 0 ...
    add_to(to[22], out.inner + 8 * layer + 21, inner_layer); // ... and the one across
    for (const int edge : {0, 8}) {
      add_to(to[1 + 18 * (edge / 8)], out.inner + edge * layer, 21);
      add_to(to[7 + 18 * (edge / 8)], out.inner + edge * layer + 8 * 21, 21);
    }
    for (int k = 1; k < 8; ++k) {
      add_to(to[10] + 21 * (k - 1), out.inner + k * layer, 21); // the faces y = 0 and across
      add_to(to[16] + 21 * (k - 1), out.inner + k * layer + 8 * 21, 21);
      finish.inner_nodes(interior + static_cast<std::size_t>(inner_layer * (k - 1)),
                         out.inner + k * layer + 21);
    }
    finish.brick(in, out);
  }
}

template <typename T>
void sweep_forces(const BrickSweep<T> &bricks, const T *const u, T *const f, double *const energy)
{
  struct Finish
  {
    T *f;
    double *energy;
    Wanted<T> wanted(const std::size_t interior, const T *const next) const { return {{f + interior, next}}; }
    void void_brick(const std::size_t interior) const { std::memset(f + interior, 0, 1029 * sizeof(T)); }
    void inner_nodes(const std::size_t at, const T *const forces) const
    {
      std::memcpy(f + at, forces, 147 * sizeof(T));
    }
    void brick(const T *const u, const RowForces<T> &forces) const
    {
      if (!energy) return;
      // Side by side, or the additions wait for each other.
      T inner[21] = {}, ends[3] = {};
      for (int row = 0; row < n_rows; ++row) {
        const T *const at = u + row * row_stride;
        for (int i = 0; i < 21; ++i) inner[i] += at[3 + i] * forces.inner[21 * row + i];
        for (int c = 0; c < 3; ++c)
          ends[c] += at[c] * forces.ends[8 * row + c] + at[24 + c] * forces.ends[8 * row + 3 + c];
      }
      for (const T sum : inner) *energy += static_cast<double>(sum);
      for (const T sum : ends) *energy += static_cast<double>(sum);
    }
  };
  for_each_brick<T>(bricks, u, Finish{f, energy});
}

template <typename T>
void sweep_residual(const BrickSweep<T> &bricks, const T *const x, const T *const b,
                    const T *const inverse_diagonal, T *const r)
{
  struct Finish
  {
    const T *b, *inverse_diagonal;
    T *r;
    Wanted<T> wanted(const std::size_t interior, const T *const next) const
    {
      return {{b + interior, inverse_diagonal + interior, r + interior, next}};
    }
    void void_brick(const std::size_t interior) const { std::memset(r + interior, 0, 1029 * sizeof(T)); }
    void inner_nodes(const std::size_t at, const T *const forces) const
    {
      for (std::size_t i = 0; i < 147; ++i)
        r[at + i] = inverse_diagonal[at + i] > 0 ? b[at + i] - forces[i] : T(0);
    }
    void brick(const T *, const RowForces<T> &) const {}
  };
  for_each_brick<T>(bricks, x, Finish{b, inverse_diagonal, r});
}

template <typename T>
void sweep_chebyshev(const BrickSweep<T> &bricks, T *const x, const T *const b,
                     const T *const inverse_diagonal, T *const d, const T keep, const T add)
{
  struct Finish
  {
    T *x;
    const T *b, *inverse_diagonal;
    T *d;
    T keep, add;
    Wanted<T> wanted(const std::size_t interior, const T *const next) const
    {
      return {{b + interior, inverse_diagonal + interior, d + interior, next}};
    }
    void void_brick(std::size_t) const {}
    void inner_nodes(const std::size_t at, const T *const forces) const
    {
      for (std::size_t i = at; i < at + 147; ++i) {
        d[i] = keep * d[i] + add * inverse_diagonal[i] * (b[i] - forces[i - at]);
        x[i] += d[i];
      }
    }
    void brick(const T *, const RowForces<T> &) const {}
  };
  for_each_brick<T>(bricks, x, Finish{x, b, inverse_diagonal, d, keep, add});
}

#define WOLFF_INSTANTIATE_SWEEPS(T)                                                                          \
  template void sweep_forces<T>(const BrickSweep<T> &, const T *, T *, double *);                            \
  template void sweep_residual<T>(const BrickSweep<T> &, const T *, const T *, const T *, T *);              \
  template void sweep_chebyshev<T>(const BrickSweep<T> &, T *, const T *, const T *, T *, T, T);
WOLFF_INSTANTIATE_SWEEPS(float)
WOLFF_INSTANTIATE_SWEEPS(double)
#undef WOLFF_INSTANTIATE_SWEEPS

// ---- Between levels ----

/// Lines of m + 1 values become lines of 2 m + 1 along the middle index; inner and outer are the other two.
template <int m>
void interpolate_lines(const int outer, const int inner, const float *const from, float *const to)
{
  for (int o = 0; o < outer; ++o) {
    const float *const a = from + o * (m + 1) * inner;
    float *const b = to + o * (2 * m + 1) * inner;
    for (int l = 0; l <= m; ++l)
      std::memcpy(b + 2 * l * inner, a + l * inner, sizeof(float) * static_cast<std::size_t>(inner));
    for (int l = 0; l < m; ++l)
      for (int i = 0; i < inner; ++i)
        b[(2 * l + 1) * inner + i] = 0.5F * (a[l * inner + i] + a[(l + 1) * inner + i]);
  }
}

template <int m>
void restrict_lines(const int outer, const int inner, const float *const from, float *const to)
{
  for (int o = 0; o < outer; ++o) {
    const float *const b = from + o * (2 * m + 1) * inner;
    float *const a = to + o * (m + 1) * inner;
    for (int i = 0; i < inner; ++i) {
      a[i] = b[i] + 0.5F * b[inner + i];
      a[m * inner + i] = b[2 * m * inner + i] + 0.5F * b[(2 * m - 1) * inner + i];
    }
    for (int l = 1; l < m; ++l)
      for (int i = 0; i < inner; ++i)
        a[l * inner + i] =
            b[2 * l * inner + i] + 0.5F * (b[(2 * l - 1) * inner + i] + b[(2 * l + 1) * inner + i]);
  }
}

template <int m>
void interpolate(const float *const coarse, float *const fine)
{
  constexpr int f = 2 * m + 1;
  float x_lines[3 * f * (m + 1) * (m + 1)], y_lines[3 * f * f * (m + 1)];
  interpolate_lines<m>((m + 1) * (m + 1), 3, coarse, x_lines);
  interpolate_lines<m>(m + 1, 3 * f, x_lines, y_lines);
  interpolate_lines<m>(1, 3 * f * f, y_lines, fine);
}

template <int m>
void restricted(const float *const fine, float *const coarse)
{
  constexpr int f = 2 * m + 1;
  float x_lines[3 * f * (m + 1) * (m + 1)], y_lines[3 * f * f * (m + 1)];
  restrict_lines<m>(1, 3 * f * f, fine, y_lines);
  restrict_lines<m>(m + 1, 3 * f, y_lines, x_lines);
  restrict_lines<m>((m + 1) * (m + 1), 3, x_lines, coarse);
}

void interpolate_box(const int m, const float *const coarse, float *const fine)
{
  m == 4   ? interpolate<4>(coarse, fine)
  : m == 2 ? interpolate<2>(coarse, fine)
           : interpolate<1>(coarse, fine);
}

void restrict_box(const int m, const float *const fine, float *const coarse)
{
  m == 4 ? restricted<4>(fine, coarse) : m == 2 ? restricted<2>(fine, coarse) : restricted<1>(fine, coarse);
}

template void add_brick_forces<float>(int, float, const float *, const float *, const float *, float *);
template void add_brick_forces<double>(int, double, const double *, const double *, const double *, double *);

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
