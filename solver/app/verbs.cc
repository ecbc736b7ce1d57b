#include "app/verbs.h"

#include "app/case_file.h"
#include "app/parameter_reference.h"
#include "app/print_case.h"
#include "app/report_errors.h"
#include "app/signals.h"
#include "app/version.h"
#include "coupling/box_run.h"
#include "coupling/lattice_run.h"
#include "coupling/load_cases.h"
#include "coupling/marks.h"
#include "coupling/run.h"
#include "coupling/view_model.h"
#include "io/checksum.h"
#include "io/model_file.h"

#include <fmt/format.h>

#include <filesystem>

namespace wolff::app {

namespace fs = std::filesystem;

namespace {

bool is_first(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank == 0;
}

int help(const Command &command, const MPI_Comm comm)
{
  if (is_first(comm)) print_result(command.text);
  return 0;
}

int version(const Command &, const MPI_Comm comm)
{
  if (is_first(comm)) print_result(version_text());
  return 0;
}

int parameters(const Command &command, const MPI_Comm comm)
{
  coupling::Case input;
  Options options;
  input.declare(options);
  if (is_first(comm))
    print_result(command.format == "exchange" ? coupling::exchange_reference()
                                              : parameter_reference(options, command.format));
  return 0;
}

/// A case read, with what the command line adds; the options point into it, so it stays where it is.
struct ReadCase
{
  coupling::Case input;
  Options options;
  CaseFile file;
};

std::unique_ptr<ReadCase> read_case(const Command &command, const MPI_Comm comm)
{
  auto read = std::make_unique<ReadCase>();
  read->input.declare(read->options);
  read->file = read_case_file(command.case_file, command.settings, comm);
  together(comm, [&] { apply(read->file, read->options); });
  const fs::path path(command.case_file);
  read->input.folder = path.parent_path().empty() ? "." : path.parent_path().string();
  read->input.name = path.stem().string();
  read->input.drop_islands = command.drop_islands;
  read->input.accept_units = command.accept_units;
  return read;
}

std::string output_folder(const Command &command, const coupling::Case &input)
{
  if (!command.output.empty()) return command.output;
  if (!input.output.folder.empty()) return (fs::path(input.folder) / input.output.folder).string();
  return "results/" + input.name;
}

std::string gigabytes(const double bytes)
{
  return fmt::format("{:.3g} GB", bytes / 1e9);
}

int check_case_file(const Command &command, const MPI_Comm comm)
{
  Log log(comm);
  const std::unique_ptr<ReadCase> read = read_case(command, comm);
  log.line(command.case_file + ": read as a case");
  throw_if_any(coupling::check_case(read->input));
  if (read->input.is_cell_lattice()) {
    coupling::check_lattice(read->input, comm, log);
    return 0;
  }
  if (read->input.is_voxel_body()) {
    coupling::check_box(read->input, comm, log);
    return 0;
  }
  const auto model = coupling::build_model(read->input, comm, log, coupling::Purpose::look);
  coupling::check_loads(*model, log);
  const coupling::Estimate e = coupling::estimate(*model);
  log.line(fmt::format(
      "estimate: {} bricks, {} voxels, {:.3g} million unknowns, {} of memory in all, about {} for {} solves "
      "and {:g} days",
      e.bricks, e.cells, 1e-6 * static_cast<double>(e.unknowns), gigabytes(e.bytes), duration_text(e.seconds),
      coupling::n_steps(read->input.course) + 1, read->input.course.duration));
  log.line(fmt::format("estimate: {} of view files, {} of full-precision files kept", gigabytes(e.view_bytes),
                       gigabytes(e.state_bytes)));
  for (const std::string &line : coupling::lines_of(coupling::values_in_use(read->input))) log.line(line);
  log.line("no problem found");
  return 0;
}

int check_vtk_file(const Command &command, const MPI_Comm comm)
{
  together(comm, [&] {
    if (!is_first(comm)) return;
    const std::string &path = command.case_file;
    const bool is_image = io::has_ending(path, ".vti");
    const std::string kind = is_image ? "" : io::contract_kind(path);
    if (!kind.empty()) {
      // The length of histories is the file's own choice: the base arrays decide.
      std::vector<std::string> load_cases = io::contract_texts(path, "load_cases");
      if (!load_cases.empty()) load_cases.erase(load_cases.begin()); // its arrays have plain names
      const io::ContractReport report = io::check_contract_file(path, coupling::contract(0, load_cases));
      print_result(fmt::format("{}: read as a {} file of the exchange contract: {} cells, {} points, sound\n",
                               path, report.kind, report.n_cells, report.n_points));
      for (const std::string &warning : report.warnings) print_result("warning: " + warning + "\n");
      return;
    }
    const io::ModelFileSummary summary = io::check_model_file(
        path, {.accept_units = command.accept_units, .drop_islands = command.drop_islands, .limits = {}});
    print_result(fmt::format("{}: read as a model file ({}): {} cells, sound\n", path,
                             is_image ? "image" : "hexahedra", summary.n_cells));
    for (const std::string &warning : summary.warnings) print_result("warning: " + warning + "\n");
  });
  return 0;
}

} // namespace

int check(const Command &command, const MPI_Comm comm)
{
  const std::string &path = command.case_file;
  for (const char *ending : {".vtu", ".pvtu", ".vti"})
    if (io::has_ending(path, ending)) return check_vtk_file(command, comm);
  if (io::has_ending(path, ".vtk"))
    throw Fault(Exit::input, "file-format", path, "legacy VTK files are not read")
        .wanted(".vtu, .pvtu or .vti");
  return check_case_file(command, comm);
}

int model(const Command &command, const MPI_Comm comm)
{
  Log log(comm);
  const std::unique_ptr<ReadCase> read = read_case(command, comm);
  if (read->input.is_cell_lattice()) coupling::refuse_mechanics(read->input, "the verb model");
  if (read->input.is_voxel_body()) {
    log.line("model written to " +
             coupling::write_box_model(read->input, comm, log, output_folder(command, read->input)));
    return 0;
  }
  const auto built = coupling::build_model(read->input, comm, log, coupling::Purpose::look);
  const std::string folder = output_folder(command, read->input);
  together(comm, [&] {
    if (!is_first(comm)) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", folder,
                  "the output folder cannot be made: " + error.message());
  });
  const std::string path = folder + "/model.pvtu";
  coupling::write_model(*built, path);
  log.line("model written to " + path);
  return 0;
}

