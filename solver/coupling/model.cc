#include "coupling/model.h"

#include "base/memory.h"
#include "coupling/field_files.h"
#include "coupling/load_cases.h"
#include "coupling/load_material.h"
#include "coupling/pore_flow.h"
#include "coupling/scaffold_setup.h"
#include "coupling/voxels.h"
#include "discretisation/islands.h"
#include "loads/end_load.h"
#include "mechanics/brick_kernel.h"
#include "regeneration/cell_distance.h"
#include "regeneration/lattice_backend.h"
#include "regeneration/material_update.h"
#include "regeneration/necrosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wolff::coupling {

using discretisation::brick_voxels;
using geometry::Phase;
using material::Tissue;

namespace {

void load_materials(Model &model)
{
  const MaterialOptions &m = model.input.materials;
  // In the order of Tissue.
  const std::vector<std::string> names{
      m.granulation,     m.fibrous,       m.cartilage,           m.immature_bone, m.mature_bone, m.marrow,
      "cancellous_bone", m.cortical_bone, m.articular_cartilage, "necrotic_bone", m.scaffold};
  together(model.comm, [&] {
    std::vector<Fault> faults;
    for (const std::string &name : names) {
      try {
        model.materials.push_back(load_material(name, model.input.folder, "Materials"));
      } catch (const Fault &fault) {
        faults.push_back(fault);
      }
    }
    throw_if_any(std::move(faults));
  });
  for (std::size_t t = 0; t < material::n_tissues; ++t) model.elasticity[t] = model.materials[t].elastic;
}

/// The tissue of a voxel before any healing, from the phases in it. @p pore_solid is the share of solid in
/// what counts as pore: zero unless the scaffold is homogenised.
material::TissueFractions fractions_of(const PhaseShares &shares, const double bone_volume_fraction,
                                       const double pore_solid)
{
  material::TissueFractions fractions{};
  const auto share = [&](const Phase phase) { return shares[static_cast<std::size_t>(phase)]; };
  const auto put = [&](const Tissue tissue, const double value) {
    fractions[material::index(tissue)] += value;
  };
  put(Tissue::cancellous_bone, bone_volume_fraction * share(Phase::cancellous));
  put(Tissue::marrow, (1 - bone_volume_fraction) * share(Phase::cancellous) + share(Phase::marrow));
  put(Tissue::cortical_bone,
      std::min(share(Phase::cortical) + share(Phase::subchondral_plate), 1.0)); // 13/27 + 14/27
  put(Tissue::articular_cartilage, share(Phase::articular_cartilage));
  // The marrow of dead bone is space that cells may enter.
  put(Tissue::necrotic_bone, bone_volume_fraction * share(Phase::lesion));
  put(Tissue::scaffold, share(Phase::scaffold) + pore_solid * share(Phase::scaffold_pore));
  // The free volume takes the rest, so that the sum is one to rounding.
  double rest = 1;
  for (const double fraction : fractions) rest -= fraction;
  put(Tissue::granulation, std::max(rest, 0.0));
  return fractions;
}

regeneration::Region region_of(const PhaseShares &shares)
{
  const auto share = [&](const Phase phase) { return shares[static_cast<std::size_t>(phase)]; };
  const double pore = share(Phase::scaffold) + share(Phase::scaffold_pore), track = share(Phase::track),
               lesion = share(Phase::lesion);
  const double host = 1 - pore - track - lesion;
  const double most = std::max({pore, track, lesion, host});
  if (host == most) return regeneration::Region::host;
  if (pore == most) return regeneration::Region::scaffold_pore;
  return track == most ? regeneration::Region::track : regeneration::Region::lesion;
}

/// Denser trabecular bone within some distance of the lesion, as far as there is marrow to make room for it.
void add_sclerotic_rim(Model &model)
{
  const MaterialOptions &m = model.input.materials;
  if (m.sclerotic_thickness == 0) return;
  regeneration::TissueState &state = model.initial;
  auto &bone = state.fractions[material::index(Tissue::cancellous_bone)],
       &marrow = state.fractions[material::index(Tissue::marrow)];
  std::vector<bool> host(state.n_cells()), lesion(state.n_cells());
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    host[i] = state.region[i] == static_cast<std::uint8_t>(regeneration::Region::host) && bone[i] > 0;
    lesion[i] = state.region[i] == static_cast<std::uint8_t>(regeneration::Region::lesion);
  }
  const discretisation::CellField distance = regeneration::distance_through(*model.mesh, host, lesion);
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    if (!(distance[i] < m.sclerotic_thickness)) continue;
    const double room = bone[i] + marrow[i];
    bone[i] = std::min(room, m.sclerotic_density * bone[i]);
    marrow[i] = room - bone[i];
    state.lesion_state[i] = static_cast<std::uint8_t>(regeneration::LesionState::sclerotic_rim);
  }
}

