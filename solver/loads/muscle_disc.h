// A muscle's force spread over a disc of the surface of the bone.
#pragma once

#include "loads/face_force.h"

#include "geometry/anatomy.h"

#include <cstdint>
#include <vector>

namespace wolff::loads {

struct MuscleDisc
{
  struct Face
  {
    discretisation::ExposedFace face;
    double share; ///< of the area of all faces [-]
  };
  std::vector<Face> faces; ///< on this rank's cells

  /// The same on all ranks.
  Vector3 centre = Vector3::Zero(); ///< of the face nearest to the attachment [mm]
  double distance = 0;              ///< of this face from the attachment [mm]
  std::int64_t n_faces = 0;
  double area = 0; ///< of the faces [mm^2]
};

/**
 * The faces of bone within @p radius [mm] of the face that lies nearest to @p attachment [mm, frame of the
 * model]. Faces of the drilled track, the scaffold and the articular cartilage hold no muscle. Each face
 * takes its share of the area, so a force spread over them has the force as resultant, to rounding, and acts
 * at their centre of area.
 *
 * @param place for messages
 * @throws Fault muscle-off-bone (exit 3) if no bone lies within 20 mm of the attachment, or the disc has
 * fewer than three faces
 * Collective; the same faces on any number of ranks.
 */
MuscleDisc muscle_disc(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                       const Vector3 &attachment, double radius, const std::string &place);

/// The force [N, frame of the model] on the faces of this rank.
std::vector<FaceForce> spread(const MuscleDisc &disc, const Vector3 &force);

} // namespace wolff::loads
