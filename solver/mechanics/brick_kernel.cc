#include "mechanics/brick_kernel.h"
#include "mechanics/brick_sweep.h"
#include "mechanics/pore_kernel.h"
#include "mechanics/pore_sweep.h"

#include "base/errors.h"

#include <algorithm>
#include <array>

namespace wolff::mechanics {

// Each namespace holds the kernel as one of the sources brick_kernel_*.cc compiled it.
#define WOLFF_DECLARE_KERNEL(name)                                                                           \
  namespace name {                                                                                           \
  template <typename T>                                                                                      \
  void add_brick_forces(int, T, const T *, const T *, const T *, T *);                                       \
  template <typename T>                                                                                      \
  void sweep_forces(const BrickSweep<T> &, const T *, T *, double *);                                        \
  template <typename T>                                                                                      \
  void sweep_residual(const BrickSweep<T> &, const T *, const T *, const T *, T *);                          \
  template <typename T>                                                                                      \
  void sweep_chebyshev(const BrickSweep<T> &, T *, const T *, const T *, T *, T, T);                         \
  void interpolate_box(int, int, const float *, float *);                                                    \
  void restrict_box(int, int, const float *, float *);                                                       \
  template <typename T>                                                                                      \
  void pore_forces(int, T, T, const PoreVoxels<T> &, const T *, const T *, T *, T *);                        \
  template <typename T>                                                                                      \
  void sweep_pores(const PoreSweep<T> &, T, T, const T *, const T *, T *, T *);                              \
  }
WOLFF_DECLARE_KERNEL(sse2)
#ifdef WOLFF_KERNEL_X86
WOLFF_DECLARE_KERNEL(avx2)
WOLFF_DECLARE_KERNEL(avx512)
#endif
#undef WOLFF_DECLARE_KERNEL

namespace {

enum class InstructionSet
{
  sse2,
  avx2,
  avx512
};

InstructionSet best_instruction_set()
{
#ifdef WOLFF_KERNEL_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::avx2;
#endif
  return InstructionSet::sse2;
}

InstructionSet instruction_set = best_instruction_set();

} // namespace

const char *kernel_instruction_set()
{
  switch (instruction_set) {
  case InstructionSet::avx512:
    return "AVX-512";
  case InstructionSet::avx2:
    return "AVX2";
  default:
    return "SSE2";
  }
}

std::vector<std::string> kernel_instruction_sets()
{
  std::vector<std::string> sets{"SSE2"};
  const InstructionSet best = best_instruction_set();
  if (best >= InstructionSet::avx2) sets.emplace_back("AVX2");
  if (best >= InstructionSet::avx512) sets.emplace_back("AVX-512");
  return sets;
}

void choose_kernel_instruction_set(const std::string &name)
{
  const std::vector<std::string> sets = kernel_instruction_sets();
  const auto found = std::find(sets.begin(), sets.end(), name);
  if (found == sets.end())
    throw Fault(Exit::input, "instruction-set", "", "this processor has no such instruction set").found(name);
  instruction_set = static_cast<InstructionSet>(found - sets.begin());
}

#ifdef WOLFF_KERNEL_X86
#define WOLFF_DISPATCH(call)                                                                                 \
  switch (instruction_set) {                                                                                 \
  case InstructionSet::avx512:                                                                               \
    return avx512::call;                                                                                     \
  case InstructionSet::avx2:                                                                                 \
    return avx2::call;                                                                                       \
  default:                                                                                                   \
    return sse2::call;                                                                                       \
  }
#else
#define WOLFF_DISPATCH(call) return sse2::call;
#endif

template <typename T>
void add_brick_forces(const int n, const T h, const T *lambda, const T *mu, const T *displacement, T *forces)
{
  WOLFF_DISPATCH(add_brick_forces(n, h, lambda, mu, displacement, forces))
}

template <typename T>
void sweep_forces(const BrickSweep<T> &bricks, const T *u, T *f, double *energy)
{
  WOLFF_DISPATCH(sweep_forces(bricks, u, f, energy))
}

template <typename T>
void sweep_residual(const BrickSweep<T> &bricks, const T *x, const T *b, const T *inverse_diagonal, T *r)
{
  WOLFF_DISPATCH(sweep_residual(bricks, x, b, inverse_diagonal, r))
}

template <typename T>
void sweep_chebyshev(const BrickSweep<T> &bricks, T *x, const T *b, const T *inverse_diagonal, T *d,
                     const T keep, const T add)
{
  WOLFF_DISPATCH(sweep_chebyshev(bricks, x, b, inverse_diagonal, d, keep, add))
}

void interpolate_box(const int m, const int block, const float *const coarse, float *const fine)
{
  WOLFF_DISPATCH(interpolate_box(m, block, coarse, fine))
}

void restrict_box(const int m, const int block, const float *const fine, float *const coarse)
{
  WOLFF_DISPATCH(restrict_box(m, block, fine, coarse))
}

template <typename T>
void pore_forces(const int n, const T h, const T dt, const PoreVoxels<T> &voxels, const T *const u,
                 const T *const p, T *const f_u, T *const f_p)
{
  WOLFF_DISPATCH(pore_forces(n, h, dt, voxels, u, p, f_u, f_p))
}

template <typename T>
void sweep_pores(const PoreSweep<T> &bricks, const T dt, const T push, const T *const u, const T *const p,
                 T *const f_u, T *const f_p){WOLFF_DISPATCH(sweep_pores(bricks, dt, push, u, p, f_u, f_p))}

#define WOLFF_INSTANTIATE(T)                                                                                 \
  template void add_brick_forces<T>(int, T, const T *, const T *, const T *, T *);                           \
  template void sweep_forces<T>(const BrickSweep<T> &, const T *, T *, double *);                            \
  template void sweep_residual<T>(const BrickSweep<T> &, const T *, const T *, const T *, T *);              \
  template void sweep_chebyshev<T>(const BrickSweep<T> &, T *, const T *, const T *, T *, T, T);             \
  template void pore_forces<T>(int, T, T, const PoreVoxels<T> &, const T *, const T *, T *, T *);            \
  template void sweep_pores<T>(const PoreSweep<T> &, T, T, const T *, const T *, T *, T *);
WOLFF_INSTANTIATE(float) WOLFF_INSTANTIATE(double)

    void voxel_stiffness(const double h, const double lambda, const double mu, double *matrix)
{
  for (std::size_t column = 0; column < 24; ++column) {
    std::array<double, 24> u{}, f{};
    u[column % 3 * 8 + column / 3] = 1.0;
    add_brick_forces(1, h, &lambda, &mu, u.data(), f.data());
    for (std::size_t row = 0; row < 24; ++row) matrix[row * 24 + column] = f[row % 3 * 8 + row / 3];
  }
}

} // namespace wolff::mechanics