/// Stromal cells on the periosteum: as many as a layer of lattice sites holds there, over the voxels of the
/// healing domain that touch it.
void seed_periosteum(Model &model)
{
  const regeneration::RegenerationOptions &r = model.input.regeneration;
  const double area = model.anatomy->periosteum_area();
  if (area == 0 || !r.host_supply || model.input.course.backend != "continuum") return;
  std::vector<std::size_t> cells;
  double volume = 0;
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) {
    const double above = model.anatomy->above_periosteum(model.mesh->cell(i).centre);
    if (model.initial.healing_domain[i] == 0 || std::abs(above) > model.mesh->cell(i).edge) continue;
    cells.push_back(i);
    volume += model.mesh->volume(i);
  }
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, model.comm);
  if (volume == 0) return;
  const double layer = std::cbrt(1 / r.kinetics.capacity),
               density = r.host_share * r.kinetics.capacity * layer * area / volume;
  for (const std::size_t i : cells) model.initial.cells[0][i] = std::min(density, r.kinetics.capacity);
}

void set_initial_state(Model &model, const Voxels &voxels)
{
  const MaterialOptions &m = model.input.materials;
  const double pore_solid =
      model.input.geometry.scaffold.is_homogenised() ? model.geometry.scaffold->solid_fraction : 0;
  model.initial = regeneration::make_tissue_state(model.mesh->n_owned(), state_layout(model.input));
  const double bone = m.head_density / m.mixture.bone_tissue_density;
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) {
    const material::TissueFractions fractions = fractions_of(voxels.shares[i], bone, pore_solid);
    for (std::size_t t = 0; t < material::n_tissues; ++t) model.initial.fractions[t][i] = fractions[t];
    const regeneration::Region region = region_of(voxels.shares[i]);
    model.initial.region[i] = static_cast<std::uint8_t>(region);
    if (fractions[material::index(Tissue::scaffold)] > 0)
      model.initial.scaffold_density[i] = model.initial.mw_ratio[i] = 1;
    model.initial.healing_domain[i] = region == regeneration::Region::host ? 0 : 1;
    const regeneration::SignalOptions &signals = model.input.regeneration.signals;
    if (model.initial.healing_domain[i] != 0) {
      model.initial.debris[i] = signals.inflammation.is_on() ? 1 : 0;
      model.initial.activity[i] =
          signals.inflammation.is_on()
              ? tissue::activity(regeneration::inflammation_at(model.initial, i), signals.inflammation)
              : tissue::activity(0, model.input.regeneration.kinetics);
    }
    if (region == regeneration::Region::host && fractions[material::index(Tissue::marrow)] > 0) {
      if (signals.oxygen.is_on()) model.initial.oxygen[i] = signals.oxygen.blood_level;
      if (signals.vessels.is_on()) model.initial.vessel_density[i] = signals.vessels.host_density;
    }
  }
  seed_periosteum(model);
  regeneration::label_lesion(model.input.regeneration.necrosis, model.initial);
  add_sclerotic_rim(model);
  regeneration::initialise_material(model.initial, model.elasticity, m.mixture, model.scaffold_stiffness,
                                    model.input.regeneration.hydrogel);
}

void find_support(Model &model)
{
  const loads::LoadOptions &options = model.input.loads;
  model.support = loads::support_rules()
                      .at(options.support)
                      .law(*model.mesh, *model.anatomy,
                           {options.clamp_height, options.foundation_stiffness, options.pilot});
  if (!model.input.is_long_bone()) return;
  const loads::EndLoad end = loads::end_load(*model.mesh, *model.anatomy, options.end, options.load_factor);
  model.support.corners.insert(model.support.corners.end(), end.corners.begin(), end.corners.end());
}

void remove_islands(Model &model, Voxels &voxels, Log &log)
{
  find_support(model);
  const discretisation::Islands islands = discretisation::find_islands(*model.mesh);
  const std::vector<std::uint32_t> loose =
      discretisation::components_without_support(*model.mesh, islands, model.support.cells);
  if (loose.empty()) return;
  const std::string what =
      fmt::format("{} part(s) of the body have no connection through faces to a support: {}", loose.size(),
                  discretisation::text_of(islands, loose));
  if (!model.input.drop_islands)
    throw Fault(Exit::model, "islands", model.input.name, what)
        .hint("Give --drop-islands to leave them out, or refine the mesh so that thin connections are "
              "resolved");
  log.warning("islands", what + "; they are left out.");

  std::vector<std::uint8_t> dropped(model.mesh->n_owned(), 0);
  for (std::size_t i = 0; i < dropped.size(); ++i)
    dropped[i] = std::find(loose.begin(), loose.end(), islands.component_of_cell[i]) != loose.end() ? 1 : 0;
  std::vector<PhaseShares> kept;
  for (std::size_t i = 0; i < dropped.size(); ++i)
    if (dropped[i])
      voxels.solid[model.mesh->voxel_of_cell()[i]] = 0;
    else
      kept.push_back(voxels.shares[i]);
  voxels.shares = std::move(kept);
  model.mesh = std::make_unique<discretisation::CellMesh>(make_cell_mesh(*model.forest, voxels.solid));
  find_support(model); // its cells have other numbers now
}

