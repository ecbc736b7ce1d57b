// Cells of a box of bricks, uniform or refined in a part, for tests of fields on cells.
#pragma once

#include "discretisation/brick_forest.h"

#include <cmath>
#include <functional>

namespace wolff::tests {

struct Box
{
  Vector3 origin = Vector3::Zero();
  std::array<unsigned, 3> bricks{1, 1, 1};
  double brick_edge = 1; ///< of the coarsest bricks, eight voxels [mm]
  /// A brick of the coarsest level whose centre this names is split once; empty: none.
  std::function<bool(const Vector3 &)> split;
  /// Voxels to keep; empty: all.
  std::function<bool(const Vector3 &)> solid;
  MPI_Comm comm = MPI_COMM_WORLD;
};

inline discretisation::CellMesh cells_of(const Box &box)
{
  namespace d = discretisation;
  d::BrickForest forest(box.comm, box.origin, box.bricks, box.brick_edge);
  if (box.split)
    forest.refine([&](const d::Brick &brick) { return brick.key.level() == 0 && box.split(brick.centre()); });
  std::vector<std::uint8_t> solid(forest.n_owned() * d::brick_voxels, 1);
  if (box.solid)
    for (std::size_t b = 0; b < forest.n_owned(); ++b)
      for (int k = 0; k < d::voxels_per_edge; ++k)
        for (int j = 0; j < d::voxels_per_edge; ++j)
          for (int i = 0; i < d::voxels_per_edge; ++i)
            solid[b * d::brick_voxels + d::voxel_index(i, j, k)] =
                box.solid(forest.brick(b).voxel_centre(i, j, k)) ? 1 : 0;
  return d::make_cell_mesh(forest, solid);
}

/// A cube of 4 mm, @p bricks along each edge; those whose centre lies at y < 2 split if asked for. Two
/// bricks: voxels of 0.25 and 0.125 mm.
inline discretisation::CellMesh cube_cells(const bool hanging, const MPI_Comm comm = MPI_COMM_WORLD,
                                           const unsigned bricks = 2)
{
  Box box;
  box.bricks = {bricks, bricks, bricks};
  box.brick_edge = 4.0 / bricks;
  box.comm = comm;
  if (hanging) box.split = [](const Vector3 &centre) { return centre[1] < 2; };
  return cells_of(box);
}

/// Sum over all ranks.
inline double summed(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

inline double largest(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

/// L2 norm of field - exact over that of exact, on cell centres.
inline double relative_error(const discretisation::CellMesh &mesh, const discretisation::CellField &field,
                             const std::function<double(const Vector3 &)> &exact)
{
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const double value = exact(mesh.cell(i).centre);
    error += mesh.volume(i) * (field[i] - value) * (field[i] - value);
    norm += mesh.volume(i) * value * value;
  }
  return std::sqrt(summed(error) / summed(norm));
}

/// Values of a function of position at the owned cells.
inline discretisation::CellField field_of(const discretisation::CellMesh &mesh,
                                          const std::function<double(const Vector3 &)> &value)
{
  discretisation::CellField field(mesh.n_owned());
  for (std::size_t i = 0; i < field.size(); ++i) field[i] = value(mesh.cell(i).centre);
  return field;
}

/// A number in [0, 1) that depends on the id of a cell and a seed only, so it is the same on any number of
/// ranks.
inline double number_of_cell(const std::int64_t id, const std::uint64_t seed)
{
  std::uint64_t z = static_cast<std::uint64_t>(id) + (seed + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

} // namespace wolff::tests
