#include "regeneration/cell_distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wolff::regeneration {

namespace {

constexpr double unreached = std::numeric_limits<double>::infinity();

/// What stands beside a cell along an axis: the smallest distance there, and how far away that is.
struct Beside
{
  double distance = unreached, spacing = 1;
};

/// Neighbours along an axis by their spacing: the rim, finer, equal and coarser cells. Which of them is
/// upwind decides the answer, not which is nearest: with one rule for all the sweeps end at the same field
/// whatever their order.
using BesideBySize = std::array<Beside, 4>;

/// Solve sum over the axes of ((d - a)/h)_+^2 = 1 for d.
double upwind_distance(std::array<Beside, 3> beside)
{
  std::sort(beside.begin(), beside.end(),
            [](const Beside &a, const Beside &b) { return a.distance < b.distance; });
  double d = unreached, sum_w = 0, sum_a = 0, sum_aa = 0;
  for (const Beside &axis : beside) {
    if (!(axis.distance < d)) break; // this axis is downwind, and so are those behind it
    const double w = 1 / (axis.spacing * axis.spacing);
    sum_w += w;
    sum_a += w * axis.distance;
    sum_aa += w * axis.distance * axis.distance;
    const double root = sum_a * sum_a - sum_w * (sum_aa - 1);
    if (root < 0) break; // only by rounding: the answer without this axis stands
    d = (sum_a + std::sqrt(root)) / sum_w;
  }
  return d;
}

/// The least of all choices of one neighbour along each axis.
double least_distance(const std::array<BesideBySize, 3> &beside)
{
  // Nearly always there is one choice along an axis; a way along more axes is never longer.
  std::array<BesideBySize, 3> reached;
  std::array<std::size_t, 3> count{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (const Beside &neighbour : beside[axis])
      if (!std::isinf(neighbour.distance)) reached[axis][count[axis]++] = neighbour;
    if (count[axis] == 0) count[axis] = 1; // the one that stands there is unreached
  }
  double least = unreached;
  for (std::size_t x = 0; x < count[0]; ++x)
    for (std::size_t y = 0; y < count[1]; ++y)
      for (std::size_t z = 0; z < count[2]; ++z)
        least = std::min(least, upwind_distance({reached[0][x], reached[1][y], reached[2][z]}));
  return least;
}

/// Place in BesideBySize of a neighbour at this distance from the centre of a cell of this edge.
std::size_t size_class(const double spacing, const double edge)
{
  return spacing < 0.9 * edge ? 1 : spacing < 1.1 * edge ? 2 : 3;
}

} // namespace

discretisation::CellField distance_through(const discretisation::CellMesh &mesh,
                                           const std::vector<bool> &through, const std::vector<bool> &from)
{
  constexpr double settled = 1e-9;   // [mm]
  constexpr double way = 1, rim = 2; // in the mask, 0: neither
  discretisation::CellField mask(mesh.n_local(), 0.0);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) mask[i] = from[i] ? rim : through[i] ? way : 0;
  mesh.update_ghosts(mask);

  struct Neighbour
  {
    std::uint32_t cell;
    double spacing;
    std::uint8_t axis;
  };
  std::vector<std::vector<Neighbour>> neighbours(mesh.n_owned());
  std::vector<std::array<BesideBySize, 3>> rims(mesh.n_owned());
  for (const discretisation::CellFace &face : mesh.faces())
    for (const auto &[here, there] :
         {std::pair{face.first, face.second}, std::pair{face.second, face.first}}) {
      if (here >= mesh.n_owned() || mask[here] != way) continue;
      if (mask[there] == way) neighbours[here].push_back({there, face.distance, face.axis});
      if (mask[there] == rim) rims[here][face.axis][0] = {0, mesh.cell(here).edge / 2};
    }

  discretisation::CellField distance(mesh.n_local(), unreached);
  const auto relax = [&](const std::size_t i) {
    if (mask[i] != way) return 0.0;
    std::array<BesideBySize, 3> beside = rims[i];
    for (const Neighbour &neighbour : neighbours[i]) {
      Beside &place = beside[neighbour.axis][size_class(neighbour.spacing, mesh.cell(i).edge)];
      if (distance[neighbour.cell] < place.distance) place = {distance[neighbour.cell], neighbour.spacing};
    }
    const double found = least_distance(beside);
    if (!(found < distance[i])) return 0.0;
    const double change = std::isinf(distance[i]) ? unreached : distance[i] - found;
    distance[i] = found;
    return change;
  };
  for (double change = unreached; change > settled;) {
    change = 0;
    mesh.update_ghosts(distance);
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) change = std::max(change, relax(i));
    for (std::size_t i = mesh.n_owned(); i-- > 0;) change = std::max(change, relax(i));
    MPI_Allreduce(MPI_IN_PLACE, &change, 1, MPI_DOUBLE, MPI_MAX, mesh.comm());
  }
  distance.resize(mesh.n_owned());
  return distance;
}

} // namespace wolff::regeneration
