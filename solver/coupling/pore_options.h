// What a case says about the fluid in the pores.
#pragma once

#include "base/options.h"

#include <string>
#include <vector>

namespace wolff::coupling {

struct PoreOptions
{
  std::string fluid = "drained";            ///< drained | ramp | undrained
  double ramp_time = 1;                     ///< [s]
  int substeps = 5;                         ///< of the ramp
  std::string drained_at = "outer surface"; ///< outer surface | nowhere
  std::string inadmissible = "refuse";      ///< refuse | clamp
  double tolerance = 1e-6;                  ///< of the residuals of a substep [-]
  double regularisation = 0;                ///< [mm]; 0: none
  /// Viscosity of host marrow with this label over that of red marrow [-].
  double fatty_viscosity = 1, ablated_viscosity = 1, reconstituting_viscosity = 1;

  void declare(Options &options);
  bool has_pressure() const { return fluid != "drained"; }
};

} // namespace wolff::coupling
