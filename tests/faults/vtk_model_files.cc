// links: io geometry
// Broken model files: each is refused with its exit code and its reason, in bounded time and memory, and
// whatever is cut off or changed in a sound file never ends the process.
#include "broken_vtk_files.h"

#include "base/errors.h"
#include "io/model_file.h"
#include "support/scratch_folder.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include <fstream>
#include <random>

using namespace wolff;
using broken::File;
using broken::OneHexahedron;
using broken::SmallImage;

namespace broken {

std::ostream &operator<<(std::ostream &out, const File &file)
{
  return out << file.name;
}

namespace {

std::string vtu(void (*change)(OneHexahedron &))
{
  return with<OneHexahedron>(change);
}
std::string vti(void (*change)(SmallImage &))
{
  return with<SmallImage>(change);
}
std::string replaced(std::string text, const std::string &from, const std::string &to)
{
  return text.replace(text.find(from), from.size(), to);
}

} // namespace

std::vector<File> files()
{
  const std::string sound = OneHexahedron{}.text(), image = SmallImage{}.text();
  const std::string zlib = " compressor=\"vtkZLibDataCompressor\"";
  const auto array = [](const char *type, const char *name, const char *values) {
    return OneHexahedron::array(type, name, values);
  };
  const std::string two_of_three = array("Float64", "poisson_ratio", "0.3") + array("Int32", "phase", "1");
  std::string entities = "<!DOCTYPE VTKFile [<!ENTITY a \"12\">]>\n";
  OneHexahedron entity;
  entity.before_root = entities;
  entity.modulus = "&a;";
  OneHexahedron external;
  external.before_root = "<!DOCTYPE VTKFile [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\n";
  external.modulus = "&x;";

  return {
      {"ok_one_hexahedron.vtu", 0, "", sound},
      {"ok_small_image.vti", 0, "", image},
      {"ok_appended.vti", 0, "", appended_image(64, eight_ones())},
      {"ok_void_cell_without_modulus.vtu", 0, "", vtu([](auto &f) {
         f.n_cells = "2", f.connectivity = "0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7", f.offsets = "8 16",
         f.types = "12 12";
         f.modulus = "17000 0", f.poisson = "0.3 0", f.phase = "1 0";
       })},
      // not a file of the kind
      {"empty.vtu", 2, "file-empty", ""},
      {"white_space.vtu", 2, "truncated", "\n\n"},
      {"not_xml.vtu", 2, "not-xml", "no markup at all\n"},
      {"zeros.vtu", 2, "not-xml", std::string(3000, '\0')},
      {"other_xml.vtu", 2, "not-vtk", "<html><body/></html>"},
      {"cut_in_the_middle.vtu", 2, "truncated", sound.substr(0, sound.size() / 2)},
      {"cut_before_the_last_tag.vtu", 2, "truncated", sound.substr(0, sound.size() - 11)},
      {"more_behind_the_end.vtu", 2, "not-xml", sound + "<more/>"},
      {"other_type_of_grid.vtu", 2, "file-type",
       vtu([](auto &f) { f.header = R"(type="PolyData" version="1.0" byte_order="LittleEndian")"; })},
      {"type_and_grid_differ.vtu", 2, "file-type",
       vtu([](auto &f) { f.header = R"(type="ImageData" version="1.0" byte_order="LittleEndian")"; })},
      {"unknown_version.vtu", 2, "file-version",
       replaced(sound, "version=\"1.0\" byte", "version=\"99.0\" byte")},
      {"no_version.vtu", 2, "attribute-missing", replaced(sound, " version=\"1.0\" byte", " byte")},
      {"big_endian.vtu", 2, "byte-order", replaced(sound, "LittleEndian", "BigEndian")},
      {"unknown_header_type.vtu", 2, "header-type", replaced(sound, "UInt64", "UInt16")},
      {"unknown_compressor.vtu", 2, "compressor",
       replaced(sound, "header_type", "compressor=\"vtkLZ4DataCompressor\" header_type")},
      {"unknown_element.vtu", 2, "element-unknown", replaced(sound, "<CellData>", "<Strips/><CellData>")},
      {"arrays_in_the_wrong_place.vtu", 2, "element-unknown",
       replaced(sound, "<CellData>", "<DataArray type=\"Int8\" Name=\"a\"/><CellData>")},
      {"document_type.vtu", 2, "doctype-refused", entity.text()},
      {"external_entity.vtu", 2, "doctype-refused", external.text()},
      {"undeclared_entity.vtu", 2, "not-xml", vtu([](auto &f) { f.modulus = "&j;"; })},
      {"endless_attribute.vtu", 2, "not-xml",
       "<VTKFile type=\"" + std::string(std::size_t{4} << 20, 'a') + "\">"},
      {"nested_deeply.vtu", 2, "element-unknown",
       "<VTKFile type=\"UnstructuredGrid\" version=\"1.0\" byte_order=\"LittleEndian\">" +
           std::string("<VTKFile>", 9)},
      {"legacy.vtk", 2, "file-format",
       "# vtk DataFile Version 3.0\nx\nASCII\nDATASET POLYDATA\nPOINTS 2000000000 float\n0 0 0\n"},
      {"unknown_ending.dat", 2, "file-format", sound},
      // declared and found
      {"no_cells.vtu", 2, "cells-none", vtu([](auto &f) {
         f.n_cells = "0", f.connectivity = f.offsets = f.types = f.modulus = f.poisson = f.phase = "";
       })},
      {"no_points.vtu", 2, "connectivity", vtu([](auto &f) { f.n_points = "0", f.points = ""; })},
      {"one_point_too_few.vtu", 2, "array-too-short", vtu([](auto &f) { f.n_points = "9"; })},
      {"one_point_too_many.vtu", 2, "array-too-long", vtu([](auto &f) { f.n_points = "7"; })},
      {"points_2e9.vtu", 2, "array-too-short", vtu([](auto &f) { f.n_points = "2000000000"; })},
      {"points_2e63.vtu", 2, "array-too-short", vtu([](auto &f) { f.n_points = "9223372036854775807"; })},
      {"points_2e64.vtu", 2, "attribute-number", vtu([](auto &f) { f.n_points = "18446744073709551615"; })},
      {"points_negative.vtu", 2, "attribute-number", vtu([](auto &f) { f.n_points = "-8"; })},
      {"points_no_number.vtu", 2, "attribute-number", vtu([](auto &f) { f.n_points = "8x"; })},
      {"cells_2e9.vtu", 2, "array-too-short", vtu([](auto &f) { f.n_cells = "2000000000"; })},
      {"components_2e9.vtu", 2, "attribute-number",
       replaced(sound, "Name=\"phase\" NumberOfComponents=\"1\"",
                "Name=\"phase\" NumberOfComponents=\"2000000000\"")},
      {"components_zero.vtu", 2, "attribute-number",
       replaced(sound, "Name=\"phase\" NumberOfComponents=\"1\"", "Name=\"phase\" NumberOfComponents=\"0\"")},
      {"points_of_two_components.vtu", 2, "points",
       replaced(sound, "Name=\"Points\" NumberOfComponents=\"3\"",
                "Name=\"Points\" NumberOfComponents=\"2\"")},
      {"points_of_integers.vtu", 2, "points",
       replaced(sound, "Float64\" Name=\"Points", "Int32\" Name=\"Points")},
      {"point_nan.vtu", 2, "not-finite", vtu([](auto &f) { f.points.replace(0, 1, "nan"); })},
      {"point_infinite.vtu", 2, "not-finite", vtu([](auto &f) { f.points.replace(0, 1, "-inf"); })},
      {"point_beyond_double.vtu", 2, "array-number", vtu([](auto &f) { f.points.replace(0, 1, "1e999"); })},
      {"connectivity_too_short.vtu", 2, "array-too-short", vtu([](auto &f) { f.connectivity = "0 1 2 3"; })},
      {"connectivity_beyond.vtu", 2, "connectivity",
       vtu([](auto &f) { f.connectivity = "0 1 2 3 4 5 6 8"; })},
      {"connectivity_negative.vtu", 2, "connectivity",
       vtu([](auto &f) { f.connectivity = "0 1 2 3 4 5 6 -1"; })},
      {"offset_beyond.vtu", 2, "array-too-short", vtu([](auto &f) { f.offsets = "8000"; })},
      {"offset_negative.vtu", 2, "offsets", vtu([](auto &f) { f.offsets = "-8"; })},
      {"offsets_decreasing.vtu", 2, "offsets", vtu([](auto &f) {
         f.n_cells = "2", f.offsets = "8 4", f.types = "12 12", f.connectivity += " 0 1 2 3 4 5 6 7",
         f.modulus = f.poisson = f.phase = "1 1";
       })},
      {"type_unknown.vtu", 2, "cell-type", vtu([](auto &f) { f.types = "250"; })},
      {"type_beyond_byte.vtu", 2, "array-number", vtu([](auto &f) { f.types = "300"; })},
      {"tetrahedron.vtu", 2, "cell-type",
       vtu([](auto &f) { f.types = "10", f.offsets = "4", f.connectivity = "0 1 2 4"; })},
      {"four_points_for_a_hexahedron.vtu", 2, "cell-corners",
       vtu([](auto &f) { f.offsets = "4", f.connectivity = "0 1 2 4"; })},
      // arrays
      {"no_modulus.vtu", 2, "array-missing",
       with<OneHexahedron>([&](auto &f) { f.cell_data = two_of_three; })},
      {"modulus_in_other_letters.vtu", 2, "array-missing",
       replaced(sound, "youngs_modulus_MPa", "Youngs_Modulus_mpa")},
      {"modulus_too_long.vtu", 2, "array-too-long", vtu([](auto &f) { f.modulus = "17000 17000"; })},
      {"modulus_without_value.vtu", 2, "array-too-short", vtu([](auto &f) { f.modulus = ""; })},
      {"modulus_in_words.vtu", 2, "array-number", vtu([](auto &f) { f.modulus = "stiff"; })},
      {"modulus_of_texts.vtu", 2, "array-type",
       replaced(sound, "Float64\" Name=\"youngs", "String\" Name=\"youngs")},
      {"modulus_of_unknown_type.vtu", 2, "array-type",
       replaced(sound, "Float64\" Name=\"youngs", "Float128\" Name=\"youngs")},
      {"modulus_of_three_components.vtu", 2, "array-components",
       replaced(vtu([](auto &f) { f.modulus = "1 2 3"; }), "MPa\" NumberOfComponents=\"1\"",
                "MPa\" NumberOfComponents=\"3\"")},
      {"phase_twice.vtu", 2, "array-duplicate",
       with<OneHexahedron>([&](auto &f) { f.extra_data = array("Int32", "phase", "2"); })},
      {"array_without_name.vtu", 2, "array-name",
       with<OneHexahedron>([&](auto &f) { f.extra_data = array("Int32", "", "2"); })},
      {"decimal_comma.vtu", 2, "array-number", vtu([](auto &f) { f.modulus = "17000,5"; })},
      {"integer_with_fraction.vtu", 2, "array-number", vtu([](auto &f) { f.phase = "1.0"; })},
      {"unknown_format.vtu", 2, "array-format", replaced(sound, "format=\"ascii\"", "format=\"hex\"")},
      {"appended_without_data.vtu", 2, "appended-missing",
       replaced(sound, "format=\"ascii\"", "format=\"appended\" offset=\"0\"")},
      {"base64_damaged.vtu", 2, "base64",
       replaced(vtu([](auto &f) { f.phase = "!!!!"; }),
                "Name=\"phase\" NumberOfComponents=\"1\" format=\"ascii\"",
                "Name=\"phase\" format=\"binary\"")},
      // not a body
      {"inverted.vtu", 3, "cell-shape", vtu([](auto &f) { f.connectivity = "4 5 6 7 0 1 2 3"; })},
      {"twisted.vtu", 3, "cell-shape", vtu([](auto &f) { f.connectivity = "6 1 2 3 4 5 0 7"; })},
      {"flat.vtu", 3, "cell-shape",
       vtu([](auto &f) { f.points = "0 0 0 1 0 0 1 1 0 0 1 0 0 0 0 1 0 0 1 1 0 0 1 0"; })},
      {"repeated_point.vtu", 3, "cell-shape", vtu([](auto &f) { f.connectivity = "0 1 2 3 4 5 6 6"; })},
      {"numbered_like_a_voxel.vtu", 3, "cell-shape",
       vtu([](auto &f) { f.connectivity = "0 1 3 2 4 5 7 6"; })},
      {"points_near_the_end_of_the_numbers.vtu", 3, "cell-shape",
       vtu([](auto &f) { f.points.replace(0, 1, "1e308"); })},
      {"modulus_zero.vtu", 3, "modulus-range", vtu([](auto &f) { f.modulus = "0"; })},
      {"modulus_negative.vtu", 3, "modulus-range", vtu([](auto &f) { f.modulus = "-17000"; })},
      {"modulus_nan.vtu", 3, "not-finite", vtu([](auto &f) { f.modulus = "nan"; })},
      {"modulus_infinite.vtu", 3, "not-finite", vtu([](auto &f) { f.modulus = "inf"; })},
      {"modulus_in_pascal.vtu", 3, "units", vtu([](auto &f) { f.modulus = "1.7e10"; })},
      {"poisson_half.vtu", 3, "poisson-range", vtu([](auto &f) { f.poisson = "0.5"; })},
      {"poisson_above_half.vtu", 3, "poisson-range", vtu([](auto &f) { f.poisson = "0.6"; })},
      {"poisson_minus_one.vtu", 3, "poisson-range", vtu([](auto &f) { f.poisson = "-1"; })},
      {"phase_undefined.vtu", 3, "phase-undefined", vtu([](auto &f) { f.phase = "77"; })},
      {"phase_negative.vtu", 3, "phase-undefined", vtu([](auto &f) { f.phase = "-1"; })},
      {"phase_void.vtu", 3, "all-void", vtu([](auto &f) { f.phase = "0"; })},
      {"in_metres.vtu", 3, "units", vtu([](auto &f) {
         f.points = "0 0 0 1e-4 0 0 1e-4 1e-4 0 0 1e-4 0 0 0 1e-4 1e-4 0 1e-4 1e-4 1e-4 1e-4 0 1e-4 1e-4";
       })},
      // images
      {"image_huge.vti", 2, "array-too-short", vti([](auto &f) { f.extent = "0 100000 0 100000 0 100000"; })},
      {"image_beyond_64_bits.vti", 2, "image-extent",
       vti([](auto &f) { f.extent = "0 2147483647 0 2147483647 0 2147483647"; })},
      {"image_reversed.vti", 2, "image-extent", vti([](auto &f) { f.extent = "5 0 5 0 5 0"; })},
      {"image_five_bounds.vti", 2, "image-extent", vti([](auto &f) { f.extent = "0 2 0 2 0"; })},
      {"image_flat.vti", 2, "cells-none", vti([](auto &f) { f.extent = "0 2 0 2 0 0", f.values = ""; })},
      {"image_in_pieces.vti", 2, "image-extent", replaced(image, "Piece Extent=\"0 2", "Piece Extent=\"0 1")},
      {"image_spacing_zero.vti", 2, "image-spacing", vti([](auto &f) { f.spacing = "0 0.1 0.1"; })},
      {"image_spacing_negative.vti", 2, "image-spacing", vti([](auto &f) { f.spacing = "-0.1 0.1 0.1"; })},
      {"image_spacing_nan.vti", 2, "attribute-number", vti([](auto &f) { f.spacing = "nan 0.1 0.1"; })},
      {"image_spacing_in_metres.vti", 3, "units", vti([](auto &f) { f.spacing = "1e-4 1e-4 1e-4"; })},
      {"image_spacing_in_micrometres.vti", 3, "units", vti([](auto &f) { f.spacing = "100 100 100"; })},
      {"image_origin_far_away.vti", 2, "image-origin", vti([](auto &f) { f.origin = "0 0 1e9"; })},
      {"image_turned.vti", 2, "image-direction",
       replaced(image, "Spacing=", "Direction=\"0 1 0 -1 0 0 0 0 1\" Spacing=")},
      {"image_void.vti", 3, "all-void", vti([](auto &f) { f.values = "0 0 0 0 0 0 0 0"; })},
      {"image_values_short.vti", 2, "array-too-short", vti([](auto &f) { f.values = "1 1 1 1 1"; })},
      {"image_corner_contact.vti", 3, "islands", vti([](auto &f) { f.values = "1 0 0 0 0 0 0 1"; })},
      {"image_edge_contact.vti", 3, "islands", vti([](auto &f) { f.values = "1 0 0 1 0 0 0 0"; })},
      {"image_values_on_points.vti", 2, "array-missing",
       vti([](auto &f) { f.section = "PointData", f.values += " 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"; })},
      {"appended_too_big.vti", 2, "array-too-long", appended_image(std::uint64_t{1} << 40, eight_ones())},
      {"appended_too_small.vti", 2, "array-too-short", appended_image(8, eight_ones())},
      {"appended_data_cut.vti", 2, "array-too-short", appended_image(64, eight_ones().substr(0, 40))},
      {"appended_offset_beyond.vti", 2, "appended-offset", appended_image(64, eight_ones(), "99999999")},
      {"appended_offset_at_the_end.vti", 2, "truncated", appended_image(64, eight_ones(), "72")},
      {"appended_offset_negative.vti", 2, "attribute-number", appended_image(64, eight_ones(), "-8")},
      {"appended_without_mark.vti", 2, "appended-data",
       replaced(appended_image(64, eight_ones()), "\n_", "\n")},
      {"zlib_more_than_needed.vti", 2, "array-too-long",
       appended_image(0, zeros_compressed(4, 1 << 20, 0, 4), "0", zlib)},
      {"zlib_more_than_declared.vti", 2, "compressed-blocks",
       appended_image(0, zeros_compressed(1, 64, 0, 1), "0", zlib)},
      {"zlib_table_beyond_file.vti", 2, "compressed-blocks",
       appended_image(0, zeros_compressed(std::uint64_t{1} << 60, 1 << 20, 0, 1), "0", zlib)},
      {"zlib_sizes_overflow.vti", 2, "compressed-blocks",
       appended_image(0, zeros_compressed(2, ~std::uint64_t{0}, ~std::uint64_t{0}, 2), "0", zlib)},
      // pieces
      {"piece_above_the_folder.pvtu", 2, "piece-outside", index_of("../../../../etc/passwd")},
      {"piece_absolute.pvtu", 2, "piece-outside", index_of("/etc/passwd")},
      {"piece_itself.pvtu", 2, "piece-itself", index_of("piece_itself.pvtu")},
      {"piece_missing.pvtu", 2, "piece-missing", index_of("nowhere.vtu")},
      {"piece_without_name.pvtu", 2, "piece-outside", index_of("")},
  };
}

} // namespace broken

