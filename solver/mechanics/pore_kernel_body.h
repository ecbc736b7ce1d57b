// The arithmetic of pore_kernel.h. Included by one source per instruction set after brick_kernel_body.h.
#include "mechanics/pore_kernel.h"

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

/// Node rows of one scalar: [x parity][layer][row]; a lane is a voxel along x.
template <typename V, int m>
struct ModeRows
{
  V at[2][m][m];
};

template <typename T, int n>
void read_rows(const T *const values, ModeRows<typename Lanes<T, n>::Vector, n + 1> &rows)
{
  using V = typename Lanes<T, n>::Vector;
  constexpr int m = n + 1;
  for (int k = 0; k < m; ++k)
    for (int j = 0; j < m; ++j) {
      V low, high;
      std::memcpy(&low, values + (k * m + j) * m, sizeof low);
      std::memcpy(&high, values + (k * m + j) * m + 1, sizeof high);
      rows.at[0][k][j] = low + high;
      rows.at[1][k][j] = high - low;
    }
}

template <typename T, int n>
void write_rows(const ModeRows<typename Lanes<T, n>::Vector, n + 1> &rows, T *const values)
{
  using V = typename Lanes<T, n>::Vector;
  constexpr int m = n + 1;
  for (int k = 0; k < m; ++k)
    for (int j = 0; j < m; ++j) {
      const V left = rows.at[0][k][j] - rows.at[1][k][j], right = rows.at[0][k][j] + rows.at[1][k][j];
      T ends[2][n];
      std::memcpy(ends[0], &left, sizeof left);
      std::memcpy(ends[1], &right, sizeof right);
      T *const to = values + (k * m + j) * m;
      to[0] = ends[0][0];
      for (int i = 1; i < n; ++i) to[i] = ends[0][i] + ends[1][i - 1];
      to[n] = ends[1][n - 1];
    }
}

/// The eight parity modes x + 2 y + 4 z of the voxels of row j in layer k.
template <typename V, int m>
void modes_of(const ModeRows<V, m> &rows, const int k, const int j, V (&modes)[8])
{
  for (int x = 0; x < 2; ++x) {
    const V a = rows.at[x][k][j], b = rows.at[x][k][j + 1], c = rows.at[x][k + 1][j],
            d = rows.at[x][k + 1][j + 1];
    const V low = a + b, low_odd = b - a, high = c + d, high_odd = d - c;
    modes[x] = low + high;
    modes[x + 2] = low_odd + high_odd;
    modes[x + 4] = high - low;
    modes[x + 6] = high_odd - low_odd;
  }
}

template <typename V, int m>
void add_modes(const V (&modes)[8], const int k, const int j, ModeRows<V, m> &rows)
{
  for (int x = 0; x < 2; ++x) {
    const V low = modes[x] - modes[x + 4], high = modes[x] + modes[x + 4],
            low_odd = modes[x + 2] - modes[x + 6], high_odd = modes[x + 2] + modes[x + 6];
    rows.at[x][k][j] += low - low_odd;
    rows.at[x][k][j + 1] += low + low_odd;
    rows.at[x][k + 1][j] += high - high_odd;
    rows.at[x][k + 1][j + 1] += high + high_odd;
  }
}

template <typename T, int n>
void pore_forces_of(const T h, const T dt, const PoreVoxels<T> &voxels, const T *const u, const T *const p,
                    T *const f_u, T *const f_p)
{
  using V = typename Lanes<T, n>::Vector;
  constexpr int m = n + 1, nodes = m * m * m;
  // Weights of one axis: mass 1/4 for the sum and 1/12 for the difference of two values (lumped 1/4),
  // derivative 1 for the difference.
  const T mass = h * h * h / 64, flow = dt * h / 16, coupling = h * h / 32, third = T(1) / 3;
  ModeRows<V, m> pressure, displacement[3], on_fluid = {}, on_skeleton[3] = {};
  if (p) read_rows<T, n>(p, pressure);
  if (u)
    for (int c = 0; c < 3; ++c) read_rows<T, n>(u + c * nodes, displacement[c]);
  const auto row_of = [](const T *const values, const int row) {
    V v;
    std::memcpy(&v, values + row * n, sizeof v);
    return v;
  };

  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j) {
      const int row = k * n + j;
      V modes[8] = {}, fluid[8] = {};
      if (p) {
        modes_of(pressure, k, j, modes);
        if (f_p) {
          const V stored = mass * row_of(voxels.storage, row);
          const V held = voxels.stabilisation ? stored + mass * row_of(voxels.stabilisation, row) : stored;
          const V flowing = flow * row_of(voxels.mobility, row);
          const V one = held + flowing, two = held + 2 * third * flowing, three = held + third * flowing;
          fluid[0] = stored * modes[0];
          for (const int i : {1, 2, 4}) fluid[i] = one * modes[i];
          for (const int i : {3, 5, 6}) fluid[i] = two * modes[i];
          fluid[7] = three * modes[7];
        }
      }
      if (voxels.biot && (u || f_u)) {
        const V even = coupling * row_of(voxels.biot, row), odd = third * even, both = third * odd;
        for (int c = 0; c < 3; ++c) {
          // Of component c the modes that are odd along c; the pressure's are even there.
          const int own = 1 << c, y = 1 << (c + 1) % 3, z = 1 << (c + 2) % 3;
          if (u && f_p) {
            V moved[8];
            modes_of(displacement[c], k, j, moved);
            fluid[0] += even * moved[own];
            fluid[y] += odd * moved[own + y];
            fluid[z] += odd * moved[own + z];
            fluid[y + z] += both * moved[own + y + z];
          }
          if (p && f_u) {
            V force[8] = {};
            force[own] = -even * modes[0];
            force[own + y] = -odd * modes[y];
            force[own + z] = -odd * modes[z];
            force[own + y + z] = -both * modes[y + z];
            add_modes(force, k, j, on_skeleton[c]);
          }
        }
      }
      if (f_p) add_modes(fluid, k, j, on_fluid);
    }
  if (f_p) write_rows<T, n>(on_fluid, f_p);
  if (f_u)
    for (int c = 0; c < 3; ++c) write_rows<T, n>(on_skeleton[c], f_u + c * nodes);
}

template <typename T>
void pore_forces(const int n, const T h, const T dt, const PoreVoxels<T> &voxels, const T *const u,
                 const T *const p, T *const f_u, T *const f_p)
{
  n == 8   ? pore_forces_of<T, 8>(h, dt, voxels, u, p, f_u, f_p)
  : n == 4 ? pore_forces_of<T, 4>(h, dt, voxels, u, p, f_u, f_p)
  : n == 2 ? pore_forces_of<T, 2>(h, dt, voxels, u, p, f_u, f_p)
           : pore_forces_of<T, 1>(h, dt, voxels, u, p, f_u, f_p);
}

template void pore_forces<float>(int, float, float, const PoreVoxels<float> &, const float *, const float *,
                                 float *, float *);
template void pore_forces<double>(int, double, double, const PoreVoxels<double> &, const double *,
                                  const double *, double *, double *);

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
