// A gap in the shaft of a long bone, as in the published models of segmental defects: a straight tube of
// cortical bone with marrow in its canal, a gap filled with granulation tissue, and tissue on the periosteum
// beside it.
#pragma once

#include "geometry/anatomy.h"
#include "geometry/scaffold.h"

#include <memory>
#include <string>
#include <vector>

namespace wolff::geometry {

/// Lengths of Perier-Metz et al. 2020 (sheep tibia). The axis is z, the middle of the gap the origin.
struct LongBoneOptions
{
  double bone_radius = 10, canal_radius = 7.5; ///< [mm]; no canal at 0
  double gap = 40;                             ///< [mm]
  double stump = 15;                           ///< length of bone beyond each end of the gap [mm]
  double inner_radius = 0;                     ///< marrow within it fills the gap too [mm]
  double callus_radius = 10.7;                 ///< of what heals [mm]
  double periosteum = 10; ///< length of tissue beside the bone beyond each end of the gap [mm]

  void declare(Options &options);
};

/// All that is wrong with the lengths, and with a scaffold in the gap.
std::vector<Fault> check(const LongBoneOptions &options, const ScaffoldOptions &scaffold);

struct LongBone
{
  std::unique_ptr<Anatomy> anatomy;
  std::optional<ScaffoldMeasures> scaffold;
  std::vector<std::string> lines;
};

/**
 * The body as an anatomy. With r the distance from the axis and a that from the nearer end of the gap
 * (negative in it): in the gap marrow for r < inner radius, else healing tissue (phase track) up to the
 * callus radius; beyond, marrow in the canal, cortical bone up to its radius, healing tissue up to the callus
 * radius for a < periosteum. A scaffold lies in the middle of the gap, along the axis. There is no head:
 * head_centre() is the middle of the proximal (upper) end, about which moments are taken, and head_radius()
 * is zero. @throws FaultList as check()
 */
LongBone build_long_bone(const LongBoneOptions &options, const ScaffoldOptions &scaffold);

} // namespace wolff::geometry
