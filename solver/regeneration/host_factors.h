// What the patient's history does to the supply of stromal cells from the host: steroids, conditioning before
// a transplantation with its recovery, other risks. Factors only; blood formation itself is not modelled.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "regeneration/necrosis.h"

#include <string>
#include <vector>

namespace wolff::regeneration {

struct HostFactorOptions
{
  bool steroids = false;
  double steroid_factor = 0; ///< [-], 0 is not stated
  bool conditioning = false;
  double conditioning_day = 0;    ///< t_0, negative before surgery
  double conditioning_factor = 0; ///< f_0 [-], 0 is not stated
  double recovery_time = 0;       ///< tau [day], 0 is not stated
  double other_factor = 1;        ///< of any other risk [-]
  /// Of host marrow with this label (necrosis.h) [-].
  double fatty_factor = 1, ablated_factor = 1, reconstituting_factor = 1;
  bool blood_cancer = false; ///< in the patient's history: prints a notice, changes nothing

  void declare(Options &options);
  bool depends_on_marrow() const
  {
    return fatty_factor != 1 || ablated_factor != 1 || reconstituting_factor != 1;
  }
};

/// Factors that are on and not stated (exit 2).
std::vector<Fault> check(const HostFactorOptions &options);

/**
 * Factor on the stromal cells that viable marrow supplies on a day:
 *     f = f_steroid f_other f_cond,    f_cond = f_0 + (1 - f_0) (1 - exp(-(t - t_0)/tau)) from t_0 on,
 * else 1. Direction of the effect of steroids: Hernigou 1999 JBJS-B 81:349 [V]; sizes and recovery are the
 * user's own.
 */
double host_factor(const HostFactorOptions &options, double day);

/// Factor on the same of marrow with a label: those of the options, 1 for red marrow.
double marrow_factor(const HostFactorOptions &options, MarrowState marrow);

/// What a run with a history of blood cancer says.
std::string blood_cancer_notice();

} // namespace wolff::regeneration
