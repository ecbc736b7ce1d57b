#include "geometry/built_in_femur.h"

#include "geometry/distance_shapes.h"

#include <Eigen/Geometry>

#include <cmath>
#include <numbers>

namespace wolff::geometry {

void BuiltInFemurOptions::declare(Options &options)
{
  options.add(
      "Head radius [mm]", head_radius,
      "Built-in femur: radius of the bony head, plate included, cartilage not. Surfaces: measured instead.",
      between(10, 40), "22-26 mm, men about 24.5, women about 21.5 [M]");
  options.add("Neck height radius [mm]", neck_height,
              "Built-in femur: semi-axis of the neck's ellipse in superior-inferior direction.",
              between(4, 30), "narrowest diameter 30-35 mm [M]");
  options.add("Neck depth radius [mm]", neck_depth,
              "Built-in femur: semi-axis of the neck's ellipse in anterior-posterior direction.",
              between(4, 30), "narrowest diameter 25-28 mm [M]");
  options.add("Neck-shaft angle [deg]", neck_shaft_angle, "Built-in femur: angle between neck and shaft.",
              between(100, 150),
              "median 122.2, range 100-146, n = 1070 (PLoS ONE 2016, PMC4775021) [V]; 125 chosen between the "
              "studies");
  options.add("Torsion [deg]", torsion, "Built-in femur: anteversion of the neck about the shaft.",
              between(-30, 60), "median 14.2, IQR 7.4-20.4, n = 1070 (PLoS ONE 2016, PMC4775021) [V]");
  options.add("Horizontal offset [mm]", offset,
              "Built-in femur: mediolateral distance from the head centre to the shaft axis.",
              between(20, 80), "40-45 mm [M]");
  options.add("Shaft radius [mm]", shaft_radius, "Built-in femur: outer radius of the shaft.", between(5, 30),
              "[M]");
  options.add("Metaphysis radius [mm]", metaphysis_radius,
              "Built-in femur: outer radius where the neck axis meets the shaft axis; tapers to the shaft.",
              between(5, 35), "[U]");
  options.add("Blend [mm]", blend, "Built-in femur: width over which neighbouring parts run into each other.",
              between(0, 20), "[U]");
  options.add("Greater trochanter tip [mm]", greater_trochanter,
              "Built-in femur: tip from the head centre, lateral, anterior, proximal.", 3,
              "mean of ten femora of the Hip III subjects [C from V]");
  options.add("Greater trochanter radius [mm]", greater_trochanter_radius,
              "Built-in femur: radius of the rounded tip.", between(3, 20), "[U]");
  options.add("With lesser trochanter", with_lesser_trochanter, "Built-in femur: add the lesser trochanter.");
  options.add("Lesser trochanter tip [mm]", lesser_trochanter,
              "Built-in femur: tip from the head centre, lateral, anterior, proximal.", 3,
              "mean of ten femora of the Hip III subjects [C from V]");
  options.add("Lesser trochanter radius [mm]", lesser_trochanter_radius,
              "Built-in femur: radius of the rounded tip.", between(2, 15), "[U]");
}

namespace {

/// Points of the axes, all in the femur frame.
struct Skeleton
{
  Vector3 neck;     ///< unit vector from the shaft to the head
  Vector3 crossing; ///< of neck axis and shaft axis
};

Skeleton skeleton(const BuiltInFemurOptions &o)
{
  const double angle = o.neck_shaft_angle * std::numbers::pi / 180,
               torsion = o.torsion * std::numbers::pi / 180;
  Skeleton s;
  s.neck = {std::sin(angle) * std::cos(torsion), std::sin(angle) * std::sin(torsion), -std::cos(angle)};
  s.crossing = -o.offset / s.neck.x() * s.neck;
  return s;
}

class BuiltInFemur : public BoneShape
{
public:
  BuiltInFemur(const BuiltInFemurOptions &o, const FemurFrame &frame, double distal_cut);

