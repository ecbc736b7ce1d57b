#include "regeneration/scaffold_erosion.h"

#include <array>
#include <cmath>
#include <limits>

namespace wolff::regeneration {

using discretisation::CellField;
using discretisation::CellMesh;

namespace {

constexpr std::size_t n_directions = 6; ///< -x, +x, -y, +y, -z, +z
constexpr double nothing = 1e-12;       ///< a share that is rounding only
using Sides = std::array<double, n_directions>;

constexpr std::size_t opposite(const std::size_t direction)
{
  return direction ^ 1U;
}

/// Visit (cell, neighbour, direction from one to the other, area) for both sides of all faces.
template <typename Visit>
void for_each_side(const CellMesh &mesh, const Visit &visit)
{
  for (const discretisation::CellFace &face : mesh.faces()) {
    visit(face.first, face.second, 2U * face.axis + 1U, face.area);
    visit(face.second, face.first, 2U * face.axis, face.area);
  }
}

class Erosion
{
public:
  Erosion(const CellMesh &mesh, CellField &solid) : mesh_(mesh), solid_(solid)
  {
    solid_.resize(mesh.n_local());
    rest_.fill(CellField(mesh.n_local(), 0.0));
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (solid_[i] <= nothing) solid_[i] = 0;
  }

  void advance(const double depth)
  {
    mesh_.update_ghosts(solid_);
    const std::vector<Sides> exposed = exposed_areas();
    const std::vector<double> areas = surface_areas(exposed);
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      for (CellField &rest : rest_) rest[i] = 0;
      if (areas[i] == 0) continue;
      double sum = 0;
      for (const double side : exposed[i]) sum += side;
      take(i, areas[i] * depth, sum, [&](const std::size_t d) { return exposed[i][opposite(d)]; });
    }
    while (is_any_rest()) pass_on();
  }

private:
  /// Areas of the sides of each owned cell beyond which there is no solid.
  std::vector<Sides> exposed_areas() const
  {
    std::vector<Sides> areas(mesh_.n_owned(), Sides{});
    for_each_side(mesh_, [&](const std::uint32_t here, const std::uint32_t there, const std::size_t direction,
                             const double area) {
      if (here < mesh_.n_owned() && solid_[there] == 0) areas[here][direction] += area;
    });
    for (const discretisation::ExposedFace &face : mesh_.exposed_faces())
      areas[face.cell][face.direction] += face.area;
    // A side beyond which some of four finer cells have solid is covered: the front stands within this cell.
    for (std::size_t i = 0; i < areas.size(); ++i) {
      const double whole = mesh_.cell(i).edge * mesh_.cell(i).edge;
      for (double &area : areas[i])
        if (area < (1 - 1e-9) * whole) area = 0;
    }
    return areas;
  }

