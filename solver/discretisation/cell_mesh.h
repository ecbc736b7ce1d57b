// The cells of the mesh: all voxels that are not void, as this rank sees them, with the faces between them.
// This is what loads, biology, analysis and files work on; bricks and unknowns stay inside discretisation/
// and mechanics/. Header without deal.II on purpose: many files include it.
#pragma once

#include "base/tensor.h"

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace wolff::discretisation {

/// One number per cell: owned cells first, then ghosts where the function that takes it says so.
using CellField = std::vector<double>;

/// A face between two cells of this rank; one of them may be a ghost (index >= n_owned). A face to a ghost is
/// listed on both ranks. Between a coarse cell and four fine ones there are four entries, each with the fine
/// face's area.
struct CellFace
{
  std::uint32_t first, second;
  double area;       ///< [mm^2]
  double distance;   ///< between the two cell centres along the face normal [mm]
  std::uint8_t axis; ///< 0, 1, 2 for a normal along x, y, z; `second` lies on the positive side
};

/// Part of the surface of the body: a face (or a quarter of one, beside finer cells) whose other side is void
/// or outside the box. Owned cells only.
struct ExposedFace
{
  std::uint32_t cell;
  std::uint8_t direction; ///< 0 -x, 1 +x, 2 -y, 3 +y, 4 -z, 5 +z: outward normal
  std::uint8_t quarter;   ///< 4: the whole face; 0..3: that quarter (first tangential axis fastest)
  double area;            ///< [mm^2]
  Vector3 centre;         ///< [mm]
};

struct Cell
{
  Vector3 centre;  ///< [mm]
  double edge;     ///< [mm]
  std::int64_t id; ///< tree, octant path and voxel; the same on any number of ranks, unique in the mesh
};

class CellMesh
{
public:
  struct Parts; ///< defined and built in discretisation/cell_mesh.cc
  explicit CellMesh(std::unique_ptr<Parts> parts);
  ~CellMesh();
  CellMesh(CellMesh &&) noexcept;
  CellMesh &operator=(CellMesh &&) noexcept;

  MPI_Comm comm() const;
  std::size_t n_owned() const;
  std::size_t n_ghost() const;
  std::size_t n_local() const { return n_owned() + n_ghost(); }
  std::int64_t n_global() const;

  /// Owned cells, then ghosts. Owned cells stand in the order of the bricks along the space-filling curve, x
  /// fastest within a brick; the order depends on the partition, the ids do not.
  const Cell &cell(std::size_t index) const;
  double volume(std::size_t index) const;

  /// Where an owned cell lies in the forest it was made of: brick * 512 + voxel.
  const std::vector<std::uint32_t> &voxel_of_cell() const;

  const std::vector<CellFace> &faces() const;
  const std::vector<ExposedFace> &exposed_faces() const;

  /// Copy the values of owned cells into the ghost entries of the other ranks. @p field has n_local()
  /// entries. Collective.
  void update_ghosts(CellField &field) const;

  /// Fingerprint of all cell ids of the mesh, independent of the partition.
  std::uint64_t checksum() const;

private:
  std::unique_ptr<Parts> parts_;
};

} // namespace wolff::discretisation
