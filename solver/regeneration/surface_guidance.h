// What a surface does to the cells beside it: they migrate along it, settle on it, and that of an
// osteoconductive scaffold makes bone of them sooner. The mean of what the lattice does site by site.
#pragma once

#include "base/errors.h"
#include "regeneration/tissue_state.h"

#include <functional>
#include <vector>

namespace wolff::regeneration {

struct SurfaceGuidanceOptions
{
  bool migration = false;     ///< D times the share of the free volume beside a surface
  bool deposition = false;    ///< likewise differentiation
  double osteoconduction = 1; ///< factor on the differentiation of osteoblasts beside the scaffold [-]
  double reach = 0.1;         ///< how far from a surface a cell is beside it [mm]
  double specific_area = 0;   ///< of a homogenised scaffold [1/mm], 0: that of its lattice

  void declare(Options &options);
  bool is_on() const { return migration || deposition || osteoconduction != 1; }
};

/// The area of a homogenised scaffold, whose surface no voxel shows.
struct HomogenisedSurface
{
  CellField envelope_share; ///< of each owned cell; empty: it is resolved, or none
  std::function<double(double)> area_of_solid_fraction; ///< [1/mm]
};

/// Area of the surface in each owned cell over the cell's volume, s_v [1/mm].
struct SpecificArea
{
  CellField scaffold; ///< of the scaffold alone
  CellField all;      ///< and of the bone beyond the healing domain
};

/**
 * Where the share of solid rises by r across a side of area A, the less solid cell shows r A. What a cell
 * shows on the two sides along each axis is A_x, A_y, A_z, and s_v = sqrt(A_x^2 + A_y^2 + A_z^2)/V: exact for
 * a plane along the voxels, for both walls of a slit and beside finer cells; a ball has 1.12 times its area
 * [C]. Bone counts by its share. Of a homogenised scaffold s_v is what @p homogenised says times the share of
 * the cell in its envelope. Collective.
 */
SpecificArea specific_area(const discretisation::CellMesh &mesh, const TissueState &state,
                           const HomogenisedSurface &homogenised = {});

/**
 * Share of each owned cell within @p reach l of the surface, min(1, s_v l); voxels smaller than that also
 * count by their distance. Zero outside of the domain. Collective.
 */
CellField share_in_reach(const discretisation::CellMesh &mesh, const TissueState &state,
                         const CellField &area, const CellField &solid, double reach);

/**
 * Share of the free volume with a surface at one of its six sides, p = 1 - (1 - a) (1 - m)^6: a of it is in
 * reach of the walls, and each neighbour is tissue with probability m. That is the mean of the rule of
 * Perier-Metz et al. (jumps, and differentiation, only on sites with formed tissue, bone or scaffold at a
 * face) for tissue that lies anywhere [C].
 */
double guided_share(double in_reach, double tissue);

/// What the step of the cells needs, for the surfaces of a state.
class SurfaceGuidance
{
public:
  SurfaceGuidance() = default;
  SurfaceGuidance(const discretisation::CellMesh &mesh, const TissueState &state,
                  const SurfaceGuidanceOptions &options, const HomogenisedSurface &homogenised);

  double migration(const TissueState &state, std::size_t cell) const;
  double differentiation(const TissueState &state, std::size_t cell) const;
  double osteogenic(std::size_t cell) const;

private:
  double guided(const TissueState &state, std::size_t cell) const;

  SurfaceGuidanceOptions options_;
  CellField beside_all_, beside_scaffold_; ///< shares; empty where nothing asks for them
};

} // namespace wolff::regeneration
