#include "mechanics/pilot_motion.h"

#include "base/errors.h"

#include <Eigen/LU>

#include <algorithm>

namespace wolff::mechanics {

PilotMotion pilot_motion(const loads::PilotNode &pilot, const Eigen::MatrixXd &compliance,
                         const PilotLoad &load)
{
  std::vector<std::size_t> loose;
  for (std::size_t k = 0; k < 6; ++k)
    if (!pilot.restraints[k].is_held) loose.push_back(k);
  const auto n = static_cast<Eigen::Index>(loose.size()), m = static_cast<Eigen::Index>(pilot.guides.size());
  PilotMotion found;
  found.motion.point = pilot.point;
  if (n + m == 0) return found;
  // Rotations by the way of the head and forces by the stiffest spring or guide: entries of one size.
  const double arm = std::max((pilot.head_centre - pilot.point).norm(), 1.0);
  double stiffest = 0;
  for (Eigen::Index i = 0; i < m; ++i) stiffest = std::max(stiffest, 1 / compliance(i, i));
  for (const std::size_t k : loose)
    stiffest = std::max(stiffest, pilot.restraints[k].stiffness / (k < 3 ? 1 : arm * arm));
  const Vector3 moment_about_pilot = load.moment + (pilot.head_centre - pilot.point).cross(load.force);

  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + m, n + m);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n + m);
  for (Eigen::Index j = 0; j < n; ++j) {
    const std::size_t k = loose[static_cast<std::size_t>(j)];
    const double unit = k < 3 ? 1 : 1 / arm;
    const loads::RigidMotion mode = pilot.mode(k);
    system(j, j) = unit * unit * pilot.restraints[k].stiffness / stiffest;
    right[j] = unit * (mode.translation.dot(load.force) + mode.rotation.dot(moment_about_pilot)) / stiffest;
    for (Eigen::Index i = 0; i < m; ++i) {
      const double way = unit * pilot.guides[static_cast<std::size_t>(i)].dot(mode.at(pilot.head_centre));
      system(j, n + i) = -way;
      system(n + i, j) = way;
    }
  }
  system.bottomRightCorner(m, m) = compliance * stiffest;
  right.tail(m) = -load.head;
  const Eigen::VectorXd x = system.fullPivLu().solve(right);
  if (!x.allFinite() || (system * x - right).norm() > 1e-8 * (right.norm() + 1e-300))
    throw Fault(Exit::not_converged, "pilot-singular", "Loads/Pilot node",
                "springs and guides do not hold the femur against this load")
        .hint("Give the free motions of the pilot node a stiffness, or hold them");

  for (Eigen::Index j = 0; j < n; ++j) {
    const std::size_t k = loose[static_cast<std::size_t>(j)];
    const double q = x[j] * (k < 3 ? 1 : 1 / arm);
    const loads::RigidMotion mode = pilot.mode(k);
    found.motion.translation += q * mode.translation;
    found.motion.rotation += q * mode.rotation;
    found.spring_energy += 0.5 * pilot.restraints[k].stiffness * q * q;
  }
  for (Eigen::Index i = 0; i < m; ++i) {
    found.guide_forces.push_back(x[n + i] * stiffest);
    found.head_force += found.guide_forces.back() * pilot.guides[static_cast<std::size_t>(i)];
  }
  found.work =
      0.5 * (found.motion.translation.dot(load.force) + found.motion.rotation.dot(moment_about_pilot));
  return found;
}

} // namespace wolff::mechanics
