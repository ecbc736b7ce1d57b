#include "io/pvd.h"

#include "base/errors.h"
#include "base/options.h"
#include "io/safe_file.h"
#include "io/xml.h"

#include <filesystem>
#include <stdexcept>

namespace wolff::io {

namespace {

bool stays_inside(const std::string &file)
{
  const std::filesystem::path path(file);
  if (file.empty() || path.is_absolute()) return false;
  for (const auto &part : path)
    if (part == "..") return false;
  return true;
}

class PvdEvents : public XmlEvents
{
public:
  explicit PvdEvents(const InputFile &file) : file_(file) {}
  std::vector<PvdEntry> entries;

  bool start(const XmlElement &element) override
  {
    const std::string parent = open_.empty() ? "" : open_.back();
    if (element.name == "DataSet" && parent == "Collection")
      read_entry(element);
    else if (!(element.name == "VTKFile" && parent.empty() &&
               need_attribute(file_, element, "type") == "Collection") &&
             !(element.name == "Collection" && parent == "VTKFile"))
      throw Fault(Exit::input, "not-pvd", file_.path(),
                  element.place.text() + ": <" + element.name +
                      "> does not belong in a collection of VTK files");
    open_.push_back(element.name);
    return true;
  }
  void text(std::string_view) override {}
  void end(const std::string &) override { open_.pop_back(); }

private:
  void read_entry(const XmlElement &element)
  {
    const std::string &day = need_attribute(file_, element, "timestep"),
                      &name = need_attribute(file_, element, "file");
    if (!stays_inside(name))
      throw Fault(Exit::input, "piece-outside", file_.path(),
                  element.place.text() + ": file \"" + name + "\"")
          .wanted("a relative path inside the folder");
    try {
      entries.push_back({parse_number(day), name});
    } catch (const std::invalid_argument &) {
      throw Fault(Exit::input, "attribute-number", file_.path(), element.place.text() + ": timestep")
          .found('"' + day.substr(0, 60) + '"')
          .wanted("a number of days");
    }
  }

  const InputFile &file_;
  std::vector<std::string> open_;
};

} // namespace

void write_pvd(const std::string &path, const std::vector<PvdEntry> &entries)
{
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
      "  <Collection>\n";
  for (const PvdEntry &entry : entries) {
    if (!stays_inside(entry.file))
      throw Fault(Exit::internal, "path-not-relative", path, "an entry leaves the folder").found(entry.file);
    text += "    <DataSet timestep=\"" + to_text(entry.day) + "\" part=\"0\" file=\"" +
            xml_escaped(entry.file) + "\"/>\n";
  }
  write_file_safely(path, text + "  </Collection>\n</VTKFile>\n");
}

std::vector<PvdEntry> read_pvd(const std::string &path)
{
  const InputFile file(path);
  PvdEvents events(file);
  read_xml(file, events);
  file.check_unchanged();
  return std::move(events.entries);
}

} // namespace wolff::io
