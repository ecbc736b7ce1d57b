// ranks: 1 2
// links: io
// Case files: both spellings, includes, --set, and what is said about each mistake.
#include "app/case_file.h"

#include "app/print_case.h"
#include "app/report_errors.h"
#include "base/errors.h"
#include "unit/app/sample_case.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <clocale>
#include <cmath>
#include <limits>
#include <locale>

using namespace wolff;
using namespace wolff::app;
using sample::Folder;

namespace {

sample::Case read(const std::string &path, const std::vector<std::string> &settings = {})
{
  sample::Case result;
  Options options;
  result.declare(options);
  apply(read_case_file(path, settings), options);
  return result;
}

/// The lines of everything that is wrong with a case; none if it is sound. The folder's name is left out.
std::vector<std::string> complaints(const std::string &path, const std::vector<std::string> &settings = {})
{
  std::vector<std::string> lines;
  const std::string folder = std::filesystem::path(path).parent_path().string() + "/";
  const auto note = [&](const Fault &fault) {
    BOOST_TEST(static_cast<int>(fault.code()) == 2);
    std::string line = fault.line();
    for (std::size_t at = line.find(folder); at != std::string::npos; at = line.find(folder))
      line.erase(at, folder.size());
    lines.push_back(line);
  };
  try {
    read(path, settings);
  } catch (const Fault &fault) {
    note(fault);
  } catch (const FaultList &list) {
    for (const Fault &fault : list.faults()) note(fault);
  }
  return lines;
}

std::string only_complaint(const std::string &path, const std::vector<std::string> &settings = {})
{
  const std::vector<std::string> lines = complaints(path, settings);
  BOOST_TEST(lines.size() == 1u);
  return lines.empty() ? "" : lines.front();
}

std::string headed(const std::string &rest)
{
  return "set Format version = 1\n" + rest;
}

void replace(std::string &text, const std::string &from, const std::string &to)
{
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_prm_file_fills_every_kind_of_option)
{
  const Folder folder;
  BOOST_TEST((read(folder.write("a.prm", sample::text)) == sample::values));
}

BOOST_AUTO_TEST_CASE(the_same_tree_as_json_means_the_same)
{
  const Folder folder;
  const std::string json = R"({
  "Format version": 1,
  "Title": "C1 lesion, 10 mm core",
  "Geometry": { "Femur": { "Source": "surface", "File": "left #2.stl", "Head radius [mm]": 24.125,
                           "Axis [-]": [0.5, 0, 1.0] } },
  "Mesh": { "Levels [-]": "5" },
  "Stimulus": { "Flow scale [mm/s]": 1e-3, "Cells present": true }
})";
  BOOST_TEST((read(folder.write("a.json", json)) == sample::values));
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_carriage_returns_change_nothing)
{
  const Folder folder;
  std::string windows = sample::text;
  replace(windows, "\n", "\r\n");
  const std::string path = folder.write("a.prm", "\xEF\xBB\xBF" + windows);
  BOOST_TEST((read(path) == sample::values));
  BOOST_TEST(read_case_file(path).files.front().text ==
             "\xEF\xBB\xBF" + windows); // the record keeps every byte
  BOOST_TEST(
      read(folder.write("b.json", "\xEF\xBB\xBF{\r\n\"Format version\": 1,\r\n\"Title\": \"x\"}")).title ==
      "x");
}

BOOST_AUTO_TEST_CASE(what_is_printed_reads_back_to_the_same_bits_in_all_formats)
{
  const Folder folder;
  sample::Case written{"title with \"quotes\", # and\na line break, \xC3\xA4 \\",
                       "labels",
                       "\"a\" b\\",
                       std::nextafter(24.1, 25),
                       std::numeric_limits<double>::denorm_min(),
                       7,
                       true,
                       {-1.0 / 3.0, 1e300, std::numeric_limits<double>::min()}};
  Options options;
  written.declare(options);
  for (const auto &[name, format] :
       {std::pair{"a.prm", CaseFormat::prm}, std::pair{"b.prm", CaseFormat::documented_prm},
        std::pair{"c.json", CaseFormat::json}}) {
    const std::string text = print_case(options, format);
    BOOST_TEST_CONTEXT(text)
    BOOST_TEST((read(folder.write(name, text)) == written));
  }
  BOOST_TEST(print_case(options, CaseFormat::prm).starts_with("set Format version = 1\n"));
}

