#include "regeneration/host_bone.h"

#include "base/errors.h"
#include "regeneration/transport.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

using material::Tissue;

void filter(const discretisation::CellMesh &mesh, const std::vector<bool> &inside, const double length,
            discretisation::CellField &stimulus)
{
  if (length == 0) return;
  std::vector<Role> roles(mesh.n_owned(), Role::outside);
  for (std::size_t i = 0; i < roles.size(); ++i)
    if (inside[i]) roles[i] = Role::domain;
  const Transport transport(mesh, roles);
  // One backward Euler step of unit length with D = l^2 is the equation of the filter.
  const CellField diffusivity(mesh.n_owned(), length * length);
  transport.advance(stimulus, transport.conductances(diffusivity), 1, TransportOptions{});
}

void remodel_host(const discretisation::CellMesh &mesh, const HostBone &host,
                  const std::vector<stimulus::Response> &response, const double days, TissueState &state)
{
  const tissue::RemodellingOptions &options = host.options;
  const double tissue_density = host.mixture.bone_tissue_density;
  CellField &bone = state.fractions[material::index(Tissue::cancellous_bone)];
  CellField &marrow = state.fractions[material::index(Tissue::marrow)];
  const std::size_t n = state.n_cells();

  std::vector<bool> inside(n, false);
  CellField density(n, 0.0), energy(n, 0.0), level(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    inside[i] = state.healing_domain[i] == 0 && bone[i] > 0;
    if (!inside[i]) continue;
    density[i] = tissue_density * (bone[i] / (bone[i] + marrow[i]));
    energy[i] = response[i].energy_density / std::pow(density[i], options.density_exponent);
    level[i] = response[i].mechanostat_level;
  }
  // Both laws together would need two filters; only one is read.
  filter(mesh, inside, options.influence_length, options.law == "mechanostat" ? level : energy);

  const material::Mixture mixture(host.mixture);
  together(mesh.comm(), [&] {
    for (std::size_t i = 0; i < n; ++i) {
      if (!inside[i]) continue;
      const tissue::BoneLoad load{
          // The law divides by the density itself; without a filter this is the energy as it came.
          options.influence_length == 0 ? response[i].energy_density
                                        : energy[i] * std::pow(density[i], options.density_exponent),
          level[i]};
      const double after = tissue::density_after(density[i], load, days, options);
      if (after == density[i]) continue;
      const double room = bone[i] + marrow[i];
      bone[i] = room * std::min(1.0, after / tissue_density);
      marrow[i] = room - bone[i];
      const material::Elastic elastic = voxel_elastic(state, i, mixture, host.elasticity, host.scaffold);
      state.youngs_modulus[i] = elastic.youngs_modulus;
      state.poisson_ratio[i] = elastic.poisson_ratio;
    }
  });
}

Regenerate with_host_bone(const discretisation::CellMesh &mesh, Regenerate backend, const HostBone &host)
{
  if (host.options.law == "none") return backend;
  return [&mesh, backend = std::move(backend), host](
             const TissueState &before, const std::vector<stimulus::Response> &response, const double days) {
    Regenerated result = backend(before, response, days);
    remodel_host(mesh, host, response, days, result.after);
    return result;
  };
}

} // namespace wolff::regeneration
