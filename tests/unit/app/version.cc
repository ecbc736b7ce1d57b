// The record of what computed a result.
#include "app/version.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_CASE(the_version_record_is_complete)
{
  const auto record = wolff::app::version_record();
  std::vector<std::string> names;
  for (const auto &[name, value] : record) {
    names.push_back(name);
    BOOST_TEST(!value.empty(), name);
    BOOST_TEST(wolff::app::version_text().find(value) != std::string::npos);
  }
  const std::vector<std::string> wanted{"wolff", "git revision", "source modified", "deal.II",
                                        "VTK",   "MPI",          "compiler",        "build type"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());
  const std::string revision = record[1].second;
  const bool commit =
      revision.size() == 40 && revision.find_first_not_of("0123456789abcdef") == std::string::npos;
  BOOST_TEST((commit || revision == "unknown"), revision);
}
