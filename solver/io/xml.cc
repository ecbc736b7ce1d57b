#include "io/xml.h"

#include "base/errors.h"

#include <expat.h>

#include <charconv>
#include <exception>
#include <memory>
#include <vector>

namespace wolff::io {

namespace {

// A token (tag with its attributes) longer than this is damage: expat would read it again and again from its
// start.
constexpr std::uint64_t longest_token = std::uint64_t{1} << 20;
constexpr int deepest_nesting = 32;

struct Reading
{
  const InputFile &file;
  XmlEvents &events;
  XML_Parser parser;
  int depth = 0;
  bool stopped = false;
  std::exception_ptr failure; // expat is C: exceptions wait here until it has returned

  XmlPlace place() const
  {
    const auto byte = XML_GetCurrentByteIndex(parser);
    return {XML_GetCurrentLineNumber(parser), byte < 0 ? 0 : static_cast<std::uint64_t>(byte)};
  }

  template <typename Work>
  void guarded(const Work &work)
  {
    if (failure || stopped) return;
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

Fault malformed(const Reading &reading, const std::string &problem)
{
  return Fault(Exit::input, "not-xml", reading.file.path(), reading.place().text() + ": " + problem);
}

void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
  auto &reading = *static_cast<Reading *>(data);
  reading.guarded([&] {
    if (++reading.depth > deepest_nesting) throw malformed(reading, "elements are nested too deeply");
    XmlElement element;
    element.name = name;
    element.place = reading.place();
    element.end_of_tag =
        element.place.byte + static_cast<std::uint64_t>(XML_GetCurrentByteCount(reading.parser));
    for (; *attributes != nullptr; attributes += 2) element.attributes.emplace(attributes[0], attributes[1]);
    if (!reading.events.start(element)) {
      reading.stopped = true;
      XML_StopParser(reading.parser, XML_FALSE);
    }
  });
}

void on_end(void *data, const XML_Char *name)
{
  auto &reading = *static_cast<Reading *>(data);
  reading.guarded([&] {
    --reading.depth;
    reading.events.end(name);
  });
}

void on_text(void *data, const XML_Char *text, const int length)
{
  auto &reading = *static_cast<Reading *>(data);
  reading.guarded([&] { reading.events.text({text, static_cast<std::size_t>(length)}); });
}

void on_doctype(void *data, const XML_Char *, const XML_Char *, const XML_Char *, int)
{
  auto &reading = *static_cast<Reading *>(data);
  reading.guarded([&] {
    throw Fault(Exit::input, "doctype-refused", reading.file.path(),
                reading.place().text() + ": the file declares a document type (DOCTYPE)")
        .wanted("plain XML without DOCTYPE and entities");
  });
}

} // namespace

const std::string *XmlElement::find(const std::string_view attribute) const
{
  const auto at = attributes.find(attribute);
  return at == attributes.end() ? nullptr : &at->second;
}

void read_xml(const InputFile &file, XmlEvents &events)
{
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr),
                                                                       XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  if (file.size() == 0) throw Fault(Exit::input, "file-empty", file.path(), "the file is empty");

  Reading reading{file, events, parser.get(), 0, false, nullptr};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);

  std::vector<char> chunk(std::size_t{1} << 18);
  std::uint64_t offset = 0;
  while (offset < file.size()) {
    const std::size_t count = std::min<std::uint64_t>(chunk.size(), file.size() - offset);
    file.read(offset, chunk.data(), count);
    offset += count;
    const XML_Status status =
        XML_Parse(parser.get(), chunk.data(), static_cast<int>(count), offset == file.size() ? 1 : 0);
    if (reading.failure) std::rethrow_exception(reading.failure);
    if (reading.stopped) return;
    if (status != XML_STATUS_OK) {
      const XML_Error error = XML_GetErrorCode(parser.get());
      const bool cut_short =
          offset == file.size() && (error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
                                    error == XML_ERROR_PARTIAL_CHAR);
      throw Fault(Exit::input, cut_short ? "truncated" : "not-xml", file.path(),
                  reading.place().text() + ": " + XML_ErrorString(error) +
                      (cut_short ? " at the end of the file" : ""))
          .wanted("a complete VTK XML file");
    }
    const auto token_start = XML_GetCurrentByteIndex(parser.get());
    if (token_start >= 0 && offset > static_cast<std::uint64_t>(token_start) + longest_token + chunk.size())
      throw malformed(reading, "a tag is longer than " + std::to_string(longest_token) + " bytes");
  }
}

const std::string &need_attribute(const InputFile &file, const XmlElement &element,
                                  const std::string_view attribute)
{
  if (const std::string *text = element.find(attribute)) return *text;
  throw Fault(Exit::input, "attribute-missing", file.path(),
              element.place.text() + ": <" + element.name + "> has no attribute " + std::string(attribute));
}

std::optional<std::int64_t> whole_number(const std::string_view text, const std::int64_t least,
                                         const std::int64_t greatest)
{
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return {};
  if (value < least || value > greatest) return {};
  return value;
}

std::int64_t need_whole_number(const InputFile &file, const XmlElement &element,
                               const std::string_view attribute, const std::int64_t least,
                               const std::int64_t greatest)
{
  const std::string &text = need_attribute(file, element, attribute);
  if (const auto value = whole_number(text, least, greatest)) return *value;
  throw Fault(Exit::input, "attribute-number", file.path(),
              element.place.text() + ": attribute " + std::string(attribute) + " of <" + element.name + ">")
      .found('"' + text.substr(0, 60) + '"')
      .wanted("a whole number from " + std::to_string(least) + " to " + std::to_string(greatest));
}

std::string xml_escaped(const std::string_view text)
{
  std::string escaped;
  for (const char c : text) switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&apos;";
      break;
    default:
      escaped += c;
    }
  return escaped;
}

} // namespace wolff::io
