// How the sites of the lattice alone are grouped into elements: boxes of sites, or the labels of an image;
// and the stimulus that each element is given.
#pragma once

#include "base/log.h"
#include "coupling/lattice_body.h"
#include "regeneration/lattice.h"

#include <mpi.h>

#include <map>
#include <string>
#include <vector>

namespace wolff::coupling {

/// Elements of the whole lattice, ready for Lattice; the labels are those of the slab that the cuts of
/// @p layer_weight give this rank.
struct LatticeGroups
{
  regeneration::ElementGrid grid;
  Vector3 corner = Vector3::Zero(); ///< outer corner of the first box, from the lattice's middle [mm]
  double edge = 0;                  ///< of a box [mm]
  std::int64_t edge_sites = 0;      ///< the same in sites; 0 with labels
  bool are_labelled = false, are_in_register = true;
  std::int64_t n_labels = 0;                      ///< elements that the image names
  std::map<std::int32_t, std::int64_t> voxels_of; ///< of the image, by label
  std::vector<std::string> warnings;              ///< of the image
};

/**
 * Boxes of `Element edge` sites from the lattice's corner on, or, with an element file, the voxels of the
 * image, where equal labels are one element and a label of 0 or less is none. A site belongs to the voxel
 * that holds its centre; lengths are whole nanometres, and a centre on the border of two voxels belongs to
 * the upper one. Sites beyond the image are in no element.
 *
 * A .vti has its coordinates measured from the lattice's middle; a NIfTI image begins at the lattice's
 * corner, because its own frame is that of a scanner.
 * @throws Fault as LabelImage; (exit 3) the image and the lattice have no site in common. Collective.
 */
LatticeGroups lattice_groups(const LatticeBodyOptions &options, const LatticeBody &body, double spacing,
                             const std::string &folder, const std::vector<double> &layer_weight,
                             MPI_Comm comm);

/**
 * What the stimulus calls for in each of the lattice's elements: at the middle of its box, or, of a label, at
 * the mean place of its tissue sites, the same on any number of ranks. Elements without tissue get disuse,
 * since no site asks. @throws Fault as LatticeBody::window. Collective.
 */
std::vector<tissue::Window> stimulus_of(const regeneration::Lattice &lattice, const LatticeBody &body,
                                        const LatticeGroups &groups);

/// Counts of what does not fit, for the log: out of register, labels without a site of tissue, sites of
/// tissue in no element. Collective. @throws Fault (exit 3): no site of tissue is in an element
void report_groups(const regeneration::Lattice &lattice, const LatticeGroups &groups, Log &log);

} // namespace wolff::coupling
