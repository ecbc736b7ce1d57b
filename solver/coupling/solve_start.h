// What a solve starts from when only the displacement at the corners of cells is known.
#pragma once

#include "coupling/model.h"

#include <cstdint>
#include <vector>

namespace wolff::coupling {

/**
 * The displacement that a solve starts from: nodes at corners of cells keep theirs, all others get a value
 * from these alone. Files hold the former only, so a solve that continues in memory and one that continues
 * from a file start alike, bit for bit.
 *
 * The others that matter are masters in void of hanging nodes at corners of cells. Their values x are those
 * for which the hanging nodes' interpolation comes closest to what these nodes have, min |A x - y|, by
 * conjugate gradients on the normal equations; zero where nothing hangs on a node.
 * @param displacement three a local node [mm]
 * Collective.
 */
std::vector<double> start_of(const Model &model, std::vector<double> displacement);

/// The same from @p is_known, a flag for each local node that is set on any rank where the node is at the
/// corner of a cell. Collective.
std::vector<double> start_from_known(const discretisation::BrickNodes &nodes,
                                     std::vector<std::uint8_t> is_known, std::vector<double> displacement);

} // namespace wolff::coupling
