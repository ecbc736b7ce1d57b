// What supply and signals at a point do to its kinetics: bone needs vessels or oxygen, a growth factor speeds
// the differentiation of osteoblasts, cells without oxygen die. The fields themselves are in regeneration/.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "tissue/kinetics.h"

#include <string>
#include <vector>

namespace wolff::tissue {

struct SupplyGateOptions
{
  std::string rule = "none";         ///< none | oxygen | vessels
  double oxygen = 0;                 ///< at which bone is half possible [mol/m^3], 0 is not stated
  double vessel_density = 31.8;      ///< likewise [mm/mm^3]
  std::string without = "cartilage"; ///< what a bone stimulus calls for without supply
  double width = 0.1;                ///< relative width of the gates [-]
  double hypoxic_death = 0;          ///< added to the death of stromal cells [1/day]
  double critical_oxygen = 0;        ///< below which they die [mol/m^3], 0 is not stated

  void declare(Options &options);
  /// Does anything here ask for oxygen?
  bool needs_oxygen() const { return rule == "oxygen" || hypoxic_death > 0; }
};

/// Coefficients that are on and not stated (exit 2).
std::vector<Fault> check(const SupplyGateOptions &options);

/// The supply of a point.
struct Supply
{
  double oxygen = 0;         ///< [mol/m^3]
  double vessel_density = 0; ///< [mm/mm^3]
};

/**
 * Share of open gate, O = 1/(1 + (x/x_0)^(-1/w)): 0 without supply, 1/2 at x_0, rising to 1; w = 0 is a step,
 * which is open at x_0. x not negative, x_0 positive.
 */
double gate(double supply, double half, double width);

/// O of the rule: 1 without one.
double bone_gate(const Supply &supply, const SupplyGateOptions &options);

/**
 * Windows under a gate O: those of bone times O; what they lose goes to cartilage (Checa & Prendergast 2009:
 * a stromal cell under a bone stimulus becomes an osteoblast only near a vessel, otherwise a chondrocyte), or
 * to none. O = 1 returns the same windows.
 */
Windows gated(const Windows &windows, double open, const SupplyGateOptions &options);

/// Death of stromal cells for want of oxygen, l_h (1 - gate(n, n_crit)) [1/day].
double hypoxic_death(double oxygen, const SupplyGateOptions &options);

} // namespace wolff::tissue
