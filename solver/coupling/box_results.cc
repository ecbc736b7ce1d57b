#include "coupling/box_results.h"

#include "coupling/box_supports.h"
#include "io/cell_file.h"
#include "io/safe_file.h"
#include "mechanics/brick_kernel.h"
#include "stimulus/measures.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

namespace wolff::coupling {

using discretisation::brick_voxels;
using nlohmann::json;

namespace {

json number(const double value)
{
  return std::isfinite(value) ? json(value) : json(nullptr);
}

json numbers(const Vector3 &v)
{
  return json::array({number(v[0]), number(v[1]), number(v[2])});
}

json numbers(const SymmetricTensor &t)
{
  json all = json::array();
  for (const double component : t.components) all.push_back(number(component));
  return all;
}

/// Largest resident memory of this rank so far [byte].
std::int64_t peak_bytes_here()
{
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) {
      std::int64_t kilobytes = 0;
      std::istringstream(line.substr(6)) >> kilobytes;
      return 1024 * kilobytes;
    }
  return 0;
}

/// Strain at the centre of a voxel, the mean strain of a periodic problem included. Ghosts and hanging
/// entries of @p u are current.
SymmetricTensor centre_strain(const BoxModel &model, const mechanics::ElasticSolver &solver,
                              const std::vector<double> &u, const std::uint32_t voxel, const double edge)
{
  double gradient[3][3] = {};
  for (int corner = 0; corner < 8; ++corner) {
    const double *const value = &u[3 * static_cast<std::size_t>(solver.corner_node(voxel, corner))];
    for (int axis = 0; axis < 3; ++axis) {
      const double sign = (corner >> axis & 1 ? 0.25 : -0.25) / edge;
      for (int c = 0; c < 3; ++c) gradient[c][axis] += sign * value[c];
    }
  }
  const SymmetricTensor strain{
      {gradient[0][0], gradient[1][1], gradient[2][2], 0.5 * (gradient[0][1] + gradient[1][0]),
       0.5 * (gradient[1][2] + gradient[2][1]), 0.5 * (gradient[0][2] + gradient[2][0])}};
  return model.problem.mean_strain ? strain + *model.problem.mean_strain : strain;
}

/// Displacement of a corner: strain times place and periodic part.
Vector3 corner_displacement(const BoxModel &model, const mechanics::ElasticSolver &solver,
                            const std::vector<double> &u, const std::uint32_t voxel, const int corner)
{
  const double *const value = &u[3 * static_cast<std::size_t>(solver.corner_node(voxel, corner))];
  const Vector3 periodic(value[0], value[1], value[2]);
  if (!model.problem.mean_strain) return periodic;
  const discretisation::VoxelPlace place = discretisation::voxel_place(*model.forest, voxel);
  const Vector3 x =
      place.low + place.edge * Vector3(corner & 1, corner >> 1 & 1, corner >> 2) - model.box.origin;
  const SymmetricTensor &e = *model.problem.mean_strain;
  return periodic + Vector3(e.xx() * x[0] + e.xy() * x[1] + e.xz() * x[2],
                            e.xy() * x[0] + e.yy() * x[1] + e.yz() * x[2],
                            e.xz() * x[0] + e.yz() * x[1] + e.zz() * x[2]);
}

SymmetricTensor stress_of(const double lambda, const double mu, const SymmetricTensor &strain)
{
  const double spherical = lambda * strain.trace();
  return 2 * mu * strain + SymmetricTensor{{spherical, spherical, spherical, 0, 0, 0}};
}

std::vector<discretisation::Cell> cells_of(const discretisation::CellMesh &mesh)
{
  std::vector<discretisation::Cell> cells;
  cells.reserve(mesh.n_owned());
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) cells.push_back(mesh.cell(i));
  return cells;
}

