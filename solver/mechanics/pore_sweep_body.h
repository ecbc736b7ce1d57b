// The pass of pore_sweep.h. Included by one source per instruction set after brick_sweep_body.h.
#include "mechanics/pore_sweep.h"

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

/// Numbers from one row of pressures to the next in their buffer; nine are used.
constexpr int pressure_stride = 16;

/// Rows of a scalar to registers and back, as RowCodec does for displacements.
template <typename T>
struct ScalarCodec
{
  static constexpr int lanes = lanes_of<T>, halves = lanes / 8;
  using V = typename Lanes<T, lanes>::Vector;
  using Row = typename Lanes<T, 8>::Vector;

  static V joined(const T *const (&row)[halves])
  {
    Row low;
    std::memcpy(&low, row[0], sizeof low);
    if constexpr (halves == 2) {
      Row high;
      std::memcpy(&high, row[1], sizeof high);
      return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    } else
      return low;
  }

  static void read(const T *const (&row)[halves], V &sum, V &difference)
  {
    const T *next[halves];
    for (int half = 0; half < halves; ++half) next[half] = row[half] + 1;
    const V left = joined(row), right = joined(next);
    sum = left + right;
    difference = right - left;
  }

  /// Node i takes left_i + right_(i-1); nine numbers a row.
  static void write(const V &left, const V &right, T *const (&row)[halves])
  {
    T last[lanes];
    std::memcpy(last, &right, sizeof last);
    V shifted;
    if constexpr (halves == 2)
      shifted = __builtin_shufflevector(right, V{}, 16, 0, 1, 2, 3, 4, 5, 6, 16, 8, 9, 10, 11, 12, 13, 14);
    else
      shifted = __builtin_shufflevector(right, V{}, 8, 0, 1, 2, 3, 4, 5, 6);
    const V node = left + shifted;
    for (int half = 0; half < halves; ++half) {
      std::memcpy(row[half], reinterpret_cast<const char *>(&node) + half * sizeof(Row), sizeof(Row));
      row[half][8] = last[8 * half + 7];
    }
  }
};

/// Node rows of the layer below the voxels at hand, and the parity modes of their row: [x + 2 z] of node row
/// j and j + 1. The transforms are those of brick_forces().
template <typename V, int components>
struct ModeStream
{
  V layer[edge_nodes][components][2], below[components][4], above[components][4];

  void next(const int j, const V (&upper)[components][2], V (&row)[components][4])
  {
    for (int c = 0; c < components; ++c)
      for (int x = 0; x < 2; ++x) {
        row[c][x] = layer[j][c][x] + upper[c][x];
        row[c][2 + x] = upper[c][x] - layer[j][c][x];
        layer[j][c][x] = upper[c][x];
      }
  }
  void advance()
  {
    for (int c = 0; c < components; ++c)
      for (int xz = 0; xz < 4; ++xz) below[c][xz] = above[c][xz];
  }
  V even(const int c, const int xz) const { return below[c][xz] + above[c][xz]; }
  V odd(const int c, const int xz) const { return above[c][xz] - below[c][xz]; }
};

/// The transpose: what is gathered on node row j, and on the layer of nodes above.
template <typename V, int components>
struct ForceStream
{
  V layer[edge_nodes][components][2], sum[components][4];

  void begin_layer()
  {
    for (int c = 0; c < components; ++c)
      for (int xz = 0; xz < 4; ++xz) sum[c][xz] = V{};
  }
  /// Adds the modes of y parity 0 and 1 of a row of voxels: its lower row of nodes is then complete.
  void add(const V (&even)[components][4], const V (&odd)[components][4], V (&complete)[components][4])
  {
    for (int c = 0; c < components; ++c)
      for (int xz = 0; xz < 4; ++xz) {
        complete[c][xz] = sum[c][xz] + even[c][xz] - odd[c][xz];
        sum[c][xz] = even[c][xz] + odd[c][xz];
      }
  }
  void finish(const int j, const V (&row)[components][4], V (&done)[components][2])
  {
    for (int c = 0; c < components; ++c)
      for (int x = 0; x < 2; ++x) {
        done[c][x] = layer[j][c][x] + (row[c][x] - row[c][2 + x]);
        layer[j][c][x] = row[c][x] + row[c][2 + x];
      }
  }
};

