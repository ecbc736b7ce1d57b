#include "geometry/track.h"

#include <Eigen/Geometry>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace wolff::geometry {

constexpr double most_tracks = 9; // the largest number of small holes that was studied (Yuan) [V]

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
  options.add(
      "Number [-]", number,
      "Tracks. The first is aimed and holds the scaffold; the others stand evenly on a ring about it.",
      between(1, most_tracks), "one conventional core [V]; 2 to 5 small drills [M]");
  options.add_choice("Pattern", pattern, {"parallel", "fan"},
                     "Further tracks: parallel to the first, or a fan from its entry.");
  options.add("Spacing [mm]", spacing, "Distance of further parallel axes from the first.", between(0.5, 20),
              "design choice [U]");
  options.add("Fan angle [deg]", fan_angle, "Of further axes to the first, in a fan.", between(0.5, 30),
              "design choice [U]");
  options.add("Ring angle [deg]", ring_angle,
              "Where the second track lies about the first: 0 proximal of it, 90 anterior.",
              between(-360, 360), "design choice [U]");
  options.add("Further diameters [mm]", further_diameters,
              "Of the others: none, that of the first; one, of all others; or one for each of them.", 0,
              "small drills 3.2 mm [M]");
}

std::vector<Fault> check(const TrackOptions &o)
{
  std::vector<Fault> faults;
  if (o.aim == "given" &&
      (o.direction.size() != 3 || !(Vector3(o.direction[0], o.direction[1], o.direction[2]).norm() > 0)))
    faults.push_back(Fault(Exit::model, "track-geometry", "Geometry/Track/Direction [-]", "no direction")
                         .found("a zero vector or not three numbers")
                         .wanted("medial, anterior, proximal"));
  const std::size_t given = o.further_diameters.size(), others = static_cast<std::size_t>(o.number) - 1;
  if (given > 1 && given != others)
    faults.push_back(Fault(Exit::model, "track-geometry", "Geometry/Track/Further diameters [mm]",
                           "not as many diameters as further tracks")
                         .found(std::to_string(given))
                         .wanted("none, one for all, or " + std::to_string(others)));
  for (const double diameter : o.further_diameters)
    if (!between(1, 20).contains(diameter))
      faults.push_back(
          Fault(Exit::model, "track-geometry", "Geometry/Track/Further diameters [mm]", "no size of a drill")
              .found(to_text(diameter) + " mm")
              .wanted(between(1, 20).description()));
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

Fault refusal(const std::string &what)
{
  return Fault(Exit::model, "track-geometry", "Geometry/Track", what);
}

/// Tip, entry and length along a line through @p start, a point below the plate and inside the bone.
void drill(Track &track, const Vector3 &start, const double tip_distance, const FemurLayers &layers)
{
  const BoneShape &bone = *layers.femur().bone;
  const auto to_plate = [&](const Vector3 &p) { return layers.inner_clearance(layers.at(p)); };
  const auto to_bone = [&](const Vector3 &p) { return bone.distance(p); };
  track.tip = start + (walk_out(to_plate, start, track.axis, 0) - tip_distance) * track.axis;
  track.entry = start - walk_out(to_bone, start, -track.axis, bone.uncertainty()) * track.axis;
}

/// What no track may be, named @p name; else its wall and its hole are set.
void finish(Track &track, const FemurLayers &layers, const std::string &name)
{
  const Femur &femur = layers.femur();
  const double diameter = 2 * track.radius;
  track.length = (track.tip - track.entry).dot(track.axis);
  if (track.length < diameter)
    throw refusal(name + " is shorter than it is wide")
        .found(fmt::format("{:.2f} mm", track.length))
        .wanted("a longer one")
        .hint("Reduce \"Tip distance [mm]\" or change the aim.");
  if ((track.entry - femur.landmarks.head_centre).dot(femur.frame.axes().col(0)) > 0)
    throw refusal("the drill enters from the medial side")
        .found("entry " + text_of(femur.frame.point_to_femur(track.entry)) + " mm in the femur frame")
        .wanted("an entry lateral of the head centre");
  track.least_wall = least_wall(track, *femur.bone, femur.frame);
  const double beyond = 2 * diameter;
  track.hole = {track.tip, -track.axis, track.length + beyond, track.radius};
}

/// The track that is aimed.
Track main_track(const TrackOptions &o, const FemurLayers &layers, const Lesion &lesion)
{
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
  if (femur.bone->distance(target) >= 0)
    throw refusal("the drill aims at a point outside the bone").found(text_of(target) + " mm");
  drill(track, target, o.tip_distance, layers);
  finish(track, layers, "the track");
  return track;
}

/// The unit vector across the first track at @p angle [deg], from proximal towards anterior.
Vector3 across(const Track &first, const FemurFrame &frame, const double angle)
{
  // A track that runs proximal leaves no proximal direction across it: medial takes its place.
  const Vector3 wanted =
      std::abs(frame.axes().col(2).dot(first.axis)) < 0.99 ? frame.axes().col(2) : frame.axes().col(0);
  const Vector3 up = (wanted - wanted.dot(first.axis) * first.axis).normalized();
  // The sign of the frame makes the pattern of a right femur the mirror image of that of a left one.
  const Vector3 aside = frame.axes().determinant() * up.cross(first.axis);
  const double radians = angle * std::numbers::pi / 180;
  return std::cos(radians) * up + std::sin(radians) * aside;
}

/// Track @p k of the ring about the first, from 1 on.
Track further_track(const TrackOptions &o, const FemurLayers &layers, const Track &first, const int k)
{
  const std::string name = fmt::format("track {} of {}", k + 1, o.number);
  const Vector3 side = across(first, layers.femur().frame, o.ring_angle + 360.0 * (k - 1) / (o.number - 1));
  const bool is_fan = o.pattern == "fan";
  Track track;
  const std::vector<double> &d = o.further_diameters;
  track.radius = (d.empty() ? o.diameter : d.size() == 1 ? d[0] : d[static_cast<std::size_t>(k) - 1]) / 2;
  const double radians = o.fan_angle * std::numbers::pi / 180;
  track.axis = is_fan ? (std::cos(radians) * first.axis + std::sin(radians) * side).normalized() : first.axis;

  // The walk begins inside the spongy bone: beside the tip of the first track, or as far back as that takes.
  Vector3 start =
      is_fan ? Vector3(first.entry + first.length * track.axis) : Vector3(first.tip + o.spacing * side);
  double back = 0;
  while (back < first.length && layers.inner_clearance(layers.at(start)) >= 0) {
    start -= 0.5 * track.axis;
    back += 0.5;
  }
  const std::string less = is_fan ? "Reduce \"Fan angle [deg]\"." : "Reduce \"Spacing [mm]\".";
  if (back >= first.length) throw refusal(name + " does not pass through the spongy bone").hint(less);
  drill(track, start, o.tip_distance, layers);
  if (is_fan) track.entry = first.entry;
  finish(track, layers, name);

  // A lateral surface as oblique as 60 deg to the axis moves the entry by less than twice the spacing.
  const double missing = (track.entry - first.entry).dot(first.axis);
  if (missing > 2 * o.spacing + first.radius + track.radius)
    throw refusal(name + " leaves the bone before it reaches the lateral surface")
        .found(fmt::format("{:.2f}", missing) + " mm before the entry of the first track")
        .wanted("an entry beside it")
        .hint(less);
  double below = std::numeric_limits<double>::infinity();
  const Vector3 u = side.cross(track.axis).normalized(), v = track.axis.cross(u);
  for (int i = 0; i < 16; ++i) {
    const double angle = i * std::numbers::pi / 8;
    const Vector3 edge = track.tip + track.radius * (std::cos(angle) * u + std::sin(angle) * v);
    below = std::min(below, -layers.inner_clearance(layers.at(edge)));
  }
  if (below < 0)
    throw refusal(name + " ends in the subchondral plate or in the cortex")
        .found(fmt::format("{:.2f}", -below) + " mm above the inner surface, at the edge of its end")
        .wanted("an end below it")
        .hint("Increase \"Tip distance [mm]\". " + less);
  if (track.least_wall < 0)
    throw refusal(name + " breaks through the bone beside its axis")
        .found(fmt::format("{:.2f}", -track.least_wall) + " mm outside of it")
        .wanted("bone beside it all the way")
        .hint(less);
  return track;
}

/// Bone between two tracks where both end; parallel ones have it all the way [mm].
double bone_between(const Track &a, const Track &b, const bool is_fan)
{
  if (!is_fan) {
    const Vector3 apart = b.tip - a.tip;
    return (apart - apart.dot(a.axis) * a.axis).norm() - a.radius - b.radius;
  }
  // Two lines through one point: from the end of the shorter one across to the other.
  const Track &shorter = a.length < b.length ? a : b, &longer = a.length < b.length ? b : a;
  const Vector3 along = shorter.tip - longer.entry;
  return (along - along.dot(longer.axis) * longer.axis).norm() - a.radius - b.radius;
}

} // namespace

