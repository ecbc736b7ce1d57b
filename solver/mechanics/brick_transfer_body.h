// Interpolation between levels of brick_sweep.h. Included by one source per instruction set, as
// brick_kernel_body.h is.
#include "mechanics/brick_sweep.h"

#include <cstring>

namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE {

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

template <int m, int block>
void interpolate(const float *const coarse, float *const fine)
{
  constexpr int f = 2 * m + 1;
  float x_lines[block * f * (m + 1) * (m + 1)], y_lines[block * f * f * (m + 1)];
  interpolate_lines<m>((m + 1) * (m + 1), block, coarse, x_lines);
  interpolate_lines<m>(m + 1, block * f, x_lines, y_lines);
  interpolate_lines<m>(1, block * f * f, y_lines, fine);
}

template <int m, int block>
void restricted(const float *const fine, float *const coarse)
{
  constexpr int f = 2 * m + 1;
  float x_lines[block * f * (m + 1) * (m + 1)], y_lines[block * f * f * (m + 1)];
  restrict_lines<m>(1, block * f * f, fine, y_lines);
  restrict_lines<m>(m + 1, block * f, y_lines, x_lines);
  restrict_lines<m>((m + 1) * (m + 1), block, x_lines, coarse);
}

template <int block>
void interpolate_blocks(const int m, const float *const coarse, float *const fine)
{
  m == 4   ? interpolate<4, block>(coarse, fine)
  : m == 2 ? interpolate<2, block>(coarse, fine)
           : interpolate<1, block>(coarse, fine);
}

template <int block>
void restrict_blocks(const int m, const float *const fine, float *const coarse)
{
  m == 4   ? restricted<4, block>(fine, coarse)
  : m == 2 ? restricted<2, block>(fine, coarse)
           : restricted<1, block>(fine, coarse);
}

void interpolate_box(const int m, const int block, const float *const coarse, float *const fine)
{
  block == 3 ? interpolate_blocks<3>(m, coarse, fine) : interpolate_blocks<1>(m, coarse, fine);
}

void restrict_box(const int m, const int block, const float *const fine, float *const coarse)
{
  block == 3 ? restrict_blocks<3>(m, fine, coarse) : restrict_blocks<1>(m, fine, coarse);
}

} // namespace wolff::mechanics::WOLFF_KERNEL_NAMESPACE
