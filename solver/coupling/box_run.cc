#include "coupling/box_run.h"

#include "analysis/error_norms.h"
#include "base/clock.h"
#include "coupling/box_results.h"
#include "coupling/record.h"
#include "io/safe_file.h"
#include "mechanics/brick_kernel.h"
#include "mechanics/face_conditions.h"
#include "mechanics/nodal_loads.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

namespace wolff::coupling {

namespace {

void make_folder(const std::string &folder, const MPI_Comm comm)
{
  together(comm, [&] {
    if (!is_first(comm)) return;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", folder,
                  "the output folder cannot be made: " + error.message());
  });
}

bool is_loaded(const Problem &problem)
{
  if (problem.body_force || problem.mean_strain) return true;
  for (const loads::FaceCondition &face : problem.faces)
    if (face.is_loaded()) return true;
  return false;
}

/// Forces of tractions and of the body force; an empty vector if there are none. Collective.
std::vector<double> forces_of(const BoxModel &model, const mechanics::ElasticSolver &solver)
{
  std::vector<double> forces;
  if (!is_loaded(model.problem)) return forces;
  together(model.comm, [&] {
    forces = solver.zero_vector();
    for (std::size_t f = 0; f < loads::n_faces; ++f)
      if (model.problem.faces[f].is_loaded())
        mechanics::add_tractions(solver, model.faces[f], model.problem.faces[f], forces);
    if (model.problem.body_force)
      mechanics::add_body_force(
          solver, [&](const Vector3 &x) { return (*model.problem.body_force)(x); }, forces);
    if (model.problem.mean_strain) mechanics::add_mean_strain(solver, *model.problem.mean_strain, forces);
  });
  return forces;
}

/// Errors against the exact solution; empty if none is given. Collective.
std::vector<analysis::Quantity> errors_of(const BoxModel &model, const mechanics::ElasticSolver &solver,
                                          std::vector<double> &u)
{
  const Problem &problem = model.problem;
  if (!problem.exact_displacement && !problem.exact_stress) return {};
  analysis::ExactSolution exact;
  if (problem.exact_displacement)
    exact.displacement = [&](const Vector3 &x) { return (*problem.exact_displacement)(x); };
  if (problem.exact_stress) exact.stress = [&](const Vector3 &x) { return (*problem.exact_stress)(x); };
  return analysis::quantities(analysis::error_norms(
      {solver, *model.forest, solver.stiffness().lambda(), solver.stiffness().mu()}, u, exact));
}

/// A translation that is pinned because nothing holds it must not be pushed. @throws Fault (exit 3).
/// Collective.
void require_balance(const BoxModel &model, const std::vector<double> &forces)
{
  std::array<double, 6> sums{};
  for (std::size_t i = 0; i < forces.size(); ++i) {
    sums[i % 3] += forces[i];
    sums[3 + i % 3] += std::abs(forces[i]);
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 6, MPI_DOUBLE, MPI_SUM, model.comm);
  for (std::size_t c = 0; c < 3; ++c)
    if (model.pinned[c] && std::abs(sums[c]) > 1e-9 * sums[3 + c])
      throw Fault(
          Exit::model, "no-support", "Problem/Faces",
          fmt::format("nothing holds the body along {}, and the loads along it do not cancel", "xyz"[c]))
          .found(sums[c])
          .wanted("a sum of zero N, or a support");
}

void report(const BoxModel &model, const BoxResults &results, Log &log)
{
  const mechanics::SolveReport &solve = results.report;
  log.line(fmt::format("equilibrium: {} iterations, residual {:.2e}, set up in {:.2f} s, solved in {:.2f} s, "
                       "imbalance {:.1e}, energy imbalance {:.1e}",
                       solve.iterations, solve.residual, results.setup_seconds, results.solve_seconds,
                       solve.force_imbalance(), solve.energy_imbalance()));
  for (std::size_t f = 0; f < loads::n_faces; ++f) {
    if (!model.problem.faces[f].is_held()) continue;
    const Vector3 &r = results.reactions[f];
    log.line(
        fmt::format("reaction on {:7} ({:.7g}, {:.7g}, {:.7g}) N", loads::face_names()[f], r[0], r[1], r[2]));
  }
  for (const analysis::Quantity &error : results.errors)
    log.line(fmt::format("relative error {:28} {:.6e}", error.name, error.value));
}

} // namespace

