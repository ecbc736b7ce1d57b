// The load on the end of a long bone: an axial force and a bending moment, as the published models of
// segmental defects state them.
#pragma once

#include "loads/face_force.h"
#include "loads/supports.h"

#include "base/options.h"
#include "geometry/anatomy.h"

#include <string>
#include <vector>

namespace wolff::loads {

/// Peak of a sheep's gait in Perier-Metz et al. 2020.
struct EndLoadOptions
{
  double axial_force = 1372;       ///< compressive [N]
  double bending_moment = 17125;   ///< [N mm]
  double bending_direction = 0;    ///< of the moment vector, from x towards y [deg]
  std::string proximal = "guided"; ///< guided | free

  void declare(Options &options);
};

struct EndLoad
{
  std::vector<FaceForce> forces;   ///< on this rank's cells
  std::vector<HeldCorner> corners; ///< of a guided end: they do not move across the axis

  /// The same on all ranks.
  double area = 0;                ///< of the bone at the end [mm^2]
  double least = 0, greatest = 0; ///< pressure on it [MPa]
};

/**
 * Pressure a + b x + c y along -z on the faces of cortical bone at the proximal end: a, b, c such that force
 * and moment about the axis are exactly those of the options times @p factor on the staircase. @throws Fault
 * load-on-void (exit 3) if the end has no bone, or too little to take a moment. Collective.
 */
EndLoad end_load(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                 const EndLoadOptions &options, double factor);

} // namespace wolff::loads
