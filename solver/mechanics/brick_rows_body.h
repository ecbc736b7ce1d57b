// Rows of nodes x0 y0 z0 x1 y1 ... to registers of one component, and back. Included by one source per
// instruction set, as brick_kernel_body.h is.
#include "mechanics/brick_kernel_body.h"

#include <type_traits>

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

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

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
