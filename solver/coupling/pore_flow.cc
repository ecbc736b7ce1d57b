#include "coupling/pore_flow.h"

#include "regeneration/host_bone.h"
#include "regeneration/necrosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wolff::coupling {

using discretisation::brick_voxels;

namespace {

mechanics::PoroelasticOptions solver_options(const mechanics::SolverOptions &solver, const PoreOptions &pores)
{
  mechanics::PoroelasticOptions options;
  options.tolerance = pores.tolerance;
  options.most_iterations = solver.most_iterations;
  return options;
}

/// Viscosity of the marrow of a cell over that of red marrow.
double marrow_viscosity(const PoreOptions &options, const regeneration::TissueState &state,
                        const std::size_t i)
{
  using regeneration::MarrowState;
  switch (static_cast<MarrowState>(state.marrow_state[i])) {
  case MarrowState::fatty:
    return options.fatty_viscosity;
  case MarrowState::ablated:
    return options.ablated_viscosity;
  case MarrowState::reconstituting:
    return options.reconstituting_viscosity;
  default:
    return 1;
  }
}

} // namespace

material::TissuePores pores_in(const material::TissuePores &tissues, const PoreOptions &options,
                               const regeneration::Hydrogel &gel, const regeneration::TissueState &state,
                               const std::size_t i)
{
  material::TissuePores pores = tissues;
  const double viscosity = marrow_viscosity(options, state, i), share = gel.share(state, i);
  // The permeability of cancellous bone is that of the marrow in it.
  for (const material::Tissue tissue : {material::Tissue::marrow, material::Tissue::cancellous_bone})
    pores[material::index(tissue)].permeability /= viscosity;
  material::Poroelastic &free = pores[material::index(material::Tissue::granulation)];
  if (share > 0) free = gel.free_volume(free, share);
  return pores;
}

PoreFlow::PoreFlow(const Model &model)
    : model_(model), options_(model.input.pores),
      solver_(*model.solver, solver_options(model.input.solver, model.input.pores))
{
  for (std::size_t t = 0; t < material::n_tissues; ++t)
    pores_[t] = model.materials[t].poroelastic.value_or(material::impermeable(model.materials[t].elastic));
  if (options_.drained_at != "outer surface") return;
  std::vector<std::uint8_t> drained(model.solver->nodes().n_local(), 0);
  for (const auto &face : model.mesh->exposed_faces())
    for (int corner = 0; corner < 8; ++corner)
      if ((corner >> (face.direction / 2) & 1) == face.direction % 2)
        drained[model.solver->corner_node(model.mesh->voxel_of_cell()[face.cell], corner)] = 1;
  solver_.set_drained(std::move(drained), solver_.zero_pressure());
}