void check_box(const Case &input, const MPI_Comm comm, Log &log)
{
  const std::unique_ptr<BoxModel> model = build_box_model(input, comm, log);
  int size = 1;
  MPI_Comm_size(comm, &size);
  // All voxels of all bricks have nodes. Measured on an image of 6 million unknowns: 0.2 GB for the program
  // itself and 100 bytes an unknown.
  const double unknowns = 3.0 * 512.0 * static_cast<double>(model->forest->n_global());
  log.line(fmt::format("estimate: {:.3g} million unknowns, {:.3g} GB of memory in all", 1e-6 * unknowns,
                       1e-9 * (2e8 * size + 100 * unknowns)));
  log.line("no problem found");
}

std::string write_box_model(const Case &input, const MPI_Comm comm, Log &log, const std::string &folder)
{
  const std::unique_ptr<BoxModel> model = build_box_model(input, comm, log);
  make_folder(folder, comm);
  write_model_fields(*model, folder + "/model.pvtu");
  return folder + "/model.pvtu";
}

std::string solve_box(const Case &input, const MPI_Comm comm, Log &log, const std::string &folder)
{
  const Clock clock;
  const std::unique_ptr<BoxModel> model = build_box_model(input, comm, log);
  make_folder(folder, comm);
  mechanics::ElasticSolver solver(*model->forest, input.solver);
  log.line(fmt::format("mechanics: {} nodes, {} multigrid levels, kernel for {}", solver.nodes().n_global(),
                       solver.n_levels(), mechanics::kernel_instruction_set()));

  const std::vector<std::uint8_t> on_faces =
      mechanics::nodes_on_faces(solver, model->faces, model->problem.faces);
  {
    mechanics::PrescribedDisplacement prescribed;
    together(comm,
             [&] { prescribed = mechanics::prescribed_by_faces(solver, on_faces, model->problem.faces); });
    for (const PinnedNode &pin : model->pins)
      for (std::size_t c = 0; c < 3; ++c)
        if (model->pinned[c])
          prescribed.fixed[3 * std::size_t{solver.corner_node(pin.voxel, pin.corner)} + c] = 1;
    solver.set_prescribed(std::move(prescribed));
  }
  solver.set_moduli(std::move(model->material.lambda), std::move(model->material.mu));
  std::vector<double> forces = forces_of(*model, solver);
  require_balance(*model, forces);
  if (forces.empty()) forces = solver.zero_vector();
  const std::vector<double> face_forces = mechanics::forces_on_faces(solver, on_faces, forces);

  BoxResults results;
  results.setup_seconds = clock.seconds();
  std::vector<double> u = solver.zero_vector();
  const Vector3 middle = 0.5 * (model->box.origin + model->box.greatest());
  results.report = solver.solve(std::move(forces), u, middle);
  results.solve_seconds = results.report.solve_seconds;
  results.reactions = mechanics::reactions_by_face(solver, on_faces, model->problem.faces, face_forces, u);
  find_means(*model, solver, u, results);
  results.errors = errors_of(*model, solver, u);
  if (input.output.fields == "all") write_fields(*model, solver, u, folder + "/mechanics.pvtu");
  results.total_seconds = clock.seconds();
  report(*model, results, log);
  write_summary(*model, solver, results, folder + "/summary.json");
  return folder + "/summary.json";
}

void refuse_tissue(const Case &input, const std::string &what)
{
  throw Fault(Exit::input, "body-without-tissue", "Geometry/Body",
              what + " needs the tissue of a femur; a box or an image has none")
      .found(input.geometry.body)
      .wanted("femur, or the verbs solve, check and model");
}

Exit run_box(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings)
{
  const Clock clock;
  if (input.course.backend != "none")
    throw Fault(Exit::input, "body-without-tissue", "Regeneration/Backend",
                "a box or an image has no tissue that could regenerate")
        .found(input.course.backend)
        .wanted("none")
        .hint("The verb solve does the same step and leaves no record of a run");
  if (settings.exchange) refuse_tissue(input, "--exchange");
  if (!settings.restart.empty()) refuse_tissue(input, "--restart");
  return in_result_folder(settings, comm, log, [&] {
    together(comm, [&] {
      if (is_first(comm)) io::write_file_safely(settings.folder + "/case.prm", settings.case_text);
    });
    solve_box(input, comm, log, settings.folder);
    together(comm, [&] {
      if (is_first(comm)) record_finished(input, settings, clock.seconds());
    });
    log.summarise_warnings();
    return Exit::finished;
  });
}

} // namespace wolff::coupling
