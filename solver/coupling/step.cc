#include "coupling/step.h"

#include "regeneration/material_update.h"

#include <algorithm>

namespace wolff::coupling {

using discretisation::brick_voxels;

namespace {

/**
 * Where a solve starts from a displacement: the nodes at corners of cells keep theirs, all others get a value
 * from these alone. Files hold the former only, so a solve that continues in memory and one that continues
 * from a file start alike, bit for bit. Collective.
 */
std::vector<double> start_of(const Model &model, std::vector<double> displacement)
{
  const auto &nodes = model.solver->nodes();
  std::vector<std::uint8_t> in_cell(nodes.n_local(), 0);
  for (const std::uint32_t voxel : model.mesh->voxel_of_cell())
    for (int corner = 0; corner < 8; ++corner) in_cell[model.solver->corner_node(voxel, corner)] = 1;
  nodes.exchange().merge_to_owners(in_cell.data(), 1,
                                   [](const std::uint8_t a, const std::uint8_t b) { return std::max(a, b); });
  // A coarse node beside void carries the hanging nodes of the fine cells there: their mean, and how many.
  constexpr std::size_t block = 4;
  std::vector<double> carried(block * nodes.n_local(), 0.0);
  for (const auto &hanging : nodes.hanging()) {
    if (hanging.node >= nodes.n_owned() || in_cell[hanging.node] == 0) continue;
    for (std::uint32_t m = hanging.begin; m < hanging.end; ++m) {
      double *const sum = &carried[block * nodes.masters()[m].node];
      for (std::size_t c = 0; c < 3; ++c) sum[c] += displacement[3 * std::size_t{hanging.node} + c];
      sum[3] += 1;
    }
  }
  nodes.exchange().add_to_owners(carried.data(), block);
  for (std::size_t node = 0; node < nodes.n_owned(); ++node) {
    if (in_cell[node] != 0) continue;
    const double *const sum = &carried[block * node];
    for (std::size_t c = 0; c < 3; ++c) displacement[3 * node + c] = sum[3] > 0 ? sum[c] / sum[3] : 0.0;
  }
  return displacement;
}

} // namespace

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

std::vector<stimulus::Response> evaluate_stimulus(const Model &model, const Mechanics &mechanics)
{
  std::vector<stimulus::Response> response;
  together(model.comm, [&] {
    const stimulus::Stimulus rule(model.input.stimulus);
    response.reserve(mechanics.strain.size());
    for (std::size_t i = 0; i < mechanics.strain.size(); ++i)
      response.push_back(rule({.strain = mechanics.strain[i], .stress = mechanics.stress[i]}));
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