/// Forces on nodes that do not move along them load nothing.
void warn_of_held_loads(const Model &model, const std::vector<std::uint8_t> &fixed, Log &log)
{
  double counts[2] = {0, 0};
  for (const NodalForces &forces : model.nodal_forces)
    for (const std::uint32_t entry : forces.entries) {
      counts[0] += fixed[entry] != 0 ? 1 : 0;
      counts[1] += 1;
    }
  MPI_Allreduce(MPI_IN_PLACE, counts, 2, MPI_DOUBLE, MPI_SUM, model.comm);
  if (counts[0] > 0)
    log.warning(
        "load-on-support",
        fmt::format("{} of {} nodal forces act on displacements that are held: the support takes them "
                    "directly.",
                    counts[0], counts[1]));
}

void prepare_mechanics(Model &model, Log &log)
{
  model.solver = std::make_unique<mechanics::ElasticSolver>(*model.forest, model.input.solver);
  mechanics::PrescribedDisplacement held = model.solver->nothing_prescribed();
  for (const loads::HeldCorner &corner : model.support.corners) {
    const std::size_t node =
        model.solver->corner_node(model.mesh->voxel_of_cell()[corner.cell], corner.corner);
    for (std::size_t c = 0; c < 3; ++c)
      if (corner.components[c]) held.fixed[3 * node + c] = 1;
  }
  const std::vector<std::uint8_t> fixed = held.fixed;
  model.solver->set_prescribed(std::move(held));
  if (model.support.foundation_modulus > 0)
    log.line(fmt::format("foundation: {:g} N/mm^3 on {:.0f} mm2 of the distal cut, a layer of {:.3g} MPa",
                         model.input.loads.foundation_stiffness, model.support.area,
                         model.support.foundation_modulus));

  if (model.support.pilot) log.line(loads::text_of(*model.support.pilot));

  model.nodal_forces = nodal_forces(model, log);
  model.guide_forces = guide_forces(model);
  warn_of_held_loads(model, fixed, log);
}

} // namespace

Model::Model() = default;
Model::~Model() = default;

std::unique_ptr<Model> build_model(const Case &input, const MPI_Comm comm, Log &log, const Purpose purpose)
{
  // Each rank reads the files of the loads: what only one cannot read must stop all.
  together(comm, [&] { throw_if_any(check_case(input)); });
  auto model = std::make_unique<Model>();
  model->input = input;
  model->comm = comm;
  load_materials(*model);
  together(comm, [&] {
    model->load_set = read_load_set(input);
    model->schedule = loads::Schedule(input.loads.schedule);
  });
  together(comm,
           [&] { model->anatomy = geometry::build_anatomy(input.geometry, input.folder, &model->geometry); });
  for (const std::string &line : model->geometry.lines) log.line(line);
  for (const std::string &warning : model->geometry.warnings) log.warning("geometry", warning);
  for (const geometry::Track &track : model->geometry.tracks)
    if (2 * track.radius < 2 * input.mesh.interface) {
      log.warning("geometry",
                  fmt::format("a track of {:g} mm is less than two interface voxels wide: its hole is "
                              "smeared over its wall",
                              2 * track.radius));
      break;
    }

  model->forest = build_forest(comm, *model->anatomy, input.mesh);
  discretisation::refuse_too_many_unknowns(3 * model->forest->n_global() * 512, "unknowns");
  Voxels voxels = sample_voxels(*model->forest, *model->anatomy, input.mesh);
  model->mesh = std::make_unique<discretisation::CellMesh>(make_cell_mesh(*model->forest, voxels.solid));
  remove_islands(*model, voxels, log);
  model->mesh_checksum = model->mesh->checksum();
  model->n_cells = model->mesh->n_global();
  if (model->geometry.scaffold && input.geometry.scaffold.is_homogenised())
    homogenise_scaffold(*model, voxels, log);
  if (input.materials.degradation.is_on()) set_degradation_law(*model);
  set_initial_state(*model, voxels);
  if (input.materials.degradation.is_on()) prepare_degradation(*model, log);
  for (std::size_t i = 0; i < model->mesh->n_owned(); ++i)
    model->in_head.push_back((model->mesh->cell(i).centre - model->anatomy->head_centre()).norm() <=
                                     model->anatomy->head_radius()
                                 ? 1
                                 : 0);
  log.line(fmt::format("mesh: {} bricks, {} voxels of {:g} to {:g} mm in the body", model->forest->n_global(),
                       model->n_cells, model->forest->smallest_voxel(), input.mesh.bulk));
  if (purpose == Purpose::compute) {
    const Estimate needed = estimate(*model);
    require_memory(0.9 * (needed.bytes - needed.bytes_at_start), "Mesh", comm); // it errs by some per cent
    prepare_mechanics(*model, log);
    if (input.pores.has_pressure())
      together(comm, [&] { model->pores = std::make_unique<PoreFlow>(*model); });
    log.line(fmt::format("mechanics: {} nodes, {} multigrid levels, kernel for {}",
                         model->solver->nodes().n_global(), model->solver->n_levels(),
                         mechanics::kernel_instruction_set()));
  }
  return model;
}

