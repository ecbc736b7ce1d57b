// The two spellings of a case file, .prm and .json, read into one list of statements. What the options mean,
// and which exist, is not known here.
#pragma once

#include "base/errors.h"

#include <string>
#include <vector>

namespace wolff::app {

/// A place in a file for messages; line 0 stands for the file as a whole.
struct Place
{
  std::string file;
  int line = 0, column = 0;

  /// "case.prm:12:5"
  std::string text() const;
};

/// One value given to one option.
struct Assignment
{
  std::vector<std::string> section; ///< subsections, outermost first
  std::string name;                 ///< with unit
  std::string value;
  Place place;

  std::string path() const; ///< "Geometry/Femur/Head radius [mm]"
};

/// A subsection that a file opens, whether or not something is set in it.
struct Subsection
{
  std::vector<std::string> section;
  Place place;
};

/// A file to be read at this place of the tree.
struct Include
{
  std::vector<std::string> section;
  std::string file; ///< as written
  Place place;
};

struct Problem
{
  Place place;
  Fault fault;
};

struct Statements
{
  std::vector<Assignment> assignments;
  std::vector<Subsection> subsections;
  std::vector<Include> includes;
  std::vector<Problem> problems;
};

/**
 * The grammar of deal.II's ParameterHandler: `subsection NAME`, `end`, `set NAME = VALUE`, `include FILE`,
 * comments from # to the end of the line, a line that ends in a backslash is continued by the next one.
 * Beyond it, a value that is one string in double quotes, with the escapes of JSON, is that string: this is
 * how a value may hold a # or a line break.
 */
Statements parse_prm(const std::string &text, const std::string &file);

/// The same tree as JSON: objects are subsections, strings, numbers, true and false are values, an array is a
/// comma-separated list; the key "include" holds a file name or an array of them.
Statements parse_json(const std::string &text, const std::string &file);

/// @p value as a JSON string, double quotes included.
std::string quoted(const std::string &value);
/// The text of a JSON string; false if @p literal is none.
bool unquote(const std::string &literal, std::string &value);

/// A value from outside for a message: its beginning, if it is long.
std::string shortened(const std::string &value);

/// Text behind a byte-order mark, if there is one.
std::string without_byte_order_mark(const std::string &text);

} // namespace wolff::app
