// The reference of options, in its three forms.
#include "app/parameter_reference.h"

#include "base/errors.h"
#include "unit/app/sample_case.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

std::string reference(const std::string &format)
{
  sample::Case values;
  Options options;
  values.declare(options);
  return app::parameter_reference(options, format);
}

bool holds(const std::string &text, const std::string &part)
{
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(markdown_has_a_table_row_for_each_option_under_its_section)
{
  const std::string text = reference("md");
  BOOST_TEST(holds(text, "\n## Geometry / Femur\n\n| option | default |"));
  BOOST_TEST(holds(
      text,
      "| `Head radius [mm]` | 24 | a number in [10, 40] | Radius of the head. | Textbook 2001 [V] |\n"));
  BOOST_TEST(holds(text, "| `File` | (empty) | text | Surface or image. |  |\n"));
  BOOST_TEST(holds(text, "Refinements \\| of the coarse bricks.")); // else the bar would open another column
  BOOST_TEST(holds(text, "| `Format version` | must be stated | 1 |"));
  BOOST_TEST(holds(text, "one of: built-in, surface, labels"));
  BOOST_TEST(text.find("## Geometry") < text.find("## Mesh"));
}

BOOST_AUTO_TEST_CASE(the_other_forms_hold_every_option_too)
{
  sample::Case values;
  Options options;
  values.declare(options);
  for (const std::string format : {"md", "prm", "json"})
    for (const Option &option : options.all()) BOOST_TEST(holds(reference(format), option.name));
  BOOST_TEST(holds(reference("json"), "\"default\": \"0.003\""));
  BOOST_TEST(holds(reference("prm"), "# Radius of the head."));
  BOOST_CHECK_THROW(reference("xml"), Fault);
}
