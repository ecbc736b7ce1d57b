#include "coupling/checkpoint.h"

#include "io/cell_reading.h"
#include "io/checksum.h"
#include "io/input_file.h"
#include "io/safe_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace wolff::coupling {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int manifest_version = 1;

using Report = regeneration::RegenerationReport;

/// The numbers of a report by name: one table for writing and reading.
constexpr std::array<std::pair<const char *, double Report::*>, 10> report_numbers{
    {{"cells_before", &Report::cells_before},
     {"supplied", &Report::supplied},
     {"dosed", &Report::dosed},
     {"reacted", &Report::reacted},
     {"cells_after", &Report::cells_after},
     {"clipped", &Report::clipped},
     {"smallest_density", &Report::smallest_density},
     {"fraction_sum_error", &Report::fraction_sum_error},
     {"front_voxels", &Report::front_voxels},
     {"seconds", &Report::seconds}}};

json json_of(const Report &report)
{
  json numbers{{"steps", report.steps}, {"iterations", report.iterations}};
  for (const auto &[name, member] : report_numbers) numbers[name] = report.*member;
  return numbers;
}

Report report_of(const json &numbers)
{
  Report report;
  report.steps = numbers.at("steps").get<int>();
  report.iterations = numbers.at("iterations").get<int>();
  for (const auto &[name, member] : report_numbers)
    if (numbers.at(name).is_number())
      report.*member = numbers.at(name).get<double>(); // one that is not finite is stored as null
  return report;
}

int rank_of(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// The options that decide results, by path, and the forces that a file behind an option holds.
json deciding_options(const Model &model)
{
  Case copy = model.input;
  Options options;
  copy.declare(options);
  json values = json::object();
  for (const Option &option : options.all())
    if (is_deciding(option)) values[option.path()] = option.get();
  if (model.input.loads.set == "gait cycle")
    for (const loads::LoadCase &load : model.load_set)
      values["Loads/Gait cycle/File, " + load.name] =
          to_text(load.force[0]) + ", " + to_text(load.force[1]) + ", " + to_text(load.force[2]);
  return values;
}

/// What is wrong with a checkpoint's files, or empty.
std::string damage(const std::string &checkpoint)
{
  try {
    const json manifest = json::parse(io::read_small_file(checkpoint + "/manifest.json", 1 << 26));
    if (manifest.at("format_version") != manifest_version)
      return fmt::format("format version {}, this program reads {}", manifest.at("format_version").dump(),
                         manifest_version);
    for (const json &file : manifest.at("files")) {
      const std::string path = checkpoint + "/" + file.at("name").get<std::string>();
      std::error_code error;
      if (fs::file_size(path, error) != file.at("bytes").get<std::uintmax_t>() || error)
        return path + " has another size than the manifest says, or is missing";
      if (const std::string sum = io::sha256_of_file(path); sum != file.at("sha256").get<std::string>())
        return path + " has checksum " + sum + ", the manifest says " + file.at("sha256").get<std::string>();
    }
  } catch (const Fault &fault) {
    return fault.message();
  } catch (const json::exception &) {
    return "its manifest cannot be read";
  }
  return "";
}

std::vector<std::string> checkpoints_newest_first(const std::string &folder)
{
  std::vector<std::string> found;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder + "/checkpoint", error))
    if (entry.is_directory() && entry.path().filename().string().starts_with("step_") &&
        fs::exists(entry.path() / "manifest.json"))
      found.push_back(entry.path().string());
  std::sort(found.rbegin(), found.rend());
  return found;
}

} // namespace

