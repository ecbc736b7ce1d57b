// What is asked of deal.II's elements and numbering, by the nodes of bricks and by those of voxels.
#pragma once

#include <vector>

namespace dealii {
template <int, int>
class DoFHandler;
template <int, int>
class FiniteElement;
template <typename>
class AffineConstraints;
} // namespace dealii

namespace wolff::discretisation {

/// Number of each node of a cell, x fastest: place of the support points, which lie @p n intervals along an
/// edge.
std::vector<unsigned> lexicographic_order(const dealii::FiniteElement<3, 3> &element, int n);

/// Hanging nodes of a refined mesh, each as a sum over nodes that do not hang, as far as this rank sees them.
/// Collective.
dealii::AffineConstraints<double> hanging_node_constraints(const dealii::DoFHandler<3, 3> &dofs);

} // namespace wolff::discretisation