namespace {

struct Outcome
{
  int code = 0;
  std::string fault, text;
};

Outcome check(const std::string &path, const io::ModelFileOptions &options = {})
{
  try {
    io::check_model_file(path, options);
  } catch (const Fault &fault) {
    return {static_cast<int>(fault.code()), fault.name(), fault.line()};
  } catch (const FaultList &list) {
    return {static_cast<int>(list.code()), list.faults().front().name(), list.faults().front().line()};
  }
  return {};
}

void write(const std::string &path, const std::string &text)
{
  std::filesystem::remove(path); // truncating an existing file makes some file systems wait for the disk
  std::ofstream(path, std::ios::binary) << text;
}

/// Not more memory than now and a quarter of a GiB, for the life of the object.
class BoundedMemory
{
public:
  BoundedMemory()
  {
#ifndef __SANITIZE_ADDRESS__ // the sanitizer maps terabytes
    getrlimit(RLIMIT_AS, &before_);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit bound = before_;
    bound.rlim_cur = pages * 4096 + (std::size_t{256} << 20);
    setrlimit(RLIMIT_AS, &bound);
#endif
  }
  ~BoundedMemory()
  {
#ifndef __SANITIZE_ADDRESS__
    setrlimit(RLIMIT_AS, &before_);
#endif
  }

private:
  rlimit before_{};
};

} // namespace

