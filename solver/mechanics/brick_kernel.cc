#include "mechanics/brick_kernel.h"

#include <array>

namespace wolff::mechanics {

#define WOLFF_DECLARE_KERNEL(name)                                                                           \
  namespace name {                                                                                           \
  template <typename T>                                                                                      \
  void add_brick_forces(int, T, const T *, const T *, const T *, T *);                                       \
  extern template void add_brick_forces<float>(int, float, const float *, const float *, const float *,      \
                                               float *);                                                     \
  extern template void add_brick_forces<double>(int, double, const double *, const double *, const double *, \
                                                double *);                                                   \
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

const InstructionSet instruction_set = best_instruction_set();

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

template <typename T>
void add_brick_forces(const int n, const T h, const T *lambda, const T *mu, const T *displacement, T *forces)
{
#ifdef WOLFF_KERNEL_X86
  if (instruction_set == InstructionSet::avx512)
    return avx512::add_brick_forces(n, h, lambda, mu, displacement, forces);
  if (instruction_set == InstructionSet::avx2)
    return avx2::add_brick_forces(n, h, lambda, mu, displacement, forces);
#endif
  sse2::add_brick_forces(n, h, lambda, mu, displacement, forces);
}

template void add_brick_forces<float>(int, float, const float *, const float *, const float *, float *);
template void add_brick_forces<double>(int, double, const double *, const double *, const double *, double *);

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
