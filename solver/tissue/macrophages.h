// Macrophages at one point: debris calls pro-inflammatory ones (M1), which turn into anti-inflammatory ones
// (M2) and slow or speed repair. In place of the activity factor of the kinetics, if a case states every
// rate.
#pragma once

#include "base/errors.h"
#include "base/options.h"

#include <string>
#include <vector>

namespace wolff::tissue {

struct MacrophageOptions
{
  std::string model = "activity factor"; ///< activity factor | macrophages
  double capacity = 0;                   ///< M_max [1/mm^3], 0 is not stated, as of all that follow
  double clearing = 0;                   ///< k_d: of debris by a full density of macrophages [1/day]
  double recruitment = 0;                ///< k_r: of M1 by full debris, in capacities [1/day]
  double switching = 0;                  ///< k_12: of M1 to M2 at full IL-10 [1/day]
  double m1_death = 0, m2_death = 0;     ///< mu_1, mu_2 [1/day]
  double base_switching = 0; ///< b: IL-10 without any cells, over that of a full density of M2 [-]
  double msc_share = 0;      ///< of IL-10, made by a full density of stromal cells [-]; 0 is off
  double base_activity = 0;  ///< a_0 [-]
  double gain = 0;           ///< of the activity by the share of M2 [-]
  double tnf_threshold = 0;  ///< M1 over the capacity from which differentiation suffers; 0 is off [-]
  double tnf_inhibition = 0; ///< share of it that is lost there [-]

  void declare(Options &options);
  bool is_on() const { return model != "activity factor"; }
};

/// Rates that are in use and not stated (exit 2).
std::vector<Fault> check(const MacrophageOptions &options);

struct Inflammation
{
  double debris = 0;     ///< over that of the day of surgery [-]
  double m1 = 0, m2 = 0; ///< [1/mm^3]

  bool operator==(const Inflammation &) const = default;
};

/**
 * The state after @p days under constant stromal cells @p msc over their capacity [-], M = M1 + M2 over
 * M_max: d'  = -k_d M d,    M1' = k_r d (1 - M)_+ - k_12 T M1 - mu_1 M1,    M2' = k_12 T M1 - mu_2 M2, T   =
 * b + M2 + share msc        (IL-10) Error 1e-7 relative; nothing becomes negative. A reduced form of Trejo,
 * Kojouharov & Chen-Charpentier 2019 (Math Comput Appl 24:12); no rates of human osteonecrosis are known.
 * @throws Fault (exit 4) if the state is negative or not finite, or rates are too large
 */
Inflammation advance(const Inflammation &before, double msc, double days, const MacrophageOptions &options);

/// a = min(a_0 + gain M2/(M1 + M2), 1): a_0 without macrophages.
double activity(const Inflammation &state, const MacrophageOptions &options);

/// Factor on differentiation for TNF-alpha in proportion to M1: 1 below the threshold, 1 - inhibition above.
double differentiation_factor(const Inflammation &state, const MacrophageOptions &options);

} // namespace wolff::tissue
