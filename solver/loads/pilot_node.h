// A pilot node: the bone next to the distal cut is rigid and moves with one point, whose three translations
// and three rotations are each held, on a spring or free; and, as a joint holds a femur, a head that may only
// move towards the knee. How such a femur finds equilibrium is mechanics/pilot_motion.h.
#pragma once

#include "geometry/anatomy.h"

#include "base/options.h"

#include <Eigen/Geometry>

#include <array>
#include <string>
#include <vector>

namespace wolff::loads {

struct PilotOptions
{
  std::string place = "middle of the cut";
  std::vector<double> point;                  ///< of the place "stated": femur frame [mm]
  std::vector<double> knee{-36.7, 0, -419.4}; ///< centre of the knee, femur frame [mm]
  std::string translations = "held";          ///< "held", "free" or stiffness [N/mm]; one or three entries
  std::string rotations = "held";             ///< the same [N mm/rad]
  std::string head = "free";                  ///< free | guided to the knee

  void declare(Options &options);
};

/// u(x) = translation + rotation x (x - point), for small rotations.
struct RigidMotion
{
  Vector3 point = Vector3::Zero();       ///< [mm]
  Vector3 translation = Vector3::Zero(); ///< of the point [mm]
  Vector3 rotation = Vector3::Zero();    ///< [rad]

  Vector3 at(const Vector3 &x) const { return translation + rotation.cross(x - point); }
};

struct Restraint
{
  bool is_held = true;
  double stiffness = 0; ///< of a spring; 0: free [N/mm], of a rotation [N mm/rad]
};

struct PilotNode
{
  Vector3 point = Vector3::Zero();                    ///< model frame [mm]
  Eigen::Matrix3d axes = Eigen::Matrix3d::Identity(); ///< columns: of translations and rotations
  std::array<Restraint, 6> restraints;                ///< translations along, rotations about the axes
  Vector3 head_centre = Vector3::Zero();              ///< model frame [mm]
  std::vector<Vector3> guides;           ///< unit vectors along which the centre of the head does not move
  Vector3 guide_pole = Vector3::UnitZ(); ///< middle of the cap of the head that is guided

  /// Motion 0..5 of size one: 1 mm along an axis, or 1 rad about it.
  RigidMotion mode(std::size_t k) const;
  /// Whether all six motions are held: a clamp.
  bool is_fixed() const;
};

/// Half-angle of the cap of the head at which a guided head is held [deg].
constexpr double guided_half_angle = 60;

/**
 * "held", "free" or a stiffness for each of three axes, parted by semicolons; one entry stands for all.
 * @throws Fault option-value (exit 2)
 */
std::array<Restraint, 3> restraints_of(const std::string &text, const std::string &option);

/**
 * @param cut_middle centre of area of the distal cut, model frame [mm]
 * @throws Fault option-value (exit 2): restraints or a point that are not understood; no-support (exit 3): a
 * rigid motion of the femur is neither held nor on a spring
 */
PilotNode pilot_node(const PilotOptions &options, const geometry::Anatomy &anatomy,
                     const Vector3 &cut_middle);

/// One line for the log.
std::string text_of(const PilotNode &pilot);

} // namespace wolff::loads