BOOST_AUTO_TEST_CASE(the_environment_and_a_foreign_locale_do_not_change_numbers)
{
  struct DecimalComma : std::numpunct<char>
  {
    char do_decimal_point() const override { return ','; }
  };
  const Folder folder;
  const std::locale before = std::locale::global(std::locale(std::locale(), new DecimalComma));
  std::setlocale(LC_ALL, "de_DE.UTF-8"); // where it is installed; the line above stands for it elsewhere
  const std::string path = folder.write("a.prm", sample::text);
  BOOST_TEST((read(path) == sample::values));
  settle_environment();
  BOOST_TEST((std::locale() == std::locale::classic()));
  BOOST_TEST(std::string(std::localeconv()->decimal_point) == ".");
  std::locale::global(before);
  BOOST_TEST(only_complaint(folder.write(
                 "b.prm",
                 headed("subsection Geometry\nsubsection Femur\nset Head radius [mm] = 24,5\nend\nend\n"))) ==
             "error[2:option-value] b.prm:4:5: \"Geometry/Femur/Head radius [mm]\" has no admissible value; "
             "found \"24,5\"; "
             "wanted a number in [10, 40].");
}

BOOST_AUTO_TEST_CASE(an_unknown_option_names_the_nearest_one)
{
  const Folder folder;
  BOOST_TEST(
      only_complaint(folder.write(
          "a.prm",
          headed("subsection Geometry\n  subsection Femur\n    set Head radios [mm] = 24\n  end\nend\n"))) ==
      "error[2:unknown-option] a.prm:4:9: there is no option \"Geometry/Femur/Head radios [mm]\". Did you "
      "mean "
      "\"Geometry/Femur/Head radius [mm]\"?");
  BOOST_TEST(
      only_complaint(folder.write("unit.prm", headed("subsection Stimulus\nset Flow scale = 1\nend\n"))) ==
      "error[2:unknown-option] unit.prm:3:5: there is no option \"Stimulus/Flow scale\". Did you mean "
      "\"Stimulus/Flow scale [mm/s]\"?");
  BOOST_TEST(only_complaint(folder.write("place.prm", headed("set Levels [-] = 1\n"))) ==
             "error[2:unknown-option] place.prm:2:5: there is no option \"Levels [-]\". Did you mean "
             "\"Mesh/Levels [-]\"?");
  BOOST_TEST(
      only_complaint(folder.write("a.json", "{\"Format version\": 1,\n \"Mesh\": {\"\\u0041 \\\"b\": 3}}")) ==
      "error[2:unknown-option] a.json:2:11: there is no option \"Mesh/A \"b\". \"Mesh/\" holds: Levels [-].");
}