/// One brick; with two rows a register the layers k and k + 4 side by side, as in brick_forces().
template <typename T, bool moves, bool presses, bool on_skeleton, bool on_fluid>
void pore_brick(const T h, const T dt, const T push, const PoreVoxels<T> &voxels, const T *const u,
                const T *const p, RowForces<T> &f_u, T *const f_p)
{
  using Codec = ScalarCodec<T>;
  using V = typename Codec::V;
  constexpr int halves = Codec::halves, layers = 8 / halves, m = edge_nodes;
  const T mass = h * h * h / 64, flow = dt * h / 16, coupling = h * h / 32, third = T(1) / 3;
  const auto of_row = [](const T *const values, const int row) {
    const T *rows[halves];
    for (int half = 0; half < halves; ++half) rows[half] = values + row * 8 + half * 4 * 64;
    return Codec::joined(rows);
  };

  ModeStream<V, 1> pressure;
  ModeStream<V, 3> displacement;
  ForceStream<V, 1> fluid;
  ForceStream<V, 3> skeleton;
  const auto read_p = [&](const int k, const int j, V(&row)[1][2]) {
    const T *from[halves];
    for (int half = 0; half < halves; ++half) from[half] = p + ((k + half * 4) * m + j) * pressure_stride;
    Codec::read(from, row[0][0], row[0][1]);
  };
  const auto read_u = [&](const int k, const int j, V(&row)[3][2]) {
    const T *from[halves];
    for (int half = 0; half < halves; ++half) from[half] = u + ((k + half * 4) * m + j) * row_stride;
    V sum[3], difference[3];
    RowCodec<T>::read(from, sum, difference);
    for (int c = 0; c < 3; ++c) {
      row[c][0] = sum[c];
      row[c][1] = difference[c];
    }
  };
  // The layer of nodes between the halves gets a part from each: the one from below is kept apart.
  alignas(64) T middle_inner[m * 21 + 11], middle_ends[m * 8], middle_p[m * pressure_stride];
  const auto is_middle = [&](const int half, const int k) { return halves == 2 && half == 0 && k == layers; };
  const auto write_p = [&](const int k, const int j, const V(&row)[1][2]) {
    T *to[halves];
    for (int half = 0; half < halves; ++half)
      to[half] = is_middle(half, k) ? middle_p + j * pressure_stride
                                    : f_p + ((k + half * 4) * m + j) * pressure_stride;
    Codec::write(row[0][0] - row[0][1], row[0][0] + row[0][1], to);
  };
  const auto write_u = [&](const int k, const int j, const V(&row)[3][2]) {
    V left[3], right[3];
    for (int c = 0; c < 3; ++c) {
      left[c] = row[c][0] - row[c][1];
      right[c] = row[c][0] + row[c][1];
    }
    T *inner[halves], *ends[halves];
    for (int half = 0; half < halves; ++half) {
      const int at = (k + half * 4) * m + j;
      inner[half] = is_middle(half, k) ? middle_inner + j * 21 : f_u.inner + at * 21;
      ends[half] = is_middle(half, k) ? middle_ends + j * 8 : f_u.ends + at * 8;
    }
    RowCodec<T>::write(left, right, inner, ends);
  };

  for (int j = 0; j < m; ++j) {
    if constexpr (presses) read_p(0, j, pressure.layer[j]);
    if constexpr (moves) read_u(0, j, displacement.layer[j]);
    for (int x = 0; x < 2; ++x) {
      if constexpr (on_fluid) fluid.layer[j][0][x] = V{};
      if constexpr (on_skeleton)
        for (int c = 0; c < 3; ++c) skeleton.layer[j][c][x] = V{};
    }
  }
  for (int k = 0; k < layers; ++k) {
    const auto read_rows_above = [&](const int j, V(&p_row)[1][4], V(&u_row)[3][4]) {
      if constexpr (presses) {
        V upper[1][2];
        read_p(k + 1, j, upper);
        pressure.next(j, upper, p_row);
      }
      if constexpr (moves) {
        V upper[3][2];
        read_u(k + 1, j, upper);
        displacement.next(j, upper, u_row);
      }
    };
    const auto write_fluid = [&](const int j, const V(&row)[1][4]) {
      V done[1][2];
      fluid.finish(j, row, done);
      write_p(k, j, done);
    };
    const auto write_skeleton = [&](const int j, const V(&row)[3][4]) {
      V done[3][2];
      skeleton.finish(j, row, done);
      write_u(k, j, done);
    };
    if constexpr (on_fluid) fluid.begin_layer();
    if constexpr (on_skeleton) skeleton.begin_layer();
    read_rows_above(0, pressure.below, displacement.below);
    for (int j = 0; j < 8; ++j) {
      read_rows_above(j + 1, pressure.above, displacement.above);
      const int row = k * 8 + j;
      V even = {}, odd = {}, both = {};
      if constexpr (moves || on_skeleton) {
        even = coupling * of_row(voxels.biot, row);
        odd = third * even;
        both = third * odd;
      }
      // Pressure modes by their parities in x, y, z; the index is x + 2 z.
      V p000 = {}, p100 = {}, p001 = {}, p101 = {}, p010 = {}, p110 = {}, p011 = {}, p111 = {};
      if constexpr (presses) {
        p000 = pressure.even(0, 0);
        p100 = pressure.even(0, 1);
        p001 = pressure.even(0, 2);
        p101 = pressure.even(0, 3);
        p010 = pressure.odd(0, 0);
        p110 = pressure.odd(0, 1);
        p011 = pressure.odd(0, 2);
        p111 = pressure.odd(0, 3);
      }
      if constexpr (on_fluid) {
        V fs[1][4] = {}, fd[1][4] = {}; // y parity 0 and 1
        if constexpr (presses) {
          const V stored = mass * of_row(voxels.storage, row);
          const V held = voxels.stabilisation ? stored + mass * of_row(voxels.stabilisation, row) : stored;
          const V flowing = flow * of_row(voxels.mobility, row);
          const V one = held + flowing, two = held + 2 * third * flowing, three = held + third * flowing;
          fs[0][0] = stored * p000;
          fs[0][1] = one * p100;
          fs[0][2] = one * p001;
          fs[0][3] = two * p101;
          fd[0][0] = one * p010;
          fd[0][1] = two * p110;
          fd[0][2] = two * p011;
          fd[0][3] = three * p111;
        }
        if constexpr (moves) {
          const auto &u_of = displacement;
          // Of component c the modes that are odd along c; the pressure's are even there.
          fs[0][0] += even * (u_of.even(0, 1) + u_of.odd(1, 0) + u_of.even(2, 2));
          fs[0][1] += odd * (u_of.odd(1, 1) + u_of.even(2, 3));
          fs[0][2] += odd * (u_of.even(0, 3) + u_of.odd(1, 2));
          fs[0][3] += both * u_of.odd(1, 3);
          fd[0][0] += odd * (u_of.odd(0, 1) + u_of.odd(2, 2));
          fd[0][1] += both * u_of.odd(2, 3);
          fd[0][2] += both * u_of.odd(0, 3);
        }
        V complete[1][4];
        fluid.add(fs, fd, complete);
        write_fluid(j, complete);
      }
      if constexpr (on_skeleton) {
        const V e = push * even, o = push * odd, b = push * both;
        const V fs[3][4] = {
            {V{}, e * p000, V{}, o * p001}, {V{}, V{}, V{}, V{}}, {V{}, V{}, e * p000, o * p100}};
        const V fd[3][4] = {{V{}, o * p010, V{}, b * p011},
                            {e * p000, o * p100, o * p001, b * p101},
                            {V{}, V{}, o * p010, b * p110}};
        V complete[3][4];
        skeleton.add(fs, fd, complete);
        write_skeleton(j, complete);
      }
      if constexpr (presses) pressure.advance();
      if constexpr (moves) displacement.advance();
    }
    if constexpr (on_fluid) write_fluid(8, fluid.sum);
    if constexpr (on_skeleton) write_skeleton(8, skeleton.sum);
  }
  for (int j = 0; j < m; ++j) {
    if constexpr (on_fluid) write_p(layers, j, fluid.layer[j]);
    if constexpr (on_skeleton) write_u(layers, j, skeleton.layer[j]);
  }
  if constexpr (halves == 2) {
    if constexpr (on_fluid) add_to(f_p + layers * m * pressure_stride, middle_p, m * pressure_stride);
    if constexpr (on_skeleton) {
      add_to(f_u.inner + layers * m * 21, middle_inner, m * 21);
      add_to(f_u.ends + layers * m * 8, middle_ends, m * 8);
    }
  }
}

