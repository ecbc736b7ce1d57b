// What does a step of the time loop cost after the first one? A cube of voxels is solved cold; then five per
// cent of its voxels, at the surface of the solid, become 1 to 3 times as stiff and it is solved again with
// the same levels, from the last displacement, and for comparison from zero. Usage: [mpirun -n RANKS]
// second_solve [gyroid | bone] [voxels along an edge, a power of two, at least 32; default 64]
#include "timing.h"
#include "voxel_cube.h"

#include "mechanics/elastic_solver.h"

#include <deal.II/base/mpi.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace wolff;
using discretisation::brick_voxels;
using discretisation::BrickForest;
using discretisation::voxels_per_edge;

namespace {

constexpr double voxel_edge = 0.05; // mm
constexpr double strain = 0.01;
constexpr double changed_share = 0.05; ///< of all voxels that are not void
constexpr std::uint64_t seed = 1;

struct Moduli
{
  std::vector<double> young; ///< [MPa], zero in void; one a voxel of the owned bricks
  std::int64_t n_stiff = 0, n_changed = 0;
};

/// Visit every voxel of the owned bricks: visit(place in the arrays, i, j, k in the cube).
template <typename Visit>
void for_each_voxel(const BrickForest &forest, const Visit &visit)
{
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    const Vector3 corner = forest.brick(b).corner / voxel_edge;
    for (int v = 0; v < static_cast<int>(brick_voxels); ++v)
      visit(b * brick_voxels + static_cast<std::size_t>(v), static_cast<int>(std::lround(corner[0])) + v % 8,
            static_cast<int>(std::lround(corner[1])) + v / 8 % 8,
            static_cast<int>(std::lround(corner[2])) + v / 64);
  }
}

std::int64_t total(std::int64_t count)
{
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  return count;
}

Moduli moduli_of(const BrickForest &forest, const benchmarks::VoxelCube &cube, const double solid,
                 const double pore)
{
  Moduli moduli;
  moduli.young.resize(forest.n_owned() * brick_voxels);
  for_each_voxel(forest, [&](const std::size_t place, const int i, const int j, const int k) {
    moduli.young[place] = cube.solid(i, j, k) ? solid : pore;
    if (moduli.young[place] > 0) ++moduli.n_stiff;
  });
  moduli.n_stiff = total(moduli.n_stiff);
  return moduli;
}

/// Tissue forms on surfaces: of the voxels of the soft phase that touch solid (of the solid that touches
/// void, where the pores are void) as many as make up the wanted share of the body become 1 to 3 times as
/// stiff.
void stiffen(const BrickForest &forest, const benchmarks::VoxelCube &cube, const bool pores_are_void,
             Moduli &moduli)
{
  const auto may_change = [&](const int i, const int j, const int k) {
    return cube.solid(i, j, k) == pores_are_void && cube.at_surface(i, j, k);
  };
  std::int64_t candidates = 0;
  for_each_voxel(forest, [&](std::size_t, const int i, const int j, const int k) {
    if (may_change(i, j, k)) ++candidates;
  });
  const double share =
      changed_share * static_cast<double>(moduli.n_stiff) / static_cast<double>(total(candidates));
  for_each_voxel(forest, [&](const std::size_t place, const int i, const int j, const int k) {
    const std::uint64_t index = cube.index(i, j, k);
    if (!may_change(i, j, k) || benchmarks::number_of(index, seed) >= share) return;
    moduli.young[place] *= 1 + 2 * benchmarks::number_of(index, seed + 1);
    ++moduli.n_changed;
  });
  moduli.n_changed = total(moduli.n_changed);
}

void set_moduli(mechanics::ElasticSolver &solver, const std::vector<double> &young)
{
  constexpr double nu = 0.3;
  std::vector<double> lambda(young.size()), mu(young.size());
  for (std::size_t v = 0; v < young.size(); ++v) {
    lambda[v] = young[v] * nu / ((1 + nu) * (1 - 2 * nu));
    mu[v] = young[v] / (2 * (1 + nu));
  }
  solver.set_moduli(std::move(lambda), std::move(mu));
}

