// The boundary-value problem of a box or an image of voxels: material, loads and supports as expressions of
// the place, and the exact solution where one is known. `subsection Problem` of a case.
#pragma once

#include "base/tensor.h"
#include "discretisation/expression.h"
#include "geometry/voxel_bodies.h"
#include "loads/face_conditions.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::coupling {

struct ProblemOptions
{
  std::string constants, definitions;
  std::string youngs_modulus = "1";  ///< [MPa]
  std::string poisson_ratio = "0.3"; ///< [-]
  std::string body_force;            ///< [N/mm^3]; empty: none
  std::vector<double> mean_strain;   ///< XX YY ZZ XY YZ XZ [-]; empty: none
  loads::FacesOptions faces;
  std::string exact_displacement, exact_stress; ///< [mm], [MPa]; empty: not known

  void declare(Options &options);
};

/// The same, ready to be evaluated at any point [mm].
struct Problem
{
  discretisation::Symbols symbols;
  std::optional<discretisation::Expression> solid_where,
      refined_where; ///< of a box; empty: everywhere, nowhere
  std::optional<discretisation::Expression> youngs_modulus, poisson_ratio;
  std::optional<discretisation::VectorExpression> body_force;
  std::optional<SymmetricTensor> mean_strain;
  loads::FaceConditions faces;
  std::optional<discretisation::VectorExpression> exact_displacement;
  std::optional<discretisation::TensorExpression> exact_stress;

  bool is_periodic() const;
};

/// Read all expressions; what is wrong is added to @p faults, and its part of the problem stays empty.
Problem read_problem(const ProblemOptions &options, const geometry::BoxOptions &box,
                     std::vector<Fault> &faults);

} // namespace wolff::coupling
