// links: geometry
// The force on the head of every activity points the right way on both sides of the body (A23).
#include "loads/activity.h"

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

template <typename Call>
Fault fault_of(const Call &call)
{
  try {
    call();
  } catch (const Fault &fault) {
    return fault;
  }
  BOOST_FAIL("no fault was thrown");
  throw;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_activity_pushes_the_head_laterally_posteriorly_and_distally_on_both_sides)
{
  for (const auto &activity : activities()) BOOST_TEST_CONTEXT(activity.name)
    {
      LoadOptions options;
      options.activity = activity.name;
      const Vector3 on_left = hip_contact_force(options, left), on_right = hip_contact_force(options, right);
      BOOST_TEST(on_left[0] > 0);  // lateral is to the patient's left on a left femur
      BOOST_TEST(on_right[0] < 0); // and to the right on a right one
      for (const Vector3 &force : {on_left, on_right}) {
        BOOST_TEST(force[1] > 0); // posterior
        BOOST_TEST(force[2] < 0); // distal
      }
      BOOST_TEST((on_left.cwiseProduct(Vector3(-1, 1, 1)) - on_right).norm() < rounding * on_left.norm());
    }
}

BOOST_AUTO_TEST_CASE(level_walking_of_a_patient_of_750_newton_has_the_measured_vector)
{
  const Vector3 force = hip_contact_force_in_femur_frame({});
  BOOST_TEST((force - 7.5 * Vector3(-67.7, -23.6, -235.8)).norm() < rounding * force.norm());
}

BOOST_AUTO_TEST_CASE(resultants_agree_with_the_published_multiples_of_body_weight)
{
  const auto share = [](const std::string &name) { return activities().at(name).law.force.norm(); };
  // Published to a whole per cent, as mean of resultants rather than resultant of means: within 1 %.
  BOOST_TEST(share("level walking") == 247.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("one-leg stance") == 261.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("standing up") == 215.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("stairs up") == 251.0, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(body_weight_and_load_factor_scale_the_force)
{
  LoadOptions options;
  const Vector3 full = hip_contact_force_in_femur_frame(options);
  options.body_weight = 1500;
  options.load_factor = 0.25;
  BOOST_TEST((hip_contact_force_in_femur_frame(options) - 0.5 * full).norm() < rounding * full.norm());
}

BOOST_AUTO_TEST_CASE(an_explicit_force_replaces_the_activity_and_is_turned_into_the_model)
{
  LoadOptions options;
  options.hip_contact_force = {-300, 0, -1500};
  BOOST_TEST((hip_contact_force(options, left) - Vector3(300, 0, -1500)).norm() < rounding * 1500);
}

BOOST_AUTO_TEST_CASE(a_force_counted_x_lateral_is_refused_and_the_frame_is_named)
{
  LoadOptions options;
  options.hip_contact_force = {508, -177, -1769};
  const Fault fault = fault_of([&] { hip_contact_force(options, left); });
  BOOST_TEST((fault.code() == Exit::model));
  BOOST_TEST(
      fault.line() ==
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
    const Fault fault = fault_of([&] { hip_contact_force(options, left); });
    BOOST_TEST((fault.code() == Exit::model));
    BOOST_TEST(fault.name() == "units");
  }
}

BOOST_AUTO_TEST_CASE(two_components_and_unknown_activities_are_input_faults)
{
  LoadOptions options;
  options.hip_contact_force = {-300, -1500};
  BOOST_TEST(fault_of([&] { hip_contact_force(options, left); }).name() == "option-value");
  options = {};
  options.activity = "stumbling";
  BOOST_TEST((fault_of([&] { hip_contact_force(options, left); }).code() == Exit::input));
}

BOOST_AUTO_TEST_CASE(declared_options_keep_their_defaults_and_are_read_back)
{
  LoadOptions options;
  Options tree;
  options.declare(tree);
  BOOST_REQUIRE(tree.find("Body weight [N]") != nullptr);
  tree.find("Body weight [N]")->set("820");
  tree.find("Hip contact force [N]")->set("-1, -2, -3");
  BOOST_TEST(options.body_weight == 820);
  BOOST_TEST(options.hip_contact_force == (std::vector<double>{-1, -2, -3}));
  BOOST_CHECK_THROW(tree.find("Body weight [N]")->set("0"), std::invalid_argument);
  BOOST_CHECK_THROW(tree.find("Distribution")->set("cosin"), std::invalid_argument);
}