int run(const Command &command, const MPI_Comm comm)
{
  Log log(comm);
  listen_for_stop_signals();
  const std::unique_ptr<ReadCase> read = read_case(command, comm);
  coupling::RunSettings settings;
  settings.folder = output_folder(command, read->input);
  settings.restart = command.restart;
  settings.overwrite = command.overwrite;
  settings.break_lock = command.break_lock;
  settings.exchange = command.exchange;
  settings.time_limit = command.time_limit_s;
  settings.allow_change = command.allow_change;
  settings.case_text = print_case(read->options, CaseFormat::documented_prm);
  settings.versions = version_record();
  for (const SourceFile &file : read->file.files)
    settings.input_checksums.emplace_back(file.path, io::sha256_of_text(file.text));
  together(comm, [&] {
    if (!is_first(comm)) return; // who writes the record
    const geometry::GeometryOptions &geometry = read->input.geometry;
    const loads::LoadOptions &loads = read->input.loads;
    const coupling::LatticeBodyOptions &lattice = read->input.cell_lattice;
    const bool is_femur = geometry.body == "femur";
    for (const std::string &name : {is_femur ? geometry.femur.surface.file : std::string(),
                                    is_femur && loads.set == "gait cycle" ? loads.gait.file : std::string(),
                                    geometry.body == "image" ? geometry.image.file : std::string(),
                                    read->input.is_cell_lattice() ? lattice.stimulus_file : std::string(),
                                    read->input.is_cell_lattice() ? lattice.element_file : std::string()}) {
      const std::string file = (fs::path(read->input.folder) / name).string();
      if (!name.empty() && fs::is_regular_file(file))
        settings.input_checksums.emplace_back(file, io::sha256_of_file(file));
    }
  });
  settings.stop_requested = [comm] { return stop_requested(comm); };
  settings.is_kept = [](const std::int64_t step, const std::int64_t checkpoint) {
    set_closing_line(
        checkpoint < 0
            ? fmt::format("kept: complete through step {}, no checkpoint. Start again with --overwrite.",
                          step)
            : fmt::format(
                  "kept: complete through step {} (checkpoint step {}). Restart: the same command with "
                  "--restart auto.",
                  step, checkpoint));
  };
  if (read->input.is_cell_lattice())
    return static_cast<int>(coupling::run_lattice(read->input, comm, log, settings));
  if (read->input.is_voxel_body())
    return static_cast<int>(coupling::run_box(read->input, comm, log, settings));
  return static_cast<int>(coupling::run(read->input, comm, log, settings));
}

int solve(const Command &command, const MPI_Comm comm)
{
  Log log(comm);
  const std::unique_ptr<ReadCase> read = read_case(command, comm);
  if (read->input.is_cell_lattice()) coupling::refuse_mechanics(read->input, "the verb solve");
  if (read->input.is_voxel_body()) {
    if (!command.state_file.empty()) coupling::refuse_tissue(read->input, "--state");
    log.line("summary written to " +
             coupling::solve_box(read->input, comm, log, output_folder(command, read->input)));
    return 0;
  }
  log.line("mechanics written to " + coupling::solve_step(read->input, comm, log, command.state_file,
                                                          output_folder(command, read->input)));
  return 0;
}

int regenerate(const Command &command, const MPI_Comm comm)
{
  Log log(comm);
  const std::unique_ptr<ReadCase> read = read_case(command, comm);
  if (read->input.is_voxel_body()) coupling::refuse_tissue(read->input, "the verb regenerate");
  if (read->input.is_cell_lattice()) coupling::refuse_mechanics(read->input, "the verb regenerate");
  log.line("tissue written to " + coupling::regenerate_step(read->input, comm, log, command.mechanics_file,
                                                            command.state_file,
                                                            output_folder(command, read->input)));
  return 0;
}

const std::map<std::string, Verb> &verbs()
{
  static const std::map<std::string, Verb> all{
      {"help", help},   {"version", version}, {"parameters", parameters}, {"run", run},
      {"check", check}, {"model", model},     {"solve", solve},           {"regenerate", regenerate}};
  return all;
}

} // namespace wolff::app
