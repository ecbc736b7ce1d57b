// The command line: what is taken, and what is said about the rest.
#include "app/command.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace wolff;
using wolff::app::Command;

namespace {

Command parse(std::vector<const char *> arguments)
{
  arguments.insert(arguments.begin(), "wolff");
  arguments.push_back(nullptr); // as the system hands it over
  return app::parse_command_line(static_cast<int>(arguments.size()) - 1, arguments.data());
}

std::string refusal(const std::vector<const char *> &arguments)
{
  try {
    parse(arguments);
  } catch (const Fault &fault) {
    BOOST_TEST(static_cast<int>(fault.code()) == 2);
    return fault.line();
  }
  return "accepted";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_run_takes_its_switches_in_any_order)
{
  const Command c = parse({"run", "--set", "Geometry/Femur/Head radius [mm]=25", "--overwrite", "my case.prm",
                           "--set=A [-]=[1,2]", "--output", "out", "--restart", "auto", "--exchange",
                           "--drop-islands", "--accept-units", "--break-lock", "--allow-change",
                           "Mesh/Levels [-]", "--time-limit", "1:30:00"});
  BOOST_TEST(c.verb == "run");
  BOOST_TEST(c.case_file == "my case.prm");
  BOOST_TEST(c.settings == (std::vector<std::string>{"Geometry/Femur/Head radius [mm]=25", "A [-]=[1,2]"}),
             boost::test_tools::per_element());
  BOOST_TEST(c.output == "out");
  BOOST_TEST(c.restart == "auto");
  BOOST_TEST((c.overwrite && c.exchange && c.drop_islands && c.accept_units && c.break_lock));
  BOOST_TEST(c.allow_change == std::vector<std::string>{"Mesh/Levels [-]"}, boost::test_tools::per_element());
  BOOST_TEST(c.time_limit_s.value() == 5400.0);
}

BOOST_AUTO_TEST_CASE(a_value_does_not_swallow_the_case_behind_it)
{
  const Command c = parse({"check", "--set", "Title=x", "case.prm"});
  BOOST_TEST(c.case_file == "case.prm");
  BOOST_TEST(c.settings.size() == 1u);
  BOOST_TEST(!c.time_limit_s.has_value());
}

BOOST_AUTO_TEST_CASE(the_single_steps_take_their_files)
{
  BOOST_TEST(parse({"solve", "c.prm", "--state", "tissue_0000.pvtu"}).state_file == "tissue_0000.pvtu");
  BOOST_TEST(parse({"regenerate", "c.prm", "--mechanics", "m.pvtu"}).mechanics_file == "m.pvtu");
  BOOST_TEST(refusal({"regenerate", "c.prm"})
                 .starts_with("error[2:usage] wolff regenerate: --mechanics is required"));
  BOOST_TEST(parse({"parameters"}).format == "md");
  BOOST_TEST(parse({"parameters", "--format", "json"}).format == "json");
  BOOST_TEST(
      refusal({"parameters", "--format", "xml"}) ==
      "error[2:usage] --format: this format is not known; found \"xml\"; wanted one of: md, prm, json, exchange.");
}

BOOST_AUTO_TEST_CASE(an_unknown_verb_names_the_nearest_and_lists_all)
{
  BOOST_TEST(refusal({"chekc", "c.prm"}) == "error[2:unknown-verb] wolff: there is no such verb; found "
                                            "\"chekc\"; wanted one of: run, check, model, solve, "
                                            "regenerate, parameters. Did you mean \"check\"?");
  BOOST_TEST(refusal({"RUN"}).find("Did you mean \"run\"?") != std::string::npos);
  BOOST_TEST(refusal({""}).starts_with("error[2:unknown-verb]"));
  BOOST_TEST(refusal({}).starts_with("error[2:usage] wolff: a verb is missing"));
}

BOOST_AUTO_TEST_CASE(an_unknown_switch_names_the_nearest_of_the_verb)
{
  BOOST_TEST(refusal({"check", "c.prm", "--drop-island"}) ==
             "error[2:usage] wolff check: this verb has no such option; found \"--drop-island\"; wanted one "
             "of: --set, "
             "--drop-islands, --accept-units. Did you mean \"--drop-islands\"?");
  BOOST_TEST(refusal({"check", "c.prm", "--exchange"}).find("found \"--exchange\"") != std::string::npos);
  BOOST_TEST(refusal({"run", "c.prm", "d.prm"}) ==
             "error[2:usage] wolff run: an argument too many; found \"d.prm\"; wanted wolff run CASE.");
  BOOST_TEST(refusal({"run"}) ==
             "error[2:usage] wolff run: the case file is missing; wanted wolff run CASE.");
  BOOST_TEST(refusal({"run", "c.prm", "--set"}).starts_with("error[2:usage] wolff run: --set:"));
  BOOST_TEST(refusal({"run", "c.prm", "--output", "a", "--output", "b"}).starts_with("error[2:usage]"));
}

BOOST_AUTO_TEST_CASE(behind_two_dashes_a_name_may_begin_with_a_dash)
{
  BOOST_TEST(parse({"run", "--overwrite", "--", "-odd.prm"}).case_file == "-odd.prm");
  BOOST_TEST(parse({"run", "--output=-out", "--", "--set"}).case_file == "--set");
  BOOST_TEST(parse({"run", "--output=-out", "--", "--set"}).output == "-out");
  BOOST_TEST(refusal({"run", "-odd.prm"}).find("behind --") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_are_taken_byte_by_byte)
{
  for (const char *name : {"a b.prm", "quote\"'.prm", "line\nbreak.prm", "\xE9\xAA\xA8.prm", "check",
                           "[a,b].prm", "$(x).prm", "%TAG"})
    BOOST_TEST(parse({"run", name}).case_file == name);
}

BOOST_AUTO_TEST_CASE(help_is_a_page_and_not_an_error)
{
  BOOST_TEST(parse({"--help"}).verb == "help");
  for (const app::VerbHelp &verb : app::verb_helps()) {
    BOOST_TEST(parse({"--help"}).text.find("\n  " + verb.name + " ") != std::string::npos);
    const Command c = parse({verb.name.c_str(), "--help"});
    BOOST_TEST(c.verb == "help");
    BOOST_TEST(c.text.find("wolff " + verb.name) != std::string::npos);
  }
  BOOST_TEST(parse({"--version"}).verb == "version");
}

BOOST_AUTO_TEST_CASE(time_limits_have_the_forms_of_a_batch_system)
{
  BOOST_TEST(app::duration_in_seconds("90") == 90.0);
  BOOST_TEST(app::duration_in_seconds("1.5") == 1.5);
  BOOST_TEST(app::duration_in_seconds("02:30") == 150.0);
  BOOST_TEST(app::duration_in_seconds("1:00:01") == 3601.0);
  BOOST_TEST(app::duration_in_seconds("2-03:00:00") == 2 * 86400.0 + 3 * 3600.0);
  for (const char *wrong : {"", "0", "-5", "1:60", "1:2:3:4", "1-5", "1h", "nan", ":", "1:-1", "a-01:00:00"})
    BOOST_CHECK_THROW(app::duration_in_seconds(wrong), std::invalid_argument);
  BOOST_TEST(refusal({"run", "c.prm", "--time-limit", "soon"}) ==
             "error[2:usage] --time-limit: this is no time; found \"soon\"; wanted seconds, HH:MM:SS or "
             "D-HH:MM:SS, greater than 0.");
}
