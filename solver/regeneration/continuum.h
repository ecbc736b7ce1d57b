// The continuum backend: stromal cells diffuse, then each voxel's cells and tissues follow the kinetics at a
// point. Material is not touched here (see material_update.h).
#pragma once

#include "base/options.h"
#include "regeneration/cell_dose.h"
#include "regeneration/host_factors.h"
#include "regeneration/hydrogel.h"
#include "regeneration/necrosis.h"
#include "regeneration/regenerate.h"
#include "regeneration/signal_fields.h"
#include "regeneration/surface_guidance.h"
#include "regeneration/transport.h"
#include "tissue/bone_remodelling.h"
#include "tissue/kinetics.h"

#include <string>

namespace wolff::regeneration {

struct RegenerationOptions
{
  double step = 1;                  ///< [day]
  std::string splitting = "Lie";    ///< "Lie" or "Strang"
  double msc_diffusivity = 0.01167; ///< D [mm^2/day]
  double pore_guidance = 1;         ///< g [-], factor on D in the pores of a scaffold
  bool host_supply = true;
  double crowding = 0;               ///< chi in D (1 + chi sum(c)/capacity) [-]
  double fibroblast_diffusivity = 0; ///< [mm^2/day], 0: they stay where they are
  double msc_chemotaxis = 0;         ///< X up the gradient of the growth factor [mm^5/(ng day)], 0 is off
  double host_share = 0.3;           ///< density of stromal cells in viable marrow over the capacity [-]
  DoseOptions doses;
  TransportOptions transport;
  tissue::KineticsOptions kinetics;
  SignalOptions signals;
  NecrosisOptions necrosis;
  HostFactorOptions host;
  SurfaceGuidanceOptions surfaces;
  HydrogelOptions hydrogel;             ///< used by material_update.h
  tissue::RemodellingOptions host_bone; ///< used by host_bone.h

  /// Section "Regeneration".
  void declare(Options &options);
};

/**
 * The state after @p days, by operator splitting in steps of at most options.step,
 *     dc_k/dt = div(D g theta grad c_k) + rates(c, m, W)      k: the stages of stromal cells, immature to
 * mature dc_j/dt = rates,   dm/dt = rates                        j: fibroblasts, chondrocytes, osteoblasts
 * and, if asked for, - div(X theta c_k grad b), b the growth factor. theta: granulation fraction (free
 * volume), W: windows of the stimulus. First-order Lie splitting diffuses, then reacts; Strang splitting
 * halves the diffusion around the reaction. Only cells of the healing domain change.
 *
 * Viable marrow supplies stromal cells of the first stage: at a face between the domain and a cell outside of
 * it with region host and some marrow, the density of all stages together is host_share capacity theta. The
 * face is closed for a step that begins with more than that, since marrow there is crowded as well and takes
 * none back. A dose of day d is applied when day <= d < day + days, exactly on its day.
 *
 * Source of the equations: tissue/kinetics.h; D from N = 7 jumps a day of l = 0.1 mm on a lattice, D = N
 * l^2/6.
 * @throws Fault: wrong dose (exit 2, 3), solver or kinetics fail (exit 4). Collective.
 */
Regenerated regenerate(const CellMesh &mesh, const TissueState &before,
                       const std::vector<stimulus::Response> &stimulus, double days,
                       const RegenerationOptions &options, const HomogenisedSurface &scaffold = {});

/// The door with mesh and options filled in; @p mesh must outlive it.
Regenerate continuum(const CellMesh &mesh, const RegenerationOptions &options,
                     HomogenisedSurface scaffold = {});

} // namespace wolff::regeneration
