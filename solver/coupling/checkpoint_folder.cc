#include "coupling/checkpoint_folder.h"

#include "io/checksum.h"
#include "io/input_file.h"
#include "io/safe_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace wolff::coupling {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int manifest_version = 1;

int rank_of(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
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

std::map<std::string, std::string> deciding_options(const Case &input)
{
  Case copy = input;
  Options options;
  copy.declare(options);
  std::map<std::string, std::string> values;
  for (const Option &option : options.all())
    if (is_deciding(option)) values[option.path()] = option.get();
  return values;
}

std::string begin_checkpoint(const std::string &folder, const std::int64_t step, const MPI_Comm comm)
{
  const std::string checkpoint = folder + "/checkpoint/" + fmt::format("step_{:08d}", step);
  together(comm, [&] {
    if (rank_of(comm) != 0) return;
    std::error_code error;
    fs::remove_all(checkpoint, error); // left by a run that was ended inside it: it had no manifest
    fs::create_directories(checkpoint, error);
    if (error)
      throw Fault(Exit::storage, "folder-unusable", checkpoint,
                  "the folder cannot be made: " + error.message());
  });
  return checkpoint;
}

void finish_checkpoint(const std::string &checkpoint, json manifest,
                       const std::map<std::string, std::string> &options, const MPI_Comm comm)
{
  together(comm, [&] {
    if (rank_of(comm) != 0) return;
    manifest["format_version"] = manifest_version;
    manifest["options"] = options;
    manifest["files"] = json::array();
    int size = 1;
    MPI_Comm_size(comm, &size);
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
    const fs::path all = fs::path(checkpoint).parent_path();
    const std::string name = fs::path(checkpoint).filename().string();
    io::write_file_safely((all / "last_good").string(), name + "\n");
    // Later ones are of a run that went back to an earlier checkpoint: "newest" must not mean them again.
    std::error_code error;
    std::size_t kept = 0;
    for (const std::string &other : checkpoints_newest_first(all.parent_path().string()))
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

json sound_manifest(const std::string &checkpoint, const std::map<std::string, std::string> &options,
                    const std::vector<std::string> &allowed, Log &log, std::vector<Fault> &faults)
{
  if (const std::string problem = damage(checkpoint); !problem.empty())
    throw Fault(Exit::checkpoint, "checkpoint-damaged", checkpoint, problem);
  json manifest = json::parse(io::read_small_file(checkpoint + "/manifest.json", 1 << 26));
  for (const auto &[path, value] : options) {
    const std::string before = manifest["options"].value(path, "(not there)");
    if (before == value) continue;
    if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) {
      log.warning("option-changed", path + " was " + before + " and is now " + value);
      continue;
    }
    faults.push_back(Fault(Exit::checkpoint, "checkpoint-options", checkpoint, "option " + path + " differs")
                         .found(value)
                         .wanted(before + ", as in the run that wrote the checkpoint")
                         .hint("Give --allow-change \"" + path + "\" if that is meant"));
  }
  return manifest;
}

} // namespace wolff::coupling
