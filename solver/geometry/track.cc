#include "geometry/track.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace wolff::geometry {

void TrackOptions::declare(Options &options)
{
  options.add_choice(
      "Aim", aim, {"lesion centre", "neck axis", "given", "none"},
      "Line of the drill: from the middle of the neck to the lesion's centre, along the neck axis, or "
      "in a given direction towards the lesion's centre.");
  options.add("Diameter [mm]", diameter, "Diameter of the drilled track.", between(1, 20),
              "conventional core 10 mm [V]; small drills 3.2 mm [M]");
  options.add("Tip distance [mm]", tip_distance,
              "Bone left between the tip and the inner surface of the subchondral plate, along the axis.",
              between(0, 40), "5 mm [M]");
  options.add("Direction [-]", direction,
              "Direction of drilling with a given aim, femur frame: medial, anterior, proximal.", 3);
}

std::vector<Fault> check(const TrackOptions &o)
{
  std::vector<Fault> faults;
  if (o.aim == "given" &&
      (o.direction.size() != 3 || !(Vector3(o.direction[0], o.direction[1], o.direction[2]).norm() > 0)))
    faults.push_back(Fault(Exit::model, "track-geometry", "Geometry/Track/Direction [-]", "no direction")
                         .found("a zero vector or not three numbers")
                         .wanted("medial, anterior, proximal"));
  return faults;
}

namespace {

/// First distance along @p direction from @p start where @p value turns positive; walks by the bound itself.
template <typename Function>
double walk_out(const Function &value, const Vector3 &start, const Vector3 &direction,
                const double uncertainty)
{
  double s = 0;
  while (s < 500) {
    const double inside = -value(start + s * direction);
    if (inside <= 0) break;
    s += std::max(inside - uncertainty, 0.02); // 0.02 mm: far below any voxel
  }
  return s;
}

/// Least bone outside the wall of the track, on the part that is farther than two diameters from the entry.
double least_wall(const Track &track, const BoneShape &bone, const FemurFrame &frame)
{
  const Vector3 u = frame.axes().col(1).cross(track.axis).normalized(), v = track.axis.cross(u);
  double least = std::numeric_limits<double>::infinity();
  for (double s = 0; s < track.length - 4 * track.radius; s += 0.5)
    for (int i = 0; i < 16; ++i) {
      const double angle = i * std::numbers::pi / 8;
      const Vector3 wall =
          track.tip - s * track.axis + track.radius * (std::cos(angle) * u + std::sin(angle) * v);
      least = std::min(least, -bone.distance(wall));
    }
  return least;
}

} // namespace

std::vector<Track> drill_tracks(const TrackOptions &o, const FemurLayers &layers, const Lesion &lesion)
{
  throw_if_any(check(o));
  if (o.aim == "none") return {};
  const Femur &femur = layers.femur();
  const Landmarks &l = femur.landmarks;

  Vector3 target = l.head_centre;
  Track track;
  track.radius = o.diameter / 2;
  track.axis = l.neck_axis;
  if (o.aim == "lesion centre" && lesion.exists()) {
    // Where neck and shaft axes cross, as seen along the neck; its half is the middle of the neck.
    const double sine = (l.neck_axis - l.neck_axis.dot(l.shaft_axis) * l.shaft_axis).norm();
    const Vector3 neck_middle = l.head_centre - 0.5 * l.offset() / sine * l.neck_axis;
    target = lesion.centre();
    track.axis = (target - neck_middle).normalized();
  } else if (o.aim == "given") {
    target = lesion.centre();
    track.axis =
        femur.frame.direction_to_model({o.direction[0], o.direction[1], o.direction[2]}).normalized();
  }

  const auto refuse = [](const std::string &what) {
    return Fault(Exit::model, "track-geometry", "Geometry/Track", what);
  };
  const BoneShape &bone = *femur.bone;
  if (bone.distance(target) >= 0)
    throw refuse("the drill aims at a point outside the bone").found(text_of(target) + " mm");
  const auto to_plate = [&](const Vector3 &p) { return layers.inner_clearance(layers.at(p)); };
  const auto to_bone = [&](const Vector3 &p) { return bone.distance(p); };
  const double slack = bone.uncertainty();
  track.tip = target + (walk_out(to_plate, target, track.axis, 0) - o.tip_distance) * track.axis;
  track.entry = target - walk_out(to_bone, target, -track.axis, slack) * track.axis;
  track.length = (track.tip - track.entry).dot(track.axis);
  if (track.length < o.diameter)
    throw refuse("the track is shorter than it is wide")
        .found(to_text(track.length) + " mm")
        .wanted("a longer one")
        .hint("Reduce \"Tip distance [mm]\" or change the aim.");
  if ((track.entry - l.head_centre).dot(femur.frame.axes().col(0)) > 0)
    throw refuse("the drill enters from the medial side")
        .found("entry " + text_of(femur.frame.point_to_femur(track.entry)) + " mm in the femur frame")
        .wanted("an entry lateral of the head centre");
  track.least_wall = least_wall(track, bone, femur.frame);
  const double beyond = 2 * o.diameter;
  track.hole = {track.tip, -track.axis, track.length + beyond, track.radius};
  return {track};
}

} // namespace wolff::geometry
