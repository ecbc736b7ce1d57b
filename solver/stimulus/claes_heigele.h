// The rule of Claes and Heigele: hydrostatic stress and strain at a point to the tissue they call for.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "stimulus/point.h"

#include <string>
#include <vector>

namespace wolff::stimulus {

struct ClaesHeigeleOptions
{
  std::string sign = "physical";
  std::string pressure = "mean total stress";
  std::string strain = "minimum principal";
  double bone_stress = 0.15;      ///< s_b [MPa]
  double bone_strain = 0.05;      ///< e_b [-]
  double cartilage_strain = 0.15; ///< e_c [-]
  std::string resorption = "Perier-Metz 2022";
  double resorption_stress = 0.0016; ///< s_r [MPa], custom
  double resorption_strain = 0.0004; ///< e_r [-], custom

  void declare(Options &options);
};

/// Limits that do not ascend (exit 3).
std::vector<Fault> check(const ClaesHeigeleOptions &options);

/// Hydrostatic stress s [MPa], tension positive: mean total stress, or minus the pore pressure; and strain e
/// [-]: the most compressive principal strain, or the one of largest magnitude.
Axes claes_heigele_axes(const PointMechanics &point, const ClaesHeigeleOptions &options);

/**
 * resorption   |s| < s_r and |e| < e_r
 * bone         |s| < s_b and |e| < e_b, and no resorption
 * cartilage    s <= -s_b and |e| < e_c    (sign "legacy 2022": s >= s_b)
 * fibrous      all else
 * Smooth windows are products of the logistic shares B(x, t) of share_below,
 *     W_r = B(|s|, s_r) B(|e|, e_r),             W_bone = B(|s|, s_b) B(|e|, e_b) - W_r,
 *     W_c = (1 - B(|s|, s_b)) B(|e|, e_c) on the side of cartilage, else 0,   W_f = 1 - W_r - W_bone - W_c,
 * none negative as s_r <= s_b and e_r <= e_b. Bone is one class: @p bone says which phenotype that is.
 * S = max(|s|/s_b, |e|/e_b), below 1 where bone is called for.
 * Source: Claes & Heigele 1999 J Biomech 32:255; resorption: programs of Perier-Metz et al. 2022 [V].
 * @throws Fault (exit 4) if an axis is not finite
 */
Response claes_heigele_response(const Axes &axes, const ClaesHeigeleOptions &options, Phenotype bone,
                                double window_width);

} // namespace wolff::stimulus
