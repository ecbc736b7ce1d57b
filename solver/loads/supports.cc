#include "loads/supports.h"

#include "base/errors.h"

#include <algorithm>
#include <limits>

namespace wolff::loads {

const Table<SupportRule> &support_rules()
{
  static const Table<SupportRule> table{
      {"clamp at distal cut", "all displacements of the cells next to the distal cut are zero", "",
       clamped_cells},
  };
  return table;
}

std::vector<std::uint32_t> clamped_cells(const discretisation::CellMesh &mesh,
                                         const geometry::Anatomy &anatomy, const double height)
{
  const Vector3 proximal = anatomy.femur_axes().col(2), head = anatomy.head_centre();
  const double cut = anatomy.distal_cut();
  std::vector<std::uint32_t> held;
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const double above = proximal.dot(mesh.cell(i).centre - head) - cut;
    lowest = std::min(lowest, above);
    if (above < height) held.push_back(static_cast<std::uint32_t>(i));
  }
  auto count = static_cast<std::int64_t>(held.size());
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, mesh.comm());
  MPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  if (count == 0)
    throw Fault(Exit::model, "no-support", "Loads/Clamp height [mm]", "no cell lies near the distal cut")
        .found("the lowest cell centre " + to_text(lowest) + " mm above the cut")
        .wanted("cells less than " + to_text(height) + " mm above it")
        .hint("Raise the clamp height above half the edge of the coarsest cells");
  return held;
}

} // namespace wolff::loads
