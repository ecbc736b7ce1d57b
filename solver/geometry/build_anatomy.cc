#include "geometry/build_anatomy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wolff::geometry {

namespace {

class ModelAnatomy : public Anatomy
{
public:
  ModelAnatomy(FemurLayers layers, Lesion lesion, std::vector<Track> tracks, std::vector<Scaffold> scaffolds,
               const bool is_homogenised)
      : layers_(std::move(layers)), lesion_(std::move(lesion)), tracks_(std::move(tracks)),
        scaffolds_(std::move(scaffolds)), is_homogenised_(is_homogenised)
  {
  }

  Phase phase(const Vector3 &point) const override
  {
    const LayerPoint layer = layers_.at(point);
    const Phase healthy = layers_.phase(layer);
    if (healthy == Phase::outside || healthy == Phase::articular_cartilage ||
        healthy == Phase::subchondral_plate)
      return healthy;
    for (const Scaffold &scaffold : scaffolds_)
      if (scaffold.clearance(point) < 0)
        return !is_homogenised_ && scaffold.solid(point) ? Phase::scaffold : Phase::scaffold_pore;
    for (const Track &track : tracks_)
      if (track.hole.distance(point) < 0) return Phase::track;
    return healthy == Phase::cancellous && lesion_.contains(point) ? Phase::lesion : healthy;
  }

  Clearances clearances(const Vector3 &point) const override
  {
    constexpr double nowhere = std::numeric_limits<double>::infinity();
    const LayerPoint layer = layers_.at(point);
    Clearances c{layers_.body_clearance(layer), layers_.layer_clearance(layer), nowhere, nowhere, nowhere};
    if (lesion_.exists()) c.lesion = std::max(lesion_.clearance(point), layers_.inner_clearance(layer));
    for (const Track &track : tracks_) c.track = std::min(c.track, track.hole.distance(point));
    for (const Scaffold &scaffold : scaffolds_) c.scaffold = std::min(c.scaffold, scaffold.clearance(point));
    return c;
  }

  Box bounding_box() const override { return layers_.bounding_box(); }
  Vector3 head_centre() const override { return layers_.femur().landmarks.head_centre; }
  double head_radius() const override
  {
    return layers_.femur().landmarks.head_radius + layers_.options().cartilage;
  }
  Eigen::Matrix3d femur_axes() const override { return layers_.femur().frame.axes(); }
  double distal_cut() const override { return layers_.femur().distal_cut; }

private:
  FemurLayers layers_;
  Lesion lesion_;
  std::vector<Track> tracks_;
  std::vector<Scaffold> scaffolds_; ///< one in the first track, or none
  bool is_homogenised_;             ///< then all within the envelope is scaffold_pore
};

std::vector<std::string> landmark_lines(const GeometryReport &r)
{
  const Landmarks &l = r.landmarks;
  return {fmt::format("head centre {} mm, bony radius {:.2f} mm: {}", text_of(l.head_centre), l.head_radius,
                      l.head_from),
          fmt::format("shaft axis {} through {} mm: {}", text_of(l.shaft_axis, 4), text_of(l.shaft_point),
                      l.shaft_from),
          fmt::format("neck axis {}, neck-shaft angle {:.1f} deg, head offset {:.1f} mm: {}",
                      text_of(l.neck_axis, 4), l.neck_shaft_angle(), l.offset(), l.neck_from),
          fmt::format("side {}: {}", name_of(l.side), l.side_from), r.frame.text()};
}

std::string lesion_line(const LesionMeasures &m)
{
  if (m.jic_type == "none") return "lesion: none";
  return fmt::format(
      "lesion: Kerboull sum {:.1f} deg (mid-coronal {:.1f} + mid-sagittal {:.1f}, planes of the femur frame "
      "through the head centre; {:.0f} deg if it were centred on them), grade {}; JIC type {}; {:.1f} % of "
      "the head",
      m.kerboull_sum, m.coronal_arc, m.sagittal_arc, m.centred_sum, m.kerboull_grade, m.jic_type,
      100 * m.share_of_head);
}

std::string track_line(const std::vector<Track> &tracks, const std::size_t k, const FemurFrame &frame)
{
  const Track &t = tracks[k];
  const std::string name = tracks.size() == 1 ? "track" : fmt::format("track {} of {}", k + 1, tracks.size());
  return fmt::format("{}: diameter {:g} mm, length {:.1f} mm, entry {} mm, tip {} mm in the femur frame, "
                     "direction {}; least "
                     "bone beside it {:.1f} mm",
                     name, 2 * t.radius, t.length, text_of(frame.point_to_femur(t.entry)),
                     text_of(frame.point_to_femur(t.tip)), text_of(frame.direction_to_femur(t.axis), 4),
                     t.least_wall);
}

std::string scaffold_line(const ScaffoldOptions &o, const ScaffoldMeasures &m)
{
  if (o.type == "foam")
    return fmt::format("scaffold: foam, solid fraction {:g}, homogenised", o.solid_fraction);
  return fmt::format("scaffold: {}, cell {:g} mm, offset t = {:.4f}, solid fraction {:g} designed, {:.3f} as "
                     "built; pore size {:.3f} "
                     "mm, {} {:.3f} mm (hydraulic), specific surface {:.2f} 1/mm{}",
                     o.type, o.cell_size, m.offset, o.solid_fraction, m.solid_fraction, m.pore_size,
                     m.wall_thickness > 0 ? "wall thickness" : "strut size",
                     m.wall_thickness > 0 ? m.wall_thickness : m.strut_size, m.specific_area,
                     o.is_homogenised() ? ", homogenised" : "");
}

std::vector<std::string> scaffold_warnings(const GeometryReport &r)
{
  std::vector<std::string> w;
  if (!r.scaffold) return w;
  if (!r.scaffold->cell.pore_connected)
    w.push_back("the pores of the scaffold are closed: nothing can grow through");
  if (r.scaffold->cell.solid_islands > 0)
    w.push_back(fmt::format("{:.1f} % of the scaffold's solid lies in loose islands",
                            100 * r.scaffold->cell.solid_islands));
  const double thickness = std::max(r.scaffold->wall_thickness, r.scaffold->strut_size);
  if (thickness > 0 && thickness < 0.2)
    w.push_back(fmt::format(
        "walls or struts of {:.3f} mm are near the limit of powder-bed printing, 0.15 to 0.2 mm [M]",
        thickness));
  return w;
}

std::vector<std::string> warnings(const GeometryReport &r, const Lesion &lesion)
{
  std::vector<std::string> w;
  for (std::size_t k = 0; k < r.tracks.size(); ++k) {
    const Track &track = r.tracks[k];
    const std::string name = r.tracks.size() == 1 ? "the track" : fmt::format("track {}", k + 1);
    if (track.least_wall < 0)
      w.push_back(
          fmt::format("{} breaks through the bone by {:.1f} mm beside its axis", name, -track.least_wall));
    if (lesion.exists() && !lesion.contains(track.tip))
      w.push_back(fmt::format("the tip of {} lies outside the lesion", name));
  }
  const std::vector<std::string> of_scaffold = scaffold_warnings(r);
  w.insert(w.end(), of_scaffold.begin(), of_scaffold.end());
  return w;
}

} // namespace

