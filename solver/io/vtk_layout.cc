#include "io/vtk_layout.h"

#include "base/errors.h"
#include "base/options.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace wolff::io {

namespace {

constexpr std::int64_t most_int64 = std::numeric_limits<std::int64_t>::max();
// Far beyond any tensor, and small enough that the bytes of a tuple fit an int (MPI counts).
constexpr std::int64_t most_components = 1 << 20;

/// The tree that VTK describes: element -> the elements it may stand in. Anything else is refused.
const std::vector<std::pair<std::string, std::vector<std::string>>> &allowed_parents()
{
  static const std::vector<std::string> array_parents{"Points", "Cells", "CellData", "PointData",
                                                      "FieldData"};
  static const std::vector<std::string> p_array_parents{"PPoints", "PCells", "PCellData", "PPointData"};
  static const std::vector<std::string> grids{"UnstructuredGrid", "ImageData"};
  static const std::vector<std::pair<std::string, std::vector<std::string>>> table{
      {"VTKFile", {""}},
      {"UnstructuredGrid", {"VTKFile"}},
      {"ImageData", {"VTKFile"}},
      {"PUnstructuredGrid", {"VTKFile"}},
      {"AppendedData", {"VTKFile"}},
      {"FieldData", {"UnstructuredGrid", "ImageData", "PUnstructuredGrid"}},
      {"Piece", {"UnstructuredGrid", "ImageData", "PUnstructuredGrid"}},
      {"Points", {"Piece"}},
      {"Cells", {"Piece"}},
      {"CellData", {"Piece"}},
      {"PointData", {"Piece"}},
      {"DataArray", array_parents},
      {"Array", array_parents},
      {"InformationKey", {"DataArray", "Array"}},
      {"Value", {"InformationKey"}},
      {"PPoints", {"PUnstructuredGrid"}},
      {"PCells", {"PUnstructuredGrid"}},
      {"PCellData", {"PUnstructuredGrid"}},
      {"PPointData", {"PUnstructuredGrid"}},
      {"PDataArray", p_array_parents},
      {"PArray", p_array_parents}};
  return table;
}

class LayoutEvents : public XmlEvents
{
public:
  LayoutEvents(const InputFile &file, const ReadLimits &limits, const WantedArray &wanted)
      : file_(file), limits_(limits), wanted_(wanted)
  {
  }

  VtkLayout layout;
  bool grid_seen = false;
  std::optional<std::uint64_t> appended_tag_end;

  bool start(const XmlElement &element) override
  {
    const std::string parent = open_.empty() ? "" : open_.back();
    check_position(element, parent);
    open_.push_back(element.name);
    const std::string &name = element.name;
    if (name == "VTKFile")
      read_root(element);
    else if (name == "UnstructuredGrid" || name == "ImageData" || name == "PUnstructuredGrid")
      read_grid(element);
    else if (name == "Piece")
      read_piece(element);
    else if (name == "DataArray" || name == "Array")
      read_array(element, parent);
    else if (name == "PDataArray" || name == "PArray")
      read_declared_array(element, parent);
    else if (name == "AppendedData") {
      read_appended(element);
      return false;
    }
    return true;
  }

  void text(const std::string_view part) override
  {
    if (!open_.empty() && (open_.back() == "DataArray" || open_.back() == "Array") && note_ != nullptr &&
        note_->wanted && note_->format != ArrayFormat::appended)
      note_->text += part;
  }

  void end(const std::string &name) override
  {
    open_.pop_back();
    if (name == "DataArray" || name == "Array") note_ = nullptr;
  }

private:
  Fault fault(const XmlElement &element, const std::string &name, const std::string &problem) const
  {
    return Fault(Exit::input, name, file_.path(), element.place.text() + ": " + problem);
  }

  void check_position(const XmlElement &element, const std::string &parent) const
  {
    const auto &table = allowed_parents();
    const auto at =
        std::find_if(table.begin(), table.end(), [&](const auto &e) { return e.first == element.name; });
    if (open_.empty() && element.name != "VTKFile")
      throw fault(element, "not-vtk", "the file is no VTK XML file")
          .found("<" + element.name.substr(0, 60) + ">")
          .wanted("<VTKFile>");
    if (at == table.end() || std::find(at->second.begin(), at->second.end(), parent) == at->second.end())
      throw fault(element, "element-unknown",
                  "<" + element.name.substr(0, 60) + "> is not expected in <" + parent + ">");
  }

