// The files of a run of the lattice alone: fields of the elements to look at, every single cell, checkpoints.
#pragma once

#include "coupling/lattice_groups.h"
#include "coupling/lattice_history.h"
#include "coupling/run.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::coupling {

/**
 * view_NNNN.pvtu: the boxes (voxels of the label image) of elements with tissue, Float32. Of each element the
 * shares of its tissue sites and the densities of cells (their number over the volume of the element), its
 * stimulus (`phenotype`) and its number. @throws Fault (exit 5). Collective.
 */
void write_element_view(const regeneration::Lattice &lattice, const LatticeGroups &groups,
                        const std::vector<tissue::Window> &stimulus, int day, const std::string &path);

/// Every cell, and every eroded site of scaffold, as io/site_file.h has them, in the order of their places;
/// places are measured from the middle of the lattice. @throws Fault (exit 5). Collective.
void write_cells(const regeneration::Lattice &lattice, const LatticeBody &body, const std::string &path);

/// How far an ensemble has come.
struct LatticeProgress
{
  int seed_number = 0; ///< from 0; the seeds before are finished
  int day = 0;         ///< that this seed has behind it
  Ensemble ensemble;
  nlohmann::json members = nlohmann::json::array(); ///< of summary.json, of the finished seeds
  std::vector<std::pair<double, std::string>> views;
};

/// Options, and the contents of the files that they name, as text.
std::map<std::string, std::string> lattice_options(const Case &input);

/// A checkpoint of the lattice on the evening of progress.day. @throws Fault (exit 5). Collective.
void write_lattice_checkpoint(const regeneration::Lattice &lattice, const LatticeBody &body,
                              const Case &input, const LatticeProgress &progress, int days,
                              const std::string &folder);

/// @throws Fault, FaultList (exit 6): damaged, of other options, or of another duration where that cannot be.
/// Collective.
LatticeProgress read_lattice_checkpoint(const std::string &checkpoint, const Case &input, int days,
                                        const std::vector<std::string> &allowed, Log &log, MPI_Comm comm);

/// Put the cells of a checkpoint on an empty lattice. @throws Fault (exit 2, 3). Collective.
void place_cells(const std::string &checkpoint, regeneration::Lattice &lattice);

} // namespace wolff::coupling
