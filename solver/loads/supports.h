// Where the femur is held: the cells whose displacement mechanics/ prescribes as zero.
#pragma once

#include "discretisation/cell_mesh.h"
#include "geometry/anatomy.h"

#include "base/table.h"

#include <cstdint>
#include <vector>

namespace wolff::loads {

/// Owned cells that are held, ascending; @p height [mm] is what the rule makes of it.
using SupportRule = std::vector<std::uint32_t> (*)(const discretisation::CellMesh &mesh,
                                                   const geometry::Anatomy &anatomy, double height);
const Table<SupportRule> &support_rules();

/**
 * Owned cells whose centre lies less than @p height [mm] above the plane of the distal cut, measured along
 * the shaft. Cells of a staircase that reach below the plane belong to them.
 * @throws Fault no-support (exit 3) if no rank has such a cell. Collective.
 */
std::vector<std::uint32_t> clamped_cells(const discretisation::CellMesh &mesh,
                                         const geometry::Anatomy &anatomy, double height);

} // namespace wolff::loads
