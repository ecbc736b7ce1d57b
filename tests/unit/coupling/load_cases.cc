// ranks: 1 2 4
// links: coupling
// Several load cases on one set-up: each is what it is alone, they superpose and are reciprocal; the schedule
// scales them; muscles act beside the contact. A coarse head in voxels of 2 and 4 mm.
#include "coupling/load_cases.h"
#include "coupling/step.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>

using namespace wolff;
using namespace wolff::coupling;

namespace {

Case coarse()
{
  Case input;
  input.geometry.femur.distal_cut = 100;
  input.geometry.scaffold.length = 15;
  input.geometry.scaffold.cell_size = 8;
  input.mesh.finest = 2;
  input.mesh.interface = input.mesh.bulk = 4;
  input.solver.tolerance = 1e-12; // the identities are asked to hold to 1e-9
  return input;
}

Case with_two_activities()
{
  Case input = coarse();
  input.loads.set = "several activities";
  input.loads.activities = "level walking; stairs up 100";
  return input;
}

std::unique_ptr<Model> built(const Case &input)
{
  Log log(MPI_COMM_WORLD);
  return build_model(input, MPI_COMM_WORLD, log, Purpose::compute);
}

double summed(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

double largest(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

/// Largest |a - b| over the largest |a|, owned unknowns.
double difference(const Model &model, const std::vector<double> &a, const std::vector<double> &b)
{
  double apart = 0, size = 0;
  for (std::size_t i = 0; i < 3 * model.solver->nodes().n_owned(); ++i) {
    apart = std::max(apart, std::abs(a[i] - b[i]));
    size = std::max(size, std::abs(a[i]));
  }
  return largest(apart) / largest(size);
}

/// f.u of load case @p load and the displacement of another one; ghosts and hanging nodes are current.
double work(const Model &model, const std::size_t load, const Mechanics &mechanics)
{
  std::vector<double> u = mechanics.displacement;
  model.solver->nodes().exchange().update_ghosts(u.data(), 3);
  model.solver->nodes().fill_hanging(u.data(), 3);
  double sum = 0;
  const NodalForces &forces = model.nodal_forces[load];
  for (std::size_t i = 0; i < forces.entries.size(); ++i) sum += forces.values[i] * u[forces.entries[i]];
  return summed(sum);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_case_is_what_it_is_alone_bit_for_bit)
{
  const auto both = built(with_two_activities());
  const LoadedMechanics together = solve_equilibrium(*both, both->initial, {});
  BOOST_REQUIRE(together.size() == 2U);
  const std::array<std::string, 2> names{"level walking", "stairs up"};
  for (std::size_t k = 0; k < 2; ++k) {
    Case input = coarse();
    input.loads.activity = names[k];
    const auto single = built(input);
    const LoadedMechanics alone = solve_equilibrium(*single, single->initial, {});
    BOOST_REQUIRE(alone.size() == 1U);
    BOOST_CHECK(alone[0].displacement == together[k].displacement);
    BOOST_TEST(alone[0].report.iterations == together[k].report.iterations);
    for (std::size_t i = 0; i < alone[0].stress.size(); ++i)
      BOOST_REQUIRE(alone[0].stress[i].components == together[k].stress[i].components);
  }
  BOOST_TEST(difference(*both, together[0].displacement, together[1].displacement) > 0.01);
}

BOOST_AUTO_TEST_CASE(v107_three_cases_balance_superpose_and_are_reciprocal)
{
  const auto model = built(with_two_activities());
  // The third case carries the forces of both.
  model->load_set.push_back({.name = "both", .cycles = 1, .muscles = {}});
  NodalForces sum;
  std::vector<double> added = forces_of(*model, 0, 1);
  const std::vector<double> more = forces_of(*model, 1, 1);
  for (std::size_t i = 0; i < added.size(); ++i) {
    added[i] += more[i];
    if (added[i] == 0) continue;
    sum.entries.push_back(static_cast<std::uint32_t>(i));
    sum.values.push_back(added[i]);
  }
  model->nodal_forces.push_back(sum);

  const LoadedMechanics solved = solve_equilibrium(*model, model->initial, {});
  BOOST_REQUIRE(solved.size() == 3U);
  for (std::size_t k = 0; k < 3; ++k) {
    const mechanics::SolveReport &report = solved[k].report;
    BOOST_TEST(report.force_imbalance() < 1e-10);
    BOOST_TEST(report.energy_imbalance() < 1e-10);
    // Contact has no moment about the head centre: the size of a moment is force times length of the femur.
    BOOST_TEST((report.applied_moment + report.reaction_moment).norm() < 1e-10 * report.force_size * 100);
    BOOST_TEST(work(*model, k, solved[k]) / 2 == report.strain_energy, boost::test_tools::tolerance(1e-10));
    BOOST_TEST((k == 0) == (report.setup_seconds > 0)); // one set-up serves all
  }
  for (std::size_t k = 0; k < 2; ++k) { // exact resultants
    const Vector3 force = model->anatomy->femur_axes() * model->load_set[k].force;
    BOOST_TEST((solved[k].report.applied - force).norm() < 1e-12 * force.norm());
  }
  std::vector<double> u = solved[0].displacement;
  for (std::size_t i = 0; i < u.size(); ++i) u[i] += solved[1].displacement[i];
  BOOST_TEST(difference(*model, u, solved[2].displacement) < 1e-9);
  const double forth = work(*model, 0, solved[1]), back = work(*model, 1, solved[0]);
  BOOST_TEST(forth == back, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(forth > 0);
}

BOOST_AUTO_TEST_CASE(a_case_starts_from_its_own_last_displacement)
{
  const auto model = built(with_two_activities());
  const LoadedMechanics first = solve_equilibrium(*model, model->initial, {});
  Displacements starts = displacements_of(first);
  const LoadedMechanics second = solve_equilibrium(*model, model->initial, starts);
  std::swap(starts[0], starts[1]);
  const LoadedMechanics swapped = solve_equilibrium(*model, model->initial, starts);
  // Masters in void are found anew (solve_start.h), which costs a few iterations at this tolerance.
  for (std::size_t k = 0; k < 2; ++k) {
    BOOST_TEST(second[k].report.first_residual < 1e-6);
    BOOST_TEST(swapped[k].report.first_residual > 1e-2); // the other case's displacement is no solution
    BOOST_TEST(second[k].report.iterations < swapped[k].report.iterations / 2);
  }
}

BOOST_AUTO_TEST_CASE(former_solutions_are_kept_for_each_case)
{
  Case input = with_two_activities();
  input.solver.former_solutions = 3;
  const auto model = built(input);
  const LoadedMechanics first = solve_equilibrium(*model, model->initial, {});
  for (const Mechanics &load : solve_equilibrium(*model, model->initial, displacements_of(first)))
    BOOST_TEST(load.report.first_residual < 1e-10); // the span holds the answer itself, to rounding
}

BOOST_AUTO_TEST_CASE(the_stimulus_is_that_of_the_case_with_more_of_it_or_the_mean)
{
  Case input = with_two_activities();
  const auto model = built(input);
  const LoadedMechanics both = solve_equilibrium(*model, model->initial, {});
  const auto stimulus_of = [&](const LoadedMechanics &mechanics) {
    std::vector<double> s;
    for (const auto &response : evaluate_stimulus(*model, mechanics)) s.push_back(response.stimulus);
    return s;
  };
  const std::vector<double> walking = stimulus_of({both[0]}), stairs = stimulus_of({both[1]});
  const auto check = [&](const std::string &combination, const auto &expected) {
    model->input.stimulus.combination = combination;
    const std::vector<double> combined = stimulus_of(both);
    BOOST_REQUIRE(combined.size() == walking.size());
    for (std::size_t i = 0; i < combined.size(); ++i)
      BOOST_REQUIRE(std::abs(combined[i] - expected(walking[i], stairs[i])) <= 1e-14 * combined[i]);
  };
  check("maximum", [](const double a, const double b) { return std::max(a, b); });
  check("mean", [](const double a, const double b) { return (a + b) / 2; });
  check("cycle-weighted mean",
        [](const double a, const double b) { return (6144 * a + 100 * b) / (6144 + 100); });
}

BOOST_AUTO_TEST_CASE(a_single_case_of_unknown_cycles_has_a_cycle_weighted_stimulus)
{
  Case input = coarse();
  input.loads.activity = "standing up";
  input.stimulus.combination = "cycle-weighted mean";
  const auto model = built(input);
  const LoadedMechanics mechanics = solve_equilibrium(*model, model->initial, {});
  BOOST_TEST(evaluate_stimulus(*model, mechanics).size() == model->mesh->n_owned());
}

BOOST_AUTO_TEST_CASE(the_schedule_scales_the_answer_and_no_load_gives_nothing_without_a_solve)
{
  Case input = coarse();
  const auto full = built(input);
  const LoadedMechanics whole = solve_equilibrium(*full, full->initial, {});
  input.loads.schedule = "0 0; 6 0.5; 12 1";
  input.course.every = 3;
  const auto model = built(input);
  regeneration::TissueState state = model->initial;

  const LoadedMechanics none = solve_equilibrium(*model, state, {});
  BOOST_TEST(none[0].report.applied.norm() == 0);
  for (const auto &strain : none[0].strain) BOOST_REQUIRE(strain.components == SymmetricTensor().components);
  for (const auto &response : evaluate_stimulus(*model, none)) {
    BOOST_REQUIRE(response.stimulus == 0);
    BOOST_REQUIRE((response.phenotype == stimulus::Phenotype::resorption));
    BOOST_REQUIRE(response.windows[0] == 1);
  }

  state.step = 2;
  state.day = 6;
  const LoadedMechanics half = solve_equilibrium(*model, state, displacements_of(none));
  std::vector<double> doubled = half[0].displacement;
  for (double &value : doubled) value *= 2;
  BOOST_TEST(difference(*full, whole[0].displacement, doubled) < 1e-9);

  // The same tissue under twice the load: the scaled start is nearly the answer.
  state.step = 4;
  state.day = 12;
  const LoadedMechanics all = solve_equilibrium(*model, state, displacements_of(half));
  BOOST_TEST(all[0].report.first_residual < 1e-6);
  BOOST_TEST(difference(*full, whole[0].displacement, all[0].displacement) < 1e-9);
}

BOOST_AUTO_TEST_CASE(muscles_add_their_exact_resultant_to_the_contact)
{
  Case input = coarse();
  input.loads.activity = "level walking (Heller)";
  input.loads.muscles = "of the activity";
  input.loads.muscle_disc_radius = 10;
  const auto model = built(input);
  const LoadedMechanics mechanics = solve_equilibrium(*model, model->initial, {});
  Vector3 force = model->load_set[0].force;
  BOOST_REQUIRE(model->load_set[0].muscles.size() == 4U);
  for (const auto &muscle : model->load_set[0].muscles) force += muscle.force;
  force = model->anatomy->femur_axes() * force;
  BOOST_TEST((mechanics[0].report.applied - force).norm() < 1e-12 * force.norm());
  BOOST_TEST(mechanics[0].report.force_imbalance() < 1e-10);
}

BOOST_AUTO_TEST_CASE(muscles_below_the_distal_cut_are_left_out_with_a_warning)
{
  Case input = coarse();
  input.geometry.femur.distal_cut = 60;
  input.loads.activity = "stairs up";
  input.loads.muscles = "of the activity";
  input.loads.muscle_disc_radius = 10;
  Log log(MPI_COMM_WORLD);
  const auto model = build_model(input, MPI_COMM_WORLD, log, Purpose::compute);
  BOOST_TEST(log.warnings() >= 1);
  const LoadedMechanics mechanics = solve_equilibrium(*model, model->initial, {});
  Vector3 force = model->load_set[0].force;
  for (const auto &muscle : model->load_set[0].muscles)
    if (muscle.attachment != "P3") force += muscle.force; // 68 mm below the head centre
  force = model->anatomy->femur_axes() * force;
  BOOST_TEST((mechanics[0].report.applied - force).norm() < 1e-12 * force.norm());
}
