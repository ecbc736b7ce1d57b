// Elastic constants of a voxel from the shares of its tissues: the table of mixture rules, and the density
// law of the trabecular skeleton that is added to them. Smoothing in time is in smoothing.h.
#pragma once

#include "base/options.h"
#include "base/table.h"
#include "material/elastic.h"
#include "material/tissue_kind.h"

#include <array>
#include <string>

namespace wolff::material {

/// Constants of each pure tissue, in the order of Tissue. The moduli of cancellous and necrotic bone are not
/// used (the density law gives them), their Poisson ratios are.
using TissueElasticity = std::array<Elastic, n_tissues>;

struct MixtureOptions
{
  std::string rule = "power law";
  double exponent = 1.49;                ///< n of the power law [-]
  double density_law_factor = 6850;      ///< a [MPa]
  double density_law_exponent = 1.49;    ///< b [-]
  double bone_tissue_density = 1.8;      ///< rho_tissue [g/cm^3]
  double necrotic_modulus_ratio = 0.28;  ///< modulus of necrotic over viable skeleton [-]
  double necrotic_strength_ratio = 0.48; ///< yield strength likewise [-]

  void declare(Options &options);
};

/**
 * A rule for the tissues other than the trabecular skeleton.
 * In: shares that sum to one (the skeleton's are zero) and constants of each tissue with a share.
 * Out: constants of the mixture. Moduli may be zero, never negative.
 */
using MixtureRule = Elastic (*)(const TissueFractions &, const TissueElasticity &, const MixtureOptions &);

const Table<MixtureRule> &mixture_rules();

/**
 * Modulus of the trabecular skeleton [MPa],
 *     E = a (rho_tissue (f_c + f_n))^b (f_c + r f_n) / (f_c + f_n),
 * f_c and f_n the bone volume fractions of viable and necrotic skeleton, r the ratio of their moduli.
 * A voxel that a skeleton fills only in part is taken as thinner skeleton throughout, which is softer.
 * Source: Morgan, Bayraktar & Keaveny 2003, J Biomech 36, 897 (femoral neck, apparent density in g/cm^3) [V];
 * r: Brown, Way & Ferguson 1981, late stage [V].
 */
double skeleton_modulus(double viable, double necrotic, const MixtureOptions &options);

/// The rule that the options name, looked up once; then called voxel by voxel.
class Mixture
{
public:
  /// @throws Fault (exit 2) if the rule is unknown
  explicit Mixture(const MixtureOptions &options);

  /**
   * Elastic constants of a voxel with these shares (each in [0, 1], sum one),
   *     E = E_skeleton + E_rule(other tissues).
   * In the rule the share of the skeleton counts as the softest soft tissue present (marrow if there is
   * none), because its own stiffness is the first term. nu weights both parts by their stiffness, so that
   * marrow in the pores does not change the Poisson ratio of trabecular bone. A pure voxel gives its tissue
   * exactly.
   */
  Elastic operator()(const TissueFractions &fractions, const TissueElasticity &tissues) const;

private:
  MixtureOptions options_;
  MixtureRule rule_;
};

} // namespace wolff::material
