// What a voxel with scaffold in it is made of for the mechanics: a resolved strut is one tissue of the
// mixture, a homogenised lattice carries load beside the tissue in its pores.
#pragma once

#include "material/degradation.h"
#include "material/lattice_stiffness.h"
#include "material/mixture.h"
#include "regeneration/tissue_state.h"

#include <optional>

namespace wolff::regeneration {

/// The default is a resolved scaffold.
struct ScaffoldStiffness
{
  std::optional<material::LatticeStiffness> lattice; ///< homogenised
  CellField envelope_share;          ///< of each owned cell within the envelope; homogenised only
  material::DegradationLaw law = {}; ///< how the modulus of the solid follows its molar mass
  bool degrades = false;             ///< then it changes outside of the healing domain as well
};

/**
 * Elastic constants of a cell.
 *
 * Resolved: material::Mixture of all tissues. Homogenised, f the share of scaffold and s that of the envelope
 * in the cell: E = s E_lattice(f/s) + (1 - f) E_mixture(other tissues / (1 - f)), lattice and pore tissue
 * side by side, and nu weights both by their stiffness. Side by side is the upper bound for what the tissue
 * adds; lattice and tissue share the strain of the voxel in the model as well. The modulus of the solid is
 * that of its molar mass in this cell.
 */
material::Elastic voxel_elastic(const TissueState &state, std::size_t cell, const material::Mixture &mixture,
                                const material::TissueElasticity &tissues, const ScaffoldStiffness &scaffold);

} // namespace wolff::regeneration
