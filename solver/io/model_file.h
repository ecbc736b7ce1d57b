// Can this VTK file be a model? Everything that can be found wrong before a mesh is built from it.
//
// A model file is a .vtu or .pvtu of hexahedra with the cell arrays `youngs_modulus_MPa`, `poisson_ratio` and
// `phase`, or a .vti image with the cell array `phase` (and the other two if it wants to set them). Defined
// phase numbers are those of geometry::Phase, 0 (outside) to 8 (scaffold); 0 is void, and moduli of void
// cells are not looked at.
#pragma once

#include "io/input_file.h"

#include <map>
#include <string>
#include <vector>

namespace wolff::io {

struct ModelFileOptions
{
  bool accept_units = false; ///< take values outside the plausible bands as they are
  bool drop_islands = false; ///< islands are a warning, not a fault
  ReadLimits limits;
};

struct ModelFileSummary
{
  std::int64_t n_cells = 0, n_points = 0;
  double edge = 0;                            ///< of a voxel, or mean of the hexahedra [mm]
  std::map<std::int64_t, std::int64_t> cells; ///< number of cells of each phase
  std::vector<std::string> warnings;
};

/**
 * @throws Fault (one problem) or FaultList (several). Exit 2: the file is not sound, or not of the kind
 * described above. Exit 3: it is, and describes no body that can be computed: cells inverted, twisted or
 * flat, moduli or Poisson ratios not admissible, values not finite, another unit of length or modulus, phases
 * that are not defined, nothing but void, parts that do not hang together. Exit 7: too large.
 */
ModelFileSummary check_model_file(const std::string &path, const ModelFileOptions &options = {});

} // namespace wolff::io