template <typename T, bool moves, bool presses, bool on_skeleton, bool on_fluid>
void sweep_these(const PoreSweep<T> &bricks, const T dt, const T push, const T *const u, const T *const p,
                 T *const f_u, T *const f_p)
{
  alignas(64) T u_rows[n_rows * row_stride] = {}, p_rows[n_rows * pressure_stride] = {},
                                f_rows[n_rows * pressure_stride] = {};
  RowForces<T> forces;
  for (std::size_t b = 0; b < bricks.n_bricks; ++b) {
    const std::array<std::uint32_t, 27> &parts = bricks.parts[b];
    if (!bricks.has_fluid[b]) {
      if constexpr (on_fluid) std::memset(f_p + parts[13], 0, 343 * sizeof(T));
      continue;
    }
    for (int row = 0; row < n_rows; ++row) {
      const int part = row_places.of[row].part, offset = row_places.of[row].offset;
      const std::size_t first = parts[part] + static_cast<std::size_t>(offset),
                        inner = parts[part + 1] + 7 * static_cast<std::size_t>(offset),
                        last = parts[part + 2] + static_cast<std::size_t>(offset);
      if constexpr (moves) {
        T *const local = u_rows + row * row_stride;
        std::memcpy(local, u + 3 * first, 3 * sizeof(T));
        std::memcpy(local + 3, u + 3 * inner, 21 * sizeof(T));
        std::memcpy(local + 24, u + 3 * last, 3 * sizeof(T));
      }
      if constexpr (presses) {
        T *const local = p_rows + row * pressure_stride;
        local[0] = p[first];
        std::memcpy(local + 1, p + inner, 7 * sizeof(T));
        local[8] = p[last];
      }
    }
    const auto of_brick = [&](const T *const values) { return values ? values + b * 512 : nullptr; };
    const PoreVoxels<T> voxels{of_brick(bricks.voxels.storage), of_brick(bricks.voxels.stabilisation),
                               of_brick(bricks.voxels.mobility), of_brick(bricks.voxels.biot)};
    pore_brick<T, moves, presses, on_skeleton, on_fluid>(bricks.voxel_edge[b], dt, push, voxels, u_rows,
                                                         p_rows, forces, f_rows);
    for (int row = 0; row < n_rows; ++row) {
      const int part = row_places.of[row].part, offset = row_places.of[row].offset;
      const std::size_t first = parts[part] + static_cast<std::size_t>(offset),
                        inner = parts[part + 1] + 7 * static_cast<std::size_t>(offset),
                        last = parts[part + 2] + static_cast<std::size_t>(offset);
      if constexpr (on_fluid) {
        const T *const local = f_rows + row * pressure_stride;
        f_p[first] += local[0];
        f_p[last] += local[8];
        if (part == 12)
          std::memcpy(f_p + inner, local + 1, 7 * sizeof(T));
        else
          add_to(f_p + inner, local + 1, 7);
      }
      if constexpr (on_skeleton) {
        for (std::size_t c = 0; c < 3; ++c) {
          f_u[3 * first + c] += forces.ends[8 * row + static_cast<int>(c)];
          f_u[3 * last + c] += forces.ends[8 * row + 3 + static_cast<int>(c)];
        }
        add_to(f_u + 3 * inner, forces.inner + row * 21, 21);
      }
    }
  }
}

