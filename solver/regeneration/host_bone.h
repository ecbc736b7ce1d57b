// Bone of the host outside of the healing domain, which remodels under its load: the point law of
// tissue/bone_remodelling.h cell by cell, with its stimulus filtered over the host if asked for. Callus and
// scaffold pores are not touched (continuum.h).
#pragma once

#include "discretisation/cell_mesh.h"
#include "material/mixture.h"
#include "regeneration/regenerate.h"
#include "regeneration/scaffold_stiffness.h"
#include "tissue/bone_remodelling.h"

#include <vector>

namespace wolff::regeneration {

/// Everything that the step needs beside state and load.
struct HostBone
{
  tissue::RemodellingOptions options;
  material::TissueElasticity elasticity;
  material::MixtureOptions mixture; ///< bone tissue density, and the moduli of what became of a cell
  ScaffoldStiffness scaffold = {};  ///< of cells that an envelope cuts
};

/**
 * S_f - l^2 lap S_f = S over the cells that @p inside names, no flux through their rim; other entries stay.
 * Two-point flux finite volumes (transport.h): the mean is kept, and S_f stays between the extremes of S.
 * @param length l, 0 changes nothing [mm]
 * @throws Fault (exit 4) if the solver does not converge. Collective.
 */
void filter(const discretisation::CellMesh &mesh, const std::vector<bool> &inside, double length,
            discretisation::CellField &stimulus);

/**
 * Remodel the host over @p days under the load of @p response, in cells outside of the healing domain that
 * hold viable cancellous bone b beside marrow m. Apparent density of that part r = r_t b/(b + m), r_t that of
 * bone itself; afterwards b' = (b + m) r'/r_t, and marrow takes the rest, so their sum and all other shares
 * are kept. Moduli follow at once: r changes too slowly for a lag. Cortical and necrotic bone do not change.
 * The filter acts on what the law compares: U/r^m, or the level of the mechanostat.
 * @throws Fault (exit 4) as tissue::density_after and filter, on all ranks. Collective.
 */
void remodel_host(const discretisation::CellMesh &mesh, const HostBone &host,
                  const std::vector<stimulus::Response> &response, double days, TissueState &state);

/// A backend whose steps remodel the host as well; with the law "none" the backend itself. @p mesh must
/// outlive it.
Regenerate with_host_bone(const discretisation::CellMesh &mesh, Regenerate backend, const HostBone &host);

} // namespace wolff::regeneration
