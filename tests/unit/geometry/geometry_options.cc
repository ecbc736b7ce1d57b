// Options of the geometry: their sections, every problem at once, and the report.
#include "support/built_anatomy.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace wolff;
using namespace wolff::geometry;

namespace {

std::vector<std::string> names(const std::vector<Fault> &faults)
{
  std::vector<std::string> all;
  for (const Fault &fault : faults) all.push_back(fault.name() + " " + fault.place());
  return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_problems_of_a_case_are_reported_at_once)
{
  GeometryOptions o;
  o.femur.built_in.neck_height = 25;
  o.femur.layers.cortex_to = 20;
  o.lesion.depth = 30;
  o.scaffold.diameter = 12;
  o.scaffold.type = "primitive network";
  o.scaffold.solid_fraction = 0.15;
  const std::vector<std::string> expected{
      "femur-size Geometry/Femur",
      "femur-size Geometry/Femur/Cortex thickens to [mm]",
      "lesion-geometry Geometry/Lesion/Depth [mm]",
      "scaffold-geometry Geometry/Scaffold/Diameter [mm]",
      "scaffold-disconnected Geometry/Scaffold/Solid fraction [-]",
  };
  BOOST_TEST(names(check(o)) == expected, boost::test_tools::per_element());
  BOOST_CHECK_THROW(build_anatomy(o, ""), FaultList);
  BOOST_TEST(check(GeometryOptions{}).empty());

  GeometryOptions no_track;
  no_track.track.aim = "none";
  BOOST_TEST(names(check(no_track)) == std::vector<std::string>{"scaffold-geometry Geometry/Scaffold/Type"},
             boost::test_tools::per_element());
  GeometryOptions no_file;
  no_file.femur.source = "surface";
  BOOST_TEST(names(check(no_file)) == std::vector<std::string>{"file-missing Geometry/Femur/Surface file"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_scaffold_longer_than_its_track_is_refused)
{
  GeometryOptions o;
  o.scaffold.length = 150;
  BOOST_CHECK_EXCEPTION(build_anatomy(o, ""), Fault,
                        [](const Fault &f) { return f.place() == "Geometry/Scaffold/Length [mm]"; });
}

BOOST_AUTO_TEST_CASE(options_stand_in_their_sections_and_their_defaults_read_back)
{
  GeometryOptions o;
  Options options;
  {
    const Options::Section section(options, "Geometry");
    o.declare(options);
  }
  for (const std::string path :
       {"Geometry/Femur/Source", "Geometry/Femur/Side", "Geometry/Femur/Head radius [mm]",
        "Geometry/Lesion/Shape", "Geometry/Lesion/Half angle [deg]", "Geometry/Track/Diameter [mm]",
        "Geometry/Scaffold/Type", "Geometry/Scaffold/Cell size [mm]", "Geometry/Scaffold/Solid fraction [-]",
        "Geometry/Scaffold/Length [mm]"})
    BOOST_TEST(options.find(path) != nullptr, path);
  for (const Option &option : options.all()) BOOST_CHECK_NO_THROW(option.set(option.get()));
  BOOST_TEST(check(o).empty());
}

BOOST_AUTO_TEST_CASE(the_report_states_landmarks_lesion_track_and_scaffold)
{
  const Built built{GeometryOptions{}};
  std::string text;
  for (const std::string &line : built.report.lines) text += line + "\n";
  for (const std::string word :
       {"head centre (0, 0, 0) mm", "neck-shaft angle 125.0 deg", "femur frame (left side)", "Kerboull sum",
        "JIC type C1", "25.0 % of the head", "track: diameter 10 mm", "gyroid network", "offset t = -0.61"})
    BOOST_TEST(text.find(word) != std::string::npos, word);
}

BOOST_AUTO_TEST_CASE(a_box_or_an_image_is_checked_instead_of_the_femur)
{
  GeometryOptions box;
  box.body = "box";
  box.lesion.depth = 30; // wrong, but of the femur
  BOOST_TEST(check(box).empty());
  for (const std::vector<double> &voxels :
       {std::vector<double>{8, 12, 16}, {0, 8, 8}, {8, 8, -8}, {8.5, 8, 8}, {8, 8, 8000000}}) {
    box.box.voxels = voxels;
    BOOST_TEST(names(check(box)) == std::vector<std::string>{"box-voxels Geometry/Box/Voxels [-]"},
               boost::test_tools::per_element());
  }
  box.box.voxels = {8000, 8000, 8000};
  BOOST_TEST(names(check(box)) == std::vector<std::string>{"index-range Geometry/Box/Voxels [-]"},
             boost::test_tools::per_element());

  GeometryOptions image;
  image.body = "image";
  const std::vector<std::string> nothing{"option-missing Geometry/Image/File",
                                         "option-missing Geometry/Image/Phases"};
  BOOST_TEST(names(check(image)) == nothing, boost::test_tools::per_element());
  image.image.file = "cube.vti";
  image.image.phases = "0 void; 1 100 0.3";
  BOOST_TEST(check(image).empty());
  image.image.modulus_array = "E";
  BOOST_TEST(names(check(image)) ==
                 std::vector<std::string>{"option-contradicts Geometry/Image/Modulus array"},
             boost::test_tools::per_element());
}
