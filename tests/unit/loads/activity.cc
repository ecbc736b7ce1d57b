// The measured activities: their directions, sizes and spreads, and the muscle sets beside them.
#include "loads/activity.h"
#include "loads/muscles.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::loads;

BOOST_AUTO_TEST_CASE(every_activity_and_subject_pushes_the_head_laterally_posteriorly_and_distally)
{
  const auto pushes = [](const Vector3 &force) { return force[0] < 0 && force[1] < 0 && force[2] < 0; };
  for (const auto &activity : activities()) BOOST_TEST(pushes(activity.law.force), activity.name);
  for (const auto &subject : walking_subjects()) BOOST_TEST(pushes(subject.law.force), subject.name);
}

BOOST_AUTO_TEST_CASE(resultants_agree_with_the_published_multiples_of_body_weight)
{
  const auto share = [](const std::string &name) { return activities().at(name).law.force.norm(); };
  // Published to a whole per cent, as mean of resultants rather than resultant of means: within 1 %.
  BOOST_TEST(share("level walking") == 247.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("one-leg stance") == 261.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("standing up") == 215.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("stairs up") == 251.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("level walking (Heller)") == 238.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(share("stumbling") == 0.5 * (720 + 870), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(mean_and_spread_of_the_ten_subjects_are_those_of_level_walking)
{
  Vector3 mean = Vector3::Zero(), square = Vector3::Zero();
  double n = 0;
  for (const auto &subject : walking_subjects()) {
    mean += subject.law.force;
    ++n;
  }
  BOOST_TEST(n == 10);
  mean /= n;
  for (const auto &subject : walking_subjects()) square += (subject.law.force - mean).cwiseAbs2();
  const Activity &walking = activities().at("level walking").law;
  for (int c = 0; c < 3; ++c) { // both are rounded to a tenth
    BOOST_TEST(std::abs(mean[c] - walking.force[c]) < 0.1);
    BOOST_TEST(std::abs(std::sqrt(square[c] / (n - 1)) - walking.deviation[c]) < 0.1);
  }
}

BOOST_AUTO_TEST_CASE(abductors_pull_medially_and_proximally_and_vasti_distally)
{
  for (const auto &set : muscle_sets())
    for (const Muscle &muscle : set.law) BOOST_TEST_CONTEXT(set.name << ", " << muscle.name)
      {
        if (muscle.name == "abductor") BOOST_TEST((muscle.force[0] > 0 && muscle.force[2] > 0));
        if (muscle.name.starts_with("vastus")) BOOST_TEST(muscle.force[2] < -90);
        BOOST_TEST(attachments().at(muscle.attachment).law.norm() > 0); // throws if there is none
      }
}

BOOST_AUTO_TEST_CASE(muscles_that_activities_name_exist)
{
  int with_muscles = 0;
  for (const auto &activity : activities())
    if (!activity.law.muscles.empty()) {
      BOOST_TEST(!muscle_sets().at(activity.law.muscles).law.empty());
      ++with_muscles;
    }
  BOOST_TEST(with_muscles == 3);
}

BOOST_AUTO_TEST_CASE(attachments_lie_laterally_of_the_head_and_one_below_the_other)
{
  const Vector3 p1 = attachments().at("P1").law, p2 = attachments().at("P2").law,
                p3 = attachments().at("P3").law;
  for (const Vector3 &p : {p1, p2, p3}) BOOST_TEST(p[0] < -24);
  BOOST_TEST(p1[2] > p2[2]);
  BOOST_TEST(p2[2] > p3[2]);
  BOOST_TEST(p3[0] > p2[0]); // on the medial side of the lateral cortex
}

BOOST_AUTO_TEST_CASE(attachments_keep_their_place_beside_the_shaft_wherever_it_lies_behind_the_head)
{
  const double rounding = 1e-12; // mm, of numbers of order 100
  for (const auto &attachment : attachments()) BOOST_TEST_CONTEXT(attachment.name)
    {
      // The reference, and a femur of 1.2 times its size.
      BOOST_TEST((attachment_on(attachment.name, {-reference_offset, 0, -90}) - attachment.law).norm() <
                 rounding);
      BOOST_TEST(
          (attachment_on(attachment.name, {-1.2 * reference_offset, 0, 0}) - 1.2 * attachment.law).norm() <
          rounding);
      // The same offset, half of it backwards: moved with the shaft, not turned.
      const Vector3 behind(-std::sqrt(0.75) * reference_offset, -0.5 * reference_offset, 0);
      const Vector3 moved = attachment_on(attachment.name, behind) - attachment.law;
      BOOST_TEST((moved - behind - Vector3(reference_offset, 0, 0)).norm() < rounding);
    }
}
