#include "io/hexahedra.h"

#include "base/tensor.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace wolff::io {

namespace {

// For each corner of a VTK hexahedron its neighbours along the three edges, in right-handed order.
constexpr int neighbours[8][3] = {{1, 3, 4}, {2, 0, 5}, {3, 1, 6}, {0, 2, 7},
                                  {7, 5, 0}, {4, 6, 1}, {5, 7, 2}, {6, 4, 3}};

} // namespace

HexahedraReport check_hexahedra(const VtkGrid &grid, const double least)
{
  HexahedraReport report;
  double volume = 0;
  std::size_t n_sound = 0;
  for (std::size_t cell = 0; cell < grid.types.size(); ++cell) {
    Vector3 corner[8];
    for (std::size_t i = 0; i < 8; ++i) {
      const auto point = static_cast<std::size_t>(grid.connectivity[8 * cell + i]);
      corner[i] = Vector3(grid.points[3 * point], grid.points[3 * point + 1], grid.points[3 * point + 2]);
    }
    double smallest = std::numeric_limits<double>::infinity(), longest = 0, sum = 0;
    for (int i = 0; i < 8; ++i) {
      const Vector3 a = corner[neighbours[i][0]] - corner[i], b = corner[neighbours[i][1]] - corner[i],
                    c = corner[neighbours[i][2]] - corner[i];
      const double jacobian = a.dot(b.cross(c));
      smallest = std::min(smallest, jacobian);
      longest = std::max({longest, a.norm(), b.norm(), c.norm()});
      sum += jacobian;
    }
    const double scaled = longest > 0 ? smallest / longest / longest / longest : 0;
    // Written so that a NaN (coordinates near the end of the number range) counts as bad.
    if (scaled > least) {
      volume += sum / 8;
      ++n_sound;
      continue;
    }
    if (report.n_bad == 0 || !(scaled >= report.worst)) report.worst = scaled;
    ++report.n_bad;
    if (report.first_bad.size() < 10) report.first_bad.push_back(static_cast<std::int64_t>(cell));
  }
  if (n_sound > 0) report.mean_edge = std::cbrt(volume / static_cast<double>(n_sound));
  return report;
}

} // namespace wolff::io
