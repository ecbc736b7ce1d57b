// links: geometry
// The load cases that options ask for: forces on both sides of the body, cycles, muscles, what is refused.
#include "loads/load_set.h"

#include "loads/activity.h"
#include "loads/muscles.h"

#include "support/plain_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::loads;
using geometry::FemurFrame;
using geometry::Side;
using tests::PlainAnatomy;

namespace {

const double rounding = 1e-12; // a few products of numbers of order 1000

// Scanner coordinates: x to the patient's left, y posterior, z superior.
const PlainAnatomy left(FemurFrame({90, -20, -400}, {0, 0, 1}, {0, -1, 0}, Side::left));
const PlainAnatomy right(FemurFrame({-90, -20, -400}, {0, 0, 1}, {0, -1, 0}, Side::right));

/// All faults of a load set, in order.
std::vector<Fault> faults_of(const LoadOptions &options, const std::optional<GaitCycle> &cycle = {})
{
  try {
    load_set(options, cycle);
  } catch (const Fault &fault) {
    return {fault};
  } catch (const FaultList &list) {
    return list.faults();
  }
  return {};
}

void refused(const LoadOptions &options, const Exit code, const std::string &name, const std::string &place,
             const std::optional<GaitCycle> &cycle = {})
{
  const std::vector<Fault> faults = faults_of(options, cycle);
  BOOST_REQUIRE(faults.size() == 1U);
  BOOST_TEST((faults[0].code() == code));
  BOOST_TEST(faults[0].name() == name);
  BOOST_TEST(faults[0].place() == place);
}

LoadCase only(const LoadOptions &options)
{
  const std::vector<LoadCase> cases = load_set(options);
  BOOST_REQUIRE(cases.size() == 1U);
  return cases[0];
}

LoadOptions several(const std::string &list)
{
  LoadOptions options;
  options.set = "several activities";
  options.activities = list;
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_activity_pushes_the_head_laterally_posteriorly_and_distally_on_both_sides)
{
  for (const auto &activity : activities()) BOOST_TEST_CONTEXT(activity.name)
    {
      LoadOptions options;
      options.activity = activity.name;
      const Vector3 force = only(options).force;
      const Vector3 on_left = left.femur_axes() * force, on_right = right.femur_axes() * force;
      BOOST_TEST(on_left[0] > 0);  // lateral is to the patient's left on a left femur
      BOOST_TEST(on_right[0] < 0); // and to the right on a right one
      for (const Vector3 &f : {on_left, on_right}) {
        BOOST_TEST(f[1] > 0); // posterior
        BOOST_TEST(f[2] < 0); // distal
      }
      BOOST_TEST((on_left.cwiseProduct(Vector3(-1, 1, 1)) - on_right).norm() < rounding * on_left.norm());
    }
}

BOOST_AUTO_TEST_CASE(level_walking_of_a_patient_of_750_newton_is_the_measured_vector_6144_times_a_day)
{
  const LoadCase load = only({});
  BOOST_TEST((load.force - 7.5 * Vector3(-67.7, -23.6, -235.8)).norm() < rounding * load.force.norm());
  BOOST_TEST(load.cycles == 6144);
  BOOST_TEST(load.name == "level walking");
  BOOST_TEST(load.muscles.empty());
  BOOST_TEST(text_of(load) == "508 N laterally, 177 N posteriorly, 1768 N distally, 6144 cycles a day");
}

BOOST_AUTO_TEST_CASE(body_weight_and_load_factor_scale_the_forces_of_contact_and_muscles)
{
  LoadOptions options;
  options.muscles = "of the activity";
  const LoadCase full = only(options);
  options.body_weight = 1500;
  options.load_factor = 0.25;
  const LoadCase half = only(options);
  BOOST_TEST((half.force - 0.5 * full.force).norm() < rounding * full.force.norm());
  BOOST_REQUIRE(half.muscles.size() == 4U);
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST((half.muscles[i].force - 0.5 * full.muscles[i].force).norm() < rounding * 1000);
  BOOST_TEST((full.muscles[0].force - 7.5 * Vector3(58.0, 4.3, 86.5)).norm() < rounding * 1000);
}

BOOST_AUTO_TEST_CASE(a_given_force_replaces_the_activity)
{
  LoadOptions options;
  options.hip_contact_force = {-300, 0, -1500};
  const LoadCase load = only(options);
  BOOST_TEST((left.femur_axes() * load.force - Vector3(300, 0, -1500)).norm() < rounding * 1500);
  BOOST_TEST(load.name == "given force");
}

BOOST_AUTO_TEST_CASE(a_force_counted_x_lateral_is_refused_and_the_frame_is_named)
{
  LoadOptions options;
  options.hip_contact_force = {508, -177, -1769};
  const std::vector<Fault> faults = faults_of(options);
  BOOST_REQUIRE(faults.size() == 1U);
  BOOST_TEST((faults[0].code() == Exit::model));
  BOOST_TEST(
      faults[0].line() ==
      "error[3:load-direction] Loads/Hip contact force [N]: contact would pull the head out of the "
      "socket; found (508, -177, -1769); wanted a force on the head that points laterally, posteriorly "
      "and distally: no component positive, the last one negative. The axes are x medial, y anterior, z "
      "proximal for both sides of the body; some data sets count x lateral");
}

BOOST_AUTO_TEST_CASE(forces_of_implausible_size_are_refused)
{
  for (const double factor : {1e-4, 1e2}) { // 0.185 N and 185 kN
    LoadOptions options;
    options.load_factor = factor;
    refused(options, Exit::model, "units", "Loads/Hip contact force [N]");
  }
  LoadOptions kilonewton; // of stumbling
  kilonewton.hip_contact_force = {-2.3, -0.8, -8.2};
  refused(kilonewton, Exit::model, "units", "Loads/Hip contact force [N]");
}

BOOST_AUTO_TEST_CASE(two_components_and_unknown_activities_are_input_faults)
{
  LoadOptions options;
  options.hip_contact_force = {-300, -1500};
  refused(options, Exit::input, "option-value", "Loads/Hip contact force [N]");
  options = {};
  options.activity = "somersault";
  BOOST_TEST((faults_of(options).at(0).code() == Exit::input));
}

BOOST_AUTO_TEST_CASE(several_activities_are_cases_of_their_own_with_their_cycles)
{
  const std::vector<LoadCase> cases =
      load_set(several("level walking; stairs  up 164.5 ;one-leg stance 2e3;"));
  BOOST_REQUIRE(cases.size() == 3U);
  BOOST_TEST(cases[0].name == "level walking");
  BOOST_TEST(cases[0].cycles == 6144);
  BOOST_TEST(cases[1].name == "stairs up");
  BOOST_TEST(cases[1].cycles == 164.5);
  BOOST_TEST(cases[2].cycles == 2000);
  BOOST_TEST((cases[1].force - 7.5 * activities().at("stairs up").law.force).norm() < rounding * 2000);
}

BOOST_AUTO_TEST_CASE(lists_of_activities_that_are_not_understood_are_refused)
{
  const std::string place = "Loads/Activities";
  refused(several(""), Exit::input, "option-missing", place);
  refused(several("stairs up"), Exit::input, "option-missing", place); // its cycles are not known
  refused(several("level walking 6144 1"), Exit::input, "option-value", place);
  refused(several("6144"), Exit::input, "option-value", place);
  refused(several("level walking 0"), Exit::input, "option-value", place);
  refused(several("level walking -5"), Exit::input, "option-value", place);
  refused(several("level walking 6144,5"), Exit::input, "unknown-name",
          place); // a decimal comma is no number
  refused(several("level wlaking 6144"), Exit::input, "unknown-name", place);
  refused(several("level walking 6000; level walking 144"), Exit::input, "load-case-twice", place);
}

BOOST_AUTO_TEST_CASE(ten_subjects_take_the_patients_weight_or_their_own_and_share_the_walking_of_a_day)
{
  LoadOptions options;
  options.set = "ten subjects";
  std::vector<LoadCase> cases = load_set(options);
  BOOST_REQUIRE(cases.size() == 10U);
  BOOST_TEST((cases[8].force - 7.5 * Vector3(-57.8, -16.5, -227.7)).norm() < rounding * 3000);
  double cycles = 0;
  for (const LoadCase &load : cases) cycles += load.cycles;
  BOOST_TEST(cycles == 6144, boost::test_tools::tolerance(1e-14));
  options.subject_weights = "own";
  cases = load_set(options);
  BOOST_TEST(cases[8].name == "walking H9");
  BOOST_TEST((cases[8].force - 11.97 * Vector3(-57.8, -16.5, -227.7)).norm() < rounding * 3000);
}

BOOST_AUTO_TEST_CASE(phases_of_a_gait_cycle_become_cases_and_each_direction_is_checked)
{
  LoadOptions options;
  options.set = "gait cycle";
  options.gait.phases = {10, 12.5};
  const GaitCycle cycle{"my.csv", {0, 20, 40}, {{-10, -10, -100}, {-30, -20, -300}, {10, -10, -50}}};
  const std::vector<LoadCase> cases = load_set(options, cycle);
  BOOST_REQUIRE(cases.size() == 2U);
  BOOST_TEST((cases[0].force - Vector3(-20, -15, -200)).norm() < rounding * 200);
  BOOST_TEST(cases[1].name == "gait 12.5");
  BOOST_TEST(array_part(cases[1].name) == "gait_12_5");
  options.gait.direction_check = "strict";
  options.gait.phases = {20, 38, 40}; // two of them push medially
  const std::vector<Fault> faults = faults_of(options, cycle);
  BOOST_REQUIRE(faults.size() == 2U);
  BOOST_TEST(faults[0].name() == "load-direction");
  BOOST_TEST(faults[0].place() == "my.csv, phase 38 %");
  BOOST_TEST(faults[1].place() == "my.csv, phase 40 %");
  options.gait.phases = {50};
  refused(options, Exit::input, "gait-phase", "Loads/Gait cycle/Phases [%]", cycle);
  options.gait.phases = {10, 20, 10};
  refused(options, Exit::input, "load-case-twice", "my.csv, phase 10 %", cycle);
  options.gait.phases = {};
  refused(options, Exit::input, "option-value", "Loads/Gait cycle/Phases [%]", cycle);
  options.gait.phases = {10};
  refused(options, Exit::input, "option-missing", "Loads/Gait cycle/File");
}

BOOST_AUTO_TEST_CASE(a_sound_cycle_may_push_forward_beside_its_peak_and_the_log_says_so)
{
  LoadOptions options;
  options.set = "gait cycle";
  options.gait.phases = {20, 30, 40};
  const GaitCycle cycle{
      "my.csv", {0, 20, 30, 40}, {{-10, -10, -100}, {-300, -200, -1300}, {-50, 120, -600}, {20, 30, -200}}};
  const std::vector<LoadCase> cases = load_set(options, cycle);
  BOOST_TEST(text_of(cases[0]) == "300 N laterally, 200 N posteriorly, 1300 N distally, 6144 cycles a day");
  BOOST_TEST(text_of(cases[1]) == "50 N laterally, 120 N anteriorly, 600 N distally, 6144 cycles a day");
  BOOST_TEST(text_of(cases[2]) == "20 N medially, 30 N anteriorly, 200 N distally, 6144 cycles a day");
  options.gait.direction_check = "strict";
  BOOST_TEST(faults_of(options, cycle).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_cycle_counted_in_the_wrong_frame_shows_at_its_peak_whatever_phase_is_asked_for)
{
  LoadOptions options;
  options.set = "gait cycle";
  options.gait.phases = {0}; // sound by chance
  const GaitCycle lateral{"my.csv", {0, 20}, {{-10, -10, -100}, {300, -200, -1300}}},
      upwards{"my.csv", {0, 20, 40}, {{-10, -10, 100}, {-300, -200, -1300}, {0, 0, 50}}};
  refused(options, Exit::model, "load-direction", "my.csv", lateral);
  options.gait.direction_check = "off";
  BOOST_TEST(load_set(options, lateral).size() == 1U);
  options.gait.direction_check = "peak";
  refused(options, Exit::model, "load-direction", "my.csv, phase 0 %", upwards); // it must push distally
}

BOOST_AUTO_TEST_CASE(a_muscle_that_is_left_out_does_not_act_and_an_unknown_one_is_refused)
{
  LoadOptions options;
  options.muscles = "of the activity";
  options.muscles_left_out = "abductor; tensor fasciae latae, distal part";
  const LoadCase load = only(options);
  BOOST_REQUIRE(load.muscles.size() == 2U);
  BOOST_TEST(load.muscles[0].name == "tensor fasciae latae, proximal part");
  BOOST_TEST(load.muscles[1].name == "vastus lateralis");
  options.muscles_left_out = "abductors";
  refused(options, Exit::input, "unknown-name", "Loads/Muscles left out");
  options.muscles = "none";
  options.muscles_left_out = "abductor";
  refused(options, Exit::input, "unknown-name", "Loads/Muscles left out");
}

BOOST_AUTO_TEST_CASE(muscles_come_with_the_activity_or_from_a_set_that_is_asked_for)
{
  LoadOptions options = several("level walking 6144; stairs up 100");
  options.muscles = "of the activity";
  const std::vector<LoadCase> cases = load_set(options);
  BOOST_TEST(cases[0].muscles.size() == 4U);
  BOOST_TEST(cases[1].muscles.size() == 7U);
  LoadOptions given;
  given.hip_contact_force = {-300, 0, -1500};
  given.muscles = "stairs up";
  BOOST_TEST(only(given).muscles.size() == 7U);
}

BOOST_AUTO_TEST_CASE(muscles_that_nobody_knows_are_refused)
{
  LoadOptions options;
  options.muscles = "of the activity";
  options.activity = "one-leg stance";
  refused(options, Exit::input, "muscles-unknown", "Loads/Muscles");
  options.activity = "level walking";
  options.hip_contact_force = {-300, 0, -1500};
  refused(options, Exit::input, "muscles-unknown", "Loads/Muscles");
  options = {};
  options.muscles = "walking";
  options.set = "gait cycle";
  const GaitCycle cycle{"my.csv", {0, 100}, {{-10, -10, -100}, {-10, -10, -100}}};
  refused(options, Exit::input, "muscles-unknown", "Loads/Muscles", cycle);
}

BOOST_AUTO_TEST_CASE(declared_options_keep_their_defaults_and_are_read_back)
{
  LoadOptions options;
  Options tree;
  options.declare(tree);
  BOOST_REQUIRE(tree.find("Body weight [N]") != nullptr);
  tree.find("Body weight [N]")->set("820");
  tree.find("Hip contact force [N]")->set("-1, -2, -3");
  tree.find("Gait cycle/Phases [%]")->set("25, 45");
  BOOST_TEST(options.body_weight == 820);
  BOOST_TEST(options.hip_contact_force == (std::vector<double>{-1, -2, -3}));
  BOOST_TEST(options.gait.phases == (std::vector<double>{25, 45}));
  for (const char *weight : {"0", "-750", "nan", "7,5"})
    BOOST_CHECK_THROW(tree.find("Body weight [N]")->set(weight), std::invalid_argument);
  BOOST_CHECK_THROW(tree.find("Distribution")->set("cosin"), std::invalid_argument);
}
