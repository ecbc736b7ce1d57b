// Frost's mechanostat: classes of the peak strain of formed bone. A field of its own in every run, and a
// rule.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "stimulus/point.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wolff::stimulus {

/// The numbers are written to VTK as `mechanostat_class`.
enum class MechanostatClass : std::uint8_t
{
  disuse = 0,
  adapted,
  formation,
  overload,
  fracture
};
constexpr std::size_t n_mechanostat_classes = 5;

const std::array<std::string, n_mechanostat_classes> &mechanostat_names();

/// Lower ends of the classes after disuse: principal strain of largest magnitude [-].
struct MechanostatOptions
{
  double adapted_from = 200e-6;
  double formation_from = 1500e-6;
  double overload_from = 3000e-6;
  double fracture_from = 15000e-6;

  void declare(Options &options);
};

/// Thresholds that do not ascend (exit 3).
std::vector<Fault> check(const MechanostatOptions &options);

/**
 * The class as a continuous number,
 *     L = k + (e - e_k)/(e_(k+1) - e_k)   for e_k <= e < e_(k+1),   e_0 = 0,   and L = 4 from fracture on:
 * its integer part is the class (half-open intervals), and the rest says how far through the class a strain
 * is.
 * @param strain e >= 0, magnitude of the peak principal strain [-]
 * @throws Fault (exit 4) if the strain is NaN, infinite or negative
 */
double mechanostat_level(double strain, const MechanostatOptions &options);

inline MechanostatClass mechanostat_class(const double level)
{
  return static_cast<MechanostatClass>(level);
}

/**
 * The class as a call for tissue: disuse resorption; adapted and formation mature bone, since drifts add
 * lamellar bone; overload immature bone, the woven answer; fracture fibrous tissue, since bone there tears.
 * Cartilage is never called for. Meant for formed bone: of the soft tissue of a callus nearly all strains lie
 * above fracture. S = e / formation_from.
 * Source of the classes: Frost 1987 Anat Rec 219:1; of the calls: Frost 2003 Anat Rec A 275:1081 [M].
 * @throws Fault (exit 4) as mechanostat_level
 */
Response mechanostat_response(double strain, const MechanostatOptions &options, double window_width);

} // namespace wolff::stimulus
