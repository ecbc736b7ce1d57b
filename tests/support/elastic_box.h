// A cube of bricks for the verification of elasticity: mesh families, moduli and displacements as functions of
// the place.
#pragma once

#include "discretisation/brick_forest.h"
#include "mechanics/elastic_solver.h"
#include "mechanics/nodal_loads.h"

#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace wolff::tests {

using discretisation::brick_voxels;
using discretisation::BrickForest;
using discretisation::voxels_per_edge;

/// Mesh families of the suite.
enum class Family
{
  uniform,
  corner,
  edge,
  centre,
  nested
};

inline std::string name(const Family family)
{
  switch (family) {
  case Family::uniform:
    return "uniform";
  case Family::corner:
    return "corner octant finer";
  case Family::edge:
    return "edge finer";
  case Family::centre:
    return "centre finer";
  default:
    return "three nested levels";
  }
}

/// [least, least + edge]^3 with bricks_per_edge^3 bricks, then one (or three) finer levels where the family
/// says.
inline BrickForest make_forest(const unsigned bricks_per_edge, const Family family, const double edge = 1,
                               const Vector3 &least = Vector3::Zero(), const MPI_Comm comm = MPI_COMM_WORLD)
{
  BrickForest forest(comm, least, {bricks_per_edge, bricks_per_edge, bricks_per_edge},
                     edge / bricks_per_edge);
  const auto relative = [&](const discretisation::Brick &brick) -> Vector3 {
    return (brick.centre() - least) / edge;
  };
  const unsigned deepest = family == Family::uniform ? 0 : family == Family::nested ? 3 : 1;
  forest.refine([&](const discretisation::Brick &brick) {
    if (brick.key.level() >= deepest) return false;
    const Vector3 x = relative(brick);
    switch (family) {
    case Family::corner:
      return x.maxCoeff() < 0.5;
    case Family::edge:
      return x[0] < 0.5 && x[1] < 0.5;
    case Family::centre:
      return (x - Vector3::Constant(0.5)).cwiseAbs().maxCoeff() < 0.26;
    case Family::nested:
      return x.maxCoeff() < std::pow(0.5, brick.key.level() + 1.0);
    default:
      return false;
    }
  });
  return forest;
}

struct Moduli
{
  std::vector<double> lambda, mu;
};

/// Moduli of all voxels from Young's modulus and Poisson ratio at their centres; E = 0 is void.
inline Moduli moduli_of(const BrickForest &forest, const std::function<double(const Vector3 &)> &young,
                        const std::function<double(const Vector3 &)> &poisson)
{
  Moduli moduli;
  for (std::size_t b = 0; b < forest.n_owned(); ++b)
    for (int k = 0; k < voxels_per_edge; ++k)
      for (int j = 0; j < voxels_per_edge; ++j)
        for (int i = 0; i < voxels_per_edge; ++i) {
          const Vector3 x = forest.brick(b).voxel_centre(i, j, k);
          const double e = young(x), nu = poisson(x);
          moduli.lambda.push_back(e * nu / ((1 + nu) * (1 - 2 * nu)));
          moduli.mu.push_back(e / (2 * (1 + nu)));
        }
  return moduli;
}

using Field = std::function<Vector3(const Vector3 &)>;

/// Prescribe @p exact at every node that lies on the surface of the stiff voxels (staircase or box), and
/// nowhere else.
inline mechanics::PrescribedDisplacement
prescribe_surface(const mechanics::ElasticSolver &solver, const BrickForest &forest, const Moduli &moduli,
                  const Field &exact, const std::function<bool(const Vector3 &)> &where = {})
{
  std::vector<std::uint8_t> solid(moduli.mu.size());
  for (std::size_t i = 0; i < solid.size(); ++i) solid[i] = moduli.mu[i] > 0 ? 1 : 0;
  const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, solid);
  mechanics::PrescribedDisplacement prescribed = solver.nothing_prescribed();
  for (const discretisation::ExposedFace &face : mesh.exposed_faces()) {
    const std::uint32_t voxel = mesh.voxel_of_cell()[face.cell];
    const auto &brick = forest.brick(voxel / brick_voxels);
    const int v = static_cast<int>(voxel % brick_voxels);
    for (int corner = 0; corner < 8; ++corner) {
      if ((corner >> (face.direction / 2) & 1) != face.direction % 2) continue;
      const Vector3 x = discretisation::node_position(brick, 8, v % 8 + (corner & 1),
                                                      v / 8 % 8 + (corner >> 1 & 1), v / 64 + (corner >> 2));
      if (where && !where(x)) continue;
      const std::size_t node = solver.corner_node(voxel, corner);
      const Vector3 value = exact(x);
      for (int c = 0; c < 3; ++c) {
        prescribed.fixed[3 * node + static_cast<std::size_t>(c)] = 1;
        prescribed.value[3 * node + static_cast<std::size_t>(c)] = value[c];
      }
    }
  }
  return prescribed;
}

/// Visit every node of every stiff voxel of this rank: visit(position, displacement).
template <typename Visit>
void for_each_corner(const mechanics::ElasticSolver &solver, const BrickForest &forest, const Moduli &moduli,
                     const std::vector<double> &u, const Visit &visit)
{
  for (std::size_t i = 0; i < moduli.mu.size(); ++i) {
    if (moduli.mu[i] == 0) continue;
    const auto &brick = forest.brick(i / brick_voxels);
    const int v = static_cast<int>(i % brick_voxels);
    for (int corner = 0; corner < 8; ++corner) {
      const std::size_t node = solver.corner_node(static_cast<std::uint32_t>(i), corner);
      visit(discretisation::node_position(brick, 8, v % 8 + (corner & 1), v / 8 % 8 + (corner >> 1 & 1),
                                          v / 64 + (corner >> 2)),
            Vector3(u[3 * node], u[3 * node + 1], u[3 * node + 2]));
    }
  }
}

inline double largest(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

inline double total(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

/// The table's octahedral shear strain, 2 sqrt(2/3) sqrt(J2).
inline double octahedral_shear(const SymmetricTensor &e)
{
  const double mean = e.trace() / 3;
  const SymmetricTensor deviator = e + SymmetricTensor{{-mean, -mean, -mean, 0, 0, 0}};
  return 2 * std::sqrt(contract(deviator, deviator) / 3);
}

inline SymmetricTensor stress_of(const double lambda, const double mu, const SymmetricTensor &strain)
{
  const double pressure = lambda * strain.trace();
  return 2 * mu * strain + SymmetricTensor{{pressure, pressure, pressure, 0, 0, 0}};
}

/// Observed order from the errors on two meshes whose voxel edges have the ratio @p refinement.
inline double order(const double coarse, const double fine, const double refinement = 2)
{
  return std::log(coarse / fine) / std::log(refinement);
}

} // namespace wolff::tests
