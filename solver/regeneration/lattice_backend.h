// The cell lattice as a backend of a run: a lattice over the healing domain and the marrow around it, whose
// elements are the voxels of the mesh. Stimulus per voxel in, shares of tissues and densities of cells out.
#pragma once

#include "discretisation/cell_mesh.h"
#include "geometry/anatomy.h"
#include "regeneration/cell_dose.h"
#include "regeneration/host_factors.h"
#include "regeneration/regenerate.h"
#include "regeneration/signal_fields.h"
#include "tissue/lattice_rules.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace wolff::regeneration {

/// What the backend must know beside the rules.
struct LatticeBackend
{
  tissue::LatticeOptions options;
  std::function<geometry::Phase(const Vector3 &)> phase; ///< at a place [mm]
  double bone_volume_fraction = 0.28;                    ///< of viable and necrotic skeleton [-]
  double host_share = 0.3; ///< of the marrow sites around the domain that hold a stromal cell on day 0
  double host_depth = 2;   ///< thickness of that marrow [mm]
  /// May a site on this ground hold one? Empty: every site of marrow.
  std::function<bool(const Vector3 &, tissue::Ground)> may_hold_stromal;
  DoseOptions doses;
  HostFactorOptions host; ///< of these the factors that hold for all marrow
  SignalOptions signals;  ///< of these oxygen, VEGF, vessels and the gate of bone, as a switch at one half
  TransportOptions transport;
  /// Counted messages, said once when the lattice is built: out of register, elements without sites, ...
  std::function<void(const std::string &)> say;
};

/**
 * The door. The lattice covers the voxels of the healing domain and those with a part within host_depth of
 * them. A site takes its ground from the phase at its centre: scaffold; cortical bone and plate as bone; of
 * trabecular bone, viable or dead, a share bone_volume_fraction of the sites, drawn by place, is bone and the
 * rest marrow outside of the domain, tissue inside; track and pores are tissue. Sites in no voxel are walls.
 *
 * After each call, with n sites of tissue in a voxel, n_k of them with formed cells of kind k, and theta_0
 * the volume there that healing may fill (granulation and the four tissues, constant in time), share_k =
 * theta_0 n_k / n,   density of a kind = its cells / volume of the voxel; what is left of theta_0 is
 * granulation tissue. A voxel without sites stays as it is. Where scaffold erodes, its share of a voxel is in
 * proportion to the sites of scaffold that are left there, and what is lost adds to theta_0.
 *
 * All cells and eroded sites stand in TissueState::lattice_cells (8 bytes each), so the door has no memory
 * that matters: called with a state from a file it goes on from there. Whole days pass: from before.day to
 * before.day + days those that end in between. A dose on day d is put on random free sites before the first
 * whole day that begins on d or later; about a catheter's tip and along walls as apply_dose() shares it among
 * the voxels, in each of which its cells take random free sites (those beyond them are lost). Cells in a
 * carrier leave it day by day for free sites of their voxel, and stay in it while there are none. A host
 * factor f thins out the stromal cells of the marrow on day 0 to f host_share; where it recovers, new ones
 * appear on a share host_share (f(day) - f(day - 1)) of the sites of that marrow, as far as they are free.
 *
 * Signals: each morning oxygen, VEGF and vessels go on by a day with the cells of the lattice as densities.
 * Where the gate of bone is open by less than one half, a bone stimulus calls for cartilage that day, or for
 * nothing (Checa & Prendergast 2009: a stromal cell needs a vessel nearby to become an osteoblast).
 *
 * @p mesh must outlive the door; it is built by the first call, whose healing domain and regions are kept.
 * @throws Fault (exit 3): no site of tissue; (exit 2, 3) wrong dose; (exit 7) lattice too large. Collective.
 */
Regenerate lattice_agents(const discretisation::CellMesh &mesh, LatticeBackend backend);

} // namespace wolff::regeneration
