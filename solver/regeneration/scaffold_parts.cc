#include "regeneration/scaffold_parts.h"

#include "discretisation/islands.h"

#include <algorithm>

namespace wolff::regeneration {

using discretisation::CellField;
using discretisation::CellMesh;

ScaffoldParts scaffold_parts(const CellMesh &mesh, const CellField &solid, const CellField &least,
                             const ScaffoldEnds &ends)
{
  std::vector<bool> among(mesh.n_owned());
  for (std::size_t i = 0; i < among.size(); ++i) among[i] = solid[i] > least[i];
  const discretisation::Islands islands = discretisation::find_islands(mesh, among);
  const std::size_t n = islands.components.size(), n_ends = 2 * ends.n_rods;

  std::vector<std::uint8_t> touches(n * n_ends + 1, 0); // never empty
  std::vector<double> volume(n + 1, 0.0);
  for (std::size_t i = 0; i < among.size(); ++i) {
    if (!among[i]) continue;
    const std::size_t part = islands.component_of_cell[i];
    volume[part] += mesh.volume(i) * solid[i];
    if (ends.of_cell[i] > 0) touches[part * n_ends + ends.of_cell[i] - 1U] = 1;
  }
  MPI_Allreduce(MPI_IN_PLACE, touches.data(), static_cast<int>(touches.size()), MPI_UINT8_T, MPI_MAX,
                mesh.comm());
  MPI_Allreduce(MPI_IN_PLACE, volume.data(), static_cast<int>(volume.size()), MPI_DOUBLE, MPI_SUM,
                mesh.comm());

  std::vector<bool> holds(n, false);
  ScaffoldParts parts;
  for (std::size_t rod = 0; rod < ends.n_rods; ++rod) {
    bool is_connected = false;
    for (std::size_t part = 0; part < n; ++part)
      if (touches[part * n_ends + 2 * rod] && touches[part * n_ends + 2 * rod + 1])
        holds[part] = is_connected = true;
    parts.are_connected = parts.are_connected && is_connected;
  }
  if (n > 0 && std::find(holds.begin(), holds.end(), true) == holds.end())
    holds[static_cast<std::size_t>(std::max_element(volume.begin(), volume.end() - 1) - volume.begin())] =
        true;
  for (std::size_t part = 0; part < n; ++part) {
    if (holds[part]) continue;
    ++parts.n_loose;
    parts.loose_volume += volume[part];
  }
  return parts;
}

double closed_pore_volume(const CellMesh &mesh, const CellField &solid, const std::vector<bool> &in_scaffold)
{
  std::vector<bool> among(mesh.n_owned());
  std::vector<std::uint32_t> outside;
  for (std::uint32_t i = 0; i < among.size(); ++i) {
    among[i] = solid[i] < 1;
    if (!in_scaffold[i]) outside.push_back(i);
  }
  const discretisation::Islands islands = discretisation::find_islands(mesh, among);
  const std::vector<std::uint32_t> closed =
      discretisation::components_without_support(mesh, islands, outside);
  double volume = 0;
  for (std::size_t i = 0; i < among.size(); ++i)
    if (among[i] && std::binary_search(closed.begin(), closed.end(), islands.component_of_cell[i]))
      volume += mesh.volume(i) * (1 - solid[i]);
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());
  return volume;
}

} // namespace wolff::regeneration
