#include "coupling/step.h"

#include "coupling/load_cases.h"
#include "coupling/pilot_support.h"
#include "coupling/pore_flow.h"
#include "coupling/solve_start.h"
#include "regeneration/material_update.h"

namespace wolff::coupling {

using discretisation::brick_voxels;

namespace {

void set_moduli(Model &model, const std::vector<material::Elastic> &cells)
{
  const std::vector<std::uint32_t> &voxel_of_cell = model.mesh->voxel_of_cell();
  std::vector<double> lambda(model.forest->n_owned() * brick_voxels, 0.0), mu(lambda.size(), 0.0);
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i) {
    lambda[voxel_of_cell[i]] = material::lame_lambda(cells[i]);
    mu[voxel_of_cell[i]] = material::shear_modulus(cells[i]);
  }
  model.solver->set_moduli(std::move(lambda), std::move(mu));
}

/// The factor of the schedule under which the displacements that a state carries were solved.
double factor_before(const Model &model, const regeneration::TissueState &state)
{
  const auto before = static_cast<int>(state.step) - 1;
  return model.schedule.factor(before < 0 ? state.day : step_day(model.input.course, before));
}

/// What a body without load shows.
Mechanics unloaded(const Model &model)
{
  const std::size_t n = model.mesh->n_owned();
  Mechanics mechanics;
  mechanics.displacement = model.solver->zero_vector();
  mechanics.strain.resize(n);
  mechanics.stress.resize(n);
  if (model.support.pilot) mechanics.pilot.emplace();
  if (!model.pores) return mechanics;
  mechanics.pore_pressure.assign(model.solver->nodes().n_local(), 0.0);
  for (auto *values : {&mechanics.cell_pressure, &mechanics.biot, &mechanics.porosity, &mechanics.flux_size})
    values->assign(n, 0.0);
  mechanics.darcy_flux.assign(n, Vector3::Zero());
  return mechanics;
}

stimulus::PointMechanics point_of(const Mechanics &mechanics, const stimulus::Stimulus &rule,
                                  const std::size_t i)
{
  stimulus::PointMechanics point{.strain = mechanics.strain[i], .stress = mechanics.stress[i]};
  if (mechanics.cell_pressure.empty()) return point;
  point.pore_pressure = mechanics.cell_pressure[i];
  point.biot_coefficient = mechanics.biot[i];
  if (mechanics.porosity[i] > 0) // metal has none, and no flux either
    point.fluid_speed = rule.fluid_speed(mechanics.flux_size[i], mechanics.porosity[i]);
  return point;
}

} // namespace

std::vector<material::Elastic> elasticity(const Model &model, const regeneration::TissueState &state)
{
  std::vector<material::Elastic> cells;
  cells.reserve(state.n_cells());
  for (std::size_t i = 0; i < state.n_cells(); ++i)
    cells.push_back({state.youngs_modulus[i], state.poisson_ratio[i]});
  if (model.support.foundation_modulus > 0)
    for (const std::uint32_t cell : model.support.cells) cells[cell] = {model.support.foundation_modulus, 0};
  return cells;
}

Displacements displacements_of(const LoadedMechanics &mechanics)
{
  Displacements displacements;
  for (const Mechanics &one : mechanics) displacements.push_back(one.displacement);
  return displacements;
}

