// links: material
// Tables of materials: the shipped ones are admissible, and a broken one is refused with its file and key.
#include "io/material_table.h"

#include "base/errors.h"
#include "material/material_table.h"
#include "material/tissue_kind.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

using namespace wolff;

namespace {

const std::string sound = R"({
  "name": "bone", "kind": "tissue", "meaning": "A test.",
  "youngs_modulus": {"value": 6000, "unit": "MPa", "source": "here", "mark": "M", "note": "5000 to 8000"},
  "poisson_ratio": {"value": 0.3, "unit": "-", "source": "here", "mark": "V"}
})";

std::string replaced(std::string text, const std::string &what, const std::string &by)
{
  const std::size_t at = text.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// All fault lines of reading this text and making a material of it.
std::string refusal(const std::string &text)
{
  try {
    material::material_table(io::parse_material(text, "bone.json"));
  } catch (const Fault &fault) {
    return fault.line();
  } catch (const FaultList &list) {
    std::string lines;
    for (const Fault &fault : list.faults()) lines += fault.line() + "\n";
    return lines;
  }
  return "accepted";
}

void refused(const std::string &text, const std::vector<std::string> &parts)
{
  const std::string line = refusal(text);
  for (const std::string &part : parts)
    BOOST_TEST(line.find(part) != std::string::npos, "\"" << part << "\" is not in: " << line);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_shipped_table_is_an_admissible_material_with_sources)
{
  std::set<std::string> names;
  for (const ValueTable &table : io::shipped_materials()) {
    const material::MaterialTable m = material::material_table(table); // throws if not
    BOOST_TEST(table.place == "materials/" + table.name + ".json");
    BOOST_TEST(names.insert(table.name).second);
    for (const auto &[key, value] : table.values) {
      BOOST_TEST(!value.source.empty(), table.name << " " << key);
      BOOST_TEST(value.mark != "U", table.name << " " << key); // no shipped number without support
    }
  }
  for (const std::string &tissue : material::tissue_names())
    BOOST_TEST((tissue == "scaffold" || names.count(tissue) == 1), tissue);
  for (const char *name : {"Ti6Al4V", "CP-Ti", "tantalum", "316L", "CoCr", "PEEK", "PCL", "PLLA", "PCL-TCP",
                           "HA", "beta-TCP", "WE43", "Zn", "mature_bone_sheep"})
    BOOST_TEST(names.count(name) == 1, name);
}

BOOST_AUTO_TEST_CASE(shipped_files_are_those_in_the_folder_and_read_the_same)
{
  std::size_t files = 0;
  for (const auto &file : std::filesystem::directory_iterator(WOLFF_SOURCE_DIR "/materials"))
    if (file.path().extension() == ".json") {
      ++files;
      const ValueTable read = io::read_material(file.path());
      bool found = false;
      for (const ValueTable &table : io::shipped_materials())
        if (table.name == read.name) {
          found = true;
          BOOST_TEST(table.values.size() == read.values.size());
          for (const auto &[key, value] : read.values) BOOST_TEST(table.values.at(key).value == value.value);
        }
      BOOST_TEST(found, file.path());
    }
  BOOST_TEST(files == io::shipped_materials().size());
}

BOOST_AUTO_TEST_CASE(numbers_of_the_tables_reach_the_material)
{
  std::vector<material::MaterialTable> all;
  for (const ValueTable &table : io::shipped_materials()) all.push_back(material::material_table(table));
  const material::MaterialTable &titanium = material::find_material(all, "Ti6Al4V");
  BOOST_TEST((titanium.elastic == material::Elastic{110000, 0.34}));
  BOOST_TEST(titanium.yield_strength.value() == 830.0);
  BOOST_TEST(!titanium.poroelastic);
  BOOST_TEST(titanium.values.values.at("yield_strength").note == "830 to 1000");
  const material::MaterialTable &granulation = material::find_material(all, "granulation");
  BOOST_TEST((granulation.poroelastic == material::Poroelastic{0.01, 2300, 2300, 0.8}));
  BOOST_TEST((material::find_material(all, "cortical_bone").elastic == material::Elastic{15750, 0.325}));
  BOOST_CHECK_EXCEPTION(material::find_material(all, "Ti6AI4V"), Fault, [](const Fault &fault) {
    return fault.message().find("Did you mean \"Ti6Al4V\"?") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(sound_text_is_accepted)
{
  BOOST_TEST(refusal(sound) == "accepted");
  BOOST_TEST(refusal("\xEF\xBB\xBF" + sound) == "accepted"); // byte-order mark
  const ValueTable table = io::parse_material(sound, "bone.json");
  BOOST_TEST(table.values.at("youngs_modulus").note == "5000 to 8000");
  BOOST_TEST(table.values.at("poisson_ratio").mark == "V");
}

BOOST_AUTO_TEST_CASE(broken_form_is_refused_with_exit_2_file_and_key)
{
  refused("", {"error[2:json-malformed] bone.json"});
  refused("[]", {"error[2:type-wrong] bone.json", "found array", "wanted a JSON object"});
  refused(replaced(sound, "6000", "6000,5"), {"error[2:json-malformed]", "line 3"});
  refused(replaced(sound, "6000", "NaN"), {"error[2:json-malformed]"});
  refused(replaced(sound, "6000", "1e999"), {"error[2:"});
  refused(replaced(sound, "6000", "\"6000\""),
          {"error[2:type-wrong]", "\"value\" of \"youngs_modulus\"", "wanted a number"});
  refused(replaced(sound, "\"kind\": \"tissue\", ", ""), {"error[2:key-missing]", "\"kind\" is missing"});
  refused(replaced(sound, "\"tissue\"", "\"metal\""), {"error[2:kind-unknown]", "found \"metal\""});
  refused(replaced(sound, "\"source\": \"here\", ", ""), {"error[2:key-missing]", "\"source\" of"});
  refused(replaced(sound, "\"mark\": \"M\"", "\"mark\": \"VC\""),
          {"error[2:mark-unknown]", "found \"VC\"", "V, C, M, U"});
  refused(replaced(sound, "\"note\"", "\"notes\""), {"error[2:key-unknown]", "found \"notes\""});
  refused(replaced(sound, "youngs_modulus", "young_modulus"),
          {"error[2:key-unknown]", "Did you mean \"youngs_modulus\"?", "error[2:key-missing]",
           "\"youngs_modulus\" is missing"});
  refused(replaced(sound, "\"MPa\"", "\"GPa\""), {"error[2:unit-wrong]", "found \"GPa\"", "wanted \"MPa\""});
  refused(replaced(sound, "poisson_ratio", "youngs_modulus"), {"error[2:key-twice]", "youngs_modulus"});
  for (std::size_t length = 0; length < sound.size(); ++length)
    BOOST_TEST(refusal(sound.substr(0, length)).rfind("error[2:", 0) == 0u, "prefix of " << length);
}

BOOST_AUTO_TEST_CASE(unphysical_numbers_are_refused_with_exit_3)
{
  refused(replaced(sound, "0.3", "0.5"),
          {"error[3:value-range] bone.json", "poisson_ratio", "found 0.5", "wanted a number in (-1, 0.5)"});
  refused(replaced(sound, "6000", "-1"), {"error[3:value-range]", "greater than 0"});
  refused(replaced(sound, "6000", "6e9"), {"error[3:modulus-unit]", "looks like Pa"});
  const std::string porous = replaced(sound, "\n}", R"text(,
  "permeability": {"value": 0.37, "unit": "mm^4/(N s)", "source": "here", "mark": "V"},
  "grain_bulk_modulus": {"value": 13920, "unit": "MPa", "source": "here", "mark": "V"},
  "fluid_bulk_modulus": {"value": 2300, "unit": "MPa", "source": "here", "mark": "V"},
  "porosity": {"value": 0.8, "unit": "-", "source": "here", "mark": "V"}
})text");
  refused(porous, {"error[3:biot-range] bone.json", "wanted a number in [0.8, 1]"});
}

BOOST_AUTO_TEST_CASE(paths_that_are_no_file_are_refused)
{
  for (const char *path : {"/nonexistent/bone.json", "/", "/dev/zero"})
    BOOST_CHECK_EXCEPTION(io::read_material(path), Fault,
                          [](const Fault &fault) { return fault.code() == Exit::input; });
}