/// z = 0 clamped, z = top moved down, at the nodes of voxels that are not void.
mechanics::PrescribedDisplacement compression(const mechanics::ElasticSolver &solver,
                                              const BrickForest &forest, const int n,
                                              const std::vector<double> &young)
{
  mechanics::PrescribedDisplacement prescribed = solver.nothing_prescribed();
  for_each_voxel(forest, [&](const std::size_t place, int, int, const int k) {
    if (young[place] == 0 || (k > 0 && k + 1 < n)) return;
    for (int corner = 0; corner < 8; ++corner) {
      const int height = k + (corner >> 2);
      if (height > 0 && height < n) continue;
      const std::size_t node = solver.corner_node(static_cast<std::uint32_t>(place), corner);
      for (std::size_t c = 0; c < 3; ++c) {
        prescribed.fixed[3 * node + c] = 1;
        prescribed.value[3 * node + c] = c == 2 && height == n ? -strain * n * voxel_edge : 0.0;
      }
    }
  });
  return prescribed;
}

} // namespace

int main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const std::string problem = argc > 1 ? argv[1] : "gyroid";
  const int n = argc > 2 ? std::atoi(argv[2]) : 64;
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if ((problem != "gyroid" && problem != "bone") || n < 32 || (n & (n - 1)) != 0) {
    if (rank == 0)
      std::fprintf(stderr, "usage: second_solve [gyroid | bone] [a power of two, at least 32]\n");
    return 2;
  }
  const bool is_bone = problem == "bone";
  const benchmarks::VoxelCube cube = is_bone ? benchmarks::random_bone(n, seed) : benchmarks::gyroid(n);

  BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {1, 1, 1}, n * voxel_edge);
  forest.refine([&](const discretisation::Brick &b) { return b.edge > 1.5 * voxels_per_edge * voxel_edge; });
  Moduli moduli = is_bone ? moduli_of(forest, cube, 15000, 0) : moduli_of(forest, cube, 110000, 0.2); // MPa

  double setup = 0;
  std::int64_t unknowns = 0;
  const auto print = [&](const char *const what, const mechanics::SolveReport &report) {
    if (rank == 0)
      std::printf("| %s, %d^3 | %d | %lld | %s | %.3f | %.3f | %d | %.1e |\n", problem.c_str(), n, ranks,
                  static_cast<long long>(unknowns), what, setup, report.solve_seconds, report.iterations,
                  report.residual);
  };
  const auto time_since = [](const double start) {
    MPI_Barrier(MPI_COMM_WORLD);
    return benchmarks::now() - start;
  };

  MPI_Barrier(MPI_COMM_WORLD);
  double start = benchmarks::now();
  mechanics::ElasticSolver solver(forest, mechanics::SolverOptions{});
  solver.set_prescribed(compression(solver, forest, n, moduli.young));
  set_moduli(solver, moduli.young);
  setup = time_since(start);
  unknowns = solver.n_unknowns();
  std::vector<double> u = solver.zero_vector();
  const mechanics::SolveReport cold = solver.solve(solver.zero_vector(), u);

  stiffen(forest, cube, is_bone, moduli);
  if (rank == 0)
    std::printf("%.2f %% of %lld voxels become stiffer\n\n"
                "| problem | ranks | unknowns | solve | set-up [s] | solve [s] | iterations | residual |\n"
                "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
                100.0 * static_cast<double>(moduli.n_changed) / static_cast<double>(moduli.n_stiff),
                static_cast<long long>(moduli.n_stiff));
  print("first", cold);
  MPI_Barrier(MPI_COMM_WORLD);
  start = benchmarks::now();
  set_moduli(solver, moduli.young);
  setup = time_since(start);
  print("second, from the first", solver.solve(solver.zero_vector(), u));
  u = solver.zero_vector();
  print("second, from zero", solver.solve(solver.zero_vector(), u));
}
