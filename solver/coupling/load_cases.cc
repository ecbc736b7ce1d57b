#include "coupling/load_cases.h"

#include "io/number_table.h"
#include "loads/end_load.h"
#include "loads/head_cap.h"
#include "loads/hip_contact.h"
#include "loads/muscle_disc.h"
#include "loads/muscles.h"
#include "mechanics/nodal_loads.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <array>
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
  const geometry::Landmarks &landmarks = model.geometry.landmarks;
  const Vector3 shaft = anatomy.femur_axes().transpose() * (landmarks.shaft_point - anatomy.head_centre());
  const double scale = landmarks.offset() / loads::reference_offset;
  std::map<std::string, loads::MuscleDisc> discs;
  std::vector<std::string> left_out;
  for (std::size_t i = 0; i < model.load_set.size(); ++i)
    for (const loads::MuscleForce &muscle : model.load_set[i].muscles) {
      const std::string &name = muscle.attachment;
      const Vector3 in_femur = loads::attachment_on(name, shaft);
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
  if (model.input.is_long_bone()) {
    loads::EndLoad end = loads::end_load(*model.mesh, anatomy, options.end, options.load_factor);
    log.line(fmt::format(
        "load on the end: {:.1f} N along the axis and {:.1f} N mm on {:.0f} mm2 of bone, pressure {:.3f} "
        "to {:.3f} MPa; the end is {}",
        options.load_factor * options.end.axial_force, options.load_factor * options.end.bending_moment,
        end.area, end.least, end.greatest, options.end.proximal));
    return {std::move(end.forces)};
  }
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

NodalForces on_nodes(const Model &model, const FaceForces &faces)
{
  std::vector<double> forces = model.solver->zero_vector();
  mechanics::add_face_forces(*model.solver, *model.mesh, faces, forces);
  NodalForces sparse;
  for (std::size_t i = 0; i < forces.size(); ++i)
    if (forces[i] != 0) {
      sparse.entries.push_back(static_cast<std::uint32_t>(i));
      sparse.values.push_back(forces[i]);
    }
  std::array<double, 6> sums{};
  for (const loads::FaceForce &f : faces) {
    const Vector3 moment = (f.face.centre - model.anatomy->head_centre()).cross(f.force);
    for (std::size_t c = 0; c < 3; ++c) {
      sums[c] += f.force[static_cast<Eigen::Index>(c)];
      sums[3 + c] += moment[static_cast<Eigen::Index>(c)];
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 6, MPI_DOUBLE, MPI_SUM, model.comm);
  sparse.force = Vector3(sums[0], sums[1], sums[2]);
  sparse.moment = Vector3(sums[3], sums[4], sums[5]);
  return sparse;
}

} // namespace

std::vector<loads::LoadCase> read_load_set(const Case &input)
{
  const loads::LoadOptions &options = input.loads;
  if (input.is_long_bone()) {
    loads::LoadCase end;
    end.name = "axial force and bending";
    end.force = Vector3(0, 0, -options.load_factor * options.end.axial_force);
    return {end};
  }
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
  for (const FaceForces &faces : face_forces(model, log)) all.push_back(on_nodes(model, faces));
  return all;
}

std::vector<NodalForces> guide_forces(const Model &model)
{
  std::vector<NodalForces> all;
  if (!model.support.pilot) return all;
  const loads::PilotNode &pilot = *model.support.pilot;
  const loads::HeadCap cap{model.anatomy->head_centre(), model.anatomy->head_radius(), pilot.guide_pole,
                           loads::guided_half_angle};
  for (const Vector3 &guide : pilot.guides)
    all.push_back(on_nodes(model, loads::unit_force_on_cap(*model.mesh, cap, guide)));
  return all;
}

void check_loads(const Model &model, Log &log)
{
  face_forces(model, log);
}

std::vector<double> forces_of(const Model &model, const std::size_t index, const double factor)
{
  std::vector<double> forces = model.solver->zero_vector();
  add_forces(model.nodal_forces[index], factor, forces);
  return forces;
}

void add_forces(const NodalForces &sparse, const double factor, std::vector<double> &forces)
{
  for (std::size_t i = 0; i < sparse.entries.size(); ++i)
    forces[sparse.entries[i]] += factor * sparse.values[i];
}

double work_of(const NodalForces &sparse, const std::vector<double> &displacement, const MPI_Comm comm)
{
  double sum = 0;
  for (std::size_t i = 0; i < sparse.entries.size(); ++i)
    sum += sparse.values[i] * displacement[sparse.entries[i]];
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  return sum;
}

} // namespace wolff::coupling
