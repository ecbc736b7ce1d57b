// The yardstick of operator_speed: the same operator, trilinear elasticity with moduli that differ from voxel
// to voxel, by the matrix-free tools of the packaged deal.II, with one cell of the mesh for each voxel.
// Prints rows of the same table. Usage: [mpirun -n RANKS] matrix_free_speed [voxels along an edge, a power of
// two; default 64] [seconds a figure]
#include "timing.h"

#include <deal.II/base/mpi.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/matrix_free/fe_evaluation.h>
#include <deal.II/matrix_free/matrix_free.h>

#include <cstdio>
#include <cstdlib>

using namespace dealii;
using wolff::benchmarks::median_seconds;

namespace {

template <typename T>
using Vector = LinearAlgebra::distributed::Vector<T>;

/// f = K u: the weak form of -div(lambda tr(e) 1 + 2 mu e) with two Gauss points a direction, exact on cubes.
template <typename T>
class Elasticity
{
public:
  using Data = MatrixFree<3, T>;

  explicit Elasticity(const DoFHandler<3> &dofs)
  {
    AffineConstraints<T> constraints;
    constraints.close();
    typename Data::AdditionalData options;
    options.tasks_parallel_scheme = Data::AdditionalData::none;
    options.mapping_update_flags = update_gradients | update_JxW_values;
    data_.reinit(MappingQ1<3>(), dofs, constraints, QGauss<1>(2), options);
    lambda_.resize(data_.n_cell_batches());
    mu_.resize(data_.n_cell_batches());
    for (unsigned batch = 0; batch < data_.n_cell_batches(); ++batch)
      for (unsigned lane = 0; lane < data_.n_active_entries_per_cell_batch(batch); ++lane) {
        mu_[batch][lane] = static_cast<T>(1 + (batch + lane) % 7);
        lambda_[batch][lane] = static_cast<T>(1.5) * mu_[batch][lane];
      }
  }

  void initialize(Vector<T> &v) const { data_.initialize_dof_vector(v); }

  void apply(const Vector<T> &u, Vector<T> &f) const
  {
    data_.cell_loop(&Elasticity::apply_cells, this, f, u, true);
  }

private:
  void apply_cells(const Data &data, Vector<T> &f, const Vector<T> &u,
                   const std::pair<unsigned, unsigned> &range) const
  {
    FEEvaluation<3, 1, 2, 3, T> cell(data);
    for (unsigned batch = range.first; batch < range.second; ++batch) {
      cell.reinit(batch);
      cell.gather_evaluate(u, EvaluationFlags::gradients);
      const VectorizedArray<T> lambda = lambda_[batch], twice_mu = T(2) * mu_[batch];
      for (unsigned q = 0; q < cell.n_q_points; ++q) {
        const auto strain = cell.get_symmetric_gradient(q);
        auto stress = twice_mu * strain;
        const VectorizedArray<T> spherical = lambda * trace(strain);
        for (unsigned d = 0; d < 3; ++d) stress[d][d] += spherical;
        cell.submit_symmetric_gradient(stress, q);
      }
      cell.integrate_scatter(EvaluationFlags::gradients, f);
    }
  }

  Data data_;
  AlignedVector<VectorizedArray<T>> lambda_, mu_;
};

template <typename T>
void measure(const DoFHandler<3> &dofs, const double budget)
{
  const Elasticity<T> stiffness(dofs);
  Vector<T> x, f, b, d, inverse;
  for (Vector<T> *v : {&x, &f, &b, &d, &inverse}) stiffness.initialize(*v);
  const unsigned n = x.locally_owned_size();
  for (unsigned i = 0; i < n; ++i) x.local_element(i) = static_cast<T>(i % 17) / 17;
  b = T(1);
  inverse = static_cast<T>(1e-6);

  const double unknowns = 1e-9 * static_cast<double>(dofs.n_dofs());
  const double apply = median_seconds(budget, [&] { stiffness.apply(x, f); });
  const double residual = median_seconds(budget, [&] {
    stiffness.apply(x, f);
    for (unsigned i = 0; i < n; ++i) f.local_element(i) = b.local_element(i) - f.local_element(i);
  });
  const double step = median_seconds(budget, [&] {
    stiffness.apply(x, f);
    const T keep = static_cast<T>(0.1), add = static_cast<T>(1e-6);
    for (unsigned i = 0; i < n; ++i) {
      const T change = keep * d.local_element(i) +
                       add * inverse.local_element(i) * (b.local_element(i) - f.local_element(i));
      d.local_element(i) = change;
      x.local_element(i) += change;
    }
  });
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    std::printf("| uniform, MatrixFree of deal.II, %u lane(s) | %s | %.3g | %.4f | %.4f | %.4f |\n",
                static_cast<unsigned>(VectorizedArray<T>::size()), sizeof(T) == 4 ? "float" : "double",
                1000 * unknowns, unknowns / apply, unknowns / residual, unknowns / step);
}

} // namespace

int main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const int n = argc > 1 ? std::atoi(argv[1]) : 64;
  const double budget = argc > 2 ? std::atof(argv[2]) : 2;

  parallel::distributed::Triangulation<3> mesh(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(mesh);
  unsigned level = 0;
  while ((1 << level) < n) ++level;
  mesh.refine_global(level);
  const FESystem<3> element(FE_Q<3>(1), 3);
  DoFHandler<3> dofs(mesh);
  dofs.distribute_dofs(element);
  measure<float>(dofs, budget);
  measure<double>(dofs, budget);
}
