#include "coupling/step.h"

#include "coupling/pore_flow.h"
#include "coupling/solve_start.h"
#include "regeneration/material_update.h"

namespace wolff::coupling {

using discretisation::brick_voxels;

Mechanics solve_equilibrium(Model &model, const regeneration::TissueState &state,
                            const std::vector<double> &start)
{
  const std::vector<std::uint32_t> &voxel_of_cell = model.mesh->voxel_of_cell();
  std::vector<double> lambda(model.forest->n_owned() * brick_voxels, 0.0), mu(lambda.size(), 0.0);
  for (std::size_t i = 0; i < voxel_of_cell.size(); ++i) {
    const material::Elastic elastic{state.youngs_modulus[i], state.poisson_ratio[i]};
    lambda[voxel_of_cell[i]] = material::lame_lambda(elastic);
    mu[voxel_of_cell[i]] = material::shear_modulus(elastic);
  }
  model.solver->set_moduli(std::move(lambda), std::move(mu));

  Mechanics mechanics;
  if (model.pores) {
    model.pores->set_state(state);
    model.pores->solve(model.nodal_forces, state, mechanics);
    return mechanics;
  }
  mechanics.displacement = start.empty() ? model.solver->zero_vector() : start_of(model, start);
  mechanics.report =
      model.solver->solve(model.nodal_forces, mechanics.displacement, model.anatomy->head_centre());
  mechanics.strain = model.solver->centre_strains(mechanics.displacement, voxel_of_cell);
  mechanics.stress.reserve(mechanics.strain.size());
  for (std::size_t i = 0; i < mechanics.strain.size(); ++i)
    mechanics.stress.push_back(
        material::stress({state.youngs_modulus[i], state.poisson_ratio[i]}, mechanics.strain[i]));
  return mechanics;
}

namespace {

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

std::vector<stimulus::Response> evaluate_stimulus(const Model &model, const Mechanics &mechanics)
{
  std::vector<stimulus::Response> response;
  together(model.comm, [&] {
    const stimulus::Stimulus rule(model.input.stimulus);
    response.reserve(mechanics.strain.size());
    for (std::size_t i = 0; i < mechanics.strain.size(); ++i)
      response.push_back(rule(point_of(mechanics, rule, i)));
  });
  return response;
}

regeneration::Regenerated regenerate_and_update(const Model &model, const regeneration::Regenerate &backend,
                                                const regeneration::TissueState &before,
                                                const std::vector<stimulus::Response> &response,
                                                const double days)
{
  regeneration::Regenerated result = backend(before, response, days);
  const MaterialOptions &m = model.input.materials;
  regeneration::update_material(result.after, model.elasticity, m.mixture, m.smoothing, days);
  regeneration::require_valid(*model.mesh, result.after, "state after step " + std::to_string(before.step));
  return result;
}

} // namespace wolff::coupling
