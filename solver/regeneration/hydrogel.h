// A hydrogel that fills the free volume where it was injected and degrades there: its stiffness and its
// permeability. Cells in it (cell_dose.h) and factors from it (growth_factor.h) have options of their own.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "material/elastic.h"
#include "material/poroelastic.h"
#include "regeneration/tissue_state.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::regeneration {

struct HydrogelOptions
{
  std::string regions;            ///< empty: no gel
  double day = 0;                 ///< on which it is placed
  double youngs_modulus = 0.0045; ///< [MPa]
  double permeability = 0;        ///< [mm^4/(N s)], 0 is not stated
  double half_time = 0;           ///< of its degradation [day], 0 is not stated

  void declare(Options &options);
  bool is_on() const { return !regions.empty(); }
};

/// What is needed and not stated (exit 2). @param has_flow the case computes flow in the pores
std::vector<Fault> check(const HydrogelOptions &options, bool has_flow);

/**
 * The gel of a case, for many cells: the share s of the free volume that is gel on a day,
 *     s = 2^(-(day - day placed)/T) in its regions, 0 before that day and elsewhere.
 * Free volume is then s gel and 1 - s granulation tissue; its Young's modulus and permeability are the means
 * by these shares, its Poisson ratio and its other constants those of granulation tissue.
 */
class Hydrogel
{
public:
  explicit Hydrogel(const HydrogelOptions &options);

  double share(const TissueState &state, std::size_t cell) const;
  material::Elastic free_volume(const material::Elastic &granulation, double share) const;
  material::Poroelastic free_volume(material::Poroelastic granulation, double share) const;

private:
  HydrogelOptions options_;
  std::vector<std::optional<Region>> regions_;
};

} // namespace wolff::regeneration