const PoreReport &PoreFlow::set_state(const regeneration::TissueState &state)
{
  const std::size_t n = state.n_cells();
  const double dt = options_.ramp_time / options_.substeps;
  mechanics::PoreConstants constants;
  for (auto *values : {&constants.biot, &constants.storage, &constants.mobility})
    values->assign(model_.forest->n_owned() * brick_voxels, 0.0);
  fluid_.resize(n);
  const std::vector<material::Elastic> elastic = elasticity(model_, state);
  std::vector<std::uint8_t> is_foundation(n, 0); // springs have no pores
  if (model_.support.foundation_modulus > 0)
    for (const std::uint32_t cell : model_.support.cells) is_foundation[cell] = 1;
  const regeneration::Hydrogel gel(model_.input.regeneration.hydrogel);
  std::array<std::int64_t, 5> counts{};
  std::array<double, 2> least{1e300, 1e300};
  together(model_.comm, [&] {
    for (std::size_t i = 0; i < n; ++i) {
      material::TissueFractions fractions;
      for (std::size_t t = 0; t < material::n_tissues; ++t) fractions[t] = state.fractions[t][i];
      const material::Elastic &drained = elastic[i];
      const material::PoreFluid fluid =
          is_foundation[i]
              ? material::PoreFluid{}
              : material::pore_fluid(fractions, pores_in(pores_, options_, gel, state, i), drained);
      fluid_[i] = fluid;
      if (!fluid.is_present) {
        ++counts[1];
        continue;
      }
      ++counts[0];
      if (!fluid.is_admissible && options_.inadmissible == "refuse")
        throw Fault(Exit::model, "biot-range", "cell " + std::to_string(model_.mesh->cell(i).id),
                    "Biot coefficient 1 - K_drained/K_grain of this mixture of tissues [-]")
            .found(fmt::format("outside of the interval, E {:g} MPa", state.youngs_modulus[i]))
            .wanted(fmt::format("a number in [{:g}, 1], the lower bound being the porosity", fluid.porosity))
            .hint("Set Pores/Inadmissible constants to clamp, or give the tissues admissible constants");
      if (!fluid.is_admissible) ++counts[2];
      const std::uint32_t voxel = model_.mesh->voxel_of_cell()[i];
      constants.biot[voxel] = fluid.biot;
      constants.storage[voxel] = fluid.storage;
      constants.mobility[voxel] = options_.fluid == "undrained" ? 0.0 : fluid.mobility;
      const double edge = model_.mesh->cell(i).edge, c = material::consolidation_coefficient(fluid, drained),
                   layer = std::sqrt(c * options_.ramp_time);
      if (layer < edge) ++counts[3];
      if (6 * c * dt < edge * edge) ++counts[4];
      least[0] = std::min(least[0], layer);
      least[1] = std::min(least[1], layer / edge);
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), 5, MPI_INT64_T, MPI_SUM, model_.comm);
  MPI_Allreduce(MPI_IN_PLACE, least.data(), 2, MPI_DOUBLE, MPI_MIN, model_.comm);
  report_ = {counts[0], counts[1], counts[2], counts[3], least[0], least[1], counts[4]};
  solver_.set_constants(std::move(constants));
  return report_;
}

void PoreFlow::solve(const std::vector<double> &forces, const regeneration::TissueState &state,
                     Mechanics &mechanics)
{
  const std::vector<std::uint32_t> &voxel_of_cell = model_.mesh->voxel_of_cell();
  const bool is_undrained = options_.fluid == "undrained";
  const int steps = is_undrained ? 1 : options_.substeps;
  const double dt = options_.ramp_time / steps;
  mechanics.displacement = model_.solver->zero_vector();
  mechanics.pore_pressure = solver_.zero_pressure();
  mechanics.report = {};
  mechanics.report.setup_seconds = model_.solver->setup_seconds();
  solver_.forget_steps(); // at rest before the ramp
  for (int step = 1; step <= steps; ++step) {
    std::vector<double> share = forces;
    for (double &force : share) force *= static_cast<double>(step) / steps;
    const mechanics::PoroelasticReport report =
        solver_.advance(dt, std::move(share), {}, mechanics.displacement, mechanics.pore_pressure);
    mechanics.report.iterations += report.iterations;
    mechanics.report.solve_seconds += report.seconds;
    mechanics.report.residual = std::max(report.residual_displacement, report.residual_pressure);
    mechanics.report.applied = report.applied;
    mechanics.report.reaction = report.reaction;
    mechanics.report.force_size = report.applied.norm();
    mechanics.fluid_imbalance = report.fluid_imbalance;
  }

  mechanics.strain = model_.solver->centre_strains(mechanics.displacement, voxel_of_cell);
  mechanics.stress.clear();
  const std::vector<material::Elastic> elastic = elasticity(model_, state);
  for (std::size_t i = 0; i < mechanics.strain.size(); ++i)
    mechanics.stress.push_back(material::stress(elastic[i], mechanics.strain[i]));
  mechanics.darcy_flux = solver_.centre_flux(mechanics.pore_pressure, voxel_of_cell);
  mechanics.cell_pressure = solver_.centre_pressure(mechanics.pore_pressure, voxel_of_cell);
  mechanics.biot.clear();
  mechanics.porosity.clear();
  mechanics.flux_size.clear();
  std::vector<bool> inside;
  for (std::size_t i = 0; i < fluid_.size(); ++i) {
    mechanics.biot.push_back(fluid_[i].biot);
    mechanics.porosity.push_back(fluid_[i].porosity);
    mechanics.flux_size.push_back(mechanics.darcy_flux[i].norm());
    inside.push_back(fluid_[i].is_present);
  }
  regeneration::filter(*model_.mesh, inside, options_.regularisation, mechanics.flux_size);
}

void announce(const PoreReport &report, const PoreOptions &options, Log &log)
{
  log.line(fmt::format("pores: {}, {} cells with fluid, {} impermeable", options.fluid, report.cells,
                       report.sealed));
  if (report.clamped > 0)
    log.warning("biot-clamped",
                fmt::format("Biot coefficient taken back into [porosity, 1] in {} cells.", report.clamped));
  if (options.fluid != "ramp" || report.cells == 0) return;
  if (report.thin_layers > 0)
    log.warning(
        "flow-layer",
        fmt::format("in {} of {} cells with fluid the pressure spreads less than a voxel during the "
                    "ramp (thinnest layer {:.3g} mm, {:.2g} voxels): the flux at their borders depends "
                    "on the mesh. Refine there, set a regularisation length, or compare with the rule "
                    "of shear alone.",
                    report.thin_layers, report.cells, report.thinnest_layer, report.layer_over_voxel));
  if (report.short_steps > 0)
    log.warning("flow-step",
                fmt::format("in {} cells the time step is below h^2/(6 c), where a consistent storage would "
                            "oscillate; the lumped one here does not, but such steps see no layer.",
                            report.short_steps));
}

} // namespace wolff::coupling
