// A box or an image of voxels, ready to be solved: forest, moduli, the faces with a condition.
#pragma once

#include "base/log.h"
#include "coupling/box_material.h"
#include "coupling/case.h"
#include "discretisation/voxel_faces.h"

#include <algorithm>
#include <vector>

namespace wolff::coupling {

struct BoxModel
{
  Case input;
  Problem problem;
  MPI_Comm comm = MPI_COMM_SELF;
  VoxelBox box;
  std::unique_ptr<discretisation::BrickForest> forest;
  BoxMaterial material;           ///< lambda and mu are handed to the solver
  discretisation::BoxFaces faces; ///< of the conditions other than free
  std::int64_t n_voxels = 0;      ///< solid ones, of all ranks
  double solid_volume = 0;        ///< [mm^3]
  bool has_labels = false;        ///< an image with phases, whose labels are written

  double solid_fraction() const { return std::min(1.0, solid_volume / box.volume()); }
};

/**
 * Read the image or evaluate the expressions, build the forest, find the faces, and refuse what no solver can
 * solve. Says on the log what it found.
 * @throws Fault, FaultList on all ranks: exit 2 input, 3 `all-void`, `face-empty`, `no-support`, `islands`
 * and materials out of range, 7 too large. Collective.
 */
std::unique_ptr<BoxModel> build_box_model(const Case &input, MPI_Comm comm, Log &log);

} // namespace wolff::coupling
