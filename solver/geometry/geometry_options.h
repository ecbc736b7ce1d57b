// All options of the geometry of a case, as they stand below `subsection Geometry`.
#pragma once

#include "geometry/built_in_femur.h"
#include "geometry/femur_layers.h"
#include "geometry/lesion.h"
#include "geometry/long_bone.h"
#include "geometry/scaffold.h"
#include "geometry/surface_femur.h"
#include "geometry/track.h"
#include "geometry/voxel_bodies.h"

namespace wolff::geometry {

struct FemurOptions
{
  std::string source = "built-in"; ///< built-in | surface
  std::string side = "found";      ///< left | right | found
  double distal_cut = 100;         ///< below the head centre, along the shaft [mm]
  LayerOptions layers;
  BuiltInFemurOptions built_in;
  SurfaceFemurOptions surface;

  void declare(Options &options);
};

struct GeometryOptions
{
  std::string body = "femur"; ///< femur | long bone | box | image | cell lattice
  FemurOptions femur;
  LesionOptions lesion;
  TrackOptions track;
  ScaffoldOptions scaffold;
  LongBoneOptions long_bone;
  BoxOptions box;
  ImageOptions image;

  /// Declares the body and the sections Femur, Lesion, Track, Scaffold, Long bone, Box and Image in the
  /// section that is open.
  void declare(Options &options);
};

/// Every problem that can be seen without reading a file, all at once; of the body that is chosen.
std::vector<Fault> check(const GeometryOptions &options);

} // namespace wolff::geometry
