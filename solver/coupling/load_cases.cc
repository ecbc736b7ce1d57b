#include "coupling/load_cases.h"

#include "io/number_table.h"
#include "loads/hip_contact.h"
#include "loads/muscle_disc.h"
#include "loads/muscles.h"
#include "mechanics/nodal_loads.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

namespace wolff::coupling {

namespace {

using FaceForces = std::vector<loads::FaceForce>;

/// Adds the muscle forces of all cases to their contact forces.
void add_muscles(const Model &model, std::vector<FaceForces> &forces, Log &log)
{
  const geometry::Anatomy &anatomy = *model.anatomy;
  const double scale = model.geometry.landmarks.offset() / loads::reference_offset;
  std::map<std::string, loads::MuscleDisc> discs;
  std::vector<std::string> left_out;
  for (std::size_t i = 0; i < model.load_set.size(); ++i)
    for (const loads::MuscleForce &muscle : model.load_set[i].muscles) {
      const std::string &name = muscle.attachment;
      const Vector3 in_femur = scale * loads::attachments().at(name).law;
      if (in_femur[2] < anatomy.distal_cut()) {
        left_out.push_back(muscle.name + " at " + name);
        continue;
      }
      auto disc = discs.find(name);
      if (disc == discs.end()) {
        disc = discs
                   .emplace(name, loads::muscle_disc(*model.mesh, anatomy,
                                                     anatomy.head_centre() + anatomy.femur_axes() * in_femur,
                                                     model.input.loads.muscle_disc_radius,
                                                     "Loads/Muscles, attachment " + name))
                   .first;
        log.line(fmt::format("muscles at {}, {}: {} faces with {:.0f} mm2 about {} mm, {:.1f} mm from the "
                             "attachment scaled by {:.3f}",
                             name, loads::attachments().at(name).meaning, disc->second.n_faces,
                             disc->second.area, geometry::text_of(disc->second.centre), disc->second.distance,
                             scale));
      }
      const FaceForces more = loads::spread(disc->second, anatomy.femur_axes() * muscle.force);
      forces[i].insert(forces[i].end(), more.begin(), more.end());
    }
  if (left_out.empty()) return;
  const std::size_t count = left_out.size();
  std::sort(left_out.begin(), left_out.end());
  left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
  log.warning("muscle-left-out",
              fmt::format("{} muscle force(s) of all load cases attach below the distal cut and are left "
                          "out, as the support carries them: {}. A longer shaft takes them in.",
                          count, join(left_out)));
}

std::vector<FaceForces> face_forces(const Model &model, Log &log)
{
  const loads::LoadOptions &options = model.input.loads;
  const geometry::Anatomy &anatomy = *model.anatomy;
  std::vector<FaceForces> forces;
  for (const loads::LoadCase &load : model.load_set) {
    const Vector3 force = anatomy.femur_axes() * load.force;
    loads::ContactLoad contact =
        loads::hip_contact(*model.mesh, {anatomy.head_centre(), anatomy.head_radius(), force,
                                         options.half_angle, options.distribution});
    log.line(fmt::format("load case \"{}\" pushes the head {}", load.name, loads::text_of(load)));
    log.line(fmt::format(
        "hip contact force ({:.1f}, {:.1f}, {:.1f}) N on {:.0f} mm2 of the head, peak pressure {:.2f} MPa",
        force[0], force[1], force[2], contact.report.area, contact.report.peak_pressure));
    forces.push_back(std::move(contact.forces));
  }
  add_muscles(model, forces, log);
  return forces;
}

} // namespace

std::vector<loads::LoadCase> read_load_set(const Case &input)
{
  const loads::LoadOptions &options = input.loads;
  std::optional<loads::GaitCycle> cycle;
  if (options.set == "gait cycle" && !options.gait.file.empty()) {
    const std::string path = (std::filesystem::path(input.folder) / options.gait.file).string();
    cycle = loads::gait_cycle(io::read_number_table(path), options.gait, options.body_weight);
  }
  return loads::load_set(options, cycle);
}

std::vector<NodalForces> nodal_forces(const Model &model, Log &log)
{
  std::vector<NodalForces> all;
  for (const FaceForces &faces : face_forces(model, log)) {
    std::vector<double> forces = model.solver->zero_vector();
    mechanics::add_face_forces(*model.solver, *model.mesh, faces, forces);
    NodalForces sparse;
    for (std::size_t i = 0; i < forces.size(); ++i)
      if (forces[i] != 0) {
        sparse.entries.push_back(static_cast<std::uint32_t>(i));
        sparse.values.push_back(forces[i]);
      }
    all.push_back(std::move(sparse));
  }
  return all;
}

void check_loads(const Model &model, Log &log)
{
  face_forces(model, log);
}

std::vector<double> forces_of(const Model &model, const std::size_t index, const double factor)
{
  std::vector<double> forces = model.solver->zero_vector();
  const NodalForces &sparse = model.nodal_forces[index];
  for (std::size_t i = 0; i < sparse.entries.size(); ++i)
    forces[sparse.entries[i]] = factor * sparse.values[i];
  return forces;
}

} // namespace wolff::coupling
