// Several tracks: where they lie, what they remove, the mirror image, and what is refused.
#include "support/built_anatomy.h"

#include <Eigen/Geometry>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

using namespace wolff;
using namespace wolff::geometry;

namespace {

GeometryOptions small_drills(const std::string &pattern, const int number)
{
  GeometryOptions o = without_scaffold();
  o.track.diameter = 3.2;
  o.track.number = number;
  o.track.pattern = pattern;
  return o;
}

/// Random points in the cylinder of @p radius about a track, from 10 mm beyond its entry to 8 mm beyond its
/// tip.
class About
{
public:
  About(const Track &track, const double radius) : track_(track), radius_(radius) {}

  Vector3 operator()(std::mt19937 &generator) const
  {
    std::uniform_real_distribution<double> unit(0, 1);
    const Vector3 u = track_.axis.unitOrthogonal(), v = track_.axis.cross(u);
    const double r = radius_ * std::sqrt(unit(generator)), angle = 2 * std::numbers::pi * unit(generator);
    return track_.tip + (8 - length() * unit(generator)) * track_.axis +
           r * (std::cos(angle) * u + std::sin(angle) * v);
  }
  double volume() const { return std::numbers::pi * radius_ * radius_ * length(); }

private:
  double length() const { return track_.length + 18; }

  Track track_;
  double radius_;
};

/// Faults of a case that is refused, as "name: what".
std::vector<std::string> refused(const GeometryOptions &o)
{
  std::vector<std::string> all;
  try {
    build_anatomy(o, "");
  } catch (const Fault &fault) {
    all.push_back(fault.what());
  } catch (const FaultList &list) {
    for (const Fault &fault : list.faults()) all.push_back(fault.what());
  }
  return all;
}

bool each_says(const std::vector<std::string> &faults, const std::string &words)
{
  for (const std::string &fault : faults)
    if (fault.find(words) == std::string::npos || fault.find("track-geometry") == std::string::npos)
      return false;
  return !faults.empty();
}

} // namespace

BOOST_AUTO_TEST_CASE(parallel_tracks_stand_on_a_ring_about_the_one_that_is_aimed)
{
  GeometryOptions o = small_drills("parallel", 5);
  o.track.further_diameters = {3.2, 3, 2, 2.5};
  const Built one(small_drills("parallel", 1)), built(o);
  const std::vector<Track> &tracks = built.report.tracks;
  BOOST_REQUIRE(tracks.size() == 5);
  BOOST_TEST((tracks[0].tip - one.report.tracks.at(0).tip).norm() ==
             0.0); // the first does not know the others
  BOOST_TEST((tracks[0].entry - one.report.tracks.at(0).entry).norm() == 0.0);
  for (std::size_t k = 1; k < 5; ++k) {
    const Track &track = tracks[k];
    BOOST_TEST((track.axis - tracks[0].axis).norm() == 0.0);
    const Vector3 apart = track.tip - tracks[0].tip, aside = apart - apart.dot(track.axis) * track.axis;
    BOOST_TEST(std::abs(aside.norm() - 6) < 1e-12);
    BOOST_TEST(2 * track.radius == o.track.further_diameters[k - 1]);
    // 5 mm below the plate along its own axis; the walk to the plate stops within 0.02 mm.
    double s = 0;
    while (built.anatomy->phase(track.tip + s * track.axis) != Phase::subchondral_plate) s += 0.005;
    BOOST_TEST(std::abs(s - 5) < 0.04);
    BOOST_TEST(track.least_wall > 0);
  }
  // The second is proximal of the first, the third anterior, and so on round.
  const Vector3 up = tracks[1].entry - tracks[0].entry, front = tracks[2].entry - tracks[0].entry;
  BOOST_TEST(up.z() > 4);
  BOOST_TEST(front.y() > 4);
  BOOST_TEST(built.report.warnings.empty());

  // What is drilled is the sum of the cylinders, pi r^2 times their length: a flat oblique mouth cuts off as
  // much as it adds. The lateral surface is not flat and the sample has an error of 0.6 %.
  const About about(tracks[0], 9);
  std::mt19937 generator(3);
  const int n = 200000;
  int hits = 0;
  for (int i = 0; i < n; ++i) hits += built.anatomy->phase(about(generator)) == Phase::track;
  double expected = 0;
  for (const Track &track : tracks) expected += std::numbers::pi * track.radius * track.radius * track.length;
  BOOST_TEST(std::abs(about.volume() * hits / n / expected - 1) < 0.03);
}

