// A file against a contract: every departure is found, and all of them at once.
#include "io/contract.h"
#include "base/errors.h"
#include "io/cell_file.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace wolff;
using namespace wolff::io;

namespace {

Contract small_contract()
{
  const std::vector<std::string> both{"tissue", "view"}, tissue{"tissue"};
  Contract contract;
  contract.format_version = 3;
  contract.arrays = {
      {"cell_id", Place::cell, 1, NumberType::int64, "-", {}, "number of the cell", both},
      {"fraction_bone", Place::cell, 1, NumberType::float64, "-", fraction(), "share of bone", both},
      {"strain", Place::cell, 6, NumberType::float64, "-", {}, "small strain", tissue},
      {"displacement_mm", Place::point, 3, NumberType::float64, "mm", {}, "displacement", both, false},
      {"day", Place::field, 1, NumberType::float64, "day", non_negative(), "time", both},
  };
  return contract;
}

struct Choice
{
  std::string kind = "tissue", bone = "fraction_bone";
  int version = 3, strain_components = 6;
  double share = 0.5, day = 2;
  bool twice = false;
  Precision precision = Precision::float64;
};

/// Writes two cells as chosen and returns what the check says: "ok", or code:name of all faults.
std::string outcome(const std::function<void(Choice &)> &change, ContractReport *report = nullptr)
{
  Choice c;
  change(c);
  const ScratchFolder folder;
  const std::vector<discretisation::Cell> cells{{{0, 0, 0}, 1, 4}, {{1, 0, 0}, 1, c.twice ? 4 : 5}};
  CellFile file(cells, c.precision);
  file.add_cell_array(c.bone, 1, std::vector<double>{0, c.share});
  file.add_cell_array("strain", c.strain_components,
                      std::vector<double>(2 * static_cast<std::size_t>(c.strain_components), 0.25));
  file.add_field("wolff_file", c.kind);
  file.add_field("format_version", static_cast<std::int64_t>(c.version));
  file.add_field("day", c.day);
  file.write(folder.file("a.pvtu"), MPI_COMM_WORLD);
  if (c.kind == "tissue") BOOST_TEST(contract_kind(folder.file("a.pvtu")) == "tissue");
  std::string text;
  try {
    const ContractReport found = check_contract_file(folder.file("a.pvtu"), small_contract());
    if (report != nullptr) *report = found;
    return "ok";
  } catch (const Fault &fault) {
    return std::to_string(static_cast<int>(fault.code())) + ":" + fault.name();
  } catch (const FaultList &list) {
    for (const Fault &fault : list.faults())
      text += (text.empty() ? "" : " ") + std::to_string(static_cast<int>(fault.code())) + ":" + fault.name();
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_as_the_contract_wants_it_passes)
{
  ContractReport report;
  BOOST_TEST(outcome([](Choice &) {}, &report) == "ok");
  BOOST_TEST(report.kind == "tissue");
  BOOST_TEST(report.n_cells == 2);
  BOOST_TEST(report.warnings.empty());
}

BOOST_AUTO_TEST_CASE(every_departure_from_the_contract_has_its_own_fault)
{
  BOOST_TEST(outcome([](Choice &c) { c.kind = "tissues"; }) == "2:file-kind");
  BOOST_TEST(outcome([](Choice &c) { c.version = 2; }) == "2:format-version");
  BOOST_TEST(outcome([](Choice &c) { c.bone = "Fraction_Bone"; }) == "2:array-missing");
  BOOST_TEST(outcome([](Choice &c) { c.strain_components = 9; }) == "2:array-components");
  BOOST_TEST(outcome([](Choice &c) { c.share = 1.5; }) == "3:array-range");
  BOOST_TEST(outcome([](Choice &c) { c.day = -1; }) == "3:array-range");
  BOOST_TEST(outcome([](Choice &c) { c.twice = true; }) == "2:cells-twice");
  BOOST_TEST(outcome([](Choice &c) { c.twice = true, c.share = -1, c.strain_components = 1; }) ==
             "3:array-range 2:array-components 2:cells-twice");
}

BOOST_AUTO_TEST_CASE(float32_is_good_for_the_eye_and_not_for_a_restart)
{
  BOOST_TEST(outcome([](Choice &c) { c.precision = Precision::float32; }) == "2:array-type 2:array-type");
  ContractReport report;
  BOOST_TEST(outcome([](Choice &c) { c.precision = Precision::float32, c.kind = "view"; }, &report) == "ok");
  BOOST_REQUIRE(report.warnings.size() == 1u); // strain does not belong to a view file here
  BOOST_TEST(report.warnings[0].find("\"strain\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_page_lists_every_array_below_its_file)
{
  const std::string page = contract_markdown(small_contract());
  BOOST_TEST(page.find("### tissue") < page.find("### view"));
  BOOST_TEST(page.find("| `strain` | cell | 6 | Float64 | - |") != std::string::npos);
  BOOST_TEST(page.find("`strain`", page.find("### view")) == std::string::npos);
  BOOST_TEST(page.find("| `displacement_mm` | point | 3 | Float64 | mm | ") != std::string::npos);
}
