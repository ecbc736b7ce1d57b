#include "regeneration/surface_guidance.h"

#include "regeneration/cell_distance.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wolff::regeneration {

using discretisation::CellMesh;
using material::Tissue;

void SurfaceGuidanceOptions::declare(Options &options)
{
  options.add(
      "Migration", migration,
      "Stromal cells migrate along tissue, bone and scaffold only: the rule of Perier-Metz et al. 2022 "
      "(a variant of 2020) as a mean over the voxel.");
  options.add("Deposition", deposition, "They differentiate on tissue, bone and scaffold only, likewise.");
  options.add("Osteoconduction [-]", osteoconduction,
              "Factor on the differentiation of osteoblasts beside the scaffold; 1 is off.", non_negative(),
              "no measured value exists [U]: off unless stated");
  options.add("Reach of a surface [mm]", reach, "How far from it a cell is beside it.", positive(),
              "a site of the programs of Perier-Metz et al. [V]");
  options.add("Specific surface [1/mm]", specific_area,
              "Area of a homogenised scaffold over its volume; 0: that of its lattice, which a foam has not.",
              non_negative());
}

namespace {

double share(const TissueState &state, const Tissue tissue, const std::size_t cell)
{
  return state.fractions[material::index(tissue)][cell];
}

double bone(const TissueState &state, const std::size_t cell)
{
  double sum = 0;
  for (const Tissue kind : {Tissue::immature_bone, Tissue::mature_bone, Tissue::cancellous_bone,
                            Tissue::cortical_bone, Tissue::necrotic_bone})
    sum += share(state, kind, cell);
  return sum;
}

/// What cells hold to, but for what is within a cell of the domain: the scaffold, bone beyond the domain.
CellField walls_of(const TissueState &state, const bool has_scaffold, const bool has_bone)
{
  CellField walls(state.n_cells(), 0.0);
  for (std::size_t i = 0; i < walls.size(); ++i) {
    if (has_scaffold) walls[i] = share(state, Tissue::scaffold, i);
    if (has_bone && state.healing_domain[i] == 0) walls[i] += bone(state, i);
  }
  return walls;
}

} // namespace

SpecificArea specific_area(const CellMesh &mesh, const TissueState &state,
                           const HomogenisedSurface &homogenised)
{
  const auto shown = [&](CellField solid) {
    solid.resize(mesh.n_local());
    mesh.update_ghosts(solid);
    std::vector<std::array<double, 3>> sides(mesh.n_owned(), {0, 0, 0});
    for (const discretisation::CellFace &face : mesh.faces()) {
      const double rise = solid[face.second] - solid[face.first];
      const std::uint32_t less = rise > 0 ? face.first : face.second;
      if (less < mesh.n_owned()) sides[less][face.axis] += std::abs(rise) * face.area;
    }
    CellField area(mesh.n_owned(), 0.0);
    for (std::size_t i = 0; i < area.size(); ++i)
      if (state.healing_domain[i] != 0)
        area[i] = std::hypot(sides[i][0], sides[i][1], sides[i][2]) / mesh.volume(i);
    return area;
  };
  const bool is_resolved = homogenised.envelope_share.empty();
  SpecificArea result{shown(walls_of(state, is_resolved, false)), shown(walls_of(state, is_resolved, true))};
  for (std::size_t i = 0; i < homogenised.envelope_share.size(); ++i) {
    const double within = homogenised.envelope_share[i], solid = share(state, Tissue::scaffold, i);
    if (within == 0 || solid == 0 || state.healing_domain[i] == 0) continue;
    const double area = within * homogenised.area_of_solid_fraction(solid / within);
    result.scaffold[i] += area;
    result.all[i] += area;
  }
  return result;
}

CellField share_in_reach(const CellMesh &mesh, const TissueState &state, const CellField &area,
                         const CellField &solid, const double reach)
{
  CellField share(mesh.n_owned(), 0.0);
  int are_small = 0;
  for (std::size_t i = 0; i < share.size(); ++i) {
    if (state.healing_domain[i] == 0) continue;
    share[i] = std::min(1.0, area[i] * reach);
    are_small = are_small || mesh.cell(i).edge < reach;
  }
  MPI_Allreduce(MPI_IN_PLACE, &are_small, 1, MPI_INT, MPI_MAX, mesh.comm());
  if (are_small == 0) return share;

  std::vector<bool> through(share.size()), from(share.size());
  for (std::size_t i = 0; i < share.size(); ++i) {
    from[i] = solid[i] >= 0.5;
    through[i] = !from[i] && state.healing_domain[i] != 0;
  }
  const CellField distance = distance_through(mesh, through, from);
  for (std::size_t i = 0; i < share.size(); ++i)
    if (through[i] && std::isfinite(distance[i]))
      share[i] = std::max(share[i], std::clamp((reach - distance[i]) / mesh.cell(i).edge + 0.5, 0.0, 1.0));
  return share;
}

double guided_share(const double in_reach, const double tissue)
{
  const double open = std::max(0.0, 1 - tissue), square = open * open;
  return 1 - (1 - in_reach) * square * square * square;
}

SurfaceGuidance::SurfaceGuidance(const CellMesh &mesh, const TissueState &state,
                                 const SurfaceGuidanceOptions &options, const HomogenisedSurface &homogenised)
    : options_(options)
{
  if (!options.is_on()) return;
  const SpecificArea area = specific_area(mesh, state, homogenised);
  const bool is_resolved = homogenised.envelope_share.empty();
  const auto beside = [&](const CellField &of, const bool has_bone) {
    return share_in_reach(mesh, state, of, walls_of(state, is_resolved, has_bone), options.reach);
  };
  if (options.osteoconduction != 1) beside_scaffold_ = beside(area.scaffold, false);
  if (options.migration || options.deposition) beside_all_ = beside(area.all, true);
}

double SurfaceGuidance::guided(const TissueState &state, const std::size_t cell) const
{
  const double room = 1 - share(state, Tissue::scaffold, cell), // with that of tissue
      open = share(state, Tissue::granulation, cell) + share(state, Tissue::marrow, cell);
  return room > 0 ? guided_share(beside_all_[cell], std::clamp(1 - open / room, 0.0, 1.0)) : 0;
}

double SurfaceGuidance::migration(const TissueState &state, const std::size_t cell) const
{
  return options_.migration ? guided(state, cell) : 1;
}

double SurfaceGuidance::differentiation(const TissueState &state, const std::size_t cell) const
{
  return options_.deposition ? guided(state, cell) : 1;
}

double SurfaceGuidance::osteogenic(const std::size_t cell) const
{
  return beside_scaffold_.empty() ? 1 : 1 + (options_.osteoconduction - 1) * beside_scaffold_[cell];
}

} // namespace wolff::regeneration
