// What the solution of a box is reported by: summary.json and mechanics.pvtu.
#pragma once

#include "analysis/quantity.h"
#include "coupling/box_model.h"
#include "mechanics/elastic_solver.h"

#include <array>
#include <string>
#include <vector>

namespace wolff::coupling {

/// Everything that the summary tells.
struct BoxResults
{
  mechanics::SolveReport report;
  std::array<Vector3, loads::n_faces> reactions; ///< on each face [N]
  SymmetricTensor mean_stress;                   ///< integral over the body by volume of the box [MPa]
  SymmetricTensor mean_strain;                   ///< mean over the solid voxels [-]
  std::vector<analysis::Quantity> errors;        ///< relative, against the exact solution
  double setup_seconds = 0, solve_seconds = 0, total_seconds = 0;
};

/// Mean stress and strain from the gradients at voxel centres, which are the means over each voxel. Updates
/// ghosts and hanging entries of @p u. Collective.
void find_means(const BoxModel &model, const mechanics::ElasticSolver &solver, std::vector<double> &u,
                BoxResults &results);

/// Write summary.json. Peak memory is asked for here. @throws Fault (exit 5) on all ranks. Collective.
void write_summary(const BoxModel &model, const mechanics::ElasticSolver &solver, const BoxResults &results,
                   const std::string &path);

/// All fields of the solution, Float64. @throws Fault (exit 5) on all ranks. Collective.
void write_fields(const BoxModel &model, const mechanics::ElasticSolver &solver, std::vector<double> &u,
                  const std::string &path);

/// Labels, moduli and edges of the voxels, to look at. Collective.
void write_model_fields(const BoxModel &model, const std::string &path);

} // namespace wolff::coupling
