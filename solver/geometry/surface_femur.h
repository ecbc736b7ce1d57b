// A femur from a surface file: outer bone surface, landmarks and frame. The model frame is the frame of the
// file.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "geometry/bone_shape.h"

namespace wolff::geometry {

struct SurfaceFemurOptions
{
  std::string file;                       ///< STL, PLY or VTP in mm; relative to the case file
  std::vector<double> head_centre;        ///< in the frame of the file [mm]; empty: found
  std::vector<double> shaft_axis;         ///< proximal direction in the frame of the file; empty: found
  std::vector<double> anterior{0, -1, 0}; ///< anterior direction in the frame of the file
  std::string bad_edge_file;              ///< where to write edges that make the surface unusable
  double grid = 0.5;                      ///< spacing of the grid of distances [mm]

  void declare(Options &options);
};

std::vector<Fault> check(const SurfaceFemurOptions &options);

/**
 * Read, check and measure a surface.
 *
 * @param side left, right or found
 * @param distal_cut z of the cut in the femur frame [mm]; the surface must reach below it, or the flat end of
 * the file would count as cortex
 * @param margin how far outside the bone distances are needed, e.g. the cartilage thickness [mm]
 * @throws Fault, FaultList for everything read_surface, surface_faults and find_landmarks refuse
 */
Femur surface_femur(const SurfaceFemurOptions &options, const std::string &side, double distal_cut,
                    double margin, const std::string &case_folder);

} // namespace wolff::geometry