std::vector<Track> drill_tracks(const TrackOptions &o, const FemurLayers &layers, const Lesion &lesion)
{
  throw_if_any(check(o));
  if (o.aim == "none") return {};
  std::vector<Track> tracks{main_track(o, layers, lesion)};
  std::vector<Fault> faults;
  for (int k = 1; k < o.number; ++k) {
    try {
      tracks.push_back(further_track(o, layers, tracks.front(), k));
    } catch (const Fault &fault) {
      faults.push_back(fault);
    }
  }
  throw_if_any(std::move(faults));
  // One fault for each track that runs into an earlier one.
  for (std::size_t b = 1; b < tracks.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) {
      const double bone = bone_between(tracks[a], tracks[b], o.pattern == "fan");
      if (bone > 0) continue;
      faults.push_back(refusal(fmt::format("track {} of {} runs into track {}", b + 1, o.number, a + 1))
                           .found(fmt::format("{:.2f}", bone) + " mm of bone between them where they end")
                           .wanted("some bone between them")
                           .hint(o.pattern == "fan"
                                     ? "Increase \"Fan angle [deg]\", or take fewer or thinner ones."
                                     : "Increase \"Spacing [mm]\", or take fewer or thinner ones."));
      break;
    }
  throw_if_any(std::move(faults));
  return tracks;
}

} // namespace wolff::geometry
