// Femur frame and model frame: handedness, mirroring, and the way there and back.
#include "geometry/femur_frame.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/LU>

using namespace wolff;
using namespace wolff::geometry;

namespace {
const double rounding = 1e-12; // a few products of numbers of order 100 in double precision
}

BOOST_AUTO_TEST_CASE(a_left_frame_in_lps_has_medial_to_the_right_of_the_patient)
{
  const FemurFrame frame({90, -20, -400}, Vector3::UnitZ(), -Vector3::UnitY(), Side::left);
  BOOST_TEST((frame.direction_to_model(Vector3::UnitX()) - Vector3(-1, 0, 0)).norm() < rounding);
  BOOST_TEST((frame.direction_to_model(Vector3::UnitY()) - Vector3(0, -1, 0)).norm() < rounding);
  BOOST_TEST(frame.axes().determinant() == 1.0, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(a_right_frame_in_lps_has_medial_to_the_left_of_the_patient_and_is_left_handed)
{
  const FemurFrame frame({-90, -20, -400}, Vector3::UnitZ(), -Vector3::UnitY(), Side::right);
  BOOST_TEST((frame.direction_to_model(Vector3::UnitX()) - Vector3(1, 0, 0)).norm() < rounding);
  BOOST_TEST(frame.axes().determinant() == -1.0, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(points_and_directions_come_back_unchanged_for_tilted_axes)
{
  for (const Side side : {Side::left, Side::right}) {
    const FemurFrame frame({12, -34, 56}, {0.1, -0.2, 2.0}, {0.3, -1, 0.4}, side);
    const Vector3 p(3, -7, 11);
    BOOST_TEST((frame.point_to_femur(frame.point_to_model(p)) - p).norm() < rounding);
    BOOST_TEST((frame.point_to_model(frame.point_to_femur(p)) - p).norm() < rounding);
    BOOST_TEST((frame.direction_to_femur(frame.direction_to_model(p)) - p).norm() < rounding);
    BOOST_TEST((frame.axes().transpose() * frame.axes() - Eigen::Matrix3d::Identity()).norm() < rounding);
    BOOST_TEST(frame.point_to_femur({12, -34, 56}).norm() < rounding);
  }
}

// Vector of the Hip III series, walking, x lateral: (+67.7, -23.6, -235.8) %BW; medial is minus lateral.
BOOST_AUTO_TEST_CASE(one_contact_force_pushes_both_heads_laterally_posteriorly_distally_and_mirrors_exactly)
{
  const Vector3 force(-67.7, -23.6, -235.8);
  const FemurFrame left(Side::left), right(Side::right);
  const Vector3 on_left = left.direction_to_model(force), on_right = right.direction_to_model(force);
  BOOST_TEST(on_left.x() == -on_right.x());
  BOOST_TEST(on_left.y() == on_right.y());
  BOOST_TEST(on_left.z() == on_right.z());
  for (const FemurFrame &frame : {left, right}) {
    const Vector3 lateral = frame.direction_to_model(-Vector3::UnitX());
    BOOST_TEST(frame.direction_to_model(force).dot(lateral) > 0);
    BOOST_TEST(frame.direction_to_femur(frame.direction_to_model(force)).y() < 0);
    BOOST_TEST(frame.direction_to_femur(frame.direction_to_model(force)).z() < 0);
  }
}

BOOST_AUTO_TEST_CASE(parallel_or_zero_directions_are_refused_with_exit_3)
{
  const auto refused = [](const Fault &f) { return f.code() == Exit::model && f.name() == "femur-frame"; };
  BOOST_CHECK_EXCEPTION(FemurFrame(Vector3::Zero(), Vector3::UnitZ(), 2 * Vector3::UnitZ(), Side::left),
                        Fault, refused);
  BOOST_CHECK_EXCEPTION(FemurFrame(Vector3::Zero(), Vector3::Zero(), Vector3::UnitY(), Side::left), Fault,
                        refused);
}
