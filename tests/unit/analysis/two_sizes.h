// A box of 16 x 8 x 8 mm: 4096 voxels of 0.5 mm where x < 8, 512 voxels of 1 mm beyond; 512 mm^3 each. A mean
// over cells instead of volume shows at once. Every number starts at rest: no tissue but granulation, no
// load.
#pragma once

#include "analysis/history.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

namespace wolff::tests {

struct TwoSizes
{
  explicit TwoSizes(const MPI_Comm comm = MPI_COMM_WORLD)
      : mesh(cells_of({.bricks = {2, 1, 1},
                       .brick_edge = 8,
                       .split = [](const Vector3 &x) { return x[0] < 8; },
                       .solid = {},
                       .comm = comm})),
        state(regeneration::make_tissue_state(mesh.n_owned())), strain(mesh.n_owned()),
        stress(mesh.n_owned()), response(mesh.n_owned()), in_head(mesh.n_owned(), 0)
  {
  }

  bool is_fine(const std::size_t i) const { return mesh.cell(i).edge < 0.75; }

  /// Number of a coarse voxel, 0..511, x fastest.
  int number(const std::size_t i) const
  {
    const Vector3 &x = mesh.cell(i).centre;
    return static_cast<int>(x[0] - 8) + 8 * static_cast<int>(x[1]) + 64 * static_cast<int>(x[2]);
  }

  /// This share of the voxel is @p tissue, taken from the granulation tissue.
  void put(const std::size_t i, const material::Tissue tissue, const double share)
  {
    state.fractions[material::index(tissue)][i] += share;
    state.fractions[material::index(material::Tissue::granulation)][i] -= share;
  }

  analysis::HistoryInput input() const { return {mesh, state, strain, stress, response, in_head, solve}; }

  discretisation::CellMesh mesh;
  regeneration::TissueState state;
  std::vector<SymmetricTensor> strain, stress;
  std::vector<stimulus::Response> response;
  std::vector<std::uint8_t> in_head;
  mechanics::SolveReport solve;
};

inline SymmetricTensor uniaxial(const double value)
{
  return {{value, 0, 0, 0, 0, 0}};
}

/// The value of this name; the test stops if there is none or more than one.
inline double value_of(const std::vector<analysis::Quantity> &row, const std::string &name)
{
  double value = 0;
  int count = 0;
  for (const analysis::Quantity &quantity : row)
    if (quantity.name == name) {
      value = quantity.value;
      ++count;
    }
  BOOST_REQUIRE_MESSAGE(count == 1, name << " stands " << count << " times in the row");
  return value;
}

} // namespace wolff::tests
