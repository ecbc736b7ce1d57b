#include "coupling/record.h"

#include "analysis/summary.h"
#include "coupling/marks.h"
#include "io/cell_reading.h"
#include "io/checksum.h"
#include "io/input_file.h"
#include "io/pvd.h"
#include "io/result_folder.h"
#include "io/safe_file.h"
#include "mechanics/brick_kernel.h"

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace wolff::coupling {

using nlohmann::json;

namespace {

/// The programs and the input files that a run came from.
void add_origin(const RunSettings &settings, json &run)
{
  for (const auto &[name, value] : settings.versions) run["versions"][name] = value;
  run["inputs"] = json::array();
  for (const auto &[path, sum] : settings.input_checksums)
    run["inputs"].push_back({{"path", path}, {"sha256", sum}});
}

std::string utc_now()
{
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

json number(const double value)
{
  return std::isfinite(value) ? json(value) : json(nullptr);
}

double peak_memory_here()
{
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

std::vector<std::string> split(const std::string &line, const char separator)
{
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) fields.push_back(field);
  if (!line.empty() && line.back() == separator) fields.emplace_back();
  return fields;
}

} // namespace

Record::Record(const Model &model, const RunSettings &settings, const std::int64_t first_step,
               const bool restarted)
    : model_(model), settings_(settings), started_(utc_now())
{
  int rank = 0;
  MPI_Comm_rank(model.comm, &rank);
  writes_ = rank == 0;
  together(model.comm, [&] {
    if (!writes_) return;
    const std::string &folder = settings.folder;
    if (restarted && std::filesystem::exists(folder + "/history.csv")) {
      std::stringstream lines(io::read_small_file(folder + "/history.csv", std::size_t{1} << 30));
      std::string line;
      std::getline(lines, line);
      const std::vector<std::string> names = split(line, ',');
      std::size_t step_column = 0;
      while (step_column < names.size() && names[step_column] != "step") ++step_column;
      while (std::getline(lines, line)) {
        const std::vector<std::string> fields = split(line, ',');
        if (fields.size() != names.size() || step_column == names.size() || fields[step_column].empty())
          continue;
        if (std::stoll(fields[step_column]) >= first_step) continue;
        std::vector<analysis::Quantity> row;
        for (std::size_t i = 0; i < names.size(); ++i)
          row.push_back({names[i], fields[i].empty() ? analysis::no_value : parse_number(fields[i]), ""});
        rows_.push_back(std::move(row));
      }
      if (std::filesystem::exists(folder + "/wolff.pvd"))
        for (const io::PvdEntry &entry : io::read_pvd(folder + "/wolff.pvd"))
          if (entry.day < step_day(model.input.course, static_cast<int>(first_step)) - 1e-9)
            views_.emplace_back(entry.day, entry.file);
    } else if (!restarted) {
      for (const char *old : {"run.jsonl", "history.csv", "summary.json", "wolff.pvd", "status.json"})
        std::filesystem::remove(folder + "/" + old);
      std::filesystem::remove_all(folder + "/checkpoint"); // of the run that is written over
    }
    io::write_file_safely(folder + "/case.prm", settings.case_text);
    write_run_json("running", 0, 0);
  });
}

void Record::add_row(const std::vector<analysis::Quantity> &row)
{
  together(model_.comm, [&] {
    if (!writes_) return;
    rows_.push_back(row);
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + row[i].name;
    text += "\n";
    for (const auto &day : rows_) {
      for (std::size_t i = 0; i < day.size(); ++i)
        text += std::string(i == 0 ? "" : ",") + (std::isnan(day[i].value) ? "" : to_text(day[i].value));
      text += "\n";
    }
    io::write_file_safely(settings_.folder + "/history.csv", text);
  });
}

void Record::add_view(const double day, const std::string &file)
{
  together(model_.comm, [&] {
    if (!writes_) return;
    views_.emplace_back(day, file);
    std::vector<io::PvdEntry> entries;
    for (const auto &[when, name] : views_) entries.push_back({when, name});
    io::write_pvd(settings_.folder + "/wolff.pvd", entries);
  });
}

void Record::add_event(const std::string &event, const std::vector<std::pair<std::string, double>> &numbers)
{
  together(model_.comm, [&] {
    if (!writes_) return;
    json line{{"time", utc_now()}, {"event", event}};
    for (const auto &[name, value] : numbers) line[name] = number(value);
    const std::string path = settings_.folder + "/run.jsonl";
    std::ofstream file(path, std::ios::app);
    file << line.dump() << "\n";
    file.close();
    if (!file) throw Fault(Exit::storage, "write-failed", path, "a line cannot be appended");
  });
}

void Record::write_run_json(const std::string &how, const double seconds, const double memory) const
{
  int size = 1;
  MPI_Comm_size(model_.comm, &size);
  json run{{"case", model_.input.name},
           {"title", model_.input.title},
           {"status", how},
           {"started", started_},
           {"ranks", size},
           {"seed", model_.input.course.backend == "lattice agents" ? json(model_.input.lattice.seed)
                                                                    : json(nullptr)},
           {"mesh_checksum", io::hexadecimal(model_.mesh_checksum)},
           {"parameter_hash", parameter_hash(model_.input)},
           {"cells", model_.n_cells},
           {"nodes", model_.solver->nodes().n_global()},
           {"kernel", mechanics::kernel_instruction_set()},
           {"case_after_defaults", settings_.case_text}};
  add_origin(settings_, run);
  run["anatomy"] = model_.geometry.lines;
  run["load_cases"] = json::array();
  for (const loads::LoadCase &load : model_.load_set) {
    // Femur frame: x medial, y anterior, z proximal; load factor applied, schedule not.
    const auto newtons = [](const Vector3 &force) { return json{force[0], force[1], force[2]}; };
    json entry{{"name", load.name}, {"force_on_head_N", newtons(load.force)}, {"muscles", json::array()}};
    entry["cycles_per_day"] = load.cycles > 0 ? json(load.cycles) : json(nullptr); // not known
    for (const loads::MuscleForce &muscle : load.muscles)
      entry["muscles"].push_back(
          {{"name", muscle.name}, {"attachment", muscle.attachment}, {"force_N", newtons(muscle.force)}});
    run["load_cases"].push_back(entry);
  }
  for (std::size_t t = 0; t < material::n_tissues; ++t) {
    json &entry = run["materials"][material::tissue_names()[t]];
    entry["table"] = model_.materials[t].name;
    for (const auto &[key, value] : model_.materials[t].values.values)
      entry["values"][key] = {
          {"value", value.value}, {"unit", value.unit}, {"mark", value.mark}, {"source", value.source}};
  }
  for (const MarkedValue &value : values_in_use(model_.input))
    run["parameters"][value.path] = {
        {"value", value.value}, {"marks", value.marks}, {"source", value.source}};
  if (how != "running") {
    run["ended"] = utc_now();
    run["wall_seconds"] = seconds;
    run["peak_memory_bytes"] = memory; // of all ranks together
  }
  io::write_file_safely(settings_.folder + "/run.json", run.dump(1) + "\n");
}

void Record::close(const std::string &how, const double seconds)
{
  double memory = peak_memory_here();
  MPI_Allreduce(MPI_IN_PLACE, &memory, 1, MPI_DOUBLE, MPI_SUM, model_.comm);
  together(model_.comm, [&] {
    if (!writes_) return;
    if (how == "finished") {
      json summary{{"case", model_.input.name}, {"title", model_.input.title}, {"status", how}};
      for (const analysis::Quantity &quantity : analysis::summary(rows_))
        summary[quantity.name] = number(quantity.value);
      summary["wall_seconds"] = seconds;
      summary["peak_memory_bytes"] = memory;
      io::write_file_safely(settings_.folder + "/summary.json", summary.dump(1) + "\n");
    }
    write_run_json(how, seconds, memory);
    io::write_file_safely(settings_.folder + "/status.json",
                          json({{"status", how}, {"exit_code", how == "finished" ? 0 : 75}}).dump(1) + "\n");
  });
}

bool is_first(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank == 0;
}

Exit in_result_folder(const RunSettings &settings, const MPI_Comm comm, Log &log,
                      const std::function<Exit()> &body)
{
  std::unique_ptr<io::FolderLock> lock;
  together(comm, [&] {
    if (!is_first(comm)) return;
    lock = std::make_unique<io::FolderLock>(
        io::prepare_result_folder(settings.folder, {.restart = !settings.restart.empty(),
                                                    .overwrite = settings.overwrite,
                                                    .break_lock = settings.break_lock}));
    log.write_to(settings.folder + "/run.log");
  });
  try {
    return body();
  } catch (const Fault &fault) {
    record_failure(settings.folder, {fault}, comm);
    throw;
  } catch (const FaultList &list) {
    record_failure(settings.folder, list.faults(), comm);
    throw;
  }
}

void record_finished(const Case &input, const RunSettings &settings, const double seconds,
                     const std::optional<int> seed, const std::string &how)
{
  json run{{"case", input.name},
           {"title", input.title},
           {"status", how},
           {"wall_seconds", seconds},
           {"case_after_defaults", settings.case_text}};
  if (seed) run["seed"] = *seed;
  add_origin(settings, run);
  io::write_file_safely(settings.folder + "/run.json", run.dump(1) + "\n");
  io::write_file_safely(settings.folder + "/status.json",
                        json({{"status", how}, {"exit_code", how == "finished" ? 0 : 75}}).dump(1) + "\n");
}

void record_failure(const std::string &folder, const std::vector<Fault> &faults, const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  if (rank != 0) return;
  try {
    json lines = json::array();
    Exit code = Exit::finished;
    std::string text;
    for (const Fault &fault : faults) {
      lines.push_back(fault.line());
      text += fault.line() + "\n";
      code = std::max(code, fault.code());
    }
    std::ofstream(folder + "/run.log", std::ios::app) << text;
    io::write_file_safely(
        folder + "/status.json",
        json({{"status", "failed"}, {"exit_code", static_cast<int>(code)}, {"errors", lines}}).dump(1) +
            "\n");
  } catch (const std::exception &) { // the disk may be what failed
  }
}

} // namespace wolff::coupling