BOOST_AUTO_TEST_CASE(an_unknown_subsection_is_reported_once_and_not_for_each_option_in_it)
{
  const Folder folder;
  BOOST_TEST(
      only_complaint(folder.write(
          "a.prm", headed("subsection Geometri\n subsection Femur\n set A = 1\n set B = 2\n end\nend\n"))) ==
      "error[2:unknown-subsection] a.prm:2:12: there is no subsection \"Geometri\". Did you mean "
      "\"Geometry\"?");
  BOOST_TEST(
      only_complaint(folder.write("b.prm", headed("subsection Geometry/Femur\nset Source = labels\nend\n")))
          .find("inside the other") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(all_problems_are_reported_at_once_in_the_order_of_the_files)
{
  const Folder folder;
  folder.write("preset.prm", "subsection Mesh\n  set Levels [-] = 99\nend\n");
  const std::string path = folder.write("a.prm", "include preset.prm\nset Tittle = x\nnonsense\nset "
                                                 "Title\nsubsection Mesh\n  set Levels [-] = -1\nend\nend\n");
  const std::vector<std::string> lines = complaints(path, {"Mesh/Levels [-]=many", "x"});
  const std::vector<std::string> wanted{
      "error[2:format-version] a.prm: the format of the case file is not stated; wanted \"set Format version "
      "= 1\" in this file.",
      "error[2:unknown-option] a.prm:2:5: there is no option \"Tittle\". Did you mean \"Title\"?",
      "error[2:case-syntax] a.prm:3:1: no statement of a case file; found nonsense; wanted set NAME = VALUE, "
      "subsection NAME, "
      "end or include FILE.",
      "error[2:case-syntax] a.prm:4:1: a value is not set properly; found set Title; wanted set NAME = "
      "VALUE.",
      "error[2:option-value] a.prm:6:7: \"Mesh/Levels [-]\" has no admissible value; found \"-1\"; wanted a "
      "whole number in [0, 10].",
      "error[2:case-syntax] a.prm:8:1: end without an open subsection.",
      "error[2:option-value] preset.prm:2:7: \"Mesh/Levels [-]\" has no admissible value; found \"99\"; "
      "wanted a whole number in [0, 10].",
      "error[2:option-value] --set: \"Mesh/Levels [-]\" has no admissible value; found \"many\"; wanted a "
      "whole number in [0, 10].",
      "error[2:usage] --set: nothing is set; found \"x\"; wanted \"Section/Option [unit]=value\"."};
  BOOST_TEST(lines == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_set_twice_in_one_file_is_an_error_that_names_both_lines)
{
  const Folder folder;
  BOOST_TEST(only_complaint(folder.write("a.prm", headed("set Title = a\n\nset Title = b\n"))) ==
             "error[2:duplicate-option] a.prm:4:5: \"Title\" is set twice in one file; first in line 2.");
  BOOST_TEST(
      only_complaint(
          folder.write(
              "b.prm",
              headed("subsection Mesh\nset Levels [-] = 1\nend\nsubsection Mesh\nset Levels [-] = 1\nend\n")))
          .find("first in line 3") != std::string::npos);
  BOOST_TEST(
      complaints(folder.write("a.json", "{\"Format version\": 1,\n\"Title\": \"a\",\n\"Title\": \"b\"}"))[0]
          .find("a.json:3:1") != std::string::npos);
  const std::string sound = folder.write("c.prm", headed(""));
  BOOST_TEST(only_complaint(sound, {"Title=a", "Title = b"}) ==
             "error[2:duplicate-option] --set: \"Title\" is set twice on the command line.");
}

BOOST_AUTO_TEST_CASE(own_values_win_over_included_ones_and_the_command_line_over_all)
{
  const Folder folder;
  std::filesystem::create_directory(folder.path("presets"));
  folder.write(
      "presets/base.json",
      R"({"Title": "base", "Mesh": {"Levels [-]": 1}, "Geometry": {"Femur": {"File": "head.stl"}}})");
  folder.write("presets/preset.prm",
               headed("include base.json\nset Title = preset\nsubsection Mesh\nset Levels [-] = 2\nend\n"));
  folder.write("femur.prm", "set Source = labels\n");
  const std::string path = folder.write(
      "a.prm", headed("set Title = own\nsubsection Geometry\nsubsection Femur\ninclude femur.prm\nend\nend\n"
                      "include presets/preset.prm\n"));
  const sample::Case result = read(path, {"Stimulus/Flow scale [mm/s] = 2.5e-3"});
  BOOST_TEST(result.title == "own"); // although the include stands behind it
  BOOST_TEST(result.levels == 2);
  BOOST_TEST(result.source == "labels");
  BOOST_TEST(result.flow_scale == 2.5e-3);
  BOOST_TEST(read(path, {"Title=shell"}).title == "shell");

  const CaseFile input = read_case_file(path, {"Geometry/Femur/Source=surface"});
  BOOST_TEST(input.files.size() == 4u);
  BOOST_TEST(input.files.front().path == path);
  BOOST_TEST(resolved_path(input, "Geometry/Femur/File", "head.stl") == folder.path("presets/head.stl"));
  BOOST_TEST(resolved_path(input, "Geometry/Femur/File", "/head.stl") == "/head.stl");
  BOOST_TEST(resolved_path(input, "Geometry/Femur/Source", "x.stl") == "x.stl"); // from the command line
  BOOST_TEST(resolved_path(input, "Title", "x.stl") == folder.path("x.stl"));
  BOOST_TEST(resolved_path(input, "Unset", "") == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_includes_itself_is_refused_and_one_included_twice_is_not)
{
  const Folder folder;
  folder.write("b.prm", "include c.json\n");
  folder.write("c.json", "{\"include\": [\"./a.prm\"]}");
  BOOST_TEST(only_complaint(folder.write("a.prm", headed("include b.prm\n"))) ==
             "error[2:include-loop] c.json:1:2: a file includes itself: a.prm includes b.prm includes c.json "
             "includes a.prm.");
  folder.write("leaf.prm", "set Title = leaf\n");
  folder.write("left.prm", "include leaf.prm\n");
  folder.write("right.prm", "include leaf.prm\n");
  BOOST_TEST(read(folder.write("top.prm", headed("include left.prm\ninclude right.prm\n"))).title == "leaf");
}

BOOST_AUTO_TEST_CASE(many_includes_end_instead_of_growing_without_limit)
{
  const Folder folder;
  for (int i = 0; i < 30; ++i) // 2^30 readings if nobody counted
    folder.write("f" + std::to_string(i) + ".prm", "include f" + std::to_string(i + 1) + ".prm\ninclude ./f" +
                                                       std::to_string(i + 1) + ".prm\n");
  folder.write("f30.prm", "");
  BOOST_TEST(only_complaint(folder.write("a.prm", headed("include f0.prm\n"))).find("include-count") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_regular_text_files_of_bounded_size_are_read)
{
  const Folder folder;
  const auto name_of = [&](const std::string &path) {
    const std::string line = only_complaint(path);
    return line.substr(8, line.find(']') - 8);
  };
  BOOST_TEST(name_of(folder.path("none.prm")) == "file-missing");
  BOOST_TEST(name_of(folder.path(".")) == "file-not-regular");
  BOOST_TEST(::mkfifo(folder.path("pipe.prm").c_str(), 0600) == 0);
  BOOST_TEST(name_of(folder.path("pipe.prm")) == "file-not-regular"); // and does not wait for a writer
  BOOST_TEST(name_of("/dev/zero") == "file-not-regular");
  BOOST_TEST(name_of(folder.write("a.txt", headed(""))) == "case-format");
  BOOST_TEST(name_of(folder.write("big.prm", std::string((4u << 20) + 1, '#'))) == "file-too-long");
  BOOST_TEST(only_complaint(folder.write("nul.prm", headed("set Title = a") + '\0' + "b\n")) ==
             "error[2:case-encoding] nul.prm:2:14: not a text file in UTF-8; found byte 0x00 at offset 36.");
  BOOST_TEST(name_of(folder.write("latin.prm", headed("set Title = \xE4\n"))) == "case-encoding");
  BOOST_TEST(name_of(folder.write("empty.prm", "")) == "format-version");
  BOOST_TEST(complaints(folder.write("empty.json", "")).size() == 2u); // no JSON, and no format version
  BOOST_TEST(only_complaint(folder.write("inc.prm", headed("\n  include gone.prm\n")))
                 .starts_with("error[2:file-missing] inc.prm:3:11: include: gone.prm: cannot be opened: No "
                              "such file or directory"));
}

BOOST_AUTO_TEST_CASE(the_format_version_is_required_in_the_case_file_and_checked_everywhere)
{
  const Folder folder;
  BOOST_TEST(only_complaint(folder.write("a.prm", "set Format version = 2\n")) ==
             "error[2:format-version] a.prm:1:5: this format of case files is not known; found 2; wanted 1.");
  BOOST_TEST(complaints(folder.write("b.prm", "include a.prm\n")).size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_option_of_the_command_line_that_does_not_exist_names_the_nearest)
{
  const Folder folder;
  const std::string path = folder.write("a.prm", headed(""));
  BOOST_TEST(only_complaint(path, {"Stimulus/Flow scael [mm/s]=1"}) ==
             "error[2:unknown-option] --set: there is no option \"Stimulus/Flow scael [mm/s]\". Did you mean "
             "\"Stimulus/Flow scale [mm/s]\"?");
  BOOST_TEST(only_complaint(path, {"Zzzzzzzzzzzzzzzzzzzz=1"}).find("wolff parameters") != std::string::npos);
  BOOST_TEST(only_complaint(path, {"=1"}).find("[2:usage]") != std::string::npos);
  BOOST_TEST(only_complaint(path, {"Title=\xFF"}).find("UTF-8") != std::string::npos);
  BOOST_TEST(read(path, {"Title=a=b"}).title == "a=b");
}

BOOST_AUTO_TEST_CASE(paths_may_hold_blanks_quotes_line_breaks_and_other_scripts)
{
  for (const std::string name :
       {"with blank", "quote\"'`", "line\nbreak", "\xE9\xAA\xA8 \xC3\xA4", "-dash", "$(touch x);*"}) {
    const Folder folder(name);
    folder.write("other \n#1.prm", "set Title = found\n");
    BOOST_TEST(read(folder.write(name + ".prm", headed("include \"other \\n#1.prm\"\n"))).title == "found");
    const std::string line = complaints(folder.write("bad.prm", "include \"no \\n.prm\"\n")).back();
    BOOST_TEST(line.find('\n') == std::string::npos); // a message stays one line
  }
  const Folder folder;
  const std::string longest = std::string(251, 'x') + ".prm";
  BOOST_TEST(read(folder.write(longest, headed("set Title = long\n"))).title == "long");
}

BOOST_AUTO_TEST_CASE(continuations_and_comments_follow_parameterhandler_but_swallow_no_line)
{
  const Folder folder;
  BOOST_TEST(read(folder.write("a.prm", headed("SET Title = one \\\n   two\\\n three # rest\n"))).title ==
             "one twothree");
  BOOST_TEST(read(folder.write("b.prm", headed("set Title = \"a\" and \"b\"\n"))).title == "\"a\" and \"b\"");
  BOOST_TEST(read(folder.write("c.prm", headed("\tset\tTitle\t=\tx\t\n"))).title == "x");
  BOOST_TEST(only_complaint(folder.write("d.prm", headed("# C:\\data\\\nset Title = x\n")))
                 .find("a comment ends in a backslash") != std::string::npos);
  BOOST_TEST(only_complaint(folder.write("e.prm", headed("subsection Mesh\n"))) ==
             "error[2:case-syntax] e.prm:2:12: subsection \"Mesh\" is not closed; wanted a line with end.");
}

BOOST_AUTO_TEST_CASE(json_that_is_no_case_is_refused_with_its_place)
{
  const Folder folder;
  for (const std::string text : {"[1]", "3", "\"x\"", "null", "{\"Title\": null}", "{\"Title\": [[1]]}",
                                 "{\"Title\": [{}]}", "{\"Format version\": 1,}", "{\"Title\": 1e999}",
                                 "{\"Title\": \"\\ud800\"}", "{} x", "{\"a/b\": {}}"}) {
    const std::vector<std::string> lines = complaints(folder.write("a.json", text));
    BOOST_TEST_CONTEXT(text)
    BOOST_TEST(lines.back().find("a.json:1:") != std::string::npos);
  }
  std::string deep = "{\"Format version\": 1";
  for (int i = 0; i < 10000; ++i) deep += ", \"Mesh\": {\"Levels [-]\": 1";
  BOOST_TEST(!complaints(folder.write("deep.json", deep)).empty());
}

BOOST_AUTO_TEST_CASE(every_mutation_of_every_line_is_read_or_refused_with_exit_code_2)
{
  const Folder folder;
  std::vector<std::string> lines;
  std::string line;
  for (const char c : std::string(sample::text)) {
    line += c;
    if (c == '\n') {
      lines.push_back(line);
      line.clear();
    }
  }
  std::string as_json;
  {
    sample::Case values = sample::values;
    Options options;
    values.declare(options);
    as_json = print_case(options, CaseFormat::json);
  }
  int refused = 0, read_well = 0;
  const auto attempt = [&](const std::string &name, const std::string &text) {
    complaints(folder.write(name, text)).empty() ? ++read_well
                                                 : ++refused; // tests the exit code of each complaint
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto with = [&](const std::string &changed) {
      std::string text;
      for (std::size_t k = 0; k < lines.size(); ++k) text += k == i ? changed : lines[k];
      attempt("mutant.prm", text);
    };
    with("");                  // dropped
    with(lines[i] + lines[i]); // doubled
    with(lines[i].substr(0, lines[i].find('=') + 1) + " wrong value\n");
    with(lines[i].substr(0, lines[i].size() / 2)); // the next line joined to half of it
    for (std::size_t c = 0; c < lines[i].size(); ++c) {
      with(lines[i].substr(0, c) + lines[i].substr(c + 1));
      for (const char odd : {'"', '\\', '=', '#', '\0', '\x80'})
        with(lines[i].substr(0, c) + odd + lines[i].substr(c + 1));
    }
  }
  for (std::size_t c = 0; c < as_json.size(); ++c) {
    attempt("mutant.json", as_json.substr(0, c) + as_json.substr(c + 1));
    attempt("mutant.json", as_json.substr(0, c));
    for (const char odd : {'"', '\\', '{', ']', ',', '1'})
      attempt("mutant.json", as_json.substr(0, c) + odd + as_json.substr(c + 1));
  }
  BOOST_TEST(refused > 1000);
  BOOST_TEST(read_well > 100); // the title alone has so many harmless mutations
}

BOOST_AUTO_TEST_CASE(all_ranks_get_what_rank_0_reads_and_the_same_complaints)
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const Folder folder; // each rank has its own: only that of rank 0 holds the files
  if (rank == 0) {
    folder.write("a.prm", sample::text);
    folder.write("b.prm", headed("set Tittle = x\nsubsection Mesh\nset Levels [-] = \"many\"\nend\n"));
  }
  const CaseFile input = read_case_file(folder.path("a.prm"), {"Title=all"}, MPI_COMM_WORLD);
  sample::Case result, wanted = sample::values;
  Options options;
  result.declare(options);
  apply(input, options);
  wanted.title = "all";
  BOOST_TEST((result == wanted));
  BOOST_TEST(input.files.front().text == sample::text);
  BOOST_CHECK_THROW(apply(read_case_file(folder.path("b.prm"), {}, MPI_COMM_WORLD), options), FaultList);
  BOOST_CHECK_THROW(read_case_file(folder.path("none.prm"), {}, MPI_COMM_WORLD), Fault);
}
