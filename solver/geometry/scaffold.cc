#include "geometry/scaffold.h"

#include <Eigen/Geometry>

#include <cmath>
#include <numbers>

namespace wolff::geometry {

void ScaffoldOptions::declare(Options &options)
{
  std::vector<std::string> names = tpms_types().names();
  names.push_back("foam");
  names.push_back("none");
  options.add_choice(
      "Type", type, names,
      "Lattice of the scaffold: surface, network or sheet, and for surfaces with two different sides "
      "whether the solid is below (f < t) or above (f > t). A foam is known by its solid fraction alone.");
  options.add_choice(
      "Model", model, {"resolved", "homogenised"},
      "Struts and walls in the voxels; or every voxel within the envelope with the same share of "
      "solid and the apparent stiffness of the lattice.");
  options.add("Cell size [mm]", cell_size, "Edge of the cubic unit cell.", between(0.2, 20),
              "design choice [U]");
  options.add("Solid fraction [-]", solid_fraction, "Share of solid in the cell as designed, 1 - porosity.",
              between(0.02, 0.95), "design choice [U]");
  options.add("As-built offset [mm]", as_built,
              "Outward shift of all lattice surfaces by the manufacture; changes the solid fraction.",
              between(-0.5, 0.5),
              "struts thicker than designed by 0.013-0.199 mm (gyroid), 0.008-0.105 mm (diamond) [V]");
  options.add("Diameter [mm]", diameter,
              "Diameter of the cylinder the lattice is cut to, at most that of the track.", between(1, 20),
              "tantalum rod 10 mm [M]");
  options.add("Length [mm]", length, "Length of that cylinder from the tip of the track backwards.",
              between(1, 200), "tantalum rods are 70-130 mm [M]; 40 mm covers head and neck [U]");
  options.add("Phase [-]", phase, "Shift of the lattice in cells: across, across, along the track.", 3);
  options.add("Rotation [deg]", rotation,
              "Rotation of the lattice about the track axis; 0 puts a lattice axis anterior.");
}

ScaffoldMeasures measure_scaffold(const ScaffoldOptions &o)
{
  ScaffoldMeasures m;
  if (o.type == "foam") {
    m.solid_fraction = o.solid_fraction;
    m.cell.solid_fraction = o.solid_fraction;
    m.cell.solid_connected = m.cell.pore_connected = true;
    return m;
  }
  const TpmsType type = tpms_types().at(o.type).law;
  m.offset = offset_for_fraction(type, o.solid_fraction);
  m.cell = measure_cell({type, m.offset, o.as_built / o.cell_size});
  m.solid_fraction = m.cell.solid_fraction;
  m.specific_area = m.cell.area / o.cell_size;
  m.pore_size = 4 * (1 - m.solid_fraction) / m.specific_area;
  if (type.solid == TpmsType::Solid::between)
    m.wall_thickness = 2 * m.solid_fraction / m.specific_area;
  else
    m.strut_size = 4 * m.solid_fraction / m.specific_area;
  return m;
}

ErosionSamples sample_erosion(const ScaffoldOptions &o)
{
  constexpr int n = 12;
  const TpmsType type = tpms_types().at(o.type).law;
  const double built = measure_scaffold(o).solid_fraction;
  ErosionSamples samples;
  for (int i = 1; i <= n; ++i) {
    samples.solid_fraction.push_back(built * i / n);
    // Two voxels: only the area is asked for.
    samples.specific_area.push_back(
        measure_cell({type, offset_for_fraction(type, built * i / n, 200000), 0}, 2).area / o.cell_size);
  }
  if (type.solid == TpmsType::Solid::between) return samples;
  double apart = 0, whole = built;
  while (whole - apart > 0.002) {
    const double middle = (apart + whole) / 2;
    const bool connected =
        measure_cell({type, offset_for_fraction(type, middle, 200000), 0}, 64, 1).solid_connected;
    (connected ? whole : apart) = middle;
  }
  samples.pinch_off = whole;
  return samples;
}

std::vector<Fault> check(const ScaffoldOptions &o, const TrackOptions &track)
{
  std::vector<Fault> faults;
  if (o.type == "none") return faults;
  const auto refuse = [&](const std::string &name, const std::string &option, const std::string &what,
                          const std::string &found, const std::string &wanted) -> Fault & {
    faults.push_back(
        Fault(Exit::model, name, "Geometry/Scaffold/" + option, what).found(found).wanted(wanted));
    return faults.back();
  };
  if (track.aim == "none")
    refuse("scaffold-geometry", "Type", "a scaffold needs a track to lie in", o.type, "\"none\", or a track");
  else if (o.diameter > track.diameter)
    refuse("scaffold-geometry", "Diameter [mm]", "the scaffold is thicker than its track",
           to_text(o.diameter) + " mm", "at most the track's diameter, " + to_text(track.diameter) + " mm");
  if (o.phase.size() != 3)
    refuse("scaffold-geometry", "Phase [-]", "not three numbers", std::to_string(o.phase.size()),
           "three shifts in cells");
  if (!(o.cell_size > 0) || !(o.solid_fraction > 0 && o.solid_fraction < 1)) {
    refuse("scaffold-geometry", "Solid fraction [-]", "no lattice",
           to_text(o.solid_fraction) + " at a cell size of " + to_text(o.cell_size) + " mm",
           "a solid fraction in (0, 1) and a cell size above 0");
    return faults;
  }
  if (o.type == "foam" && o.model == "resolved")
    refuse("scaffold-geometry", "Model", "a foam has no struts that are known", o.model, "homogenised");
  if (o.type == "foam" && o.as_built != 0)
    refuse("scaffold-geometry", "As-built offset [mm]", "a foam has no surface that is known",
           to_text(o.as_built), "0, and the solid fraction as built");
  const ScaffoldMeasures m = measure_scaffold(o);
  if (!m.cell.solid_connected)
    refuse("scaffold-disconnected", "Solid fraction [-]",
           "the solid of \"" + o.type + "\" does not hang together",
           to_text(m.solid_fraction) + " (as built)", "a larger solid fraction")
        .hint("A primitive network needs about 0.21, a diamond network 0.08, a gyroid network 0.03.");
  return faults;
}

Scaffold::Scaffold(const ScaffoldOptions &o, const Track &track, const FemurFrame &frame)
    : origin_(track.tip), shift_(2 * std::numbers::pi * Vector3(o.phase[0], o.phase[1], o.phase[2])),
      measures_(measure_scaffold(o))
{
  if (o.length > track.length)
    throw Fault(Exit::model, "scaffold-geometry", "Geometry/Scaffold/Length [mm]",
                "the scaffold is longer than its track")
        .found(o.length)
        .wanted("at most the length of the track, " + to_text(track.length) + " mm");
  envelope_ = {track.tip, -track.axis, o.length, o.diameter / 2};
  if (o.type != "foam") cell_ = {tpms_types().at(o.type).law, measures_.offset, o.as_built / o.cell_size};

  // Lattice axes: one anterior as far as it can be, one along the track, the third to make them right-handed
  // in the model frame for either side.
  const Vector3 along = track.axis;
  // A track that runs anterior leaves no anterior direction across it: proximal takes its place.
  const Vector3 across =
      std::abs(frame.axes().col(1).dot(along)) < 0.99 ? frame.axes().col(1) : frame.axes().col(2);
  const Vector3 first = (across - across.dot(along) * along).normalized();
  const Vector3 second = along.cross(first);
  const double angle = o.rotation * std::numbers::pi / 180;
  to_phase_.row(0) = std::cos(angle) * first + std::sin(angle) * second;
  to_phase_.row(1) = -std::sin(angle) * first + std::cos(angle) * second;
  to_phase_.row(2) = along;
  to_phase_ *= 2 * std::numbers::pi / o.cell_size;
}

bool Scaffold::solid(const Vector3 &point) const
{
  return cell_.solid(to_phase_ * (point - origin_) - shift_);
}

} // namespace wolff::geometry