template <typename T>
void sweep_pores(const PoreSweep<T> &bricks, const T dt, const T push, const T *const u, const T *const p,
                 T *const f_u, T *const f_p)
{
  const int what = (u && f_p && bricks.voxels.biot ? 1 : 0) + (p ? 2 : 0) +
                   (f_u && p && bricks.voxels.biot ? 4 : 0) + (f_p ? 8 : 0);
  switch (what) {
  case 6:
    return sweep_these<T, false, true, true, false>(bricks, dt, push, u, p, f_u, f_p);
  case 8:
    return sweep_these<T, false, false, false, true>(bricks, dt, push, u, p, f_u, f_p); // zero
  case 9:
    return sweep_these<T, true, false, false, true>(bricks, dt, push, u, p, f_u, f_p);
  case 10:
    return sweep_these<T, false, true, false, true>(bricks, dt, push, u, p, f_u, f_p);
  case 11:
    return sweep_these<T, true, true, false, true>(bricks, dt, push, u, p, f_u, f_p);
  case 15:
    return sweep_these<T, true, true, true, true>(bricks, dt, push, u, p, f_u, f_p);
  default:
    return; // nothing that acts on the skeleton
  }
}

template void sweep_pores<float>(const PoreSweep<float> &, float, float, const float *, const float *,
                                 float *, float *);
template void sweep_pores<double>(const PoreSweep<double> &, double, double, const double *, const double *,
                                  double *, double *);

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
