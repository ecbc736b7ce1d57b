// links: coupling
// Which numbers of a case count as in use, with which marks.
#include "coupling/marks.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wolff;
using namespace wolff::coupling;

namespace {

const MarkedValue *find(const std::vector<MarkedValue> &values, const std::string &path)
{
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const MarkedValue &value) { return value.path == path; });
  return found == values.end() ? nullptr : &*found;
}

} // namespace

BOOST_AUTO_TEST_CASE(values_of_models_that_are_off_and_numbers_not_stated_are_not_in_use)
{
  const std::vector<MarkedValue> values = values_in_use({});
  BOOST_REQUIRE(find(values, "Regeneration/Kinetics/Differentiation rate [1/day]") != nullptr);
  for (const char *path :
       {"Regeneration/Oxygen/Diffusivity [mm^2/day]", "Regeneration/Kinetics/Bone resorption [1/day]",
        "Regeneration/Guidance factor in scaffold pores [-]", "Materials/Sclerotic rim [mm]",
        "Regeneration/Host bone/Lazy zone [-]", "Regeneration/Cell therapy/Cells [-]"})
    BOOST_TEST(find(values, path) == nullptr, path);
  const MarkedValue &production = *find(values, "Regeneration/Kinetics/Bone production [1/day]");
  BOOST_TEST(production.value == "0.1");
  BOOST_TEST(production.marks == "[M]");
  BOOST_TEST(production.is_assumed());
  BOOST_TEST(!find(values, "Regeneration/MSC diffusivity [mm^2/day]")->is_assumed());
}

BOOST_AUTO_TEST_CASE(what_is_switched_on_or_stated_is_in_use)
{
  Case input;
  input.regeneration.signals.oxygen.model = "at rest";
  input.regeneration.kinetics.bone_resorption = 0.02;
  input.regeneration.host.steroids = true;
  input.regeneration.host.steroid_factor = 0.5;
  const std::vector<MarkedValue> values = values_in_use(input);
  BOOST_REQUIRE(find(values, "Regeneration/Oxygen/Diffusivity [mm^2/day]") != nullptr);
  BOOST_TEST(find(values, "Regeneration/Oxygen/Diffusivity [mm^2/day]")->marks == "[V]");
  BOOST_REQUIRE(find(values, "Regeneration/Kinetics/Bone resorption [1/day]") != nullptr);
  BOOST_TEST(find(values, "Regeneration/Kinetics/Bone resorption [1/day]")->value == "0.02");
  const std::vector<std::string> lines = lines_of(values);
  BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const std::string &line) {
    return line.starts_with("  Regeneration/Host/Steroid factor [-] = 0.5: ");
  }));

  input.course.backend = "external program";
  for (const MarkedValue &value : values_in_use(input))
    BOOST_TEST(
        (!value.path.starts_with("Regeneration/") || value.path == "Regeneration/Mechanics every [day]"),
        value.path);
}
