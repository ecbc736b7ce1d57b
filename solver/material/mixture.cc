#include "material/mixture.h"

#include <algorithm>
#include <cmath>

namespace wolff::material {

namespace {

constexpr std::array soft_tissues{Tissue::granulation, Tissue::fibrous, Tissue::cartilage, Tissue::marrow,
                                  Tissue::articular_cartilage};
constexpr std::array solid_tissues{Tissue::immature_bone, Tissue::mature_bone, Tissue::cortical_bone,
                                   Tissue::scaffold};
constexpr std::size_t viable_skeleton = index(Tissue::cancellous_bone);
constexpr std::size_t necrotic_skeleton = index(Tissue::necrotic_bone);

/// Sum of f over some tissues, and the f-weighted mean of their moduli (0 if their share is 0).
struct Part
{
  double share = 0, mean_modulus = 0;
};

template <std::size_t n>
Part part_of(const std::array<Tissue, n> &kinds, const TissueFractions &f, const TissueElasticity &tissues)
{
  Part part;
  for (const Tissue kind : kinds) {
    part.share += f[index(kind)];
    part.mean_modulus += f[index(kind)] * tissues[index(kind)].youngs_modulus;
  }
  if (part.share > 0) part.mean_modulus /= part.share;
  return part;
}

double mean_poisson_ratio(const TissueFractions &f, const TissueElasticity &tissues)
{
  double mean = 0;
  for (std::size_t i = 0; i < n_tissues; ++i) mean += f[i] * tissues[i].poisson_ratio;
  return mean;
}

double parallel_modulus(const TissueFractions &f, const TissueElasticity &tissues)
{
  double mean = 0;
  for (std::size_t i = 0; i < n_tissues; ++i) mean += f[i] * tissues[i].youngs_modulus;
  return mean;
}

double series_modulus(const TissueFractions &f, const TissueElasticity &tissues)
{
  double compliance = 0;
  for (std::size_t i = 0; i < n_tissues; ++i)
    if (f[i] > 0) compliance += f[i] / tissues[i].youngs_modulus;
  return 1 / compliance;
}

Elastic voigt(const TissueFractions &f, const TissueElasticity &tissues, const MixtureOptions &)
{
  return {parallel_modulus(f, tissues), mean_poisson_ratio(f, tissues)};
}

Elastic reuss(const TissueFractions &f, const TissueElasticity &tissues, const MixtureOptions &)
{
  return {series_modulus(f, tissues), mean_poisson_ratio(f, tissues)};
}

// K = [sum f_i/(K_i + 4/3 mu_r)]^-1 - 4/3 mu_r and mu = [sum f_i/(mu_i + z)]^-1 - z with
// z = mu_r (9 K_r + 8 mu_r) / (6 (K_r + 2 mu_r)); K_r and mu_r the largest of the phases present.
Elastic hashin_shtrikman_upper(const TissueFractions &f, const TissueElasticity &tissues,
                               const MixtureOptions &)
{
  double bulk_reference = 0, shear_reference = 0;
  for (std::size_t i = 0; i < n_tissues; ++i)
    if (f[i] > 0) {
      bulk_reference = std::max(bulk_reference, bulk_modulus(tissues[i]));
      shear_reference = std::max(shear_reference, shear_modulus(tissues[i]));
    }
  if (bulk_reference == 0) return {0, mean_poisson_ratio(f, tissues)};
  const double y = 4.0 / 3.0 * shear_reference;
  const double z = shear_reference * (9 * bulk_reference + 8 * shear_reference) /
                   (6 * (bulk_reference + 2 * shear_reference));
  double bulk_sum = 0, shear_sum = 0;
  for (std::size_t i = 0; i < n_tissues; ++i)
    if (f[i] > 0) {
      bulk_sum += f[i] / (bulk_modulus(tissues[i]) + y);
      shear_sum += f[i] / (shear_modulus(tissues[i]) + z);
    }
  return from_bulk_and_shear(1 / bulk_sum - y, 1 / shear_sum - z);
}

// E = E_soft (1 - F) + E_solid F^n, F the share of bone and scaffold. For F below about 1e-3 the formula
// falls under the series bound, which no arrangement of the tissues can: the bound is taken there.
Elastic power_law(const TissueFractions &f, const TissueElasticity &tissues, const MixtureOptions &options)
{
  const Part soft = part_of(soft_tissues, f, tissues);
  const Part solid = part_of(solid_tissues, f, tissues);
  const double density = std::min(1.0, std::max(0.0, 1 - soft.share));
  const double modulus =
      soft.mean_modulus * (1 - density) + solid.mean_modulus * std::pow(density, options.exponent);
  return {std::max(modulus, series_modulus(f, tissues)), mean_poisson_ratio(f, tissues)};
}

std::size_t softest_soft_tissue(const TissueFractions &f, const TissueElasticity &tissues)
{
  std::size_t softest = n_tissues;
  for (const Tissue kind : soft_tissues) {
    const std::size_t i = index(kind);
    if (f[i] > 0 && (softest == n_tissues || tissues[i].youngs_modulus < tissues[softest].youngs_modulus))
      softest = i;
  }
  return softest == n_tissues ? index(Tissue::marrow) : softest;
}

} // namespace

void MixtureOptions::declare(Options &options)
{
  options.add_choice("Mixture rule", rule, mixture_rules().names(),
                     "Modulus of a voxel from the volume shares of its tissues.");
  options.add(
      "Power law exponent [-]", exponent,
      "n in E = E_soft (1 - F) + E_solid F^n, F the share of bone and scaffold.", between(1, 4),
      "exponent of the femoral-neck density law, Morgan et al. 2003 J Biomech 36:897 [V]; as a mixture "
      "rule [M]");
  options.add("Density law factor [MPa]", density_law_factor,
              "a in E = a rho^b of trabecular bone, rho the apparent density in g/cm^3.", positive(),
              "femoral neck, Morgan et al. 2003 J Biomech 36:897 [V]");
  options.add("Density law exponent [-]", density_law_exponent, "b in E = a rho^b of trabecular bone.",
              between(0.5, 4), "femoral neck, Morgan et al. 2003 J Biomech 36:897 [V]");
  options.add("Bone tissue density [g/cm^3]", bone_tissue_density,
              "Density of the trabecular bone itself: apparent density = this times bone volume fraction.",
              positive(), "[M]");
  options.add("Necrotic modulus ratio [-]", necrotic_modulus_ratio,
              "Modulus of necrotic over viable trabecular bone of the same density; 1 in the first weeks.",
              fraction(), "late stage, Brown, Way & Ferguson 1981 [V]");
  options.add("Necrotic strength ratio [-]", necrotic_strength_ratio,
              "Yield strength likewise; with the modulus ratio it gives the strain that dead bone bears.",
              Range{0, 1, true, false}, "late stage, Brown, Way & Ferguson 1981 [V]");
}

const Table<MixtureRule> &mixture_rules()
{
  static const Table<MixtureRule> table{
      {"power law", "softer than Voigt where bone or scaffold is thin",
       "exponent: Morgan et al. 2003 J Biomech 36:897", power_law},
      {"Hashin-Shtrikman upper", "stiffest isotropic mixture",
       "Hashin & Shtrikman 1963 J Mech Phys Solids 11:127", hashin_shtrikman_upper},
      {"Voigt", "arithmetic mean, the rule of the published lattice models: far too stiff for little bone",
       "Perier-Metz et al. 2020 Front Bioeng Biotechnol 8:585799", voigt},
      {"Reuss", "harmonic mean, the lower bound", "Reuss 1929 Z Angew Math Mech 9:49", reuss},
  };
  return table;
}

double skeleton_modulus(const double viable, const double necrotic, const MixtureOptions &options)
{
  const double bone = viable + necrotic;
  if (bone <= 0) return 0;
  return options.density_law_factor *
         std::pow(options.bone_tissue_density * bone, options.density_law_exponent) *
         (viable + options.necrotic_modulus_ratio * necrotic) / bone;
}

Mixture::Mixture(const MixtureOptions &options)
    : options_(options), rule_(mixture_rules().at(options.rule).law)
{
}

Elastic Mixture::operator()(const TissueFractions &fractions, const TissueElasticity &tissues) const
{
  const double viable = fractions[viable_skeleton], necrotic = fractions[necrotic_skeleton];
  const double skeleton = viable + necrotic;
  if (skeleton == 0) {
    for (std::size_t i = 0; i < n_tissues; ++i)
      if (fractions[i] == 1) return tissues[i];
    return rule_(fractions, tissues, options_);
  }

  const double modulus = skeleton_modulus(viable, necrotic, options_);
  const double poisson = viable == 0     ? tissues[necrotic_skeleton].poisson_ratio
                         : necrotic == 0 ? tissues[viable_skeleton].poisson_ratio
                                         : (viable * tissues[viable_skeleton].poisson_ratio +
                                            necrotic * tissues[necrotic_skeleton].poisson_ratio) /
                                               skeleton;

  TissueFractions others = fractions;
  others[viable_skeleton] = 0;
  others[necrotic_skeleton] = 0;
  if (std::all_of(others.begin(), others.end(), [](const double f) { return f == 0; }))
    return {modulus, poisson};
  others[softest_soft_tissue(others, tissues)] += skeleton;
  const Elastic rest = rule_(others, tissues, options_);
  const double sum = modulus + rest.youngs_modulus;
  if (sum == 0) return {0, poisson};
  return {sum, (modulus * poisson + rest.youngs_modulus * rest.poisson_ratio) / sum};
}

} // namespace wolff::material