std::unique_ptr<Anatomy> build_anatomy(const GeometryOptions &o, const std::string &case_folder,
                                       GeometryReport *report)
{
  throw_if_any(check(o));
  if (o.body == "long bone") {
    LongBone bone = build_long_bone(o.long_bone, o.scaffold);
    if (report) {
      *report = GeometryReport{};
      report->scaffold = bone.scaffold;
      report->scaffold_tip = {0, 0, o.scaffold.length / 2}; // along the shaft, in the middle of the gap
      report->lines = std::move(bone.lines);
      report->lines.push_back(bone.scaffold ? scaffold_line(o.scaffold, *bone.scaffold) : "scaffold: none");
      report->warnings = scaffold_warnings(*report);
    }
    return std::move(bone.anatomy);
  }
  const double cut = -o.femur.distal_cut;
  Femur femur =
      o.femur.source == "surface"
          ? surface_femur(o.femur.surface, o.femur.side, cut, o.femur.layers.cartilage, case_folder)
          : built_in_femur(o.femur.built_in, o.femur.side == "right" ? Side::right : Side::left, cut);
  FemurLayers layers(std::move(femur), o.femur.layers);
  Lesion lesion(o.lesion, layers.femur());
  std::vector<Track> tracks = drill_tracks(o.track, layers, lesion);
  std::vector<Scaffold> scaffolds;
  if (o.scaffold.type != "none")
    scaffolds.emplace_back(o.scaffold, tracks.front(), layers.femur().frame); // check() wants a track

  if (report) {
    GeometryReport &r = *report;
    r = GeometryReport{};
    r.landmarks = layers.femur().landmarks;
    r.frame = layers.femur().frame;
    r.lesion = lesion.measures();
    r.tracks = tracks;
    if (!scaffolds.empty()) {
      r.scaffold = scaffolds.front().measures();
      r.scaffold_tip = tracks.front().tip;
      r.scaffold_axis = tracks.front().axis;
    }
    r.lines = landmark_lines(r);
    r.lines.push_back(lesion_line(r.lesion));
    for (std::size_t k = 0; k < tracks.size(); ++k) r.lines.push_back(track_line(tracks, k, r.frame));
    r.lines.push_back(r.scaffold ? scaffold_line(o.scaffold, *r.scaffold) : "scaffold: none");
    if (r.scaffold && tracks.size() > 1) r.lines.back() += "; in the first track, the others stay empty";
    r.warnings = warnings(r, lesion);
  }
  return std::make_unique<ModelAnatomy>(std::move(layers), std::move(lesion), std::move(tracks),
                                        std::move(scaffolds), o.scaffold.is_homogenised());
}

} // namespace wolff::geometry
