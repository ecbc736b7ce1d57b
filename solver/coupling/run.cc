#include "coupling/run.h"

#include "analysis/solve_quality.h"
#include "base/clock.h"
#include "coupling/checkpoint.h"
#include "coupling/external_program.h"
#include "coupling/lattice_cells.h"
#include "coupling/marks.h"
#include "coupling/pore_flow.h"
#include "coupling/record.h"
#include "coupling/scaffold_setup.h"
#include "regeneration/host_bone.h"
#include "regeneration/lattice_backend.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <numbers>

namespace wolff::coupling {

using regeneration::Regenerate;
using regeneration::TissueState;

namespace {

int rank_of(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// The clock of rank 0, so that all ranks decide alike. Collective.
double common(double seconds, const MPI_Comm comm)
{
  MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, comm);
  return seconds;
}

/// Another program takes the state and the mechanics of this step as files, and answers with a state.
Regenerate external_program(const Model &model, const std::string &folder)
{
  return [&model, folder](const TissueState &before, const std::vector<stimulus::Response> &,
                          const double days) {
    const std::string answer = folder + "/" + fmt::format("answer_{:04d}.vtu", before.step);
    together(model.comm, [&] {
      if (rank_of(model.comm) != 0) return;
      std::error_code error;
      std::filesystem::remove(answer, error);
      std::vector<std::string> arguments = split_command(model.input.course.program);
      // A program that is named by a path is looked for beside the case.
      if (arguments[0].find('/') != std::string::npos)
        arguments[0] = (std::filesystem::path(model.input.folder) / arguments[0]).string();
      for (std::size_t i = 1; i < arguments.size(); ++i)
        if (const auto beside = std::filesystem::path(model.input.folder) / arguments[i];
            std::filesystem::is_regular_file(beside, error))
          arguments[i] = beside.string();
      for (const std::string &more :
           {std::string("--tissue"), folder + "/" + field_file_name("tissue", before.step),
            std::string("--mechanics"), folder + "/" + field_file_name("mechanics", before.step),
            std::string("--days"), to_text(days), std::string("--output"), answer})
        arguments.push_back(more);
      run_program(arguments, model.input.course.program_minutes, folder + "/external_program.log");
      if (!std::filesystem::is_regular_file(answer, error))
        throw Fault(Exit::not_converged, "program-no-answer", answer,
                    "the external program ended with status 0 but wrote no answer");
    });
    regeneration::Regenerated result{read_tissue(model, answer).state, {}};
    together(model.comm, [&] {
      if (result.after.region != before.region || result.after.healing_domain != before.healing_domain)
        throw Fault(Exit::model, "answer-labels", answer,
                    "the external program changed region or healing_domain");
      if (std::abs(result.after.day - (before.day + days)) > 1e-6)
        throw Fault(Exit::model, "answer-day", answer, "field \"day\" of the answer")
            .found(result.after.day)
            .wanted(to_text(before.day + days));
    });
    result.after.day = before.day + days;
    result.after.step = before.step + 1;
    return result;
  };
}

/// The lattice of single cells over the healing domain.
Regenerate lattice_agents(const Model &model, Log &log)
{
  regeneration::LatticeBackend backend;
  backend.options = model.input.lattice;
  backend.phase = [&model](const Vector3 &x) { return model.anatomy->phase(x); };
  backend.bone_volume_fraction =
      model.input.materials.head_density / model.input.materials.mixture.bone_tissue_density;
  if (!model.input.regeneration.host_supply)
    backend.host_share = 0;
  else
    backend.host_share = model.input.regeneration.host_share;
  backend.doses = model.input.regeneration.doses;
  backend.host = model.input.regeneration.host;
  backend.signals = model.input.regeneration.signals;
  backend.transport = model.input.regeneration.transport;
  if (model.anatomy->periosteum_area() > 0)
    backend.may_hold_stromal = [&anatomy = *model.anatomy, depth = backend.host_depth,
                                layer = model.input.lattice.spacing](const Vector3 &x,
                                                                     const tissue::Ground ground) {
      if (ground == tissue::Ground::marrow) return anatomy.marrow_depth(x) <= depth;
      const double above = anatomy.above_periosteum(x);
      return above >= 0 && above < layer;
    };
  backend.say = [&log](const std::string &text) { log.line("cell lattice: " + text); };
  return regeneration::lattice_agents(*model.mesh, std::move(backend));
}

Regenerate backend_of(const Model &model, const std::string &folder, Log &log)
{
  const std::string &name = model.input.course.backend;
  Regenerate backend = regeneration::with_host_bone(
      *model.mesh,
      name == "external program" ? external_program(model, folder)
      : name == "lattice agents"
          ? lattice_agents(model, log)
          : regeneration::continuum(*model.mesh, model.input.regeneration, homogenised_surface(model)),
      {model.input.regeneration.host_bone, model.elasticity, model.input.materials.mixture,
       model.scaffold_stiffness});
  if (!model.degradation) return backend;
  regeneration::ScaffoldDegradation scaffold = *model.degradation;
  scaffold.say = [&log](const std::string &text) { log.line(text); };
  scaffold.warn = [&log](const std::string &warning, const std::string &text) { log.warning(warning, text); };
  return regeneration::with_degradation(*model.mesh, std::move(backend), std::move(scaffold));
}

/// Says once what a user should know about the rule in use and the course of the loads.
void announce(const Model &model, Log &log)
{
  const auto &rule = stimulus::stimulus_rules().at(model.input.stimulus.rule);
  const bool has_set = rule.name.starts_with("shear"); // the others have limits of their own
  log.line(fmt::format("stimulus: {} ({}){}", rule.name, rule.source,
                       has_set ? ", thresholds " + model.input.stimulus.threshold_set : ""));
  for (const std::string &line : lines_of(values_in_use(model.input))) log.line(line);
  if (model.input.regeneration.host.blood_cancer)
    log.warning("blood-cancer", regeneration::blood_cancer_notice());
  if (const std::string notice = regeneration::source_notice(model.input.regeneration.doses); !notice.empty())
    log.warning("cell-source", notice);
  const tissue::RemodellingOptions &host_bone = model.input.regeneration.host_bone;
  if (host_bone.law != "none")
    log.line(fmt::format("host bone: {} ({})", host_bone.law,
                         tissue::remodelling_laws().at(host_bone.law).source));
  if (tissue::is_unstable(model.input.materials.mixture.density_law_exponent, host_bone))
    log.warning(
        "host-bone-unstable",
        "without a filter, and with a modulus that grows at least as fast as the mass, neighbouring cells "
        "part into full and empty bone in a pattern of the mesh: state an influence length.");
  if (rule.name == "shear and flow" && model.input.pores.fluid != "ramp")
    log.warning(
        "no-flow",
        "the fluid part of the stimulus is zero without flow: set Pores/Fluid to ramp, or the rule acts on "
        "shear alone.");
  if (model.load_set.size() > 1)
    log.line(fmt::format("{} load cases: the stimulus is the {} over them, stress and risk are the worst of "
                         "them in each voxel",
                         model.load_set.size(), model.input.stimulus.combination));
  const CourseOptions &course = model.input.course;
  for (const auto &[day, factor] : model.schedule.entries()) {
    int k = 0; // the first solve under this factor
    while (k <= n_steps(course) && step_day(course, k) < day - 1e-9 * (1 + day)) ++k;
    const std::string first = k > n_steps(course) ? ", after the end of the run"
                              : std::abs(step_day(course, k) - day) < 1e-6
                                  ? ""
                                  : fmt::format(", first solved on day {:g}", step_day(course, k));
    log.line(fmt::format("load factor {:g} from day {:g} on{}{}", factor, day, first,
                         factor == 0 ? ": nothing is solved, the stimulus is zero" : ""));
  }
}

void report_solve(const Model &model, const LoadedMechanics &mechanics, Log &log)
{
  for (std::size_t k = 0; k < mechanics.size(); ++k) {
    const mechanics::SolveReport &solve = mechanics[k].report;
    log.line(fmt::format("  equilibrium{}: {} iterations, residual {:.2e}, {:.2f} s; load ({:.1f}, {:.1f}, "
                         "{:.1f}) N, reaction ({:.1f}, "
                         "{:.1f}, {:.1f}) N, imbalance {:.1e}, energy imbalance {:.1e}",
                         mechanics.size() == 1 ? "" : " of " + model.load_set[k].name, solve.iterations,
                         solve.residual, solve.setup_seconds + solve.solve_seconds, solve.applied[0],
                         solve.applied[1], solve.applied[2], solve.reaction[0], solve.reaction[1],
                         solve.reaction[2], solve.force_imbalance(), solve.energy_imbalance()));
    if (mechanics[k].pilot) {
      const mechanics::PilotMotion &pilot = *mechanics[k].pilot;
      const Vector3 &moved = pilot.motion.translation,
                    turned = 180 / std::numbers::pi * pilot.motion.rotation;
      log.line(
          fmt::format("  pilot node moves ({:.3g}, {:.3g}, {:.3g}) mm and turns ({:.3g}, {:.3g}, {:.3g}) "
                      "deg; the joint holds the head with ({:.1f}, {:.1f}, {:.1f}) N",
                      moved[0], moved[1], moved[2], turned[0], turned[1], turned[2], pilot.head_force[0],
                      pilot.head_force[1], pilot.head_force[2]));
    }
  }
}

/// How much work the fields beside the cells took; nothing where none is on.
void report_signals(const Model &model, const regeneration::SignalReport &report, Log &log)
{
  if (!model.input.regeneration.signals.is_any_on() || model.input.course.backend == "external program")
    return;
  log.line(fmt::format(
      "  signals: oxygen {} iterations in {} rounds, VEGF {}, vessels {}, factor {} iterations; "
      "{:.4g} ng released, its balance to {:.1e}",
      report.oxygen_iterations, report.oxygen_rounds, report.vegf_iterations, report.vessel_iterations,
      report.factor_iterations, report.factor_released, report.factor_error));
}

/// Full-precision files that a run without exchange does not keep.
void remove_state_files(const Model &model, const std::string &folder, const std::int64_t step)
{
  if (rank_of(model.comm) != 0 || step < 0) return;
  std::error_code error;
  for (const char *kind : {"tissue", "mechanics"}) {
    const std::string file = folder + "/" + field_file_name(kind, step);
    std::filesystem::remove(file, error);
    std::filesystem::remove_all(file.substr(0, file.size() - 5), error);
    const std::string cells = lattice_file_name(file);
    std::filesystem::remove(cells, error);
    std::filesystem::remove_all(cells.substr(0, cells.size() - 5), error);
  }
}

} // namespace

namespace {

/// The loop itself; the folder is ours and locked.
Exit heal(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings, const Clock &clock)
{
  const std::unique_ptr<Model> model = build_model(input, comm, log, Purpose::compute);
  announce(*model, log);
  TissueState state = model->initial;
  Displacements displacements;
  std::optional<regeneration::RegenerationReport> last_regeneration;
  std::optional<std::string> checkpoint;
  if (settings.restart == "auto")
    checkpoint = newest_checkpoint(settings.folder, comm, log);
  else if (!settings.restart.empty())
    checkpoint = settings.restart;
  if (checkpoint) {
    Checkpoint read = read_checkpoint(*model, *checkpoint, settings.allow_change, log);
    state = std::move(read.stored.state);
    displacements = std::move(read.stored.displacements);
    last_regeneration = read.last_regeneration;
    log.line(fmt::format("continues from {}: step {}, day {:g}", *checkpoint, state.step, state.day));
  } else if (settings.restart == "auto")
    log.line("no checkpoint to continue from: starts at day 0");

  Record record(*model, settings, state.step, checkpoint.has_value());
  const Regenerate backend = backend_of(*model, settings.folder, log);
  const int steps = n_steps(input.course);
  // The stress of a homogenised scaffold is no stress of its solid: there is nothing to compare it with.
  const material::MaterialTable scaffold =
      input.geometry.scaffold.is_homogenised() ? material::MaterialTable{} : model->materials.back();
  const bool keeps_states = settings.exchange || input.output.states == "all";
  const bool through_files = settings.exchange || input.course.backend == "external program";
  const auto path = [&](const std::string &kind, const std::int64_t step) {
    return settings.folder + "/" + field_file_name(kind, step);
  };
  record.add_event(checkpoint ? "restart" : "start",
                   {{"step", static_cast<double>(state.step)}, {"day", state.day}});

  // A view is due on the first day of a solve at or after each multiple of view_every.
  const auto view_after = [&](const double day) {
    return input.output.view_every * (std::floor(day / input.output.view_every + 1e-9) + 1);
  };
  double next_view =
             state.step > 0 ? view_after(step_day(input.course, static_cast<int>(state.step) - 1)) : 0,
         last_checkpoint = common(clock.seconds(), comm), longest_step = 0, first_step_seconds = 0;
  const std::int64_t first_step = state.step;
  std::int64_t checkpoint_step = checkpoint ? first_step : -1;
  const auto tell_kept = [&] {
    if (settings.is_kept) settings.is_kept(state.step, checkpoint_step);
  };
  if (checkpoint) tell_kept();
  for (;;) {
    const double step_start = common(clock.seconds(), comm); // all ranks compare the same times below
    const auto k = static_cast<int>(state.step);
    if (keeps_states || through_files) write_tissue(*model, state, displacements, path("tissue", k));
    if (settings.exchange) {
      StoredState stored = read_tissue(*model, path("tissue", k));
      state = std::move(stored.state);
      displacements = std::move(stored.displacements);
    }
    const LoadedMechanics mechanics = solve_equilibrium(*model, state, displacements);
    if (model->pores && k == first_step) announce(model->pores->report(), input.pores, log);
    std::vector<stimulus::Response> response = evaluate_stimulus(*model, mechanics);
    if (keeps_states || through_files)
      write_mechanics(*model, state, mechanics, response, path("mechanics", k));
    if (settings.exchange) response = read_mechanics(*model, path("mechanics", k)).response;
    displacements = displacements_of(mechanics);
    report_solve(*model, mechanics, log);
    analysis::SolveQuality solve;
    for (const Mechanics &load : mechanics) solve.add(load.report);
    std::vector<analysis::FurtherLoadCase> further;
    for (std::size_t i = 1; i < mechanics.size(); ++i)
      further.push_back({mechanics[i].strain, mechanics[i].stress, mechanics[i].report});

    record.add_row(
        analysis::history_row({.mesh = *model->mesh,
                               .state = state,
                               .strain = mechanics.front().strain,
                               .stress = mechanics.front().stress,
                               .response = response,
                               .in_head = model->in_head,
                               .solve = mechanics.front().report,
                               .regeneration = last_regeneration ? &*last_regeneration : nullptr,
                               .scaffold_on_day_0 = &model->initial.fractions.back(),
                               .scaffold_density = model->materials.back().density,
                               .scaffold_yield_strength = scaffold.yield_strength,
                               .scaffold_fatigue_strength = scaffold.fatigue_strength,
                               .further = std::move(further),
                               .dead_strain_limit = input.materials.mixture.necrotic_strength_ratio /
                                                    input.materials.mixture.necrotic_modulus_ratio},
                              comm));
    if (state.day >= next_view - 1e-9 || k >= steps) {
      write_view(*model, state, mechanics, response, path("view", k));
      record.add_view(state.day, field_file_name("view", k));
      next_view = view_after(state.day);
    }
    if (k >= steps) break;

    auto regenerated = regenerate_and_update(*model, backend, state, response, step_days(input.course, k));
    state = std::move(regenerated.after);
    last_regeneration = regenerated.report;
    report_signals(*model, regenerated.report.signals, log);
    if (!last_regeneration->front_is_resolved() && input.course.backend == "continuum" && k == first_step)
      log.warning(
          "front-width",
          fmt::format("the front of migrating cells is {:.2f} voxels wide: its speed depends on the mesh "
                      "below five. Refine the voxels or read speeds with care.",
                      last_regeneration->front_voxels));
    if (!keeps_states && through_files) remove_state_files(*model, settings.folder, k - 1);

    const double now = common(clock.seconds(), comm);
    const double step_seconds = now - step_start;
    longest_step = std::max(longest_step, step_seconds);
    if (k == first_step) first_step_seconds = step_seconds;
    const int left = steps - k; // solves to come: one at the end of each step, and the last one
    const double warm = k == first_step ? 0.5 * first_step_seconds
                                        : (now - first_step_seconds) / (k - static_cast<double>(first_step));
    log.progress({.step = k + 1,
                  .of = steps,
                  .day = state.day,
                  .iterations = solve.iterations,
                  .residual = solve.residual,
                  .seconds = step_seconds,
                  .seconds_left = left * warm});
    tell_kept();
    record.add_event("step", {{"step", k},
                              {"day", state.day},
                              {"iterations", solve.iterations},
                              {"residual", solve.residual},
                              {"setup_seconds", solve.setup_seconds},
                              {"solve_seconds", solve.solve_seconds},
                              {"force_imbalance", solve.force_imbalance},
                              {"energy_imbalance", solve.energy_imbalance},
                              {"regeneration_seconds", last_regeneration->seconds},
                              {"mass_balance_error", last_regeneration->relative_error()},
                              {"seconds", step_seconds}});

    const bool asked = settings.stop_requested && settings.stop_requested();
    const bool time_over = settings.time_limit && *settings.time_limit - now < 2 * longest_step;
    const bool due = state.step % input.output.checkpoint_every == 0 || state.step == steps ||
                     now - last_checkpoint > 60 * input.output.checkpoint_minutes;
    if (asked || time_over || due) {
      write_checkpoint(*model, state, displacements, *last_regeneration, settings.folder);
      last_checkpoint = common(clock.seconds(), comm);
      checkpoint_step = state.step;
      tell_kept();
    }
    if (asked || (time_over && state.step < steps)) {
      record.close("stopped", now);
      log.line(fmt::format(
          "stopped {} after step {} of {}, day {:g}; a checkpoint is written. Continue with --restart auto.",
          asked ? "on request" : "before the time limit", state.step, steps, state.day));
      return Exit::stopped;
    }
  }
  const double seconds = common(clock.seconds(), comm);
  record.add_event("end", {{"seconds", seconds}});
  record.close("finished", seconds);
  log.summarise_warnings();
  log.line(fmt::format("finished: day {:g} after {} steps, {}. Open {}/wolff.pvd in ParaView.", state.day,
                       state.step, duration_text(seconds), settings.folder));
  return Exit::finished;
}

} // namespace

Exit run(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings)
{
  const Clock clock;
  return in_result_folder(settings, comm, log, [&] { return heal(input, comm, log, settings, clock); });
}

std::string solve_step(const Case &input, const MPI_Comm comm, Log &log, const std::string &state_file,
                       const std::string &folder)
{
  const std::unique_ptr<Model> model = build_model(input, comm, log, Purpose::compute);
  announce(*model, log);
  StoredState stored{model->initial, {}};
  std::error_code error;
  if (rank_of(comm) == 0) std::filesystem::create_directories(folder, error);
  MPI_Barrier(comm);
  if (!state_file.empty())
    stored = read_tissue(*model, state_file);
  else
    write_tissue(*model, stored.state, stored.displacements, folder + "/" + field_file_name("tissue", 0));
  const LoadedMechanics mechanics = solve_equilibrium(*model, stored.state, stored.displacements);
  if (model->pores) announce(model->pores->report(), input.pores, log);
  const std::vector<stimulus::Response> response = evaluate_stimulus(*model, mechanics);
  report_solve(*model, mechanics, log);
  const std::string written = folder + "/" + field_file_name("mechanics", stored.state.step);
  write_mechanics(*model, stored.state, mechanics, response, written);
  return written;
}

std::string regenerate_step(const Case &input, const MPI_Comm comm, Log &log,
                            const std::string &mechanics_file, const std::string &state_file,
                            const std::string &folder)
{
  const std::unique_ptr<Model> model = build_model(input, comm, log, Purpose::compute);
  const StoredStimulus stored = read_mechanics(*model, mechanics_file);
  const std::string beside =
      (std::filesystem::path(mechanics_file).parent_path() / field_file_name("tissue", stored.step)).string();
  const StoredState before = read_tissue(*model, state_file.empty() ? beside : state_file);
  if (before.state.step != stored.step)
    throw Fault(Exit::model, "step-differs", mechanics_file, "mechanics and tissue are of different steps")
        .found("step " + std::to_string(stored.step))
        .wanted("step " + std::to_string(before.state.step) + ", that of the tissue file");
  const int k = static_cast<int>(stored.step);
  if (k >= n_steps(input.course))
    throw Fault(Exit::model, "run-is-over", mechanics_file, "the case has no step after this one")
        .found("step " + std::to_string(k))
        .wanted("a step below " + std::to_string(n_steps(input.course)));
  const regeneration::Regenerated result = regenerate_and_update(
      *model, backend_of(*model, folder, log), before.state, stored.response, step_days(input.course, k));
  const std::string written = folder + "/" + field_file_name("tissue", result.after.step);
  write_tissue(*model, result.after, stored.displacements, written);
  return written;
}

} // namespace wolff::coupling
