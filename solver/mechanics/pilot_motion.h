// How far the rigid distal end of a femur moves with its pilot node, and with which forces a guided head is
// held: a small linear system, from solves with that end at rest.
#pragma once

#include "loads/pilot_node.h"

#include "base/tensor.h"

#include <Eigen/Core>

#include <vector>

namespace wolff::mechanics {

/// What a load does to a femur whose distal end is at rest.
struct PilotLoad
{
  Vector3 force = Vector3::Zero();  ///< resultant [N]
  Vector3 moment = Vector3::Zero(); ///< about the centre of the head [N mm]
  Eigen::VectorXd head;             ///< motion of the head along each guide [mm]
};

struct PilotMotion
{
  loads::RigidMotion motion;            ///< of the distal end and, with it, of the whole femur
  std::vector<double> guide_forces;     ///< on the head, one for each guide [N]
  Vector3 head_force = Vector3::Zero(); ///< their sum [N]
  double spring_energy = 0;             ///< [N mm]
  double work = 0;                      ///< half of load times motion, without that of the deformation [N mm]
};

/**
 * The displacement is u = v + q.r: v of the femur with its distal end at rest, r the six rigid motions. The
 * springs S of the pilot node and the guides c.u = 0 of the head, with forces l, give
 *   S q - B^T l = r.f,    B q + A l = - c.v_0,    B = c.r,    A = c.K^-1 c,
 * v_0 under the load alone; motions that are held drop out. Exact for a linear body; a femur without guides
 * needs no solve of its own, as a rigid motion strains nothing.
 *
 * @param compliance A: motion of the head along guide i under a unit force along guide j [mm/N]
 * @throws Fault pilot-singular (exit 4) if the system has no finite solution
 */
PilotMotion pilot_motion(const loads::PilotNode &pilot, const Eigen::MatrixXd &compliance,
                         const PilotLoad &load);

} // namespace wolff::mechanics
