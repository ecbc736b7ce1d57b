#include "coupling/view_model.h"

#include "io/cell_file.h"

namespace wolff::coupling {

void write_model(const Model &model, const std::string &path)
{
  std::vector<discretisation::Cell> cells;
  std::vector<double> edges;
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) {
    cells.push_back(model.mesh->cell(i));
    edges.push_back(cells.back().edge);
  }
  io::CellFile file(cells, io::Precision::float32);
  file.add_field("case", model.input.name);
  file.add_cell_array("voxel_edge_mm", 1, edges);
  file.add_cell_array("in_head", model.in_head);
  for (const regeneration::StateArray &array : regeneration::state_arrays(0))
    if (array.is_label())
      file.add_cell_array(array.name, array.labels_of(model.initial));
    else
      file.add_cell_array(array.name, 1, array.numbers_of(model.initial));
  file.write(path, model.comm);
}

} // namespace wolff::coupling
