// Triply periodic minimal surfaces as level sets f(X, Y, Z) with X = 2 pi x / a, and what follows from one
// cell by sampling: offset for a wanted solid fraction, surface area, whether the solid hangs together.
#pragma once

#include "base/table.h"
#include "base/tensor.h"

#include <vector>

namespace wolff::geometry {

/// Value of a level set and its gradient with respect to (X, Y, Z).
struct LevelSet
{
  double value;
  Vector3 gradient;
};

/// Sine and cosine of a phase (X, Y, Z): all that the surfaces ask for. Who samples many phases has cheaper
/// ways to them than one call each.
struct PhaseAngles
{
  Vector3 sin, cos;

  explicit PhaseAngles(const Vector3 &phase) : sin(phase.array().sin()), cos(phase.array().cos()) {}
  PhaseAngles(const Vector3 &sine, const Vector3 &cosine) : sin(sine), cos(cosine) {}
};

/// One surface and the choice which of its sides is solid. Papers often leave the choice open: here it has a
/// name.
struct TpmsType
{
  enum class Solid
  {
    below,
    above,
    between
  }; ///< {f < t}, {f > t}: network; {|f| < t}: sheet

  LevelSet (*surface)(const PhaseAngles &angles);
  Solid solid;
};

/// The scaffold types by the name written in a case file.
const Table<TpmsType> &tpms_types();

/// Negative in the solid: f - t, t - f or |f| - t. The gradient has the length of the gradient of f.
LevelSet solid_level(const TpmsType &type, double offset, const PhaseAngles &angles);

/**
 * A type with its offset and growth: everything that does not depend on where the cell lies.
 *
 * As-built growth g [cells] moves the surface outward by g a: solid where level < g |grad level|, first order
 * in g, i.e. the level set over the length of its gradient is taken for the distance.
 */
struct TpmsCell
{
  TpmsType type;
  double offset = 0; ///< t
  double growth = 0; ///< as-built offset of the surface over the cell size [-]

  /// Phase in radians, one period is 2 pi.
  bool solid(const PhaseAngles &angles) const;
  bool solid(const Vector3 &phase) const { return solid(PhaseAngles(phase)); }
};

/**
 * Offset t at which the share of solid in the cell is @p solid_fraction, without growth: the quantile of the
 * values at
 * @p samples evenly spread points. Within 5e-4 in fraction.
 */
double offset_for_fraction(const TpmsType &type, double solid_fraction, std::size_t samples = 800000);

/// What a cell of size one looks like.
struct CellMeasures
{
  double solid_fraction = 0; ///< with growth
  double area = 0; ///< of the boundary of the solid over the square of the cell size, about 1 % accurate
  bool solid_connected = false; ///< solid runs through the cell in x, y and z
  bool pore_connected = false;
  double solid_islands = 0; ///< share of the solid that is not part of what runs through
  double pore_islands = 0;
};

/// Volume and area from @p samples evenly spread points; connections through faces of @p voxels^3 voxels,
/// across the sides of the periodic cell.
CellMeasures measure_cell(const TpmsCell &cell, int voxels = 64, std::size_t samples = 400000);

} // namespace wolff::geometry
