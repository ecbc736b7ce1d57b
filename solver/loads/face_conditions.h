// What holds or loads a box: one condition for each of its six sides and one for the rest of the surface.
// Which nodes that concerns is found in mechanics/face_conditions.h.
#pragma once

#include "base/options.h"
#include "base/table.h"
#include "discretisation/expression.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace wolff::loads {

/// "x-", "x+", "y-", "y+", "z-", "z+" in the order of outward directions (0 -x, 1 +x, ...), and "surface":
/// all faces of voxels beside void that lie on none of the six sides.
constexpr std::size_t n_faces = 7;
constexpr std::size_t staircase = 6; ///< the place of "surface"
const std::array<std::string, n_faces> &face_names();

/// What a condition does, and which expressions it takes.
struct FaceLaw
{
  bool holds = false;        ///< displacements are prescribed
  bool normal_only = false;  ///< only the component along the side's normal
  bool displacement = false; ///< takes Displacement [mm]
  bool traction = false;     ///< takes Traction [MPa] or Stress [MPa]
};
const Table<FaceLaw> &face_laws();

/// `subsection x-` and so on: the condition and its expressions, as texts.
struct FaceOptions
{
  std::string condition = "free";
  std::string displacement = "", traction = "", stress = ""; ///< expressions; empty: none

  void declare(Options &options);
};

struct FacesOptions
{
  std::array<FaceOptions, n_faces> faces;

  void declare(Options &options);
};

/// A condition ready to be evaluated.
struct FaceCondition
{
  std::string name;            ///< of the condition
  std::array<bool, 3> holds{}; ///< components of the displacement that are prescribed
  std::optional<discretisation::VectorExpression> displacement; ///< [mm]; empty: zero
  std::optional<discretisation::VectorExpression> traction;     ///< [MPa]
  std::optional<discretisation::TensorExpression> stress;       ///< [MPa]: the traction is stress . normal

  bool is_free() const { return name == "free"; }
  bool is_loaded() const { return traction || stress; }
  bool is_held() const { return holds[0] || holds[1] || holds[2]; }

  Vector3 displacement_at(const Vector3 &x) const;
  Vector3 traction_at(const Vector3 &x, const Vector3 &outward_normal) const;
};
using FaceConditions = std::array<FaceCondition, n_faces>;

/**
 * Read the expressions of all faces. What is wrong is added to @p faults: a condition without its expression
 * or with one that it does not take, a malformed expression (exit 2), a side that is periodic without the
 * opposite one (exit 3).
 */
FaceConditions face_conditions(const FacesOptions &options, const discretisation::Symbols &symbols,
                               std::vector<Fault> &faults);

} // namespace wolff::loads
