// Is every part of a box held? Parts that are not connected through faces to a support, and supports that
// leave a rigid motion free, make the equations singular.
#pragma once

#include "coupling/box_model.h"

namespace wolff::coupling {

/**
 * Find the parts of the body, and for each the rigid motions that its prescribed displacements leave. With
 * --drop-islands parts that can move become void, with a warning.
 * @throws Fault (exit 3): `no-support` if the whole body can move, `islands` if parts of it can. Collective.
 */
void require_supports(BoxModel &model, Log &log);

/// 1 for each voxel with a shear modulus.
std::vector<std::uint8_t> solid_voxels(const std::vector<double> &mu);

} // namespace wolff::coupling
