#include "app/case_syntax.h"

#include "app/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace wolff::app {

namespace {

const char *const blanks = " \t\f";

std::string trimmed(const std::string &text)
{
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string small_letters(std::string text)
{
  std::transform(text.begin(), text.end(), text.begin(),
                 [](const unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// One statement: a line with its continuations joined, and where it began.
struct Line
{
  std::string text;
  int number = 0;
  std::size_t indent = 0;
  bool comment_joins_next = false;
};

/// Position behind the closing quote of the string that begins at @p begin, or npos.
std::size_t behind_string(const std::string &text, const std::size_t begin)
{
  for (std::size_t i = begin + 1; i < text.size(); ++i)
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  return std::string::npos;
}

/// Where the comment of a line begins, or npos. A # inside a value in double quotes is no comment.
std::size_t comment_begin(const std::string &text)
{
  const std::size_t hash = text.find('#');
  const bool is_include = small_letters(text.substr(0, 7)) == "include";
  const std::size_t before = is_include ? 6 : text.find('=');
  if (hash == std::string::npos || before == std::string::npos || hash < before) return hash;
  const std::size_t value = text.find_first_not_of(blanks, before + 1);
  if (value == std::string::npos || text[value] != '"') return hash;
  const std::size_t end = behind_string(text, value);
  if (end == std::string::npos) return hash;
  const std::size_t rest = text.find_first_not_of(blanks, end);
  if (rest == std::string::npos) return std::string::npos;
  return text[rest] == '#' ? rest : hash;
}

std::vector<Line> joined_lines(const std::string &text)
{
  std::vector<Line> lines;
  bool continued = false;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    std::string piece = text.substr(begin, end - begin);
    begin = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    ++number;

    const std::size_t indent = std::min(piece.find_first_not_of(blanks), piece.size());
    piece = trimmed(piece);
    if (!continued) lines.push_back({"", number, indent, false});
    continued = !piece.empty() && piece.back() == '\\';
    if (continued) piece.pop_back();
    lines.back().text += piece;
    if (continued && comment_begin(lines.back().text) != std::string::npos) {
      lines.back().comment_joins_next = true;
      continued = false;
    }
  }
  return lines;
}

class PrmParser
{
public:
  explicit PrmParser(const std::string &file) : file_(file) {}

  Statements parse(const std::string &text)
  {
    for (const Line &line : joined_lines(text)) statement(line);
    for (std::size_t i = 0; i < open_at_.size(); ++i)
      problem(open_at_[i], "subsection \"" + open_[i] + "\" is not closed").wanted("a line with end");
    return std::move(result_);
  }

private:
  Place place(const Line &line, const std::size_t offset) const
  {
    return {file_, line.number, static_cast<int>(line.indent) + line_and_column(line.text, offset).column};
  }

  Fault &problem(const Place &at, const std::string &text)
  {
    result_.problems.push_back({at, Fault(Exit::input, "case-syntax", at.text(), text)});
    return result_.problems.back().fault;
  }

  void statement(const Line &line)
  {
    if (line.comment_joins_next)
      problem(place(line, line.text.size()),
              "a comment ends in a backslash, which would make the next line part of it")
          .wanted("a comment without a backslash at its end");
    const std::string text = trimmed(line.text.substr(0, comment_begin(line.text)));
    if (text.empty()) return;

    const std::size_t word_end = std::min(text.find_first_of(blanks), text.size());
    const std::size_t argument = std::min(text.find_first_not_of(blanks, word_end), text.size());
    const std::string rest = text.substr(argument);
    std::string word = text.substr(0, word_end);
    // ParameterHandler knows its keywords in small and in capital letters.
    std::transform(word.begin(), word.end(), word.begin(),
                   [](const unsigned char c) { return static_cast<char>(std::tolower(c)); });

    if (word == "set")
      set(line, argument, rest);
    else if (word == "subsection")
      open_subsection(line, argument, rest);
    else if (word == "end" && rest.empty())
      close_subsection(line);
    else if (word == "include")
      include(line, argument, rest);
    else {
      const std::string near = nearest_name(word, {"set", "subsection", "end", "include"});
      Fault &fault = problem(place(line, 0), "no statement of a case file").found(shortened(text));
      fault.wanted("set NAME = VALUE, subsection NAME, end or include FILE");
      if (!near.empty() && near != word) fault.hint("Did you mean \"" + near + "\"?");
    }
  }

  void set(const Line &line, const std::size_t argument, const std::string &rest)
  {
    const std::size_t equals = rest.find('=');
    const std::string name = trimmed(rest.substr(0, equals));
    if (equals == std::string::npos || name.empty()) {
      problem(place(line, 0), "a value is not set properly")
          .found(shortened(line.text))
          .wanted("set NAME = VALUE");
      return;
    }
    std::string value = trimmed(rest.substr(equals + 1));
    std::string literal;
    if (!value.empty() && value.front() == '"' && unquote(value, literal)) value = literal;
    result_.assignments.push_back({open_, name, value, place(line, argument)});
  }

  void open_subsection(const Line &line, const std::size_t argument, const std::string &name)
  {
    if (name.empty()) problem(place(line, 0), "a subsection without a name").wanted("subsection NAME");
    // Opened all the same, so that its `end` finds its partner and only this line is reported.
    open_.push_back(name);
    open_at_.push_back(place(line, argument));
    if (!name.empty()) result_.subsections.push_back({open_, open_at_.back()});
  }

  void close_subsection(const Line &line)
  {
    if (open_.empty()) {
      problem(place(line, 0), "end without an open subsection");
      return;
    }
    open_.pop_back();
    open_at_.pop_back();
  }

  void include(const Line &line, const std::size_t argument, const std::string &name)
  {
    std::string file = name, literal;
    if (!name.empty() && name.front() == '"' && unquote(name, literal)) file = literal;
    if (file.empty())
      problem(place(line, 0), "include without a file name").wanted("include FILE");
    else
      result_.includes.push_back({open_, file, place(line, argument)});
  }

  std::string file_;
  std::vector<std::string> open_;
  std::vector<Place> open_at_;
  Statements result_;
};

} // namespace

std::string Place::text() const
{
  return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
}

std::string Assignment::path() const
{
  std::string text;
  for (const std::string &part : section) text += part + "/";
  return text + name;
}

std::string shortened(const std::string &value)
{
  constexpr std::size_t most = 80;
  if (value.size() <= most) return value;
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end; // not inside a character
  return value.substr(0, end) + "...";
}

std::string without_byte_order_mark(const std::string &text)
{
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

Statements parse_prm(const std::string &text, const std::string &file)
{
  return PrmParser(file).parse(without_byte_order_mark(text));
}

} // namespace wolff::app