namespace {

/// Sites of a lattice of single cells in the box around the healing domain, and those of tissue. Collective.
struct LatticeSize
{
  double sites = 0, tissue = 0;
};

LatticeSize lattice_size(const Model &model)
{
  constexpr double far = std::numeric_limits<double>::max();
  const double depth = regeneration::LatticeBackend().host_depth;
  std::array<double, 6> ends{far, far, far, far, far, far}; // least of x, y, z and of -x, -y, -z
  double volume = 0;
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) {
    if (model.initial.healing_domain[i] == 0) continue;
    const discretisation::Cell &cell = model.mesh->cell(i);
    for (std::size_t d = 0; d < 3; ++d) {
      const double centre = cell.centre[static_cast<Eigen::Index>(d)], reach = cell.edge / 2 + depth;
      ends[d] = std::min(ends[d], centre - reach);
      ends[d + 3] = std::min(ends[d + 3], -centre - reach);
    }
    volume += model.mesh->volume(i) * (1 - model.initial.fractions[material::index(Tissue::scaffold)][i]);
  }
  MPI_Allreduce(MPI_IN_PLACE, ends.data(), 6, MPI_DOUBLE, MPI_MIN, model.comm);
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, model.comm);
  if (volume == 0) return {};
  const double site = std::pow(model.input.lattice.spacing, 3);
  return {-(ends[0] + ends[3]) * (ends[1] + ends[4]) * (ends[2] + ends[5]) / site, volume / site};
}

} // namespace

Estimate estimate(const Model &model)
{
  Estimate e;
  e.bricks = model.forest->n_global();
  e.cells = model.n_cells;
  e.unknowns = 3 * e.bricks * 512; // nodes of bricks, those in void counted
  // Fitted to the peak of two steps of the built-in femur with finest voxels of 4 to 0.25 mm, 0.05 to 4.4
  // million unknowns and 2400 to 773000 cells, on 1 and 2 ranks, within 5 %: libraries a rank; solver and
  // levels an unknown; state, strains and files a cell. One former solution, no moving average of moduli.
  int size = 1;
  MPI_Comm_size(model.comm, &size);
  // The fields of oxygen, vessels, factors and inflammation came later: 90 bytes of a state, kept three
  // times; the scaffold in time 16 bytes.
  e.bytes_at_start = 2e8 * size;
  e.bytes = e.bytes_at_start + 80.0 * static_cast<double>(e.unknowns) + 1240.0 * static_cast<double>(e.cells);
  // A further load case: its displacement, strain and stress.
  e.bytes += static_cast<double>(model.load_set.size() - 1) *
             (8.0 * static_cast<double>(e.unknowns) + 100.0 * static_cast<double>(e.cells));
  const int steps = n_steps(model.input.course);
  const auto n_loads = static_cast<double>(model.load_set.size());
  const double guides = model.support.pilot ? static_cast<double>(model.support.pilot->guides.size()) : 0.0;
  const double solves = (n_loads + guides) * (steps + 1), days = step_day(model.input.course, steps);
  e.seconds =
      (solves * 5e-6 * static_cast<double>(e.unknowns) + 4e-6 * days * static_cast<double>(e.cells)) / size;
  if (model.input.course.backend == "lattice agents") {
    // As if the tissue were full of cells: 8 bytes on the lattice and 8 in each of a few states; 13 million
    // advance a day in 2.1 s on 2 cores (tests/benchmarks).
    const LatticeSize lattice = lattice_size(model);
    e.bytes += 1.2 * lattice.sites + 40.0 * lattice.tissue;
    e.seconds += 0.3e-6 * days * lattice.tissue / size;
  }
  const double views = std::ceil(days / model.input.output.view_every) + 1;
  e.view_bytes = views * 80.0 * static_cast<double>(e.cells);
  const double states = model.input.output.states == "all" ? 2.0 * (steps + 1) : 2.0;
  e.state_bytes = states * 100.0 * static_cast<double>(e.cells);
  return e;
}

} // namespace wolff::coupling
