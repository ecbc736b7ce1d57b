// Events of an XML file: elements, attributes, text. On top of expat, with everything refused that an input
// file of ours never needs and that attacks or damage bring: DOCTYPE, entities, endless tokens, deep nesting,
// double attributes.
#pragma once

#include "io/input_file.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wolff::io {

/// Where in the file something stands, for messages.
struct XmlPlace
{
  std::uint64_t line = 1; ///< counted from 1
  std::uint64_t byte = 0; ///< offset from the beginning of the file
  std::string text() const { return "line " + std::to_string(line) + " (byte " + std::to_string(byte) + ")"; }
};

struct XmlElement
{
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  XmlPlace place;
  std::uint64_t end_of_tag = 0; ///< byte behind the '>' of the start tag

  /// Text of the attribute, or nullptr.
  const std::string *find(std::string_view attribute) const;
};

class XmlEvents
{
public:
  virtual ~XmlEvents() = default;
  /// Return false to end reading here: what follows is no XML (appended binary data).
  virtual bool start(const XmlElement &element) = 0;
  virtual void text(std::string_view part) = 0;
  virtual void end(const std::string &name) = 0;
};

/**
 * Read @p file from its beginning and report what is in it. Exceptions of @p events come out unchanged.
 * @throws Fault (exit 2) with line and byte for anything that is not well-formed XML, empty and truncated
 * files.
 */
void read_xml(const InputFile &file, XmlEvents &events);

/// An attribute that must be there. @throws Fault (exit 2)
const std::string &need_attribute(const InputFile &file, const XmlElement &element,
                                  std::string_view attribute);

/// @p text as a whole number in [least, greatest]; nothing if any character is left over.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least, std::int64_t greatest);

/// Attribute as a whole number in [least, greatest]. @throws Fault (exit 2)
std::int64_t need_whole_number(const InputFile &file, const XmlElement &element, std::string_view attribute,
                               std::int64_t least, std::int64_t greatest);

/// @p text with the five special characters of XML written as references.
std::string xml_escaped(std::string_view text);

} // namespace wolff::io
