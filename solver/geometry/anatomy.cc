#include "geometry/anatomy.h"

#include <limits>

namespace wolff::geometry {

const std::array<std::string, n_phases> &phase_names()
{
  static const std::array<std::string, n_phases> names{
      "outside", "cancellous", "cortical",      "subchondral plate", "articular cartilage",
      "lesion",  "track",      "scaffold pore", "scaffold",          "marrow"};
  return names;
}

double Anatomy::above_periosteum(const Vector3 &) const
{
  return std::numeric_limits<double>::infinity();
}

} // namespace wolff::geometry
