#include "geometry/anatomy.h"

namespace wolff::geometry {

const std::array<std::string, n_phases> &phase_names()
{
  static const std::array<std::string, n_phases> names{
      "outside", "cancellous", "cortical",      "subchondral plate", "articular cartilage",
      "lesion",  "track",      "scaffold pore", "scaffold"};
  return names;
}

} // namespace wolff::geometry