BOOST_DATA_TEST_CASE(a_broken_file_is_refused_with_its_code_and_reason, broken::files(), file)
{
  const ScratchFolder folder;
  const std::string path = folder.file(file.name);
  write(path, file.text);
  const BoundedMemory bounded;
  const Outcome outcome = check(path);
  BOOST_TEST_INFO(outcome.text);
  BOOST_TEST(outcome.code == file.code);
  BOOST_TEST_INFO(outcome.text);
  BOOST_TEST(outcome.fault == file.fault);
  if (file.code != 0) BOOST_TEST(outcome.text.find(file.name) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_sound_file_is_refused)
{
  const ScratchFolder folder;
  for (const auto &[name, text] :
       {std::pair{"a.vtu", OneHexahedron{}.text()}, std::pair{"a.vti", SmallImage{}.text()},
        std::pair{"b.vti", broken::appended_image(64, broken::eight_ones())}}) {
    const std::string path = folder.file(name);
    write(path, text);
    BOOST_TEST(check(path).code == 0);
    for (std::size_t length = 0; length < text.size(); ++length) {
      write(path, text.substr(0, length));
      const Outcome outcome = check(path);
      BOOST_TEST_INFO(name << " cut to " << length << " bytes: " << outcome.text);
      BOOST_REQUIRE(outcome.code == 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_changed_byte_never_ends_the_process)
{
  const ScratchFolder folder;
  const BoundedMemory bounded;
  std::mt19937 random(20240917);
  int refused = 0;
  const std::vector<std::pair<std::string, std::string>> sound{
      {"a.vtu", OneHexahedron{}.text()},
      {"a.vti", SmallImage{}.text()},
      {"b.vti", broken::appended_image(64, broken::eight_ones())}};
  for (int seed = 0; seed < 1000; ++seed)
    for (const auto &[name, text] : sound) {
      std::string changed = text;
      changed[random() % changed.size()] = static_cast<char>(random() % 256);
      write(folder.file(name), changed);
      const int code = check(folder.file(name)).code;
      BOOST_REQUIRE((code == 0 || code == 2 || code == 3 || code == 7));
      refused += code != 0 ? 1 : 0;
    }
  BOOST_TEST(refused >
             1500); // most bytes of these files matter; a checker that accepts everything would stand out
}

BOOST_AUTO_TEST_CASE(a_declared_size_that_the_file_bears_out_but_memory_does_not_is_too_large)
{
  // A sparse file: 2^36 bytes of data without a disk block.
  const ScratchFolder folder;
  const std::string path = folder.file("sparse.vti");
  SmallImage image;
  image.extent = "0 4096 0 4096 0 4096";
  image.array = "<DataArray type=\"UInt8\" Name=\"phase\" format=\"appended\" offset=\"0\"/>";
  image.appended = "<AppendedData encoding=\"raw\">_";
  std::string head = image.text();
  head.resize(head.size() - std::string("</VTKFile>").size());
  const std::uint64_t length = std::uint64_t{1} << 36;
  {
    std::ofstream out(path, std::ios::binary);
    out << head << broken::word(length);
    out.seekp(static_cast<std::streamoff>(head.size() + 8 + length));
    out << "</AppendedData></VTKFile>";
  }
  io::ModelFileOptions options;
  options.limits.memory = std::uint64_t{1} << 33;
  const Outcome outcome = check(path, options);
  BOOST_TEST_INFO(outcome.text);
  BOOST_TEST(outcome.code == 7);
  BOOST_TEST(outcome.fault == "memory");
}

BOOST_AUTO_TEST_CASE(independent_problems_are_reported_together)
{
  const ScratchFolder folder;
  OneHexahedron file; // the first cell has all faults but that of the phase, which is in the second
  file.n_cells = "2", file.offsets = "8 16", file.types = "12 12";
  file.connectivity = "4 5 6 7 0 1 2 3 0 1 2 3 4 5 6 7";
  file.modulus = "-1 1", file.poisson = "0.7 0.3", file.phase = "1 12";
  write(folder.file("a.vtu"), file.text());
  std::vector<std::string> names;
  try {
    io::check_model_file(folder.file("a.vtu"));
  } catch (const FaultList &list) {
    for (const Fault &fault : list.faults()) names.push_back(fault.name());
  }
  const std::vector<std::string> expected{"phase-undefined", "modulus-range", "poisson-range", "cell-shape"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(switches_turn_faults_of_units_and_islands_into_warnings)
{
  const ScratchFolder folder;
  write(folder.file("units.vtu"),
        broken::with<OneHexahedron>([](auto &f) { f.modulus = "1.7e10", f.poisson = "0.495"; }));
  io::ModelFileOptions options;
  options.accept_units = true;
  const io::ModelFileSummary accepted = io::check_model_file(folder.file("units.vtu"), options);
  BOOST_TEST(accepted.warnings.size() == 1u);                            // the Poisson ratio near 0.5
  BOOST_TEST(accepted.edge == 1.0, boost::test_tools::tolerance(1e-14)); // rounding of a cube root
  BOOST_TEST(accepted.cells.at(1) == 1);

  write(folder.file("islands.vti"), broken::with<SmallImage>([](auto &f) { f.values = "1 0 0 0 0 0 0 1"; }));
  options.drop_islands = true;
  const io::ModelFileSummary dropped = io::check_model_file(folder.file("islands.vti"), options);
  BOOST_REQUIRE(dropped.warnings.size() == 1u);
  BOOST_TEST(dropped.warnings[0].find("2 parts") != std::string::npos);
  BOOST_TEST(dropped.warnings[0].find("0 edges and 1 corners") != std::string::npos);
}
