#include "material/poroelastic.h"

namespace wolff::material {

std::optional<Fault> inadmissible(const Elastic &drained, const Poroelastic &p, const std::string &place,
                                  const std::string &subject)
{
  const double alpha = biot_coefficient(drained, p);
  if (alpha >= p.porosity && alpha <= 1) return std::nullopt;
  return Fault(Exit::model, "biot-range", place, subject + ": Biot coefficient 1 - K_drained/K_grain [-]")
      .found(alpha)
      .wanted("a number in [" + to_text(p.porosity) + ", 1], the lower bound being the porosity")
      .hint("Bone: grain_bulk_modulus 17660 MPa with porosity 0.04 is admissible up to E = 20 GPa.");
}

} // namespace wolff::material
