#include "geometry/femur_layers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wolff::geometry {

void LayerOptions::declare(Options &options)
{
  options.add("Cartilage thickness [mm]", cartilage,
              "Articular cartilage outside the bone of the head; 0 for none.", between(0, 5),
              "1.5-2.0 mm mean [M]; no reference values exist for the hip (review 2017) [V]");
  options.add("Articular angle [deg]", articular_angle,
              "Half-angle of the cartilage-covered cap about the neck axis; 113.6 covers 70 % of the sphere.",
              between(30, 150), "coverage about 70 % [V]; angle from (1 - cos) / 2 = 0.7 [C]");
  options.add("Articular margin [mm]", margin,
              "Width of the margin over which cartilage tapers to nothing and the plate thickens to cortex.",
              between(0.5, 20), "[U]");
  options.add("Plate thickness [mm]", plate, "Subchondral bone plate below the cartilage.", between(0.05, 3),
              "0.2-0.5 mm [M]; 0.2 mm in a validated femur model (PMC5732520) [V]");
  options.add("Neck cortex [mm]", neck_cortex, "Cortical thickness of neck and trochanters.",
              between(0.05, 10), "[M]");
  options.add("Shaft cortex [mm]", shaft_cortex, "Cortical thickness of the shaft.", between(0.05, 15),
              "[M]");
  options.add("Cortex thickens from [mm]", cortex_from,
              "Depth below the head centre, along the shaft, where the cortex starts to thicken.",
              non_negative(), "[U]");
  options.add("Cortex thickens to [mm]", cortex_to,
              "Depth below the head centre where the cortex has the thickness of the shaft.", positive(),
              "[U]");
}

std::vector<Fault> check(const LayerOptions &o, const double head_radius)
{
  std::vector<Fault> faults;
  if (o.cortex_from < head_radius)
    faults.push_back(Fault(Exit::model, "femur-size", "Geometry/Femur/Cortex thickens from [mm]",
                           "the cortex thickens within the head")
                         .found(o.cortex_from)
                         .wanted("at least the head radius " + to_text(head_radius) + " mm"));
  if (o.cortex_to < o.cortex_from + 1)
    faults.push_back(
        Fault(Exit::model, "femur-size", "Geometry/Femur/Cortex thickens to [mm]",
              "the cortex has no length to thicken over")
            .found(o.cortex_to)
            .wanted("at least 1 mm more than \"Cortex thickens from [mm]\" = " + to_text(o.cortex_from)));
  return faults;
}

FemurLayers::FemurLayers(Femur femur, const LayerOptions &o) : femur_(std::move(femur)), options_(o)
{
  throw_if_any(check(o, femur_.landmarks.head_radius));
  articular_edge_ = femur_.landmarks.head_radius * std::cos(o.articular_angle * std::numbers::pi / 180);
  cartilage_slope_ = 1 + o.cartilage / o.margin;
  shell_slope_ = 1 + std::abs(o.neck_cortex - o.plate) / o.margin +
                 std::abs(o.shaft_cortex - o.neck_cortex) / (o.cortex_to - o.cortex_from);
}

LayerPoint FemurLayers::at(const Vector3 &point) const
{
  const Landmarks &l = femur_.landmarks;
  LayerPoint p;
  p.bone = femur_.bone->distance(point);
  p.articular = (point - l.head_centre).dot(l.neck_axis) - articular_edge_;
  const double z = (point - l.head_centre).dot(femur_.frame.axes().col(2));
  p.above_cut = z - femur_.distal_cut;
  const double ramp = std::clamp(p.articular / options_.margin, 0.0, 1.0);
  const double depth =
      std::clamp((-z - options_.cortex_from) / (options_.cortex_to - options_.cortex_from), 0.0, 1.0);
  p.cartilage = ramp * options_.cartilage;
  // The two ramps do not meet in bone (check() sees to it), so adding them is choosing between them.
  p.shell = options_.neck_cortex + depth * (options_.shaft_cortex - options_.neck_cortex) +
            ramp * (options_.plate - options_.neck_cortex);
  return p;
}

Phase FemurLayers::phase(const LayerPoint &p) const
{
  if (p.above_cut < 0 || p.bone > p.cartilage || (p.bone > 0 && p.articular <= 0)) return Phase::outside;
  if (p.bone > 0) return Phase::articular_cartilage;
  if (p.bone < -p.shell) return Phase::cancellous;
  return p.articular > 0 ? Phase::subchondral_plate : Phase::cortical;
}

namespace {

/// |value| less what it may be wrong by; the sign stays.
double bound(const double value, const double uncertainty)
{
  return std::copysign(std::max(std::abs(value) - uncertainty, 0.0), value);
}

} // namespace

double FemurLayers::body_clearance(const LayerPoint &p) const
{
  // Two bounds on either side of the surface; the better one counts. Neither is wrong: the cartilage only
  // adds to the bone, and its thickness has a bounded gradient.
  const double above = p.bone - p.cartilage;
  const double body = above > 0 ? std::max(above / cartilage_slope_, p.bone - options_.cartilage)
                                : std::min(above / cartilage_slope_, p.bone);
  return std::max(bound(body, femur_.bone->uncertainty()), -p.above_cut);
}

double FemurLayers::inner_clearance(const LayerPoint &p) const
{
  return bound((p.bone + p.shell) / shell_slope_, femur_.bone->uncertainty());
}

double FemurLayers::layer_clearance(const LayerPoint &p) const
{
  const double slack = femur_.bone->uncertainty();
  // Bone to cartilage, on the articular part only.
  const double to_cartilage = std::max(std::abs(bound(p.bone, slack)), -p.articular);
  // Plate to cortex: a strip of the plane through the articular edge, as deep as the shell.
  const double thickest = std::max(options_.neck_cortex, options_.shaft_cortex);
  const double depth = p.bone > 0 ? p.bone : std::max(0.0, -p.bone - thickest);
  const double to_edge = std::max(std::abs(p.articular), bound(depth, slack));
  return std::min({to_cartilage, to_edge, std::abs(inner_clearance(p))});
}

Box FemurLayers::bounding_box() const
{
  Box box = femur_.bone->bounding_box();
  const double radius = femur_.landmarks.head_radius + options_.cartilage;
  box.least = box.least.cwiseMin(femur_.landmarks.head_centre - Vector3::Constant(radius));
  box.greatest = box.greatest.cwiseMax(femur_.landmarks.head_centre + Vector3::Constant(radius));
  return box;
}

} // namespace wolff::geometry
