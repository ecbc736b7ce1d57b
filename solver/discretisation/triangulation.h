// The deal.II side of a brick forest; for the source files of this room that number unknowns. Kept apart from
// brick_forest.h so that no other header pulls deal.II in.
#pragma once

#include "discretisation/brick_forest.h"

#include <deal.II/distributed/tria.h>

namespace wolff::discretisation {

using LeafIterator = dealii::parallel::distributed::Triangulation<3>::active_cell_iterator;

const dealii::parallel::distributed::Triangulation<3> &triangulation(const BrickForest &forest);

/// The leaves in the order of forest.brick(): owned, then ghosts.
const std::vector<LeafIterator> &leaves(const BrickForest &forest);

} // namespace wolff::discretisation
