#include "app/case_file.h"

#include "app/utf8.h"
#include "io/input_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace wolff::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t case_size_limit = 4u << 20; // [byte]; a complete case takes about 50 kB
constexpr std::size_t case_files_limit = 100;     // with all includes, each counted as often as it is read

/// Reads a file and, before it, what it includes.
class Reader
{
public:
  explicit Reader(CaseFile &result) : result_(result) {}

  void read(const std::string &path, const std::vector<std::string> &section)
  {
    const Statements statements = parse(path);
    chain_.push_back(identity(path));
    const std::vector<Assignment> own = within(section, statements);
    for (const Include &include : statements.includes) this->include(path, section, include);
    chain_.pop_back();
    result_.assignments.insert(result_.assignments.end(), own.begin(), own.end());
  }

private:
  static std::string identity(const std::string &path)
  {
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    return error ? path : canonical.string();
  }

  Statements parse(const std::string &path)
  {
    const std::string extension = fs::path(path).extension().string();
    // The file first: that it is missing says more than that its name ends in something else.
    const std::string text = io::read_small_file(path, case_size_limit);
    if (extension != ".prm" && extension != ".json")
      throw Fault(Exit::input, "case-format", path, "no case file by its name")
          .found("the ending \"" + extension + "\"")
          .wanted(".prm or .json");
    const std::size_t bad = first_bad_byte(text);
    if (bad != std::string::npos) {
      const LineColumn at = line_and_column(text, bad);
      throw Fault(Exit::input, "case-encoding", Place{path, at.line, at.column}.text(),
                  "not a text file in UTF-8")
          .found(fmt::format("byte 0x{:02X} at offset {}", static_cast<unsigned char>(text[bad]), bad));
    }
    const bool known = std::any_of(result_.files.begin(), result_.files.end(),
                                   [&](const SourceFile &file) { return file.path == path; });
    if (!known) result_.files.push_back({path, text});
    return extension == ".json" ? parse_json(text, path) : parse_prm(text, path);
  }

  /// The statements of a file that is included inside @p section; what is set twice is found here.
  std::vector<Assignment> within(const std::vector<std::string> &section, const Statements &statements)
  {
    const auto inside = [&](const std::vector<std::string> &rest) {
      std::vector<std::string> all = section;
      all.insert(all.end(), rest.begin(), rest.end());
      return all;
    };
    for (const Problem &problem : statements.problems) result_.problems.push_back(problem);
    for (const Subsection &subsection : statements.subsections)
      result_.subsections.push_back({inside(subsection.section), subsection.place});
    std::vector<Assignment> own;
    std::map<std::string, Place> first;
    for (Assignment assignment : statements.assignments) {
      assignment.section = inside(assignment.section);
      const auto [earlier, is_first] = first.emplace(assignment.path(), assignment.place);
      if (is_first)
        own.push_back(assignment);
      else
        result_.problems.push_back(
            {assignment.place, Fault(Exit::input, "duplicate-option", assignment.place.text(),
                                     fmt::format("\"{}\" is set twice in one file; first in line {}",
                                                 assignment.path(), earlier->second.line))});
    }
    return own;
  }

  void include(const std::string &from, const std::vector<std::string> &section, const Include &include)
  {
    const std::string path = (fs::path(from).parent_path() / include.file).string();
    std::vector<std::string> inside = section;
    inside.insert(inside.end(), include.section.begin(), include.section.end());
    const auto problem = [&](const std::string &name, const std::string &text) {
      result_.problems.push_back({include.place, Fault(Exit::input, name, include.place.text(), text)});
    };
    if (std::find(chain_.begin(), chain_.end(), identity(path)) != chain_.end()) {
      std::string loop;
      for (const std::string &file : chain_) loop += fs::path(file).filename().string() + " includes ";
      problem("include-loop", "a file includes itself: " + loop + fs::path(path).filename().string());
      return;
    }
    if (++read_ >= case_files_limit) {
      if (read_ == case_files_limit)
        problem("include-count", fmt::format("more than {} files are included", case_files_limit));
      return;
    }
    try {
      read(path, inside);
    } catch (const Fault &fault) {
      // The place is where somebody wrote the name; the file itself is part of the message.
      std::string message = fault.message();
      if (message.ends_with('.')) message.pop_back(); // it is added again
      Fault at_include(fault.code(), fault.name(), include.place.text(),
                       "include: " + fault.place() + ": " + message);
      result_.problems.push_back({include.place, at_include});
    }
  }

  CaseFile &result_;
  std::vector<std::string> chain_; ///< files that are being read, each included by the one before
  std::size_t read_ = 0;
};

void read_settings(const std::vector<std::string> &settings, CaseFile &result)
{
  std::map<std::string, int> first;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const std::string &text = settings[i];
    const std::size_t equals = text.find('=');
    // The number stands for the line, so that problems keep the order of the command line.
    const Place place{command_line, static_cast<int>(i) + 1, 0};
    const auto problem = [&](const std::string &name, const std::string &what) -> Fault & {
      result.problems.push_back({place, Fault(Exit::input, name, command_line, what)});
      return result.problems.back().fault;
    };
    const auto trimmed = [](const std::string &s) {
      const std::size_t begin = s.find_first_not_of(" \t");
      return begin == std::string::npos ? "" : s.substr(begin, s.find_last_not_of(" \t") - begin + 1);
    };
    const std::string path = trimmed(text.substr(0, equals));
    if (equals == std::string::npos || path.empty()) {
      problem("usage", "nothing is set")
          .found("\"" + shortened(text) + "\"")
          .wanted("\"Section/Option [unit]=value\"");
      continue;
    }
    if (!first.emplace(path, static_cast<int>(i)).second) {
      problem("duplicate-option", "\"" + path + "\" is set twice on the command line");
      continue;
    }
    // The path is not split at slashes: a unit may hold one. apply() compares it as a whole.
    result.assignments.push_back({{}, path, text.substr(equals + 1), place});
  }
}

} // namespace

const Assignment *CaseFile::assignment_of(const std::string &path) const
{
  for (auto assignment = assignments.rbegin(); assignment != assignments.rend(); ++assignment)
    if (assignment->path() == path) return &*assignment;
  return nullptr;
}

CaseFile read_case_file(const std::string &path, const std::vector<std::string> &settings)
{
  CaseFile result;
  Reader(result).read(path, {});
  const bool versioned =
      std::any_of(result.assignments.begin(), result.assignments.end(), [&](const Assignment &assignment) {
        return assignment.place.file == path && assignment.section.empty() && assignment.name == version_name;
      });
  if (!versioned)
    result.problems.push_back(
        {{path, 0, 0},
         Fault(Exit::input, "format-version", path, "the format of the case file is not stated")
             .wanted(fmt::format("\"set {} = {}\" in this file", version_name, case_format_version))});
  read_settings(settings, result);
  return result;
}

} // namespace wolff::app