  void read_root(const XmlElement &element)
  {
    const std::string &type = need_attribute(file_, element, "type");
    if (type == "UnstructuredGrid")
      layout.kind = VtkLayout::Kind::unstructured;
    else if (type == "ImageData")
      layout.kind = VtkLayout::Kind::image;
    else if (type == "PUnstructuredGrid")
      layout.kind = VtkLayout::Kind::parallel_unstructured;
    else
      throw fault(element, "file-type", "type of VTK file")
          .found(type.substr(0, 60))
          .wanted("UnstructuredGrid, PUnstructuredGrid or ImageData");
    type_ = type;

    const std::string &version = need_attribute(file_, element, "version");
    if (version != "0.1" && version != "1.0" && version != "2.0" && version != "2.1" && version != "2.2")
      throw fault(element, "file-version", "version of the VTK file")
          .found(version.substr(0, 60))
          .wanted("0.1, 1.0, 2.0, 2.1 or 2.2");
    // Index files hold no numbers, so the order of bytes says nothing there.
    const std::string *order = element.find("byte_order");
    if (order == nullptr || *order != "LittleEndian")
      throw fault(element, "byte-order", "byte order")
          .found(order == nullptr ? "none" : order->substr(0, 60))
          .wanted("LittleEndian");
    if (const std::string *header = element.find("header_type")) {
      if (*header != "UInt32" && *header != "UInt64")
        throw fault(element, "header-type", "header type")
            .found(header->substr(0, 60))
            .wanted("UInt32 or UInt64");
      layout.header_bytes = *header == "UInt64" ? 8 : 4;
    }
    if (const std::string *compressor = element.find("compressor");
        compressor != nullptr && !compressor->empty()) {
      if (*compressor != "vtkZLibDataCompressor")
        throw fault(element, "compressor", "compressor")
            .found(compressor->substr(0, 60))
            .wanted("vtkZLibDataCompressor or none")
            .hint("Write the file again with zlib.");
      layout.compressed = true;
    }
  }

  void read_grid(const XmlElement &element)
  {
    if (element.name != type_)
      throw fault(element, "file-type",
                  "the file says that it holds " + type_ + " and holds " + element.name);
    if (grid_seen) throw fault(element, "element-twice", "<" + element.name + "> stands twice in the file");
    grid_seen = true;
    if (layout.kind == VtkLayout::Kind::image) {
      layout.image.extent = extent(element, "WholeExtent");
      layout.image.origin = numbers<3>(element, "Origin");
      layout.image.spacing = numbers<3>(element, "Spacing");
      if (element.find("Direction") != nullptr &&
          numbers<9>(element, "Direction") != std::array<double, 9>{1, 0, 0, 0, 1, 0, 0, 0, 1})
        throw fault(element, "image-direction", "the axes of the image are turned")
            .found(*element.find("Direction"))
            .wanted("Direction=\"1 0 0 0 1 0 0 0 1\"")
            .hint("Resample the image onto the axes of its frame.");
    }
  }

  void read_piece(const XmlElement &element)
  {
    if (layout.kind == VtkLayout::Kind::parallel_unstructured) {
      if (layout.sources.size() >= limits_.pieces)
        throw fault(element, "pieces-many",
                    "the index file names more than " + std::to_string(limits_.pieces) + " pieces");
      layout.sources.push_back(need_attribute(file_, element, "Source"));
      return;
    }
    if (layout.pieces.size() >= limits_.pieces)
      throw fault(element, "pieces-many",
                  "the file holds more than " + std::to_string(limits_.pieces) + " pieces");
    PieceNote piece;
    piece.place = element.place;
    if (layout.kind == VtkLayout::Kind::unstructured) {
      piece.n_points = need_whole_number(file_, element, "NumberOfPoints", 0, most_int64);
      piece.n_cells = need_whole_number(file_, element, "NumberOfCells", 0, most_int64);
    } else {
      piece.extent = extent(element, "Extent");
      if (piece.extent != layout.image.extent)
        throw fault(element, "image-extent", "the image is cut into pieces")
            .wanted("one piece with the whole extent");
      piece.n_points = piece.n_cells = 1;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t cells = piece.extent[2 * axis + 1] - piece.extent[2 * axis];
        if (__builtin_mul_overflow(piece.n_cells, cells, &piece.n_cells) ||
            __builtin_mul_overflow(piece.n_points, cells + 1, &piece.n_points))
          throw fault(element, "image-extent", "the number of voxels is beyond 64 bits")
              .found(*element.find("Extent"));
      }
    }
    layout.pieces.push_back(std::move(piece));
  }

