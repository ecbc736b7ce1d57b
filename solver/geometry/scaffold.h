// The scaffold in the first track: a TPMS lattice within a cylinder coaxial with it, from the tip backwards.
// The lattice is never mirrored: a rod has the same handedness in a left and in a right femur. A homogenised
// scaffold fills the cylinder evenly; a foam is known by its solid fraction alone, so it is always
// homogenised.
#pragma once

#include "geometry/tpms.h"
#include "geometry/track.h"

#include <optional>

namespace wolff::geometry {

struct ScaffoldOptions
{
  std::string type = "gyroid network"; ///< a name of tpms_types(), foam or none
  std::string model = "resolved";      ///< resolved | homogenised
  double cell_size = 2.5;              ///< a [mm]
  double solid_fraction = 0.3;         ///< as designed [-]
  double as_built = 0;                 ///< outward offset of the surface by the manufacture [mm]
  double diameter = 10;                ///< of the envelope [mm]
  double length = 40;                  ///< of the envelope, from the tip of the track backwards [mm]
  std::vector<double> phase{0, 0, 0};  ///< shift of the lattice: across, across, along the track [cells]
  double rotation = 0;                 ///< of the lattice about the track axis [deg]

  bool is_homogenised() const { return model == "homogenised" && type != "none"; }
  void declare(Options &options);
};

/// Problems of the scaffold itself and with the track it lies in (its diameter; the length is known later).
std::vector<Fault> check(const ScaffoldOptions &options, const TrackOptions &track);

/// What the design means in lengths. Pore and strut sizes are hydraulic diameters 4 V / A of pore and solid.
/// Of a foam only the solid fraction is known.
struct ScaffoldMeasures
{
  double offset = 0;         ///< t of the level set [-]
  double solid_fraction = 0; ///< as built
  double pore_size = 0;      ///< 4 (pore volume) / area [mm]
  double strut_size = 0;     ///< networks: 4 (solid volume) / area [mm]; 0 for sheets
  double wall_thickness = 0; ///< sheets: 2 (solid volume) / area [mm]; 0 for networks
  double specific_area = 0;  ///< area over bulk volume [1/mm]
  CellMeasures cell;
};

class Scaffold
{
public:
  Scaffold(const ScaffoldOptions &options, const Track &track, const FemurFrame &frame);

  /// Signed distance to the envelope [mm].
  double clearance(const Vector3 &point) const { return envelope_.distance(point); }
  /// Of a resolved scaffold.
  bool solid(const Vector3 &point) const;
  const ScaffoldMeasures &measures() const { return measures_; }

private:
  Cylinder envelope_;
  TpmsCell cell_;
  Vector3 origin_;
  Eigen::Matrix3d to_phase_; ///< rows: lattice axes times 2 pi / cell size
  Vector3 shift_;            ///< [rad]
  ScaffoldMeasures measures_;
};

/// How much surface the lattice has at lower solid fractions.
struct ErosionSamples
{
  std::vector<double> solid_fraction; ///< ascending, up to that as built [-]
  std::vector<double> specific_area;  ///< [1/mm]
  double pinch_off = 0;               ///< solid fraction at which the solid falls into pieces [-]; 0: a sheet
};

/// Of a TPMS lattice: the level set at offsets of lower fractions. Takes about a second.
ErosionSamples sample_erosion(const ScaffoldOptions &options);

/// Offset and sizes of the design, independent of where it lies.
ScaffoldMeasures measure_scaffold(const ScaffoldOptions &options);

} // namespace wolff::geometry