  /// Area of the surface in each owned cell: what its stairs show along the normal of the surface around it.
  std::vector<double> surface_areas(const std::vector<Sides> &exposed) const
  {
    std::array<CellField, 3> around;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      around[axis].assign(mesh_.n_local(), 0.0);
      for (std::size_t i = 0; i < mesh_.n_owned(); ++i)
        if (solid_[i] > 0) around[axis][i] = exposed[i][2 * axis + 1] - exposed[i][2 * axis];
      // Twice over the neighbours: stairs of a slope of a third are seen as a whole.
      for (int round = 0; round < 2; ++round) {
        mesh_.update_ghosts(around[axis]);
        const CellField before = around[axis];
        for_each_side(
            mesh_, [&](const std::uint32_t here, const std::uint32_t there, std::size_t, const double area) {
              if (here < mesh_.n_owned() && solid_[here] > 0 && solid_[there] > 0)
                around[axis][here] += area / (mesh_.cell(here).edge * mesh_.cell(here).edge) * before[there];
            });
      }
    }
    std::vector<double> areas(mesh_.n_owned(), 0.0);
    for (std::size_t i = 0; i < areas.size(); ++i) {
      if (solid_[i] == 0) continue;
      double square = 0, along_normal = 0, normal = 0;
      bool is_thin = false; // exposed on both sides: there is no one normal
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double less = exposed[i][2 * axis], more = exposed[i][2 * axis + 1];
        square += (less + more) * (less + more);
        is_thin = is_thin || (less > 0 && more > 0);
        along_normal += (more - less) * around[axis][i];
        normal += around[axis][i] * around[axis][i];
      }
      if (square == 0) continue;
      const double stairs = std::sqrt(square);
      areas[i] = is_thin || !(along_normal > 0.5 * stairs * std::sqrt(normal))
                     ? stairs
                     : along_normal / std::sqrt(normal);
    }
    return areas;
  }

  /// Take @p volume from a cell; what it does not have goes in directions d in proportion to weight(d).
  template <typename Weight>
  void take(const std::size_t i, const double volume, const double sum, const Weight &weight)
  {
    const double left = solid_[i] - volume / mesh_.volume(i);
    solid_[i] = left > nothing ? left : 0;
    if (left > nothing) return;
    if (left >= 0) return;
    for (std::size_t d = 0; d < n_directions; ++d) rest_[d][i] = -left * mesh_.volume(i) * weight(d) / sum;
  }

  bool is_any_rest() const
  {
    int any = 0;
    for (const CellField &rest : rest_)
      for (std::size_t i = 0; i < mesh_.n_owned(); ++i) any = any || rest[i] != 0;
    MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, mesh_.comm());
    return any != 0;
  }

  void pass_on()
  {
    mesh_.update_ghosts(solid_);
    // Volume for each area of the side it goes through, over the neighbours that have solid.
    std::vector<Sides> way(mesh_.n_owned(), Sides{}), received(mesh_.n_owned(), Sides{});
    for_each_side(mesh_, [&](const std::uint32_t here, const std::uint32_t there, const std::size_t direction,
                             const double area) {
      if (here < mesh_.n_owned() && solid_[there] > 0) way[here][direction] += area;
    });
    for (std::size_t d = 0; d < n_directions; ++d) {
      for (std::size_t i = 0; i < mesh_.n_owned(); ++i)
        rest_[d][i] = way[i][d] > 0 ? rest_[d][i] / way[i][d] : 0;
      mesh_.update_ghosts(rest_[d]);
    }
    for_each_side(mesh_, [&](const std::uint32_t from, const std::uint32_t to, const std::size_t direction,
                             const double area) {
      if (to < mesh_.n_owned() && solid_[to] > 0) received[to][direction] += area * rest_[direction][from];
    });
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      double volume = 0;
      for (std::size_t d = 0; d < n_directions; ++d) {
        rest_[d][i] = 0;
        volume += received[i][d];
      }
      if (volume > 0) take(i, volume, volume, [&](const std::size_t d) { return received[i][d]; });
    }
  }

  const CellMesh &mesh_;
  CellField &solid_;                         ///< owned cells and ghosts
  std::array<CellField, n_directions> rest_; ///< volume still to be taken, on its way in each direction
};

} // namespace

double erode_surface(const CellMesh &mesh, const double depth, CellField &solid)
{
  long double before = 0, after = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    before += mesh.volume(i) * solid[i];
    if (solid[i] > 0) smallest = std::min(smallest, mesh.cell(i).edge);
  }
  MPI_Allreduce(MPI_IN_PLACE, &smallest, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  if (depth > 0 && std::isfinite(smallest)) {
    const int steps = static_cast<int>(std::ceil(depth / (smallest / 4)));
    Erosion erosion(mesh, solid);
    for (int step = 0; step < steps; ++step) erosion.advance(depth / steps);
    solid.resize(mesh.n_owned());
  }
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) after += mesh.volume(i) * solid[i];
  long double lost = before - after;
  MPI_Allreduce(MPI_IN_PLACE, &lost, 1, MPI_LONG_DOUBLE, MPI_SUM, mesh.comm());
  return static_cast<double>(lost);
}

} // namespace wolff::regeneration
