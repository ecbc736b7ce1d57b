// Where the femur is held: the corners of cells whose displacement mechanics/ prescribes as zero, and, of an
// elastic foundation, the cells that become it.
#pragma once

#include "loads/pilot_node.h"

#include "discretisation/cell_mesh.h"
#include "geometry/anatomy.h"

#include "base/table.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace wolff::loads {

struct SupportOptions
{
  double height = 5;               ///< above the distal cut, of what is held or becomes the foundation [mm]
  double foundation_stiffness = 0; ///< normal stress over settlement [N/mm^3]; 0: not stated
  PilotOptions pilot = {};
};

/// A corner of an owned cell and which components of its displacement are zero.
struct HeldCorner
{
  std::uint32_t cell;
  std::uint8_t corner; ///< 0..7, x fastest
  std::array<bool, 3> components;
};

struct Support
{
  std::vector<std::uint32_t>
      cells;                       ///< owned, ascending: what a part of the body must hang on to be supported
  std::vector<HeldCorner> corners; ///< a node of several cells may stand there for one of them only
  double foundation_modulus = 0;   ///< Young's modulus [MPa] of all these cells, Poisson ratio 0; 0: none
  double area = 0;                 ///< of the held face of the distal cut, on all ranks [mm^2]; 0: none
  std::optional<PilotNode> pilot;  ///< what is held moves with it
};

using SupportRule = Support (*)(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                                const SupportOptions &options);

/**
 * clamp       all corners of the cells within the height: they are rigid
 * roller      the distal face of these cells does not move along the shaft; in its plane one face of a cell
 * at its middle is held, which takes what the load pushes across and keeps the femur from turning foundation
 * the distal face is held, and these cells become a layer of modulus k T without lateral contraction, T its
 * thickness (volume over area): the bone above stands on springs of stiffness k per area along the shaft and
 * k/2 across
 * pilot node  as the clamp, but what it holds is a rigid body that moves with a point (pilot_node.h)
 *
 * @throws Fault (exit 3): no-support if no cell lies within the height, or none of them has a face at the
 * cut; support-oblique for a roller whose shaft does not lie along an axis of the voxels. (Exit 2):
 * option-missing for a foundation without stiffness. Of a pilot node as pilot_node(). Collective.
 */
const Table<SupportRule> &support_rules();

/**
 * Owned cells whose centre lies less than @p height [mm] above the plane of the distal cut, measured along
 * the shaft. Cells of a staircase that reach below the plane belong to them.
 * @throws Fault no-support (exit 3) if no rank has such a cell. Collective.
 */
std::vector<std::uint32_t> clamped_cells(const discretisation::CellMesh &mesh,
                                         const geometry::Anatomy &anatomy, double height);

} // namespace wolff::loads
