// links: discretisation
// Conditions on the sides of a box: what each needs, what it holds, what is refused.
#include "loads/face_conditions.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::loads;

namespace {

FaceConditions read(const FacesOptions &options, std::vector<Fault> &faults)
{
  const discretisation::Symbols symbols("a = 2", "Problem/Constants", "", "Problem/Definitions");
  return face_conditions(options, symbols, faults);
}

FaceConditions sound(const FacesOptions &options)
{
  std::vector<Fault> faults;
  FaceConditions conditions = read(options, faults);
  for (const Fault &fault : faults) BOOST_ERROR(fault.line());
  return conditions;
}

/// The one fault of these options, as "name place".
std::string fault_of(const FacesOptions &options)
{
  std::vector<Fault> faults;
  read(options, faults);
  BOOST_REQUIRE(faults.size() == 1U);
  BOOST_TEST(static_cast<int>(faults[0].code()) == (faults[0].name() == "periodic-pair" ? 3 : 2));
  return faults[0].name() + " " + faults[0].place();
}

using Holds = std::array<bool, 3>;

} // namespace

BOOST_AUTO_TEST_CASE(each_condition_holds_its_components)
{
  FacesOptions options;
  options.faces[0] = {.condition = "clamped"};
  options.faces[1] = {.condition = "displacement", .displacement = "a*x; free; 3"};
  options.faces[2] = {.condition = "platen", .displacement = "free; 0.5*a; free"};
  options.faces[3] = {.condition = "traction", .traction = "x; y; z"};
  const FaceConditions c = sound(options);
  BOOST_CHECK((c[0].holds == Holds{true, true, true}));
  BOOST_CHECK((c[1].holds == Holds{true, false, true}));
  BOOST_CHECK((c[2].holds == Holds{false, true, false}));
  BOOST_CHECK((c[3].holds == Holds{}));
  BOOST_CHECK((c[4].holds == Holds{} && c[4].is_free() && !c[4].is_loaded()));
  const Vector3 x(1, 10, 100);
  BOOST_TEST((c[0].displacement_at(x) == Vector3::Zero()));
  BOOST_TEST((c[1].displacement_at(x) == Vector3(2, 0, 3)));
  BOOST_TEST((c[2].displacement_at(x) == Vector3(0, 1, 0)));
  BOOST_TEST((c[3].traction_at(x, Vector3::UnitY()) == x));
}

BOOST_AUTO_TEST_CASE(a_stress_gives_the_traction_of_each_normal)
{
  FacesOptions options;
  options.faces[staircase] = {.condition = "traction", .stress = "1; 2; 3; 4; 5; 6"};
  const FaceCondition c = sound(options)[staircase];
  BOOST_TEST(c.is_loaded());
  const Vector3 x = Vector3::Zero();
  BOOST_TEST((c.traction_at(x, -Vector3::UnitX()) == Vector3(-1, -4, -6)));
  BOOST_TEST((c.traction_at(x, Vector3::UnitY()) == Vector3(4, 2, 5)));
  BOOST_TEST((c.traction_at(x, Vector3::UnitZ()) == Vector3(6, 5, 3)));
}

BOOST_AUTO_TEST_CASE(expressions_that_are_missing_malformed_or_not_taken_are_refused)
{
  const auto with = [](const std::size_t face, const FaceOptions &options) {
    FacesOptions all;
    all.faces[face] = options;
    return fault_of(all);
  };
  BOOST_TEST(with(1, {.condition = "displacement"}) == "face-condition Problem/Faces/x+/Displacement [mm]");
  BOOST_TEST(with(5, {.condition = "platen"}) == "face-condition Problem/Faces/z+/Displacement [mm]");
  BOOST_TEST(with(5, {.condition = "platen", .displacement = "0; 0; free"}) ==
             "face-condition Problem/Faces/z+/Displacement [mm]");
  BOOST_TEST(with(2, {.condition = "traction"}) == "face-condition Problem/Faces/y-/Traction [MPa]");
  BOOST_TEST(with(2, {.condition = "traction", .traction = "0;0;1", .stress = "0;0;1;0;0;0"}) ==
             "face-condition Problem/Faces/y-/Stress [MPa]");
  BOOST_TEST(with(0, {.displacement = "0;0;0"}) == "face-condition Problem/Faces/x-/Displacement [mm]");
  BOOST_TEST(with(0, {.condition = "clamped", .traction = "0;0;0"}) ==
             "face-condition Problem/Faces/x-/Traction [MPa]");
  BOOST_TEST(with(staircase, {.condition = "platen", .displacement = "0;0;0"}) ==
             "face-condition Problem/Faces/surface/Condition");
  BOOST_TEST(with(0, {.condition = "displacement", .displacement = "0; 0"}) ==
             "expression-parts Problem/Faces/x-/Displacement [mm]");
  BOOST_TEST(with(0, {.condition = "periodic"}) == "periodic-pair Problem/Faces/x+/Condition");
  BOOST_TEST(with(3, {.condition = "periodic"}) == "periodic-pair Problem/Faces/y-/Condition");
}