/// What both files say of the voxels themselves.
void add_voxels(io::CellFile &file, const BoxModel &model, const discretisation::CellMesh &mesh,
                const std::vector<double> &lambda, const std::vector<double> &mu)
{
  std::vector<double> young, edges;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const std::uint32_t voxel = mesh.voxel_of_cell()[i];
    const double l = lambda[voxel], m = mu[voxel];
    young.push_back(m * (3 * l + 2 * m) / (l + m));
    edges.push_back(mesh.cell(i).edge);
    if (!model.material.labels.empty()) labels.push_back(model.material.labels[voxel]);
  }
  file.add_field("case", model.input.name);
  file.add_cell_array("youngs_modulus_MPa", 1, young);
  file.add_cell_array("voxel_edge_mm", 1, edges);
  if (model.has_labels) file.add_cell_array("label", labels);
}

} // namespace

void find_means(const BoxModel &model, const mechanics::ElasticSolver &solver, std::vector<double> &u,
                BoxResults &results)
{
  solver.nodes().exchange().update_ghosts(u.data(), 3);
  solver.nodes().fill_hanging(u.data(), 3);
  const std::vector<double> &lambda = solver.stiffness().lambda(), &mu = solver.stiffness().mu();
  std::array<double, 14> sums{}; // stress, strain, e:C:e, e:C:strain(w)
  for (std::size_t b = 0; b < model.forest->n_owned(); ++b) {
    const double edge = model.forest->brick(b).voxel_edge(), volume = edge * edge * edge;
    for (std::size_t v = b * brick_voxels; v < (b + 1) * brick_voxels; ++v) {
      if (mu[v] == 0) continue;
      const SymmetricTensor strain = centre_strain(model, solver, u, static_cast<std::uint32_t>(v), edge),
                            stress = stress_of(lambda[v], mu[v], strain);
      for (std::size_t c = 0; c < 6; ++c) {
        sums[c] += volume * stress.components[c];
        sums[6 + c] += volume * strain.components[c];
      }
      if (!model.problem.mean_strain) continue;
      const SymmetricTensor &mean = *model.problem.mean_strain;
      const SymmetricTensor mean_stress = stress_of(lambda[v], mu[v], mean);
      sums[12] += volume * contract(mean_stress, mean);
      sums[13] += volume * contract(mean_stress, strain + (-1.0) * mean);
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 14, MPI_DOUBLE, MPI_SUM, model.comm);
  for (std::size_t c = 0; c < 6; ++c) {
    results.mean_stress.components[c] = sums[c] / model.box.volume();
    results.mean_strain.components[c] = sums[6 + c] / model.solid_volume;
  }
  if (!model.problem.mean_strain) return;
  const SymmetricTensor &strain = *model.problem.mean_strain;
  // With e the mean strain and w the periodic part, which is all that the solver knows of:
  //   U = 1/2 int e:C:e + int e:C:strain(w) + 1/2 w.K w,   W = 1/2 (V <stress>:e + (f_solver.w + int
  //   e:C:strain(w))),
  // because the forces of the mean strain do the work -int e:C:strain(w) on w. U = W is Hill's lemma.
  mechanics::SolveReport &report = results.report;
  const double mixed = sums[13];
  report.strain_energy += 0.5 * sums[12] + mixed;
  report.external_work += 0.5 * (model.box.volume() * contract(results.mean_stress, strain) + mixed);
  if (model.problem.periodic_axes() == std::array<bool, 3>{true, true, true}) results.mean_strain = strain;
}

void write_summary(const BoxModel &model, const mechanics::ElasticSolver &solver, const BoxResults &results,
                   const std::string &path)
{
  int rank = 0, ranks = 1;
  MPI_Comm_rank(model.comm, &rank);
  MPI_Comm_size(model.comm, &ranks);
  const std::int64_t nodes = solver.nodes().n_global(), hanging = nodes - solver.nodes().n_free_global(),
                     unknowns = solver.n_unknowns();
  std::int64_t peak_bytes = peak_bytes_here();
  MPI_Allreduce(MPI_IN_PLACE, &peak_bytes, 1, MPI_INT64_T, MPI_SUM, model.comm);
  const mechanics::SolveReport &report = results.report;
  json solve{{"n_voxels", model.n_voxels},
             {"n_bricks", model.forest->n_global()},
             {"n_levels", solver.n_levels()},
             {"n_unknowns", unknowns},
             {"n_nodes", nodes},
             {"hanging_nodes", hanging},
             {"solid_fraction", model.solid_fraction()},
             {"iterations", report.iterations},
             {"residual", number(report.residual)},
             {"setup_seconds", results.setup_seconds},
             {"solve_seconds", results.solve_seconds},
             {"total_seconds", results.total_seconds},
             {"peak_bytes", peak_bytes},
             {"ranks", ranks},
             {"applied_N", numbers(report.applied)},
             {"strain_energy_Nmm", number(report.strain_energy)},
             {"external_work_Nmm", number(report.external_work)},
             {"force_imbalance", number(report.force_imbalance())},
             {"energy_imbalance", number(report.energy_imbalance())},
             {"mean_stress_MPa", numbers(results.mean_stress)},
             {"mean_strain", numbers(results.mean_strain)},
             {"solver", model.input.solver.method},
             {"instruction_set", mechanics::kernel_instruction_set()}};
  solve["reaction_N"] = json::object();
  for (std::size_t f = 0; f < loads::n_faces; ++f)
    if (model.problem.faces[f].is_held())
      solve["reaction_N"][loads::face_names()[f]] = numbers(results.reactions[f]);
  if (!results.errors.empty())
    for (const analysis::Quantity &error : results.errors) solve["errors"][error.name] = number(error.value);
  const json summary{
      {"case", model.input.name}, {"title", model.input.title}, {"status", "finished"}, {"solve", solve}};
  together(model.comm, [&] {
    if (rank == 0) io::write_file_safely(path, summary.dump(1) + "\n");
  });
}

void write_fields(const BoxModel &model, const mechanics::ElasticSolver &solver, std::vector<double> &u,
                  const std::string &path)
{
  solver.nodes().exchange().update_ghosts(u.data(), 3);
  solver.nodes().fill_hanging(u.data(), 3);
  const std::vector<double> &lambda = solver.stiffness().lambda(), &mu = solver.stiffness().mu();
  const discretisation::CellMesh mesh = discretisation::make_cell_mesh(*model.forest, solid_voxels(mu));
  io::CellFile file(cells_of(mesh));
  add_voxels(file, model, mesh, lambda, mu);

  const std::size_t n = mesh.n_owned();
  std::vector<double> strains, stresses, octahedral, von_mises, energy;
  for (auto *values : {&strains, &stresses}) values->reserve(6 * n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t voxel = mesh.voxel_of_cell()[i];
    const SymmetricTensor strain = centre_strain(model, solver, u, voxel, mesh.cell(i).edge),
                          stress = stress_of(lambda[voxel], mu[voxel], strain);
    strains.insert(strains.end(), strain.components.begin(), strain.components.end());
    stresses.insert(stresses.end(), stress.components.begin(), stress.components.end());
    octahedral.push_back(stimulus::octahedral_shear_strain(strain));
    von_mises.push_back(stimulus::von_mises_stress(stress));
    energy.push_back(stimulus::strain_energy_density(stress, strain));
  }
  file.add_cell_array("strain", 6, strains);
  file.add_cell_array("stress_MPa", 6, stresses);
  file.add_cell_array("octahedral_shear_strain", 1, octahedral);
  file.add_cell_array("von_mises_stress_MPa", 1, von_mises);
  file.add_cell_array("strain_energy_density_MPa", 1, energy);

  std::vector<double> corners;
  corners.reserve(24 * n);
  for (const std::uint32_t voxel : mesh.voxel_of_cell())
    for (int corner = 0; corner < 8; ++corner) {
      const Vector3 value = corner_displacement(model, solver, u, voxel, corner);
      corners.insert(corners.end(), value.begin(), value.end());
    }
  file.add_point_array("displacement_mm", 3, io::point_values(file.points(), corners, 3));
  file.write(path, model.comm);
}

void write_model_fields(const BoxModel &model, const std::string &path)
{
  const discretisation::CellMesh mesh =
      discretisation::make_cell_mesh(*model.forest, solid_voxels(model.material.mu));
  io::CellFile file(cells_of(mesh), io::Precision::float32);
  add_voxels(file, model, mesh, model.material.lambda, model.material.mu);
  file.write(path, model.comm);
}

} // namespace wolff::coupling
