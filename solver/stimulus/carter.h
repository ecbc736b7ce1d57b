// Carter's rule: hydrostatic stress, tensile strain and perfusion at a point to the tissue they call for.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "stimulus/point.h"

#include <string>
#include <vector>

namespace wolff::stimulus {

/// Carter gave no numbers, so the thresholds have no default: 0 is "not stated".
struct CarterOptions
{
  double stress = 0; ///< D_c [MPa]
  double strain = 0; ///< e_c [-]

  void declare(Options &options);
};

/// A threshold that is not stated (exit 2).
std::vector<Fault> check(const CarterOptions &options);

/// Mean total stress D [MPa], tension positive; maximum principal strain e [-], 0 if there is no tension;
/// perfusion v [-].
Axes carter_axes(const PointMechanics &point);

/**
 * fibrous      e >= e_c, or D >= D_c; fibrocartilage (e >= e_c and D <= -D_c) is counted here
 * cartilage    e < e_c and D <= -D_c, or where bone would be and vessels do not reach
 * bone         e < e_c and |D| < D_c, perfused
 * With the logistic shares B(x, t) of share_below:
 *     W_bone = v B(|D|, D_c) B(e, e_c),   W_f = 1 - W_bone - W_c,
 *     W_c = ((1 - v) B(|D|, D_c) + [D < 0] (1 - B(|D|, D_c))) B(e, e_c)
 * v is the share of the point that is perfused, so it weights and is not compared; the phenotype is bone from
 * v = 1/2 on. There is no resorption. Bone is one class: @p bone says which phenotype that is.
 * S = max(|D|/D_c, e/e_c). Source: Carter, Blenman & Beaupre 1988 J Orthop Res 6:736; Carter et al. 1998 Clin
 * Orthop 355S:S41. They gave no thresholds [M]; 0.15 MPa and 0.05 are often borrowed from Claes and Heigele.
 * @throws Fault (exit 4) if an axis is not finite
 */
Response carter_response(const Axes &axes, const CarterOptions &options, Phenotype bone, double window_width);

} // namespace wolff::stimulus
