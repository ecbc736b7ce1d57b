#include "io/material_table.h"

#include "base/errors.h"
#include "io/input_file.h"
#include "io/shipped_materials.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace wolff::io {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_bytes = 1 << 20; // a table has a few kilobytes

Fault fault(const std::string &name, const std::string &place, const std::string &what)
{
  return Fault(Exit::input, name, place, what);
}

/// Parse, refusing a key that occurs twice in one object: the library would keep the last one in silence.
Json parse_strictly(const std::string &text, const std::string &place)
{
  std::vector<std::set<std::string>> open;
  std::optional<std::string> twice;
  const auto watch = [&](int, const Json::parse_event_t event, Json &parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second && !twice)
      twice = parsed.get<std::string>();
    return true;
  };
  Json json;
  try {
    json = Json::parse(text, watch);
  } catch (const Json::exception &e) {
    std::string reason = e.what();
    const std::size_t from = reason.find("] ");
    if (from != std::string::npos) reason = reason.substr(from + 2);
    throw fault("json-malformed", place, "not a JSON text: " + reason);
  }
  if (twice) throw fault("key-twice", place, "a key occurs twice").found("\"" + *twice + "\"");
  return json;
}

const char *type_name(const Json &json)
{
  return json.type_name();
}

/// The text at @p key; a fault is noted if it is missing, empty or no text.
std::string text_at(const Json &object, const std::string &key, const std::string &subject,
                    const std::string &place, std::vector<Fault> &faults)
{
  const std::string what = subject.empty() ? "\"" + key + "\"" : "\"" + key + "\" of \"" + subject + "\"";
  const auto entry = object.find(key);
  if (entry == object.end())
    faults.push_back(fault("key-missing", place, what + " is missing").wanted("a text"));
  else if (!entry->is_string())
    faults.push_back(fault("type-wrong", place, what).found(type_name(*entry)).wanted("a text"));
  else if (entry->get<std::string>().empty())
    faults.push_back(fault("text-empty", place, what).found("an empty text").wanted("a text"));
  else
    return entry->get<std::string>();
  return "";
}

Value read_value(const Json &object, const std::string &key, const std::string &place,
                 std::vector<Fault> &faults)
{
  static const std::vector<std::string> known{"value", "unit", "source", "mark", "note"};
  Value value;
  if (!object.is_object()) {
    faults.push_back(fault("type-wrong", place, "\"" + key + "\"")
                         .found(type_name(object))
                         .wanted("an object with value, unit, source, mark"));
    return value;
  }
  for (const auto &item : object.items())
    if (std::find(known.begin(), known.end(), item.key()) == known.end())
      faults.push_back(fault("key-unknown", place, "\"" + key + "\" has an unknown key")
                           .found("\"" + item.key() + "\"")
                           .wanted("one of: " + join(known)));

  const auto number = object.find("value");
  if (number == object.end())
    faults.push_back(
        fault("key-missing", place, "\"value\" of \"" + key + "\" is missing").wanted("a number"));
  else if (!number->is_number())
    faults.push_back(fault("type-wrong", place, "\"value\" of \"" + key + "\"")
                         .found(number->dump(-1, ' ', true, Json::error_handler_t::replace))
                         .wanted("a number"));
  else
    value.value = number->get<double>();
  if (!std::isfinite(value.value))
    faults.push_back(fault("not-finite", place, "\"value\" of \"" + key + "\"")
                         .found(value.value)
                         .wanted("a finite number"));

  value.unit = text_at(object, "unit", key, place, faults);
  value.source = text_at(object, "source", key, place, faults);
  value.mark = text_at(object, "mark", key, place, faults);
  if (!value.mark.empty() && value.mark != "V" && value.mark != "C" && value.mark != "M" && value.mark != "U")
    faults.push_back(fault("mark-unknown", place, "\"mark\" of \"" + key + "\"")
                         .found("\"" + value.mark + "\"")
                         .wanted("one of: V, C, M, U"));
  if (const auto note = object.find("note"); note != object.end()) {
    if (note->is_string())
      value.note = note->get<std::string>();
    else
      faults.push_back(
          fault("type-wrong", place, "\"note\" of \"" + key + "\"").found(type_name(*note)).wanted("a text"));
  }
  return value;
}

} // namespace

ValueTable parse_material(const std::string &text, const std::string &place)
{
  const Json json = parse_strictly(text, place);
  if (!json.is_object())
    throw fault("type-wrong", place, "the file").found(type_name(json)).wanted("a JSON object");

  std::vector<Fault> faults;
  ValueTable table;
  table.place = place;
  table.name = text_at(json, "name", "", place, faults);
  table.kind = text_at(json, "kind", "", place, faults);
  table.meaning = text_at(json, "meaning", "", place, faults);
  for (const auto &item : json.items())
    if (item.key() != "name" && item.key() != "kind" && item.key() != "meaning")
      table.values[item.key()] = read_value(item.value(), item.key(), place, faults);
  throw_if_any(std::move(faults));
  return table;
}

ValueTable read_material(const std::filesystem::path &path)
{
  return parse_material(read_small_file(path.string(), most_bytes), path.string());
}

const std::vector<ValueTable> &shipped_materials()
{
  static const std::vector<ValueTable> tables = [] {
    std::vector<ValueTable> list;
    for (const ShippedText &shipped : shipped_material_texts())
      list.push_back(parse_material(shipped.text, shipped.file));
    return list;
  }();
  return tables;
}

} // namespace wolff::io
