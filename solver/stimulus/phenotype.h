// Which tissue a stimulus calls for: the phenotypes, their thresholds, and their sharp and smooth windows.
#pragma once

#include "stimulus/measures.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wolff::stimulus {

/// The numbers are written to VTK as `phenotype_id`.
enum class Phenotype : std::uint8_t
{
  resorption = 0,
  mature_bone,
  immature_bone,
  cartilage,
  fibrous
};
constexpr std::size_t n_phenotypes = 5;

const std::array<std::string, n_phenotypes> &phenotype_names();

/// Upper ends of the first four phenotypes on the scale of S [-], ascending and positive; fibrous has none.
using Thresholds = std::array<double, n_phenotypes - 1>;

/// Weight of each phenotype, in the order of Phenotype: each in [0, 1], sum one.
using Windows = std::array<double, n_phenotypes>;

/// @throws Fault (exit 4) if a magnitude that is compared with thresholds is NaN, infinite or negative
void require_magnitude(double value);

/**
 * The phenotype whose half-open interval [lower, upper) holds S:
 * resorption < t0 <= mature bone < t1 <= immature bone < t2 <= cartilage < t3 <= fibrous.
 * @throws Fault (exit 4) if S is NaN, infinite or negative: that is never a tissue
 */
Phenotype classify(double stimulus, const Thresholds &thresholds);

/**
 * Smooth version of classify. With H_k = 1/(1 + (S/t_k)^(-1/w)), logistic in ln S, the weight of phenotype j
 * is H_(j-1) - H_j with H_(-1) = 1 and H_4 = 0, so the weights sum to one. At a threshold both neighbours
 * have 1/2; a relative distance of 5 w from it is needed for 99 %.
 * @param width w [-], relative width of the transition; 0 gives the sharp windows
 * @throws Fault (exit 4) as classify
 */
Windows windows(double stimulus, const Thresholds &thresholds, double width);

/// 1 - H of `windows` for one threshold: 1 well below it, 1/2 at it, 0 well above; with width 0 it is 1 below
/// the threshold and 0 from there on. A threshold of 0 has nothing below it. @p magnitude not negative.
double share_below(double magnitude, double threshold, double width);

/// The phenotype of largest weight; of equal ones the first.
Phenotype largest(const Windows &windows);

} // namespace wolff::stimulus