BOOST_AUTO_TEST_CASE(a_fan_leaves_one_entry_at_equal_angles)
{
  GeometryOptions o = small_drills("fan", 4);
  o.track.ring_angle = 30;
  const Built built(o);
  const std::vector<Track> &tracks = built.report.tracks;
  BOOST_REQUIRE(tracks.size() == 4);
  const double angle = 8 * std::numbers::pi / 180;
  for (std::size_t k = 1; k < 4; ++k) {
    BOOST_TEST((tracks[k].entry - tracks[0].entry).norm() == 0.0);
    BOOST_TEST(std::abs(tracks[k].axis.dot(tracks[0].axis) - std::cos(angle)) < 1e-12);
    const Vector3 along = tracks[k].tip - tracks[k].entry; // the tip lies on the axis through the entry
    BOOST_TEST((along - tracks[k].length * tracks[k].axis).norm() < 1e-9);
    // Neighbours on a ring of three: cos = cos^2 a + sin^2 a cos 120 deg.
    const Track &next = tracks[k % 3 + 1];
    BOOST_TEST(std::abs(tracks[k].axis.dot(next.axis) -
                        (std::pow(std::cos(angle), 2) - 0.5 * std::pow(std::sin(angle), 2))) < 1e-12);
    double s = 0;
    while (built.anatomy->phase(tracks[k].tip + s * tracks[k].axis) != Phase::subchondral_plate) s += 0.005;
    BOOST_TEST(std::abs(s - 5) < 0.04);
  }
}

BOOST_AUTO_TEST_CASE(several_tracks_of_a_right_femur_are_the_mirror_image_of_those_of_a_left_one)
{
  for (const std::string pattern : {"parallel", "fan"}) {
    GeometryOptions o = small_drills(pattern, 4);
    o.track.ring_angle = 20;
    o.femur.side = "left";
    const Built left(o);
    o.femur.side = "right";
    const Built right(o);
    const Vector3 mirror(-1, 1, 1);
    for (std::size_t k = 0; k < 4; ++k) {
      const Track &a = left.report.tracks.at(k), &b = right.report.tracks.at(k);
      BOOST_TEST((a.tip.cwiseProduct(mirror) - b.tip).norm() < 1e-9);
      BOOST_TEST((a.entry.cwiseProduct(mirror) - b.entry).norm() < 1e-9);
      BOOST_TEST(std::abs(a.least_wall - b.least_wall) < 1e-9);
    }
    const About about(left.report.tracks[0], 14);
    std::mt19937 generator(5);
    int differing = 0, drilled = 0;
    for (int i = 0; i < 40000; ++i) {
      const Vector3 p = about(generator), mirrored = p.cwiseProduct(mirror);
      const Phase phase = left.anatomy->phase(p);
      differing += phase != right.anatomy->phase(mirrored);
      drilled += phase == Phase::track;
      BOOST_REQUIRE_SMALL(left.anatomy->clearances(p).track - right.anatomy->clearances(mirrored).track,
                          1e-9);
    }
    BOOST_TEST(differing == 0);
    BOOST_TEST(drilled > 1000);
  }
}

