#include "coupling/pilot_support.h"

#include "coupling/load_cases.h"

namespace wolff::coupling {

GuideResponse guide_response(Model &model)
{
  GuideResponse response;
  const std::size_t n = model.guide_forces.size();
  response.compliance.resize(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  const discretisation::BrickNodes &nodes = model.solver->nodes();
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> forces = model.solver->zero_vector(), u = model.solver->zero_vector();
    add_forces(model.guide_forces[j], 1, forces);
    model.solver->select_load_case(model.load_set.size() + j);
    response.iterations += model.solver->solve(std::move(forces), u, model.anatomy->head_centre()).iterations;
    nodes.exchange().update_ghosts(u.data(), 3);
    nodes.fill_hanging(u.data(), 3);
    for (std::size_t i = 0; i < n; ++i)
      response.compliance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          work_of(model.guide_forces[i], u, model.comm);
    response.displacement.push_back(std::move(u));
  }
  return response;
}

mechanics::PilotMotion pilot_motion_of(const Model &model, const GuideResponse &guides,
                                       const std::size_t index, const double factor)
{
  const NodalForces &forces = model.nodal_forces[index];
  mechanics::PilotLoad load{factor * forces.force, factor * forces.moment, {}};
  load.head.resize(static_cast<Eigen::Index>(guides.displacement.size()));
  for (std::size_t m = 0; m < guides.displacement.size(); ++m)
    load.head[static_cast<Eigen::Index>(m)] = factor * work_of(forces, guides.displacement[m], model.comm);
  return mechanics::pilot_motion(*model.support.pilot, guides.compliance, load);
}

void add_pilot_to_report(const Model &model, Mechanics &mechanics)
{
  const mechanics::PilotMotion &pilot = *mechanics.pilot;
  mechanics::SolveReport &report = mechanics.report;
  report.applied -= pilot.head_force; // they act at the centre of the head, the reference of the moments
  report.reaction += pilot.head_force;
  report.strain_energy += pilot.spring_energy;
  report.external_work += pilot.work;
  for (std::size_t m = 0; m < pilot.guide_forces.size(); ++m)
    report.external_work -=
        0.5 * pilot.guide_forces[m] * work_of(model.guide_forces[m], mechanics.displacement, model.comm);
}

} // namespace wolff::coupling
