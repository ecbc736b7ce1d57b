// Bodies that are voxels from the outset: a box of cubes, and a label image. The femur with its surfaces is
// elsewhere (femur_layers.h). Options only; the voxels themselves are made in coupling/.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "base/tensor.h"

#include <array>
#include <string>
#include <vector>

namespace wolff::geometry {

/// `subsection Box`: a cuboid of equal voxels, from which an expression may cut a shape.
struct BoxOptions
{
  std::vector<double> origin{0, 0, 0};    ///< least corner [mm]
  double voxel_edge = 0.03125;            ///< of the base level [mm]
  std::vector<double> voxels{32, 32, 32}; ///< along x, y, z; multiples of 8
  std::string solid_where;                ///< expression, solid where it is positive; empty: everywhere
  std::string refined_where;              ///< expression: levels above the base; empty: none

  void declare(Options &options);
};

/// `subsection Image`: one label a voxel, and what the labels are made of.
struct ImageOptions
{
  std::string file; ///< .vti, .nii or .nii.gz, relative to the case
  std::string labels_array = "phase";
  std::string modulus_array; ///< Young's moduli [MPa] in place of the phases; empty: none
  std::string phases;        ///< "0 void; 1 15000 0.3; 2 Ti6Al4V"
  double voxel_edge = 0;     ///< [mm]; 0: from the file

  void declare(Options &options);
};

/// Every problem that can be seen without reading a file.
std::vector<Fault> check(const BoxOptions &options);
std::vector<Fault> check(const ImageOptions &options);

/// The voxels of a box whose options have been checked.
std::array<int, 3> voxel_counts(const BoxOptions &options);

} // namespace wolff::geometry