  std::vector<ArrayNote> &section(const XmlElement &element, const std::string &parent)
  {
    if (parent == "FieldData") return layout.field_data;
    if (layout.pieces.empty())
      throw fault(element, "element-unknown", "a piece of an index file holds no arrays");
    PieceNote &piece = layout.pieces.back();
    if (parent == "CellData") return piece.cell_data;
    if (parent == "PointData") return piece.point_data;
    if (layout.kind == VtkLayout::Kind::image)
      throw fault(element, "element-unknown", "an image has no <" + parent + ">");
    return parent == "Points" ? piece.points : piece.cells;
  }

  void read_array(const XmlElement &element, const std::string &parent)
  {
    ArrayNote note;
    note.place = element.place;
    if (const std::string *name = element.find("Name")) note.name = *name;
    if (note.name.empty() && parent != "Points") throw fault(element, "array-name", "an array has no name");
    if (element.find("TimeStep") != nullptr)
      throw fault(element, "time-steps", "array \"" + note.name + "\" holds several time steps")
          .wanted("one file for each step");
    note.type = type_of(element, note.name);
    note.components = components_of(element);
    if (element.find("NumberOfTuples") != nullptr)
      note.tuples =
          static_cast<std::uint64_t>(need_whole_number(file_, element, "NumberOfTuples", 0, most_int64));
    const std::string *format = element.find("format");
    if (format == nullptr || *format == "ascii")
      note.format = ArrayFormat::ascii;
    else if (*format == "binary")
      note.format = ArrayFormat::binary;
    else if (*format == "appended") {
      note.format = ArrayFormat::appended;
      note.offset = static_cast<std::uint64_t>(need_whole_number(file_, element, "offset", 0, most_int64));
    } else
      throw fault(element, "array-format", "format of array \"" + note.name + "\"")
          .found(format->substr(0, 60))
          .wanted("ascii, binary or appended");
    note.wanted = wanted_(parent, note.name);

    std::vector<ArrayNote> &notes = section(element, parent);
    if (std::any_of(notes.begin(), notes.end(),
                    [&](const ArrayNote &other) { return other.name == note.name; }))
      throw fault(element, "array-duplicate", "array \"" + note.name + "\" stands twice in <" + parent + ">");
    notes.push_back(std::move(note));
    note_ = &notes.back();
  }

  void read_declared_array(const XmlElement &element, const std::string &parent)
  {
    if (parent != "PCellData" && parent != "PPointData") return;
    const std::string &name = need_attribute(file_, element, "Name");
    auto &declared = parent == "PCellData" ? layout.declared_cell_data : layout.declared_point_data;
    for (const DeclaredArray &other : declared)
      if (other.name == name)
        throw fault(element, "array-duplicate", "array \"" + name + "\" stands twice in <" + parent + ">");
    declared.push_back({name, type_of(element, name), components_of(element)});
  }

  void read_appended(const XmlElement &element)
  {
    if (layout.kind == VtkLayout::Kind::parallel_unstructured)
      throw fault(element, "element-unknown", "an index file has no <AppendedData>");
    const std::string &encoding = need_attribute(file_, element, "encoding");
    if (encoding != "raw" && encoding != "base64")
      throw fault(element, "appended-encoding", "encoding of the appended data")
          .found(encoding.substr(0, 60))
          .wanted("raw or base64");
    layout.appended_base64 = encoding == "base64";
    appended_tag_end = element.end_of_tag;
  }

  NumberType type_of(const XmlElement &element, const std::string &array) const
  {
    const std::string &name = need_attribute(file_, element, "type");
    if (const auto type = number_type(name)) return *type;
    throw fault(element, "array-type", "number type of array \"" + array + "\"")
        .found(name.substr(0, 60))
        .wanted("Int8 ... UInt64, Float32 or Float64");
  }

  int components_of(const XmlElement &element) const
  {
    if (element.find("NumberOfComponents") == nullptr) return 1;
    return static_cast<int>(need_whole_number(file_, element, "NumberOfComponents", 1, most_components));
  }

