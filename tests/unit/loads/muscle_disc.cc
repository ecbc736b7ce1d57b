// ranks: 1 2 4
// links: discretisation geometry
// Muscle forces on a disc of the surface: exact resultants, the same faces on any number of ranks.
#include "loads/muscle_disc.h"

#include "support/box_cells.h"
#include "support/plain_anatomy.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::loads;

namespace {

/// A cylinder of radius 14 mm along z in voxels of 1 mm, finer where x > 8.
discretisation::CellMesh shaft()
{
  tests::Box box;
  box.origin = Vector3(-16, -16, -24);
  box.bricks = {4, 4, 6};
  box.brick_edge = 8;
  box.split = [](const Vector3 &x) { return x[0] > 8; };
  box.solid = [](const Vector3 &x) { return std::hypot(x[0], x[1]) < 14; };
  return tests::cells_of(box);
}

/// Its track reaches the surface at z > 10.
class Drilled : public tests::PlainAnatomy
{
public:
  using PlainAnatomy::PlainAnatomy;
  geometry::Phase phase(const Vector3 &x) const override
  {
    return x[2] > 10 ? geometry::Phase::track : geometry::Phase::cortical;
  }
};

const Drilled anatomy(geometry::FemurFrame{geometry::Side::left});

Vector3 sum_of(const std::vector<FaceForce> &forces)
{
  Vector3 sum = Vector3::Zero();
  for (const FaceForce &f : forces) sum += f.force;
  return {tests::summed(sum[0]), tests::summed(sum[1]), tests::summed(sum[2])};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_resultant_is_the_force_to_rounding)
{
  const auto mesh = shaft();
  const Vector3 force(435, 32.25, 648.75);
  for (const double radius : {5.0, 7.5, 10.0})
    for (const Vector3 &attachment : {Vector3(15, 2, 0), Vector3(-10, -10, -3), Vector3(0, 20, 5)}) {
      const MuscleDisc disc = muscle_disc(mesh, anatomy, attachment, radius, "here");
      const auto forces = spread(disc, force);
      BOOST_TEST((sum_of(forces) - force).norm() < 1e-12 * force.norm());
      for (const FaceForce &f : forces) {
        BOOST_TEST((f.face.centre - disc.centre).norm() <= radius * (1 + 1e-9));
        BOOST_TEST(f.force.dot(force) > 0); // all of them pull the same way
      }
    }
}

BOOST_AUTO_TEST_CASE(the_disc_lies_where_the_attachment_is_nearest_to_the_bone)
{
  const auto mesh = shaft();
  const MuscleDisc disc = muscle_disc(mesh, anatomy, Vector3(18, 0.3, 0.2), 5, "here");
  BOOST_TEST((disc.centre - Vector3(14, 0.25, 0.25)).norm() < 0.01);
  BOOST_TEST(disc.distance == (disc.centre - Vector3(18, 0.3, 0.2)).norm(),
             boost::test_tools::tolerance(1e-12));
  // A disc of 5 mm on a cylinder has about its plane area; the staircase has up to sqrt(2) of it and more at
  // rims.
  BOOST_TEST(disc.area > 0.9 * 78.5);
  BOOST_TEST(disc.area < 1.6 * 78.5);
}

BOOST_AUTO_TEST_CASE(faces_and_area_do_not_depend_on_the_number_of_ranks)
{
  const auto mesh = shaft();
  // Midway between faces: the choice among equals is by cell, and the figures are those of one rank.
  const MuscleDisc disc = muscle_disc(mesh, anatomy, Vector3(0, -15, 0), 7.5, "here");
  BOOST_TEST(static_cast<double>(disc.n_faces) == tests::summed(static_cast<double>(disc.faces.size())));
  BOOST_TEST(disc.n_faces == 213);
  BOOST_TEST(disc.area == 213, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(no_muscle_is_fixed_to_what_fills_the_track)
{
  const auto mesh = shaft();
  const MuscleDisc disc = muscle_disc(mesh, anatomy, Vector3(15, 0, 9), 5, "here");
  for (const auto &[face, share] : disc.faces) BOOST_TEST(mesh.cell(face.cell).centre[2] < 10);
}

BOOST_AUTO_TEST_CASE(attachments_away_from_bone_are_refused)
{
  const auto mesh = shaft();
  const auto refused = [&](const Vector3 &attachment, const double radius, const std::string &found) {
    try {
      muscle_disc(mesh, anatomy, attachment, radius, "Loads/Muscles, attachment P1");
      BOOST_ERROR("no fault");
    } catch (const Fault &fault) {
      BOOST_TEST((fault.code() == Exit::model));
      BOOST_TEST(fault.name() == "muscle-off-bone");
      BOOST_TEST(fault.line().find(found) != std::string::npos, fault.line());
    }
  };
  refused(Vector3(40, 0, 0), 7.5, "no face of bone within 20 mm of the attachment");
  refused(Vector3(400, 0, 0), 7.5, "no face of bone within 20 mm of the attachment");
  refused(Vector3(14, 0, 0), 0.2, "1 faces within the radius of the disc");
}
