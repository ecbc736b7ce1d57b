#include "coupling/checkpoint.h"

#include "coupling/record.h"
#include "io/cell_reading.h"

#include <array>
#include <utility>

namespace wolff::coupling {

using nlohmann::json;

namespace {

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

/// The options that decide results, by path, and the forces that a file behind an option holds.
std::map<std::string, std::string> options_of(const Model &model)
{
  std::map<std::string, std::string> values = deciding_options(model.input);
  if (model.input.loads.set == "gait cycle")
    for (const loads::LoadCase &load : model.load_set)
      values["Loads/Gait cycle/File, " + load.name] =
          to_text(load.force[0]) + ", " + to_text(load.force[1]) + ", " + to_text(load.force[2]);
  return values;
}

} // namespace

void write_checkpoint(const Model &model, const regeneration::TissueState &state,
                      const Displacements &displacements, const Report &last_regeneration,
                      const std::string &folder)
{
  const std::string checkpoint = begin_checkpoint(folder, state.step, model.comm);
  write_tissue(model, state, displacements, checkpoint + "/tissue.pvtu");
  finish_checkpoint(checkpoint,
                    {{"step", state.step},
                     {"day", state.day},
                     {"mesh_checksum", io::hexadecimal(model.mesh_checksum)},
                     {"last_regeneration", json_of(last_regeneration)}},
                    options_of(model), model.comm);
}

Checkpoint read_checkpoint(const Model &model, const std::string &checkpoint,
                           const std::vector<std::string> &allowed, Log &log)
{
  std::optional<Report> last_regeneration;
  together(model.comm, [&] {
    if (!is_first(model.comm)) return;
    std::vector<Fault> faults;
    const json manifest = sound_manifest(checkpoint, options_of(model), allowed, log, faults);
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
