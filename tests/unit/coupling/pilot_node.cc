// ranks: 1 2 4
// links: coupling
// A femur on a pilot node: held in all motions it is the clamp; on springs the same bone turns as a whole; a
// guided head stays on its line. A coarse head in voxels of 2 and 4 mm.
#include "coupling/load_cases.h"
#include "coupling/pilot_support.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::coupling;

namespace {

Case femur()
{
  Case input;
  input.geometry.femur.distal_cut = 100;
  input.geometry.scaffold.length = 15;
  input.geometry.scaffold.cell_size = 8;
  input.mesh.finest = 2;
  input.mesh.interface = input.mesh.bulk = 4;
  input.solver.tolerance = 1e-10;
  input.loads.support = "pilot node";
  return input;
}

std::unique_ptr<Model> standing(const Case &input)
{
  Log log(MPI_COMM_WORLD);
  return build_model(input, MPI_COMM_WORLD, log, Purpose::compute);
}

Mechanics solved(Model &model)
{
  return solve_equilibrium(model, model.initial, {}).front();
}

bool strains_are_equal(const Mechanics &a, const Mechanics &b)
{
  double difference = 0;
  for (std::size_t i = 0; i < a.strain.size(); ++i)
    for (std::size_t c = 0; c < 6; ++c)
      difference = std::max(difference, std::abs(a.strain[i].components[c] - b.strain[i].components[c]));
  MPI_Allreduce(MPI_IN_PLACE, &difference, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return difference == 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_motions_held_is_the_clamp_and_springs_add_a_rigid_motion_only)
{
  Case input = femur();
  const auto held = standing(input);
  const Mechanics on_hold = solved(*held);
  BOOST_TEST(on_hold.pilot->motion.translation.norm() == 0);
  input.loads.support = "clamp at distal cut";
  const auto clamped = standing(input);
  const Mechanics on_clamp = solved(*clamped);
  BOOST_TEST(strains_are_equal(on_hold, on_clamp));
  BOOST_TEST(!on_clamp.pilot.has_value());

  input.loads.support = "pilot node";
  input.loads.pilot.translations = "1e4; 1e4; 2e4";
  input.loads.pilot.rotations = "1e6; 2e6; held";
  const auto sprung = standing(input);
  const Mechanics on_springs = solved(*sprung);
  BOOST_TEST(strains_are_equal(on_springs, on_clamp));
  // Statics: translation = force over stiffness, rotation = moment about the node over stiffness.
  const loads::RigidMotion &motion = on_springs.pilot->motion;
  const Vector3 force = on_clamp.report.applied,
                moment = (sprung->anatomy->head_centre() - motion.point).cross(force) +
                         on_clamp.report.applied_moment;
  BOOST_TEST((motion.translation - force.cwiseQuotient(Vector3(1e4, 1e4, 2e4))).norm() < 1e-9);
  BOOST_TEST(std::abs(motion.rotation[0] - moment[0] / 1e6) < 1e-9);
  BOOST_TEST(std::abs(motion.rotation[1] - moment[1] / 2e6) < 1e-9);
  BOOST_TEST(motion.rotation[2] == 0);
  BOOST_TEST(on_springs.report.energy_imbalance() < 1e-8);
  BOOST_TEST(on_springs.report.external_work > on_clamp.report.external_work);
}

BOOST_AUTO_TEST_CASE(a_guided_head_stays_on_its_line_and_everything_stands_in_balance)
{
  Case input = femur();
  input.loads.pilot.rotations = "free; free; held";
  input.loads.pilot.head = "guided to the knee";
  input.loads.muscles = "walking";
  input.loads.activity = "level walking (Heller)";
  const auto model = standing(input);
  const Mechanics mechanics = solved(*model);
  const mechanics::PilotMotion &pilot = *mechanics.pilot;
  const loads::PilotNode &node = *model->support.pilot;
  BOOST_TEST_MESSAGE("joint " << pilot.head_force.transpose() << " N, turned "
                              << pilot.motion.rotation.transpose());
  BOOST_TEST(pilot.head_force.norm() > 1);
  for (std::size_t m = 0; m < 2; ++m) {
    const double across = work_of(model->guide_forces[m], mechanics.displacement, MPI_COMM_WORLD) +
                          node.guides[m].dot(pilot.motion.at(node.head_centre));
    BOOST_TEST(std::abs(across) < 1e-7); // of the solver; the head moves by some 0.1 mm along the line
  }
  const mechanics::SolveReport &report = mechanics.report;
  BOOST_TEST(report.force_imbalance() < 1e-8);
  BOOST_TEST(report.energy_imbalance() < 1e-6);
  // Free rotations: load and joint have no moment about the node but along the shaft.
  const NodalForces &load = model->nodal_forces[0];
  const Vector3 moment =
      load.moment + (node.head_centre - node.point).cross(Vector3(load.force + pilot.head_force));
  BOOST_TEST(std::abs(moment[0]) < 1e-6 * load.force.norm() * 100);
  BOOST_TEST(std::abs(moment[1]) < 1e-6 * load.force.norm() * 100);
  BOOST_TEST(report.applied.isApprox(load.force, 1e-9));
}

BOOST_AUTO_TEST_CASE(a_guided_head_scales_with_the_load_and_does_not_depend_on_the_start_of_the_solve)
{
  Case input = femur();
  input.loads.pilot.rotations = "free; 1e6; held";
  input.loads.pilot.head = "guided to the knee";
  input.loads.schedule = "0 1; 3 0.5; 6 0";
  const auto model = standing(input);
  regeneration::TissueState state = model->initial;
  const LoadedMechanics full = solve_equilibrium(*model, state, {});
  state.day = 3;
  state.step = 1;
  const LoadedMechanics half = solve_equilibrium(*model, state, displacements_of(full));
  BOOST_TEST(half.front().report.first_residual < 1e-8); // it starts from the scaled solution, which is right
  BOOST_TEST((0.5 * full.front().pilot->head_force - half.front().pilot->head_force).norm() < 1e-6);
  state.day = 6;
  state.step = 2;
  BOOST_TEST(solve_equilibrium(*model, state, displacements_of(half)).front().pilot->head_force.norm() == 0);
}

BOOST_AUTO_TEST_CASE(a_guided_head_with_fluid_in_the_pores_is_refused)
{
  Case input = femur();
  input.loads.pilot.head = "guided to the knee";
  input.pores.fluid = "ramp";
  const std::vector<Fault> faults = check_case(input);
  BOOST_REQUIRE(faults.size() == 1U);
  BOOST_TEST(faults[0].name() == "option-contradicts");
  BOOST_TEST(faults[0].place() == "Loads/Pilot node/Head");
}
