// Which part each voxel plays in the transport of cells and signals: the healing domain, the viable marrow
// that supplies it, or neither.
#pragma once

#include "regeneration/tissue_state.h"
#include "regeneration/transport.h"

#include <vector>

namespace wolff::regeneration {

/// One of each owned voxel.
inline std::vector<Role> roles_of(const TissueState &state)
{
  const CellField &marrow = state.fractions[material::index(material::Tissue::marrow)];
  std::vector<Role> roles(state.n_cells(), Role::outside);
  for (std::size_t i = 0; i < roles.size(); ++i)
    if (state.healing_domain[i] != 0)
      roles[i] = Role::domain;
    else if (state.region[i] == static_cast<std::uint8_t>(Region::host) && marrow[i] > 0)
      roles[i] = Role::supply;
  return roles;
}

} // namespace wolff::regeneration