void write_checkpoint(const Model &model, const regeneration::TissueState &state,
                      const Displacements &displacements, const Report &last_regeneration,
                      const std::string &folder)
{
  const std::string name = fmt::format("step_{:08d}", state.step),
                    checkpoint = folder + "/checkpoint/" + name;
  const bool first = rank_of(model.comm) == 0;
  together(model.comm, [&] {
    if (!first) return;
    std::error_code error;
    fs::remove_all(checkpoint, error); // left by a run that was ended inside it: it had no manifest
    fs::create_directories(checkpoint, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", checkpoint,
                  "the folder cannot be made: " + error.message());
  });
  write_tissue(model, state, displacements, checkpoint + "/tissue.pvtu");
  together(model.comm, [&] {
    if (!first) return;
    json manifest{{"format_version", manifest_version},
                  {"step", state.step},
                  {"day", state.day},
                  {"mesh_checksum", io::hexadecimal(model.mesh_checksum)},
                  {"options", deciding_options(model)},
                  {"last_regeneration", json_of(last_regeneration)},
                  {"files", json::array()}};
    int size = 1;
    MPI_Comm_size(model.comm, &size);
    manifest["ranks"] = size;
    std::vector<fs::path> files;
    for (const auto &entry : fs::recursive_directory_iterator(checkpoint))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path &file : files)
      manifest["files"].push_back({{"name", fs::relative(file, checkpoint).string()},
                                   {"bytes", fs::file_size(file)},
                                   {"sha256", io::sha256_of_file(file.string())}});
    io::write_file_safely(checkpoint + "/manifest.json", manifest.dump(1) + "\n");
    io::write_file_safely(folder + "/checkpoint/last_good", name + "\n");
    // Later ones are of a run that went back to an earlier checkpoint: "newest" must not mean them again.
    std::error_code error;
    std::size_t kept = 0;
    for (const std::string &other : checkpoints_newest_first(folder))
      if (fs::path(other).filename().string() > name || ++kept > 2) fs::remove_all(other, error);
  });
}

std::optional<std::string> newest_checkpoint(const std::string &folder, const MPI_Comm comm, Log &log)
{
  std::string found;
  together(comm, [&] {
    if (rank_of(comm) != 0) return;
    const std::vector<std::string> all = checkpoints_newest_first(folder);
    std::string problem;
    for (const std::string &checkpoint : all) {
      problem = damage(checkpoint);
      if (problem.empty()) {
        found = checkpoint;
        return;
      }
      log.warning("checkpoint-damaged", checkpoint + " is passed over: " + problem);
    }
    if (!all.empty())
      throw Fault(Exit::checkpoint, "checkpoint-damaged", folder + "/checkpoint",
                  "no checkpoint is sound: " + problem);
  });
  unsigned long length = found.size();
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, 0, comm);
  found.resize(length);
  MPI_Bcast(found.data(), static_cast<int>(length), MPI_CHAR, 0, comm);
  if (found.empty()) return {};
  return found;
}

Checkpoint read_checkpoint(const Model &model, const std::string &checkpoint,
                           const std::vector<std::string> &allowed, Log &log)
{
  std::optional<Report> last_regeneration;
  together(model.comm, [&] {
    if (rank_of(model.comm) != 0) return;
    if (const std::string problem = damage(checkpoint); !problem.empty())
      throw Fault(Exit::checkpoint, "checkpoint-damaged", checkpoint, problem);
    const json manifest = json::parse(io::read_small_file(checkpoint + "/manifest.json", 1 << 26));
    std::vector<Fault> faults;
    const json now = deciding_options(model);
    for (const auto &[path, value] : now.items()) {
      const std::string before = manifest["options"].value(path, "(not there)");
      if (before == value.get<std::string>()) continue;
      if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) {
        log.warning("option-changed", path + " was " + before + " and is now " + value.get<std::string>());
        continue;
      }
      faults.push_back(
          Fault(Exit::checkpoint, "checkpoint-options", checkpoint, "option " + path + " differs")
              .found(value.get<std::string>())
              .wanted(before + ", as in the run that wrote the checkpoint")
              .hint("Give --allow-change \"" + path + "\" if that is meant"));
    }
    if (faults.empty() && manifest.at("mesh_checksum") != io::hexadecimal(model.mesh_checksum))
      faults.push_back(
          Fault(Exit::checkpoint, "mesh-differs", checkpoint, "the checkpoint belongs to another mesh")
              .found(io::hexadecimal(model.mesh_checksum))
              .wanted(manifest.at("mesh_checksum").get<std::string>()));
    throw_if_any(std::move(faults));
    if (const auto report = manifest.find("last_regeneration"); report != manifest.end())
      last_regeneration = report_of(*report);
  });
  return {read_tissue(model, checkpoint + "/tissue.pvtu"), last_regeneration};
}

} // namespace wolff::coupling
