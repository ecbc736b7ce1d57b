#include "geometry/long_bone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace wolff::geometry {

void LongBoneOptions::declare(Options &options)
{
  const std::string sheep = "sheep tibia: program of Perier-Metz et al. 2020 [V]";
  options.add("Bone radius [mm]", bone_radius, "Long bone: outer radius of the shaft.", between(0.5, 50),
              sheep);
  options.add("Canal radius [mm]", canal_radius, "Long bone: radius of the marrow canal; 0: none.",
              between(0, 50), sheep);
  options.add("Gap [mm]", gap, "Long bone: length of the defect.", between(0.1, 200), sheep);
  options.add("Stump length [mm]", stump,
              "Long bone: length of the bone that is kept on each side of the gap.", between(0.1, 200),
              "[U]; ends far enough that how they are held does not matter");
  options.add("Inner radius [mm]", inner_radius,
              "Long bone: marrow fills the gap within this radius; 0: tissue heals everywhere in it.",
              between(0, 50), "5 where a scaffold is a ring: program of Perier-Metz et al. 2020 [V]");
  options.add("Callus radius [mm]", callus_radius, "Long bone: outer radius of the tissue that heals.",
              between(0.5, 60), sheep);
  options.add("Periosteum length [mm]", periosteum,
              "Long bone: length of the tissue that heals beside the bone, beyond each end of the gap.",
              between(0, 200), sheep);
}

std::vector<Fault> check(const LongBoneOptions &o, const ScaffoldOptions &scaffold)
{
  std::vector<Fault> faults;
  const auto refuse = [&](const std::string &option, const std::string &what, const double found,
                          const std::string &wanted) {
    faults.push_back(Fault(Exit::model, "long-bone-size", "Geometry/Long bone/" + option, what)
                         .found(to_text(found) + " mm")
                         .wanted(wanted));
  };
  if (o.canal_radius >= o.bone_radius)
    refuse("Canal radius [mm]", "the canal is as wide as the bone", o.canal_radius,
           "less than the bone radius, " + to_text(o.bone_radius) + " mm");
  if (o.callus_radius < o.bone_radius)
    refuse("Callus radius [mm]", "the callus is thinner than the bone", o.callus_radius,
           "at least the bone radius, " + to_text(o.bone_radius) + " mm");
  if (o.inner_radius >= o.callus_radius)
    refuse("Inner radius [mm]", "no tissue heals in the gap", o.inner_radius,
           "less than the callus radius, " + to_text(o.callus_radius) + " mm");
  if (o.periosteum >= o.stump)
    refuse("Periosteum length [mm]",
           "the periosteum reaches the end of the bone, where it is held and loaded", o.periosteum,
           "less than the stump length, " + to_text(o.stump) + " mm");
  TrackOptions hole;
  hole.diameter = 2 * o.callus_radius;
  for (const Fault &fault : check(scaffold, hole)) faults.push_back(fault);
  return faults;
}

namespace {

/// Distance to the lateral surface of radius @p radius that stands where @p beyond >= 0, a distance along the
/// axis.
double mantle(const double r, const double radius, const double beyond)
{
  return std::hypot(r - radius, std::min(beyond, 0.0));
}

class LongBoneAnatomy : public Anatomy
{
public:
  LongBoneAnatomy(const LongBoneOptions &o, std::optional<Scaffold> scaffold, const bool is_homogenised)
      : o_(o), half_(o.gap / 2 + o.stump), scaffold_(std::move(scaffold)),
        is_homogenised_(is_homogenised), bone_{{0, 0, -half_}, Vector3::UnitZ(), 2 * half_, o.bone_radius},
        callus_{
            {0, 0, -o.gap / 2 - o.periosteum}, Vector3::UnitZ(), o.gap + 2 * o.periosteum, o.callus_radius}
  {
  }

