// Which cells hang together: components of the mesh that are connected through faces, over all ranks. Cells
// that meet along an edge or at a corner only are not connected: nothing can carry a moment there.
#pragma once

#include "discretisation/cell_mesh.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wolff::discretisation {

struct Component
{
  std::int64_t smallest_id; ///< of its cells: its name on any number of ranks
  std::int64_t cells;
  double volume;  ///< [mm^3]
  Vector3 centre; ///< mean over its volume [mm]
};

struct Islands
{
  std::vector<std::uint32_t> component_of_cell; ///< one an owned cell, index into components
  std::vector<Component> components;            ///< in the order of their smallest id; the same on all ranks
};

constexpr std::uint32_t no_component = 0xffffffffU;

/// Collective. Cell counts and order do not depend on the number of ranks, volumes and centres only by
/// rounding.
Islands find_islands(const CellMesh &mesh);

/// Among the owned cells that @p among names, as if there were no others; those are in no_component.
Islands find_islands(const CellMesh &mesh, const std::vector<bool> &among);

/// Indices of the components that hold none of @p supported (owned cells of this rank). Collective.
std::vector<std::uint32_t> components_without_support(const CellMesh &mesh, const Islands &islands,
                                                      const std::vector<std::uint32_t> &supported);

/// "3 cells, 0.125 mm^3 at (1, 2, 3)" for each of @p which, largest first, at most @p most of them.
std::string text_of(const Islands &islands, const std::vector<std::uint32_t> &which, std::size_t most = 10);

} // namespace wolff::discretisation
