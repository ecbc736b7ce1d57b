// What goes into a stimulus rule at one point, what it compares, and what comes out.
#pragma once

#include "base/tensor.h"
#include "stimulus/phenotype.h"

#include <array>

namespace wolff::stimulus {

/// The mechanics at one point under one load case.
struct PointMechanics
{
  SymmetricTensor strain;
  SymmetricTensor stress;      ///< effective stress [MPa]; equals total stress where the pores are drained
  double fluid_speed = 0;      ///< as StimulusOptions::fluid says [mm/s], not negative
  double pore_pressure = 0;    ///< positive in compression [MPa]
  double biot_coefficient = 0; ///< alpha [-]; total stress is stress - alpha pore_pressure I
  /// Share of the point that vessels reach [-]: a property of the tissue, alike in all load cases.
  double perfusion = 1;
};

/// What a rule compares with its thresholds: S [-] in the first entry and zeros, or a stress [MPa] and a
/// strain
/// [-] (tension positive) with, where the rule asks for it, the perfusion [-] in the last.
using Axes = std::array<double, 3>;

struct Response
{
  double stimulus = 0; ///< S [-]; of a rule on two axes the larger of both over its threshold
  Phenotype phenotype = Phenotype::resorption;
  Windows windows{{1, 0, 0, 0, 0}};

  // Of formed bone, whatever the rule (mechanostat.h; used by tissue/bone_remodelling.h).
  double mechanostat_level = 0; ///< of the largest principal strain of all load cases [-]
  double energy_density = 0;    ///< sum N_i U_i / sum N_i over the load cases, N_i cycles [MPa]
  /// Of the fluid, sum N_i q_i / sum N_i; zero unless a case asks for what it carries [mm/s].
  Vector3 darcy_flux = Vector3::Zero();
};

} // namespace wolff::stimulus
