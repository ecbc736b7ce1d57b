#include "stimulus/daily.h"

#include "stimulus/combination.h"
#include "stimulus/measures.h"

#include <cmath>

namespace wolff::stimulus {

void DailyOptions::declare(Options &options)
{
  options.add(
      "Write", are_written,
      "Write osteogenic index and daily stress stimulus to mechanics and view files; the cycles of every "
      "load case must be known.");
  options.add("Hydrostatic weight [-]", hydrostatic_weight,
              "Weight k of the mean total stress in the osteogenic index.", non_negative(),
              "0.3 to 1 in the works of Carter [M]");
  options.add("Stress exponent [-]", exponent, "Exponent m of the daily stress stimulus.",
              {1, 20, false, false}, "4: Beaupre, Orr & Carter 1990 J Orthop Res 8:651 [M]");
}

double osteogenic_index(const std::span<const PointMechanics> cases, const std::span<const double> cycles,
                        const double k)
{
  require_cycles(cases.size(), cycles);
  double index = 0;
  for (std::size_t i = 0; i < cases.size(); ++i)
    index += cycles[i] *
             (octahedral_shear_stress(cases[i].stress) +
              k * mean_total_stress(cases[i].stress, cases[i].biot_coefficient, cases[i].pore_pressure));
  return index;
}

double effective_stress(const double youngs_modulus, const double strain_energy_density)
{
  return std::sqrt(2 * youngs_modulus * strain_energy_density);
}

double daily_stress_stimulus(const std::span<const PointMechanics> cases,
                             const std::span<const double> cycles, const double youngs_modulus,
                             const double exponent)
{
  require_cycles(cases.size(), cycles);
  double sum = 0;
  for (std::size_t i = 0; i < cases.size(); ++i)
    sum += cycles[i] *
           std::pow(effective_stress(youngs_modulus, strain_energy_density(cases[i].stress, cases[i].strain)),
                    exponent);
  return std::pow(sum, 1 / exponent);
}

} // namespace wolff::stimulus