  double distance(const Vector3 &point) const override;
  double uncertainty() const override { return 0; }
  Box bounding_box() const override;

private:
  BuiltInFemurOptions options_;
  FemurFrame frame_;
  double distal_cut_;
  EllipticCylinder neck_;
  std::vector<RoundCone> cones_; ///< metaphysis, shaft, trochanters
};

BuiltInFemur::BuiltInFemur(const BuiltInFemurOptions &o, const FemurFrame &frame, const double distal_cut)
    : options_(o), frame_(frame), distal_cut_(distal_cut)
{
  const Skeleton s = skeleton(o);
  const Vector3 up = (Vector3::UnitZ() - s.neck.z() * s.neck).normalized();
  neck_ = {s.crossing, Vector3::Zero(), up, o.neck_height, o.neck_depth};
  const double taper = 4 * o.metaphysis_radius; // length over which the metaphysis becomes the shaft
  const Vector3 below = s.crossing - taper * Vector3::UnitZ();
  // The shaft goes on below the cut, so that its rounded end and the missing cortex there do not show.
  const Vector3 bottom(s.crossing.x(), s.crossing.y(), std::min(distal_cut, below.z()) - 3 * o.shaft_radius);
  cones_.push_back({s.crossing, below, o.metaphysis_radius, o.shaft_radius});
  cones_.push_back({below, bottom, o.shaft_radius, o.shaft_radius});

  const auto tip_centre = [](const std::vector<double> &tip, const Vector3 &towards, const double radius) {
    return Vector3(Vector3(-tip[0], tip[1], tip[2]) - radius * towards);
  };
  const Vector3 great = tip_centre(o.greater_trochanter, Vector3::UnitZ(), o.greater_trochanter_radius);
  // The roots of the trochanters stay well inside the shaft, again so that no surfaces coincide.
  cones_.push_back({s.crossing - o.metaphysis_radius * Vector3::UnitZ(), great, 0.7 * o.metaphysis_radius,
                    o.greater_trochanter_radius});
  if (o.with_lesser_trochanter) {
    const Vector3 tip(-o.lesser_trochanter[0], o.lesser_trochanter[1], o.lesser_trochanter[2]);
    const Vector3 base(s.crossing.x(), s.crossing.y(), tip.z() + o.lesser_trochanter_radius);
    const Vector3 little =
        tip_centre(o.lesser_trochanter, (tip - base).normalized(), o.lesser_trochanter_radius);
    cones_.push_back({base, little, 0.6 * o.shaft_radius, o.lesser_trochanter_radius});
  }
}

double BuiltInFemur::distance(const Vector3 &point) const
{
  const Vector3 p = frame_.point_to_femur(point);
  double surface = smooth_minimum(p.norm() - options_.head_radius, neck_.distance(p), options_.blend);
  // Metaphysis and shaft meet with one radius; a blend would swell surfaces that coincide.
  surface = smooth_minimum(surface, std::min(cones_[0].distance(p), cones_[1].distance(p)), options_.blend);
  for (std::size_t i = 2; i < cones_.size(); ++i)
    surface = smooth_minimum(surface, cones_[i].distance(p), options_.blend);
  return surface;
}

Box BuiltInFemur::bounding_box() const
{
  Vector3 least = Vector3::Constant(-options_.head_radius), greatest = -least;
  for (const RoundCone &cone : cones_)
    for (const auto &[centre, radius] :
         {std::pair(cone.first, cone.first_radius), std::pair(cone.second, cone.second_radius)}) {
      least = least.cwiseMin(centre - Vector3::Constant(radius));
      greatest = greatest.cwiseMax(centre + Vector3::Constant(radius));
    }
  // The neck lies between head and metaphysis; each blend can swell the surface by a quarter of its width.
  least -= Vector3::Constant(options_.blend / 2);
  greatest += Vector3::Constant(options_.blend / 2);
  least.z() = distal_cut_;
  const Vector3 a = frame_.point_to_model(least), b = frame_.point_to_model(greatest);
  return {a.cwiseMin(b), a.cwiseMax(b)};
}

} // namespace

std::vector<Fault> check(const BuiltInFemurOptions &o, const double distal_cut)
{
  const std::string place = "Geometry/Femur";
  std::vector<Fault> faults;
  const auto refuse = [&](const std::string &what, const double found, const std::string &wanted) {
    faults.push_back(Fault(Exit::model, "femur-size", place, what).found(found).wanted(wanted));
  };
  if (std::max(o.neck_height, o.neck_depth) >= o.head_radius)
    refuse("the neck is as thick as the head", std::max(o.neck_height, o.neck_depth),
           "neck radii less than the head radius " + to_text(o.head_radius) + " mm");
  if (o.metaphysis_radius < o.shaft_radius)
    refuse("the metaphysis is thinner than the shaft", o.metaphysis_radius,
           "at least the shaft radius " + to_text(o.shaft_radius) + " mm");
  if (o.greater_trochanter.size() != 3 || o.lesser_trochanter.size() != 3)
    refuse("the tip of a trochanter has not three coordinates",
           static_cast<double>(std::min(o.greater_trochanter.size(), o.lesser_trochanter.size())),
           "lateral, anterior, proximal");
  const double lowest = skeleton(o).crossing.z() - o.metaphysis_radius;
  if (distal_cut > lowest)
    refuse("the distal cut goes through the neck: its z", distal_cut, "z below " + to_text(lowest) + " mm");
  return faults;
}

Femur built_in_femur(const BuiltInFemurOptions &options, const Side side, const double distal_cut)
{
  throw_if_any(check(options, distal_cut));
  const Skeleton s = skeleton(options);
  Femur femur{nullptr, FemurFrame(side), {}, distal_cut};
  femur.bone = std::make_shared<BuiltInFemur>(options, femur.frame, distal_cut);
  Landmarks &l = femur.landmarks;
  l.head_centre = femur.frame.head_centre();
  l.head_radius = options.head_radius;
  l.shaft_point = femur.frame.point_to_model(s.crossing);
  l.shaft_axis = femur.frame.direction_to_model(Vector3::UnitZ());
  l.neck_axis = femur.frame.direction_to_model(s.neck);
  l.side = side;
  l.head_from = l.shaft_from = l.neck_from = l.side_from = "built in";
  return femur;
}

} // namespace wolff::geometry