LoadedMechanics solve_equilibrium(Model &model, const regeneration::TissueState &state,
                                  const Displacements &starts)
{
  const double factor = model.schedule.factor(state.day), before = factor_before(model, state);
  LoadedMechanics all(model.load_set.size());
  if (factor == 0) {
    for (Mechanics &mechanics : all) mechanics = unloaded(model);
    return all;
  }
  const std::vector<material::Elastic> elastic = elasticity(model, state);
  set_moduli(model, elastic);
  if (model.pores) model.pores->set_state(state);
  const GuideResponse guides = guide_response(model);
  for (std::size_t k = 0; k < all.size(); ++k) {
    Mechanics &mechanics = all[k];
    if (model.support.pilot) mechanics.pilot = pilot_motion_of(model, guides, k, factor);
    if (model.pores)
      model.pores->solve(forces_of(model, k, factor), state, mechanics);
    else {
      mechanics.displacement =
          k < starts.size() && !starts[k].empty() ? start_of(model, starts[k]) : model.solver->zero_vector();
      if (factor != before) // a start of zero stays zero
        for (double &value : mechanics.displacement) value *= before == 0 ? 0 : factor / before;
      model.solver->select_load_case(k);
      std::vector<double> forces = forces_of(model, k, factor);
      if (mechanics.pilot)
        for (std::size_t m = 0; m < model.guide_forces.size(); ++m)
          add_forces(model.guide_forces[m], mechanics.pilot->guide_forces[m], forces);
      mechanics.report =
          model.solver->solve(std::move(forces), mechanics.displacement, model.anatomy->head_centre());
      mechanics.strain = model.solver->centre_strains(mechanics.displacement, model.mesh->voxel_of_cell());
      mechanics.stress.reserve(mechanics.strain.size());
      for (std::size_t i = 0; i < mechanics.strain.size(); ++i)
        mechanics.stress.push_back(material::stress(elastic[i], mechanics.strain[i]));
      if (mechanics.pilot) add_pilot_to_report(model, mechanics);
    }
    if (k == 0) mechanics.report.iterations += guides.iterations;
    if (k > 0) mechanics.report.setup_seconds = 0; // one set-up serves all cases
  }
  return all;
}

Vector3 mean_flux(const Model &model, const std::vector<Vector3> &flux)
{
  if (flux.size() == 1) return flux.front();
  Vector3 sum = Vector3::Zero();
  double cycles = 0;
  for (std::size_t k = 0; k < flux.size(); ++k) {
    sum += model.load_set[k].cycles * flux[k];
    cycles += model.load_set[k].cycles;
  }
  return cycles > 0 ? Vector3(sum / cycles) : Vector3(Vector3::Zero());
}

std::vector<stimulus::Response> evaluate_stimulus(const Model &model, const LoadedMechanics &mechanics)
{
  std::vector<stimulus::Response> response;
  together(model.comm, [&] {
    const stimulus::Stimulus rule(model.input.stimulus);
    const std::size_t n = mechanics.front().strain.size();
    // How often a single case comes does not matter to a mean, and is not known of every activity.
    std::vector<double> cycles;
    if (mechanics.size() > 1)
      for (const loads::LoadCase &load : model.load_set) cycles.push_back(load.cycles);
    std::vector<stimulus::PointMechanics> point(mechanics.size());
    std::vector<Vector3> flux(mechanics.size());
    const bool carries = model.input.regeneration.signals.factor.flow_share > 0;
    response.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < mechanics.size(); ++k) point[k] = point_of(mechanics[k], rule, i);
      response.push_back(rule.of_cases(point, cycles));
      if (!carries || mechanics.front().darcy_flux.empty()) continue;
      for (std::size_t k = 0; k < mechanics.size(); ++k) flux[k] = mechanics[k].darcy_flux[i];
      response.back().darcy_flux = mean_flux(model, flux);
    }
  });
  return response;
}

regeneration::Regenerated regenerate_and_update(const Model &model, const regeneration::Regenerate &backend,
                                                const regeneration::TissueState &before,
                                                const std::vector<stimulus::Response> &response,
                                                const double days)
{
  regeneration::Regenerated result = backend(before, response, days);
  regeneration::update_scaffold_density(model.initial.fractions[material::index(material::Tissue::scaffold)],
                                        result.after);
  const MaterialOptions &m = model.input.materials;
  regeneration::update_material(result.after, model.elasticity, m.mixture, m.smoothing, days,
                                model.scaffold_stiffness, model.input.regeneration.hydrogel);
  regeneration::require_valid(*model.mesh, result.after, "state after step " + std::to_string(before.step));
  return result;
}

} // namespace wolff::coupling
