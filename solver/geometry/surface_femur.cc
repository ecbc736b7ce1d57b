#include "geometry/surface_femur.h"

#include "geometry/landmarks.h"
#include "geometry/surface_distance.h"
#include "geometry/surface_file.h"

#include <filesystem>

namespace wolff::geometry {

void SurfaceFemurOptions::declare(Options &options)
{
  options.add(
      "Surface file", file,
      "Surface: outer surface of the bone, STL, PLY or VTP in mm, closed; relative to the case file.");
  options.add("Head centre [mm]", head_centre, "Surface: head centre in the frame of the file; empty: found.",
              0);
  options.add("Shaft axis [-]", shaft_axis,
              "Surface: proximal direction of the shaft in the frame of the file; empty: found.", 0);
  options.add("Anterior direction [-]", anterior,
              "Surface: anterior direction in the frame of the file; the default is LPS. RAS has 0, 1, 0.",
              3);
  options.add("Bad edge file", bad_edge_file,
              "Surface: VTK file (.vtp) to write the edges to that are open or branch; empty: none.");
  options.add("Distance grid [mm]", grid, "Surface: spacing of the grid of precomputed distances.",
              between(0.1, 3), "0.003 mm error on a head at 0.5 mm [C]");
}

std::vector<Fault> check(const SurfaceFemurOptions &o)
{
  std::vector<Fault> faults;
  if (o.file.empty())
    faults.push_back(Fault(Exit::input, "file-missing", "Geometry/Femur/Surface file", "no file is named")
                         .wanted("an STL, PLY or VTP file"));
  const auto refuse_unless_vector = [&](const std::vector<double> &v, const std::string &option,
                                        const bool may_be_empty, const bool may_be_zero) {
    if (v.empty() && may_be_empty) return;
    if (v.size() == 3 && (may_be_zero || Vector3(v[0], v[1], v[2]).norm() > 0)) return;
    faults.push_back(Fault(Exit::model, "femur-frame", "Geometry/Femur/" + option, "not a vector")
                         .found(std::to_string(v.size()) + " numbers" + (v.size() == 3 ? ", all zero" : ""))
                         .wanted(std::string("three numbers") + (may_be_empty ? ", or nothing" : "")));
  };
  refuse_unless_vector(o.head_centre, "Head centre [mm]", true, true);
  refuse_unless_vector(o.shaft_axis, "Shaft axis [-]", true, false);
  refuse_unless_vector(o.anterior, "Anterior direction [-]", false, false);
  return faults;
}

namespace {

class SurfaceFemur : public BoneShape
{
public:
  SurfaceFemur(SurfaceDistance distance, Box box) : distance_(std::move(distance)), box_(std::move(box)) {}
  double distance(const Vector3 &point) const override { return distance_(point); }
  double uncertainty() const override { return distance_.uncertainty(); }
  Box bounding_box() const override { return box_; }

private:
  SurfaceDistance distance_;
  Box box_;
};

/// Box of the part of the surface above the cut.
Box box_above_cut(const TriangleSurface &surface, const FemurFrame &frame, const double distal_cut)
{
  Box box{surface.box().greatest, surface.box().least};
  const auto add = [&box](const Vector3 &p) {
    box.least = box.least.cwiseMin(p);
    box.greatest = box.greatest.cwiseMax(p);
  };
  for (std::size_t t = 0; t < surface.triangles.size(); ++t)
    for (std::size_t i = 0; i < 3; ++i) {
      const Vector3 p = surface.corner(t, i), q = surface.corner(t, (i + 1) % 3);
      const double above_p = frame.point_to_femur(p).z() - distal_cut;
      const double above_q = frame.point_to_femur(q).z() - distal_cut;
      if (above_p >= 0) add(p);
      if ((above_p < 0) != (above_q < 0)) add(p + above_p / (above_p - above_q) * (q - p));
    }
  return box;
}

Vector3 vector_of(const std::vector<double> &numbers)
{
  return {numbers[0], numbers[1], numbers[2]};
}

} // namespace

Femur surface_femur(const SurfaceFemurOptions &o, const std::string &side, const double distal_cut,
                    const double margin, const std::string &case_folder)
{
  throw_if_any(check(o));
  const auto in_case_folder = [&case_folder](const std::string &path) {
    return path.empty() ? path : (std::filesystem::path(case_folder) / path).string();
  };
  const std::string file = in_case_folder(o.file);
  const TriangleSurface surface = read_surface(file);
  throw_if_any(surface_faults(surface, file, in_case_folder(o.bad_edge_file)));

  KnownLandmarks known;
  if (!o.head_centre.empty()) known.head_centre = vector_of(o.head_centre);
  if (!o.shaft_axis.empty()) known.shaft_axis = vector_of(o.shaft_axis);
  if (side != "found") known.side = side == "left" ? Side::left : Side::right;
  known.anterior = vector_of(o.anterior);
  Femur femur{nullptr, FemurFrame(), find_landmarks(surface, known, file), distal_cut};
  const Landmarks &l = femur.landmarks;
  femur.frame = FemurFrame(l.head_centre, l.shaft_axis, known.anterior, l.side);

  double lowest = 0;
  for (const Vector3 &p : surface.points) lowest = std::min(lowest, femur.frame.point_to_femur(p).z());
  // 8 mm: the thickest cortex, so that its inner surface does not close over the cut.
  if (distal_cut < lowest + 8)
    throw Fault(Exit::model, "distal-cut", file, "the surface ends too near the distal cut")
        .found("a surface down to " + to_text(-lowest) + " mm below the head centre")
        .wanted("\"Geometry/Femur/Distal cut [mm]\" of at most " + to_text(-lowest - 8) + " mm");
  const Box box = box_above_cut(surface, femur.frame, distal_cut);
  femur.bone =
      std::make_shared<SurfaceFemur>(SurfaceDistance(surface, box, file, o.grid, margin + 2 * o.grid), box);
  return femur;
}

} // namespace wolff::geometry
