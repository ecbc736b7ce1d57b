#include "discretisation/element_nodes.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe.h>
#include <deal.II/lac/affine_constraints.h>

#include <cmath>

namespace wolff::discretisation {

std::vector<unsigned> lexicographic_order(const dealii::FiniteElement<3, 3> &element, const int n)
{
  std::vector<unsigned> order(element.n_dofs_per_cell());
  for (unsigned i = 0; i < order.size(); ++i) {
    const dealii::Point<3> &p = element.get_unit_support_points()[i];
    const auto step = [&](const unsigned d) { return static_cast<unsigned>(std::lround(p[d] * n)); };
    const auto m = static_cast<unsigned>(n + 1);
    order[(step(2) * m + step(1)) * m + step(0)] = i;
  }
  return order;
}

dealii::AffineConstraints<double> hanging_node_constraints(const dealii::DoFHandler<3, 3> &dofs)
{
  dealii::IndexSet relevant;
  dealii::DoFTools::extract_locally_relevant_dofs(dofs, relevant);
  dealii::AffineConstraints<double> constraints(relevant);
  dealii::DoFTools::make_hanging_node_constraints(dofs, constraints);
  constraints.close(); // masters that hang themselves are replaced by theirs
  return constraints;
}

} // namespace wolff::discretisation
