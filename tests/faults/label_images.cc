// links: io
// Broken .vti files and what the reader of label images says about them.
#include "base/errors.h"
#include "broken_vtk_files.h"
#include "io/label_image.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace wolff;
using broken::appended_image;
using broken::eight_ones;
using broken::SmallImage;

namespace {

struct Outcome
{
  int code;
  std::string fault, text;
};

Outcome read(const std::string &text)
{
  const ScratchFolder folder;
  const std::string path = folder.file("image.vti");
  std::ofstream(path, std::ios::binary) << text;
  try {
    io::LabelImageOptions options{.file = path};
    options.limits.memory = std::uint64_t{1} << 28;
    const io::LabelImage image(options, MPI_COMM_WORLD);
  } catch (const Fault &fault) {
    return {static_cast<int>(fault.code()), fault.name(), fault.line()};
  }
  return {};
}

std::string with(void (*change)(SmallImage &))
{
  SmallImage image;
  change(image);
  return image.text();
}

} // namespace

BOOST_AUTO_TEST_CASE(broken_images_are_refused_with_their_code_and_reason)
{
  struct Case
  {
    int code;
    std::string fault, text;
  };
  const std::string zlib = " compressor=\"vtkZLibDataCompressor\"";
  std::string turned = SmallImage{}.text();
  turned.insert(turned.find("Spacing="), "Direction=\"0 1 0 -1 0 0 0 0 1\" ");
  for (const Case &wanted : std::vector<Case>{
           {0, "", SmallImage{}.text()},
           {0, "", appended_image(64, eight_ones())},
           {2, "byte-order", with([](auto &f) { f.order = "BigEndian"; })},
           {2, "array-too-short", with([](auto &f) { f.extent = "0 100000 0 100000 0 100000"; })},
           {2, "image-extent", with([](auto &f) { f.extent = "0 2147483647 0 2147483647 0 2147483647"; })},
           {2, "image-extent", with([](auto &f) { f.extent = "5 0 5 0 5 0"; })},
           {2, "cells-none", with([](auto &f) { f.extent = "0 2 0 2 0 0", f.values = ""; })},
           {2, "image-spacing", with([](auto &f) { f.spacing = "0 0.1 0.1"; })},
           {2, "image-spacing", with([](auto &f) { f.spacing = "-0.1 -0.1 -0.1"; })},
           {2, "attribute-number", with([](auto &f) { f.spacing = "nan 0.1 0.1"; })},
           {2, "image-anisotropic", with([](auto &f) { f.spacing = "0.1 0.1 0.12"; })},
           {3, "units", with([](auto &f) { f.spacing = "1e-4 1e-4 1e-4"; })},
           {3, "units", with([](auto &f) { f.spacing = "100 100 100"; })},
           {2, "image-origin", with([](auto &f) { f.origin = "0 0 1e9"; })},
           {2, "image-direction", turned},
           {2, "array-too-short", with([](auto &f) { f.values = "1 1 1 1 1"; })},
           {2, "array-too-long", with([](auto &f) { f.values += " 1"; })},
           {2, "array-number", with([](auto &f) { f.values = "1,5 1 1 1 1 1 1 1"; })},
           {2, "array-missing", with([](auto &f) {
              f.section = "PointData", f.values += " 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1";
            })},
           {2, "array-components", with([](auto &f) {
              f.array = broken::OneHexahedron::array("Int32", "phase", f.values + ' ' + f.values, "2");
            })},
           {2, "array-type",
            with([](auto &f) { f.array = broken::OneHexahedron::array("String", "phase", "1"); })},
           {2, "array-too-long", appended_image(std::uint64_t{1} << 40, eight_ones())},
           {2, "array-too-short", appended_image(64, eight_ones().substr(0, 40))},
           {2, "appended-offset", appended_image(64, eight_ones(), "99999999")},
           {2, "file-type", broken::OneHexahedron{}.text()}}) {
    const Outcome outcome = read(wanted.text);
    BOOST_TEST(outcome.code == wanted.code, outcome.text << " | wanted " << wanted.fault);
    BOOST_TEST(outcome.fault == wanted.fault, outcome.text);
  }
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_sound_image_is_refused)
{
  const std::string text = appended_image(64, eight_ones());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const Outcome outcome = read(text.substr(0, length));
    BOOST_TEST(outcome.code == 2, "cut to " << length << " bytes: " << outcome.text);
  }
}