  static std::vector<std::string> words(const std::string &text)
  {
    std::vector<std::string> list;
    for (std::size_t at = text.find_first_not_of(" \t\r\n"); at != std::string::npos && list.size() < 10;) {
      const std::size_t stop = std::min(text.find_first_of(" \t\r\n", at), text.size());
      list.push_back(text.substr(at, stop - at));
      at = text.find_first_not_of(" \t\r\n", stop);
    }
    return list;
  }

  template <std::size_t n>
  std::array<double, n> numbers(const XmlElement &element, const std::string &attribute) const
  {
    const std::string &text = need_attribute(file_, element, attribute);
    std::array<double, n> values{};
    const auto tokens = words(text);
    try {
      if (tokens.size() != n) throw std::invalid_argument("count");
      for (std::size_t i = 0; i < n; ++i) values[i] = parse_number(tokens[i]);
    } catch (const std::invalid_argument &) {
      throw fault(element, "attribute-number", attribute + " of the image")
          .found('"' + text.substr(0, 60) + '"')
          .wanted(std::to_string(n) + " finite numbers");
    }
    return values;
  }

  std::array<std::int64_t, 6> extent(const XmlElement &element, const std::string &attribute) const
  {
    const std::string &text = need_attribute(file_, element, attribute);
    std::array<std::int64_t, 6> values{};
    const auto tokens = words(text);
    bool sound = tokens.size() == 6;
    for (std::size_t i = 0; i < 6 && sound; ++i) {
      const auto value = whole_number(tokens[i], std::numeric_limits<std::int32_t>::min(),
                                      std::numeric_limits<std::int32_t>::max());
      sound = value.has_value();
      values[i] = value.value_or(0);
    }
    for (std::size_t axis = 0; axis < 3 && sound; ++axis) sound = values[2 * axis] <= values[2 * axis + 1];
    if (!sound)
      throw fault(element, "image-extent", attribute + " of the image")
          .found('"' + text.substr(0, 60) + '"')
          .wanted("six whole numbers, each first one not above its second");
    return values;
  }

  const InputFile &file_;
  const ReadLimits &limits_;
  const WantedArray &wanted_;
  std::vector<std::string> open_;
  std::string type_;
  ArrayNote *note_ = nullptr;
};

/// Where the appended data begin (behind '_') and end (before the two closing tags at the end of the file).
void find_appended(const InputFile &file, const std::uint64_t tag_end, VtkLayout &layout)
{
  std::string head(std::min<std::uint64_t>(4096, file.size() - tag_end), '\0');
  file.read(tag_end, head.data(), head.size());
  const std::size_t mark = head.find_first_not_of(" \t\r\n");
  if (mark == std::string::npos || head[mark] != '_')
    throw Fault(Exit::input, "appended-data", file.path(),
                "byte " + std::to_string(tag_end) + ": the appended data do not begin with '_'");
  layout.appended_begin = tag_end + mark + 1;

  const std::uint64_t tail_start =
      std::max(layout.appended_begin, file.size() - std::min<std::uint64_t>(file.size(), 4096));
  std::string tail(file.size() - tail_start, '\0');
  file.read(tail_start, tail.data(), tail.size());
  for (const std::string closing : {"</VTKFile>", "</AppendedData>"}) {
    while (!tail.empty() && std::string_view(" \t\r\n").find(tail.back()) != std::string_view::npos)
      tail.pop_back();
    if (!tail.ends_with(closing))
      throw Fault(Exit::input, "truncated", file.path(),
                  "byte " + std::to_string(tail_start + tail.size()) + ": " + closing +
                      " is missing behind the appended data")
          .wanted("a complete VTK XML file");
    tail.resize(tail.size() - closing.size());
  }
  layout.appended_end = tail_start + tail.size();
}

} // namespace

VtkLayout read_layout(const InputFile &file, const ReadLimits &limits, const WantedArray &wanted)
{
  LayoutEvents events(file, limits, wanted);
  read_xml(file, events);
  if (!events.grid_seen) throw Fault(Exit::input, "grid-missing", file.path(), "the file holds no grid");
  if (events.appended_tag_end) find_appended(file, *events.appended_tag_end, events.layout);
  return std::move(events.layout);
}

} // namespace wolff::io
