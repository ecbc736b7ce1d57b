// Nodes on opposite sides of a periodic box are one node. Found part by part: the 27 parts of a brick are its
// interior, faces, edges and corners, x + 3 y + 9 z, where 1 is between the ends. For brick_nodes.cc.
#pragma once

#include "discretisation/brick_forest.h"

#include <array>
#include <cstdint>
#include <vector>

namespace wolff::discretisation {

/// Does this part of a brick lie on the upper end of a periodic direction, so that its nodes are those of the
/// lower end?
bool is_periodic_image(const BrickForest &forest, std::size_t brick, unsigned part);

/**
 * Put the numbers of the lower ends in place of those of the upper ones.
 *
 * @param n  voxels along a brick's edge: with one, only the corners have nodes
 * @param first_numbers  for each owned brick the global number of the first node of each part
 * @param first_owned, end_owned  the numbers of this rank
 * All bricks of the forest must be of one size, as the two ends would not fit otherwise. Collective.
 */
void identify_periodic_parts(const BrickForest &forest, int n, std::int64_t first_owned,
                             std::int64_t end_owned,
                             std::vector<std::array<std::int64_t, 27>> &first_numbers);

} // namespace wolff::discretisation