BOOST_AUTO_TEST_CASE(clearances_hold_beside_several_tracks)
{
  for (const std::string pattern : {"parallel", "fan"}) {
    const Built built(small_drills(pattern, 3));
    const About about(built.report.tracks[0], 15);
    std::mt19937 generator(7);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> unit(0, 1);
    int changed = 0, tried = 0;
    double worst = -1;
    for (int i = 0; i < 40000; ++i) {
      const Vector3 x = about(generator);
      const Clearances c = built.anatomy->clearances(x);
      const double free = std::min({std::abs(c.body), c.layers, std::abs(c.lesion), std::abs(c.track)});
      const Vector3 direction = Vector3(normal(generator), normal(generator), normal(generator)).normalized();
      const Vector3 y = x + unit(generator) * std::max(free, 0.5) * direction;
      worst = std::max(worst, std::abs(built.anatomy->clearances(y).track - c.track) - (y - x).norm());
      if (free < 0.01) continue;
      ++tried;
      const Vector3 near = x + unit(generator) * free * direction;
      changed += built.anatomy->phase(x) != built.anatomy->phase(near);
    }
    BOOST_TEST(worst < 1e-9); // a distance changes no faster than the way; rounding
    BOOST_TEST(tried > 30000);
    BOOST_TEST(changed == 0);
  }
}

BOOST_AUTO_TEST_CASE(the_scaffold_stays_in_the_first_track)
{
  GeometryOptions o = small_drills("parallel", 3);
  o.track.diameter = 8;
  o.track.further_diameters = {3.2};
  o.track.spacing = 7;
  o.scaffold.type = "gyroid network";
  o.scaffold.diameter = 8;
  const Built built(o);
  const std::vector<Track> &tracks = built.report.tracks;
  BOOST_TEST(tracks[1].radius == 1.6);
  BOOST_TEST(tracks[2].radius == 1.6);
  for (std::size_t k = 0; k < 3; ++k)
    for (double s = 0.5; s < 39; s += 0.5) {
      const Phase phase = built.anatomy->phase(tracks[k].tip - s * tracks[k].axis);
      const bool is_scaffold = phase == Phase::scaffold || phase == Phase::scaffold_pore;
      BOOST_TEST(is_scaffold == (k == 0));
      if (k > 0) BOOST_TEST((phase == Phase::track));
    }
  BOOST_TEST(built.report.lines.back().find("in the first track, the others stay empty") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_track_that_cannot_be_drilled_has_one_fault_of_its_own)
{
  GeometryOptions o = small_drills("parallel", 3);
  o.track.spacing = 3;
  std::vector<std::string> faults = refused(o);
  BOOST_TEST(faults.size() == 2);
  BOOST_TEST(each_says(faults, "runs into track 1"));
  o.track.spacing = 20;
  faults = refused(o);
  BOOST_TEST(faults.size() == 2);
  BOOST_TEST(each_says(faults, "leaves the bone before it reaches the lateral surface"));

  o = small_drills("fan", 5);
  o.track.fan_angle = 13;
  faults = refused(o);
  BOOST_TEST(faults.size() == 2); // the anterior and the posterior one
  BOOST_TEST(each_says(faults, "breaks through the bone beside its axis"));
  o.track.fan_angle = 1.5;
  faults = refused(o);
  BOOST_TEST(faults.size() == 4);
  BOOST_TEST(each_says(faults, "runs into track 1"));

  o = small_drills("parallel", 2);
  o.track.tip_distance = 0;
  o.track.further_diameters = {8};
  o.track.spacing = 9;
  faults = refused(o);
  BOOST_TEST(faults.size() == 1);
  BOOST_TEST(each_says(faults, "track 2 of 2 ends in the subchondral plate"));

  o = small_drills("parallel", 4);
  o.track.further_diameters = {3, 3};
  BOOST_TEST(each_says(refused(o), "not as many diameters as further tracks"));
  o.track.further_diameters = {30};
  BOOST_TEST(each_says(refused(o), "no size of a drill"));
}
