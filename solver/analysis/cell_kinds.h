// Which cells count as scaffold, host bone, new bone: stresses and strains are read kind by kind.
// A cell is one homogeneous voxel; its stress is that of the mixture.
#pragma once

#include "regeneration/tissue_state.h"

namespace wolff::analysis {

/// Looks at the fractions and the region of one cell.
class CellKind
{
public:
  CellKind(const regeneration::TissueState &state, const std::size_t cell) : state_(state), cell_(cell) {}

  /// Half of the voxel or more is scaffold. Such a cell is of no other kind.
  bool is_scaffold() const { return fraction(Tissue::scaffold) >= 0.5; }

  /// Viable bone around the repair, trabecular or cortical with the subchondral plate; less than half of the
  /// voxel is cartilage and scaffold.
  bool is_host_bone() const
  {
    return region() == regeneration::Region::host && trabecular_and_cortical() > 0 &&
           fraction(Tissue::articular_cartilage) + fraction(Tissue::scaffold) < 0.5;
  }

  /// Host bone with a trabecular skeleton, less than half of the voxel cortical.
  bool is_cancellous_host() const
  {
    return is_host_bone() && fraction(Tissue::cancellous_bone) > 0 &&
           fraction(Tissue::articular_cartilage) + fraction(Tissue::scaffold) +
                   fraction(Tissue::cortical_bone) <
               0.5;
  }

  bool is_lesion() const { return region() == regeneration::Region::lesion && !is_scaffold(); }

  /// Lesion with a skeleton in it, dead or alive.
  bool is_lesion_bone() const
  {
    return is_lesion() && fraction(Tissue::necrotic_bone) + trabecular_and_cortical() > 0;
  }

  /// Half of the voxel or more is immature and mature bone.
  bool is_new_bone() const
  {
    return !is_scaffold() && fraction(Tissue::immature_bone) + fraction(Tissue::mature_bone) >= 0.5;
  }

private:
  using Tissue = material::Tissue;

  double fraction(const Tissue tissue) const { return state_.fractions[material::index(tissue)][cell_]; }
  double trabecular_and_cortical() const
  {
    return fraction(Tissue::cancellous_bone) + fraction(Tissue::cortical_bone);
  }
  regeneration::Region region() const { return static_cast<regeneration::Region>(state_.region[cell_]); }

  const regeneration::TissueState &state_;
  std::size_t cell_;
};

} // namespace wolff::analysis
