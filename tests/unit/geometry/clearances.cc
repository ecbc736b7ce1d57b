// Clearances are bounds of the distances, with the sign of their part.
#include "support/built_anatomy.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace wolff;
using namespace wolff::geometry;

BOOST_AUTO_TEST_CASE(no_clearance_changes_faster_than_the_distance)
{
  for (const std::string shape : {"cone", "cap", "ellipsoid"}) {
    GeometryOptions o = without_scaffold();
    o.lesion.shape = shape;
    o.scaffold.type = "gyroid sheet";
    const Built built(o);
    std::mt19937 generator(4);
    std::normal_distribution<double> step(0, 0.4);
    const Box box = built.anatomy->bounding_box();
    double worst = -1;
    for (int i = 0; i < 60000; ++i) {
      const Vector3 x = random_in(box, generator);
      const Vector3 y = i % 3 == 0 ? random_in(box, generator)
                                   : Vector3(x + Vector3(step(generator), step(generator), step(generator)));
      const Clearances a = built.anatomy->clearances(x), b = built.anatomy->clearances(y);
      const double apart = (x - y).norm();
      for (const auto &[p, q] :
           {std::pair(a.body, b.body), std::pair(a.layers, b.layers), std::pair(a.lesion, b.lesion),
            std::pair(a.track, b.track), std::pair(a.scaffold, b.scaffold)})
        worst = std::max(worst, std::abs(p - q) - apart);
    }
    BOOST_TEST(worst < 1e-9, shape << ": " << worst); // rounding
  }
}

BOOST_AUTO_TEST_CASE(within_the_least_clearance_of_a_point_the_phase_does_not_change)
{
  GeometryOptions o = without_scaffold();
  const Built built(o);
  std::mt19937 generator(6);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> unit(0, 1);
  const Box box = built.anatomy->bounding_box();
  int changed = 0, tried = 0;
  for (int i = 0; i < 100000; ++i) {
    const Vector3 x = random_in(box, generator);
    const Clearances c = built.anatomy->clearances(x);
    const double free = std::min({std::abs(c.body), c.layers, std::abs(c.lesion), std::abs(c.track)});
    if (free < 0.01) continue;
    const Vector3 direction = Vector3(normal(generator), normal(generator), normal(generator)).normalized();
    ++tried;
    changed += built.anatomy->phase(x) != built.anatomy->phase(x + unit(generator) * free * direction);
  }
  BOOST_TEST(tried > 80000);
  BOOST_TEST(changed == 0);
}

BOOST_AUTO_TEST_CASE(clearances_have_the_sign_of_their_part_and_infinity_without_it)
{
  const Built built{GeometryOptions{}};
  const Clearances centre =
      built.anatomy->clearances(built.report.tracks.at(0).tip - built.report.tracks[0].axis);
  BOOST_TEST(centre.body < 0);
  BOOST_TEST(centre.lesion < 0);
  BOOST_TEST(centre.track < 0);
  BOOST_TEST(centre.scaffold < 0);
  BOOST_TEST(centre.layers > 0);
  const Clearances far = built.anatomy->clearances({80, 0, 0});
  BOOST_TEST(far.body > 0);
  BOOST_TEST(far.lesion > 0);
  BOOST_TEST(far.track > 0);
  BOOST_TEST(far.scaffold > 0);

  GeometryOptions intact = without_scaffold();
  intact.lesion.shape = "none";
  intact.track.aim = "none";
  const Clearances none = build_anatomy(intact, "")->clearances(Vector3::Zero());
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(none.lesion == infinity);
  BOOST_TEST(none.track == infinity);
  BOOST_TEST(none.scaffold == infinity);
}
