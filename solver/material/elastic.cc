#include "material/elastic.h"

#include <cmath>

namespace wolff::material {

std::optional<Fault> inadmissible(const Elastic &m, const std::string &place, const std::string &subject)
{
  const double e = m.youngs_modulus, nu = m.poisson_ratio;
  if (!std::isfinite(e) || e <= 0)
    return Fault(Exit::model, "modulus-range", place, subject + ": Young modulus [MPa]")
        .found(e)
        .wanted("a number greater than 0");
  if (!(nu > -1 && nu < 0.5))
    return Fault(Exit::model, "poisson-range", place, subject + ": Poisson ratio [-]")
        .found(nu)
        .wanted("a number in (-1, 0.5)");
  if (e < least_plausible_modulus || e > greatest_plausible_modulus)
    return Fault(Exit::model, "modulus-unit", place, subject + ": Young modulus [MPa]")
        .found(e)
        .wanted("a number in [" + to_text(least_plausible_modulus) + ", " +
                to_text(greatest_plausible_modulus) + "]")
        .hint(e > greatest_plausible_modulus ? "This looks like Pa or kPa." : "This looks like GPa or TPa.");
  return std::nullopt;
}

} // namespace wolff::material
