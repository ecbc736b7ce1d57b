// Forces of one brick of 8^3 voxels, and the pass over all bricks of brick_sweep.h. Included by one source
// per instruction set, as brick_kernel_body.h is.
#include "discretisation/brick_parts.h"
#include "mechanics/brick_rows_body.h"
#include "mechanics/brick_sweep.h"

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

/// Vectors of 1029 numbers that will be wanted when the kernel is done with a brick: they are fetched from
/// memory while it computes. Without this the pass over large forests took 1.6 times as long.
template <typename T>
struct Wanted
{
  const T *vectors[4]; ///< or null
};

/**
 * Forces of one brick from the rows of its nodes; the parity modes as in sweep(). With two rows a register
 * the layers k and k + 4 are treated side by side, and the layer of nodes between the halves is added last.
 */
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
          for (const T *const vector : wanted.vectors)
            if (vector) __builtin_prefetch(vector + at);
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

/// Where each row of nodes lives; the compiler works it out, so no function of a shared header is compiled
/// for the instruction set of this source.
struct RowPlaces
{
  discretisation::RowPlace of[n_rows];
  constexpr RowPlaces() : of{}
  {
    for (int k = 0; k < edge_nodes; ++k)
      for (int j = 0; j < edge_nodes; ++j)
        of[k * edge_nodes + j] = discretisation::row_place(edge_nodes - 1, j, k);
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
      to[p] = p == 13 ? nullptr : bricks.shared + 3 * (parts[p] - bricks.first_shared);
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

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
