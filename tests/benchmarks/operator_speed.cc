// How fast is the elastic operator? Prints unknowns a second of K u, of a residual and of a smoothing step in
// float and double on a uniform and on a refined forest, beside the memory bandwidth of this machine measured
// in the same run. Usage: [mpirun -n RANKS] operator_speed [voxels along an edge, a power of two times 8;
// default 128] [seconds a figure]
#include "discretisation/brick_nodes.h"
#include "mechanics/brick_kernel.h"
#include "mechanics/elastic_operator.h"
#include "timing.h"

#include <deal.II/base/mpi.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace wolff;
using benchmarks::median_seconds;

namespace {

/// a = b + s c over arrays far larger than the caches: bytes a second of one rank.
double triad_bandwidth(const double budget)
{
  const std::size_t n = 40'000'000;
  std::vector<float> a(n, 0.0F), b(n, 1.0F), c(n, 2.0F);
  const double seconds = median_seconds(budget, [&] {
    for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 1.5F * c[i];
    asm volatile("" : : "r"(a.data()) : "memory");
  });
  return 12.0 * static_cast<double>(n) / seconds;
}

template <typename T>
void measure(const char *name, const discretisation::BrickForest &forest,
             const discretisation::BrickNodes &nodes, const double budget, const bool is_void_at_all)
{
  mechanics::ElasticOperator<T> stiffness(forest, nodes);
  const std::size_t voxels = forest.n_owned() * 512;
  std::vector<T> lambda(voxels), mu(voxels);
  for (std::size_t v = 0; v < voxels; ++v) {
    const bool is_void = is_void_at_all && v / 16 % 3 != 0;
    mu[v] = is_void ? T(0) : static_cast<T>(1 + v % 7);
    lambda[v] = static_cast<T>(1.5) * mu[v];
  }
  stiffness.set_moduli(lambda, mu);
  std::vector<T> x(stiffness.vector_size()), f(x.size()), b(x.size(), T(1)), d(x.size(), T(0)),
      inverse(3 * nodes.n_owned(), static_cast<T>(1e-6));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i % 17) / 17;
  const double unknowns = 3e-9 * static_cast<double>(nodes.n_global());
  const double apply = median_seconds(budget, [&] { stiffness.apply(x, f); });
  const double residual = median_seconds(budget, [&] { stiffness.residual(x, b, inverse, d); });
  const double step = median_seconds(
      budget, [&] { stiffness.chebyshev_step(x, b, inverse, d, static_cast<T>(0.1), static_cast<T>(1e-6)); });
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0)
    std::printf("| %s | %s | %.3g | %.3f | %.3f | %.3f |\n", name, sizeof(T) == 4 ? "float" : "double",
                1000 * unknowns, unknowns / apply, unknowns / residual, unknowns / step);
}

} // namespace

int main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const int n = argc > 1 ? std::atoi(argv[1]) : 128;
  const double budget = argc > 2 ? std::atof(argv[2]) : 2;
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);

  const double bandwidth = triad_bandwidth(budget) * size;
  if (rank == 0) {
    std::printf(
        "%d rank(s), triad %.1f GB/s in all; K u in float moves at least 13.3 bytes an unknown: at most %.2f "
        "GDoF/s, in double %.2f\n\n",
        size, 1e-9 * bandwidth, 1e-9 * bandwidth / 13.3, 1e-9 * bandwidth / 26.7);
    std::printf("| forest, instruction set | numbers | unknowns [million] | K u [GDoF/s] | residual | "
                "smoothing step |\n"
                "| --- | --- | --- | --- | --- | --- |\n");
  }
  const auto forest_of = [&](const bool refined) {
    discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {1, 1, 1}, 1.0);
    unsigned level = 0;
    while ((8 << level) < n) ++level;
    const unsigned base = refined ? level - 1 : level;
    forest.refine([&](const discretisation::Brick &b) {
      const Vector3 c = b.centre() - Vector3::Constant(0.5);
      const bool near = refined && std::hypot(c[0], c[1]) < 0.25;
      return b.key.level() < base || (near && b.key.level() < base + 1);
    });
    return forest;
  };
  const std::string best = mechanics::kernel_instruction_set();
  for (const bool refined : {false, true}) {
    const discretisation::BrickForest forest = forest_of(refined);
    const discretisation::BrickNodes nodes(forest, 8);
    for (const std::string &set : mechanics::kernel_instruction_sets()) {
      if (refined && set != best) continue;
      mechanics::choose_kernel_instruction_set(set);
      const std::string name = (refined ? "refined around an axis, " : "uniform, ") + set;
      measure<float>(name.c_str(), forest, nodes, budget, false);
      measure<double>(name.c_str(), forest, nodes, budget, false);
    }
    if (!refined) measure<float>("uniform, two thirds void", forest, nodes, budget, true);
  }
}
