// A femur on a pilot node: what its guided head does under the moduli of a step, and the motion of each case.
#pragma once

#include "coupling/step.h"

#include <Eigen/Core>

#include <vector>

namespace wolff::coupling {

/// How the femur answers to forces of size one along the guides of its head, its distal end at rest.
struct GuideResponse
{
  std::vector<std::vector<double>> displacement; ///< one a guide, ghosts and hanging entries current [mm/N]
  Eigen::MatrixXd compliance; ///< motion along guide i under the force along guide j [mm/N]
  int iterations = 0;
};

/// One solve a guide with the moduli that the solver has; nothing without guides. Starts at zero, so that it
/// is the same in a run and after a restart. Collective.
GuideResponse guide_response(Model &model);

/**
 * Motion of the pilot node and forces on the guided head under load case @p index times @p factor. What the
 * load alone does to the head is the work of the load on the guides' displacements (Betti), so that it needs
 * no solve. Collective.
 */
mechanics::PilotMotion pilot_motion_of(const Model &model, const GuideResponse &guides, std::size_t index,
                                       double factor);

/// Brings a report of the femur with its distal end at rest to that of the femur on its pilot node: guide
/// forces count as reactions, energies include springs and motion. Collective.
void add_pilot_to_report(const Model &model, Mechanics &mechanics);

} // namespace wolff::coupling