  Phase phase(const Vector3 &x) const override
  {
    if (body(x) > 0) return Phase::outside;
    if (scaffold_ && scaffold_->clearance(x) < 0)
      return !is_homogenised_ && scaffold_->solid(x) ? Phase::scaffold : Phase::scaffold_pore;
    const double r = std::hypot(x[0], x[1]);
    if (std::abs(x[2]) < o_.gap / 2) return r < o_.inner_radius ? Phase::marrow : Phase::track;
    if (r < o_.canal_radius) return Phase::marrow;
    return r < o_.bone_radius ? Phase::cortical : Phase::track;
  }

  Clearances clearances(const Vector3 &x) const override
  {
    constexpr double nowhere = std::numeric_limits<double>::infinity();
    const double r = std::hypot(x[0], x[1]), beyond = std::abs(x[2]) - o_.gap / 2;
    double layers = std::min(std::abs(beyond), mantle(r, o_.bone_radius, beyond));
    if (o_.canal_radius > 0) layers = std::min(layers, mantle(r, o_.canal_radius, beyond));
    if (o_.inner_radius > 0) layers = std::min(layers, mantle(r, o_.inner_radius, -beyond));
    return {body(x), layers, nowhere, nowhere, scaffold_ ? scaffold_->clearance(x) : nowhere};
  }

  Box bounding_box() const override
  {
    const double r = std::max(o_.bone_radius, o_.callus_radius);
    return {{-r, -r, -half_}, {r, r, half_}};
  }
  Vector3 head_centre() const override { return {0, 0, half_}; }
  double head_radius() const override { return 0; }
  Eigen::Matrix3d femur_axes() const override { return Eigen::Matrix3d::Identity(); }
  double distal_cut() const override { return -2 * half_; }

  double marrow_depth(const Vector3 &x) const override
  {
    const double beyond = std::abs(x[2]) - o_.gap / 2;
    return beyond >= 0 ? beyond : std::max(o_.inner_radius - std::hypot(x[0], x[1]), 0.0);
  }
  double above_periosteum(const Vector3 &x) const override
  {
    const double beyond = std::abs(x[2]) - o_.gap / 2;
    return beyond >= 0 && beyond < o_.periosteum ? std::hypot(x[0], x[1]) - o_.bone_radius
                                                 : Anatomy::above_periosteum(x);
  }
  double periosteum_area() const override { return 4 * std::numbers::pi * o_.bone_radius * o_.periosteum; }

private:
  double body(const Vector3 &x) const { return std::min(bone_.distance(x), callus_.distance(x)); }

  LongBoneOptions o_;
  double half_; ///< of the whole length [mm]
  std::optional<Scaffold> scaffold_;
  bool is_homogenised_; ///< then all within its envelope is scaffold_pore
  Cylinder bone_, callus_;
};

} // namespace

LongBone build_long_bone(const LongBoneOptions &o, const ScaffoldOptions &scaffold)
{
  throw_if_any(check(o, scaffold));
  LongBone built;
  std::optional<Scaffold> lattice;
  if (scaffold.type != "none") {
    Track gap; // a scaffold lies at the tip of a track
    gap.tip = {0, 0, scaffold.length / 2};
    gap.axis = Vector3::UnitZ();
    gap.radius = o.callus_radius;
    gap.length = o.gap;
    lattice.emplace(scaffold, gap, FemurFrame());
    built.scaffold = lattice->measures();
  }
  built.lines.push_back(
      fmt::format("long bone: radius {:g} mm, canal {:g} mm, gap of {:g} mm between stumps of {:g} "
                  "mm; tissue heals up to {:g} mm from the axis and {:g} mm along the periosteum",
                  o.bone_radius, o.canal_radius, o.gap, o.stump, o.callus_radius, o.periosteum));
  built.anatomy = std::make_unique<LongBoneAnatomy>(o, std::move(lattice), scaffold.is_homogenised());
  return built;
}

} // namespace wolff::geometry
