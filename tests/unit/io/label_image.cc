// ranks: 1 2 4
// Label images: every rank gets the voxels of the blocks it asks for, whatever the file is and whoever asks.
#include "io/label_image.h"
#include "base/errors.h"
#include "support/nifti.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

using namespace wolff;
using namespace wolff::io;
using wolff::tests::gzipped;
using wolff::tests::Nifti;

namespace {

int rank()
{
  int number = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &number);
  return number;
}

int n_ranks()
{
  int number = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &number);
  return number;
}

/// Rank 0 writes, then all may read.
void write(const std::string &path, const std::string &text)
{
  if (rank() == 0) std::ofstream(path, std::ios::binary) << text;
  MPI_Barrier(MPI_COMM_WORLD);
}

template <typename Number>
std::string raw(const std::vector<Number> &values)
{
  std::uint64_t size = values.size() * sizeof(Number);
  return std::string(reinterpret_cast<const char *>(&size), 8) +
         std::string(reinterpret_cast<const char *>(values.data()), size);
}

const std::array<std::int64_t, 3> size{20, 9, 16};
constexpr std::size_t n_voxels = 20 * 9 * 16;

int label_at(const std::int64_t i, const std::int64_t j, const std::int64_t k)
{
  return static_cast<int>((i + 3 * j + 7 * k) % 5);
}
float modulus_at(const std::int64_t i, const std::int64_t j, const std::int64_t k)
{
  return label_at(i, j, k) == 0 ? 0.0F : static_cast<float>(10 + i + 20 * (j + 9 * k));
}

template <typename Number, typename Value>
std::vector<Number> field(const Value &value)
{
  std::vector<Number> values;
  for (std::int64_t k = 0; k < size[2]; ++k)
    for (std::int64_t j = 0; j < size[1]; ++j)
      for (std::int64_t i = 0; i < size[0]; ++i) values.push_back(static_cast<Number>(value(i, j, k)));
  return values;
}

/// Labels and moduli, and two arrays that nobody asks for; the extent begins at (2, 0, -1).
std::string image_file()
{
  const std::string labels = raw(field<std::uint8_t>(label_at)), moduli = raw(field<float>(modulus_at)),
                    other = raw(std::vector<double>(n_voxels, std::nan("")));
  const auto array = [](const char *type, const char *name, const std::size_t offset) {
    return std::string("<DataArray type=\"") + type + "\" Name=\"" + name +
           "\" format=\"appended\" offset=\"" + std::to_string(offset) + "\"/>";
  };
  const std::string extent = "2 22 0 9 -1 15";
  return "<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" "
         "header_type=\"UInt64\"><ImageData "
         "WholeExtent=\"" +
         extent + "\" Origin=\"1 2 3\" Spacing=\"0.5 0.5 0.5\"><Piece Extent=\"" + extent + "\"><CellData>" +
         array("Float64", "density", labels.size() + moduli.size()) + array("UInt8", "phase", 0) +
         array("Float32", "E", labels.size()) + array("Float64", "again", labels.size() + moduli.size()) +
         "</CellData></Piece></ImageData><AppendedData encoding=\"raw\">_" + labels + moduli + other +
         "</AppendedData></VTKFile>";
}

/// Every rank asks for its share of all blocks and one layer around, in its own order, and compares each
/// voxel.
void check_blocks(const LabelImage &image,
                  const std::function<int(std::int64_t, std::int64_t, std::int64_t)> &label,
                  const bool moduli)
{
  std::vector<LabelImage::Block> blocks;
  int number = 0;
  for (std::int64_t k = -1; k < 4; ++k)
    for (std::int64_t j = -1; j < 4; ++j)
      for (std::int64_t i = -1; i < 5; ++i)
        if (number++ % n_ranks() == rank() || (i == 0 && j == 0 && k == 0)) blocks.push_back({i, j, k});
  blocks.push_back({std::int64_t{1} << 40, 0, 0});
  if (rank() % 2 == 1) std::reverse(blocks.begin(), blocks.end());
  const ImageBlocks found = image.read_blocks(blocks);
  BOOST_REQUIRE(found.labels.size() == 512 * blocks.size());
  BOOST_REQUIRE(found.moduli.size() == (moduli ? 512 * blocks.size() : 0));
  std::size_t wrong = 0, inside = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (std::int64_t v = 0; v < 512; ++v) {
      const std::int64_t i = 8 * blocks[b][0] + v % 8, j = 8 * blocks[b][1] + v / 8 % 8,
                         k = 8 * blocks[b][2] + v / 64;
      const bool in = i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
      const std::size_t at = 512 * b + static_cast<std::size_t>(v);
      inside += in;
      wrong += found.labels[at] != (in ? label(i, j, k) : LabelImage::outside);
      if (moduli) wrong += found.moduli[at] != (in ? modulus_at(i, j, k) : 0.0F);
    }
  BOOST_TEST(wrong == 0);
  std::int64_t all = static_cast<std::int64_t>(inside);
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  // Block (0, 0, 0) is asked for by all.
  BOOST_TEST(all == static_cast<std::int64_t>(n_voxels) + (n_ranks() - 1) * 512);
}

std::int64_t count(const std::function<bool(int)> &which)
{
  std::int64_t n = 0;
  for (const int label : field<int>(label_at)) n += which(label);
  return n;
}

/// Fault name, exit code and words of the message; the same on all ranks.
void refused(const LabelImageOptions &options, const std::string &name, const Exit code,
             const std::vector<std::string> &words = {})
{
  try {
    const LabelImage image(options, MPI_COMM_WORLD);
    BOOST_ERROR("nothing was refused, wanted " << name);
  } catch (const Fault &fault) {
    BOOST_TEST(fault.name() == name, fault.line());
    BOOST_TEST((fault.code() == code), fault.line());
    for (const std::string &word : words)
      BOOST_TEST(fault.line().find(word) != std::string::npos, fault.line() << " | does not hold: " << word);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_vti_gives_labels_and_moduli_to_every_rank)
{
  const ScratchFolder folder;
  LabelImageOptions options{.file = folder.file("a.vti"), .labels_array = "phase", .modulus_array = "E"};
  write(options.file, image_file());
  // Room for one byte and four bytes a voxel: the arrays that nobody asked for are not decoded.
  options.limits.memory = 5 * n_voxels;
  const LabelImage image(options, MPI_COMM_WORLD);
  const ImageHeader &header = image.header();
  BOOST_TEST((header.voxels == size));
  BOOST_TEST((header.origin - Vector3(2, 2, 2.5)).norm() == 0);
  BOOST_TEST(header.edge == 0.5);
  BOOST_TEST((header.arrays == std::vector<std::string>{"density", "phase", "E", "again"}));
  BOOST_TEST(header.has_moduli);
  BOOST_TEST(header.warnings.empty());
  BOOST_TEST(header.labels.size() == 5);
  for (const auto &[label, n] : header.labels)
    BOOST_TEST(n == count([&, l = label](const int i) { return i == l; }));
  check_blocks(image, label_at, true);
  check_blocks(image, label_at, true); // and again

  options.limits.memory -= 1;
  refused(options, "memory", Exit::too_large);
}

BOOST_AUTO_TEST_CASE(labels_alone_and_moduli_alone)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.vti");
  write(path, image_file());
  {
    const LabelImage labels({.file = path}, MPI_COMM_WORLD);
    BOOST_TEST(!labels.header().has_moduli);
    check_blocks(labels, label_at, false);
  }
  const LabelImage moduli({.file = path, .labels_array = "", .modulus_array = "E"}, MPI_COMM_WORLD);
  BOOST_TEST(moduli.header().labels.at(0) == count([](const int label) { return label == 0; }));
  BOOST_TEST(moduli.header().labels.at(1) == count([](const int label) { return label != 0; }));
  check_blocks(
      moduli, [](auto... at) { return label_at(at...) == 0 ? 0 : 1; }, true);
}

BOOST_AUTO_TEST_CASE(another_voxel_edge_keeps_the_origin_among_the_voxels)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.vti");
  write(path, image_file());
  const LabelImage image({.file = path, .voxel_edge = 0.25}, MPI_COMM_WORLD);
  BOOST_TEST(image.header().edge == 0.25);
  BOOST_TEST((image.header().origin - Vector3(1, 1, 1.25)).norm() == 0);
}

BOOST_AUTO_TEST_CASE(blocks_travel_in_several_rounds_when_there_are_many)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.vti");
  write(path, image_file());
  const LabelImage image({.file = path, .modulus_array = "E"}, MPI_COMM_WORLD);
  // More than travel at once; the last rank asks for none.
  const bool last = n_ranks() > 1 && rank() == n_ranks() - 1;
  std::vector<LabelImage::Block> blocks;
  for (std::int64_t i = 0; i < (last ? 0 : 2500 + rank()); ++i)
    blocks.push_back({i % 2, 0, i % 3 == 0 ? 1 : 0});
  const ImageBlocks found = image.read_blocks(blocks);
  BOOST_REQUIRE(found.labels.size() == 512 * blocks.size());
  std::size_t wrong = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const auto [i, j, k] = blocks[b];
    wrong += found.labels[512 * b + 511] != label_at(8 * i + 7, 8 * j + 7, 8 * k + 7);
    wrong += found.moduli[512 * b + 511] != modulus_at(8 * i + 7, 8 * j + 7, 8 * k + 7);
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(nifti_files_of_every_type_give_the_same_labels)
{
  const ScratchFolder folder;
  const auto check = [&](const std::string &name, const std::string &text) {
    BOOST_TEST_CONTEXT(name)
    {
      write(folder.file(name), text);
      const LabelImage image({.file = folder.file(name)}, MPI_COMM_WORLD);
      BOOST_TEST((image.header().voxels == size));
      BOOST_TEST(image.header().edge == 0.1); // not 0.10000000149, which is what a float holds
      BOOST_TEST(image.header().origin.norm() == 0);
      BOOST_TEST(image.header().warnings.empty());
      check_blocks(image, label_at, false);
    }
  };
  const auto header = [](const int code, const int bits) {
    return Nifti().size({20, 9, 16}).type(code, bits);
  };
  check("a.nii", header(2, 8).with(field<std::uint8_t>(label_at)));
  check("b.nii", header(4, 16).with(field<std::int16_t>(label_at)));
  check("c.nii.gz", gzipped(header(8, 32).with(field<std::int32_t>(label_at))));
  check("d.nii.gz", gzipped(header(16, 32).with(field<float>(label_at))));
  check("e.nii", header(64, 64).with(field<double>(label_at)));
  check("f.nii", header(256, 8).with(field<std::int8_t>(label_at)));
  check("g.nii", header(512, 16).with(field<std::uint16_t>(label_at)));
  check("h.nii", header(768, 32).with(field<std::uint32_t>(label_at)));
  check("unit_unknown.nii", header(2, 8).set<std::uint8_t>(123, 0).with(field<std::uint8_t>(label_at)));
  check("slope_one.nii", header(2, 8).set<float>(112, 1).with(field<std::uint8_t>(label_at)));
  const std::string whole = header(2, 8).with(field<std::uint8_t>(label_at));
  check("two_members.nii.gz", gzipped(whole.substr(0, 1000)) + gzipped(whole.substr(1000)));
  Nifti extension = header(2, 8).set<std::uint8_t>(348, 1).set<float>(108, 368);
  extension.bytes += std::string(16, 'x');
  check("extension.nii", extension.with(field<std::uint8_t>(label_at)));
  Nifti flipped = header(2, 8).set<std::int16_t>(254, 1);
  for (const std::size_t row : {0U, 1U, 2U}) flipped.set<float>(280 + 20 * row, row == 0 ? -0.1F : 0.1F);
  check("flipped.nii", flipped.with(field<std::uint8_t>(label_at)));
}

BOOST_AUTO_TEST_CASE(the_scaling_of_nifti_moduli_is_applied)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.nii.gz");
  // Half of the modulus less 5 is stored, and for void the number that becomes 0.
  write(path, gzipped(Nifti()
                          .size({20, 9, 16})
                          .type(16, 32)
                          .set<float>(112, 2)
                          .set<float>(116, 10)
                          .with(field<float>([](auto... at) { return (modulus_at(at...) - 10) / 2; }))));
  const LabelImage image({.file = path, .modulus_array = "any"}, MPI_COMM_WORLD);
  check_blocks(
      image, [](auto... at) { return label_at(at...) == 0 ? 0 : 1; }, true);
}

BOOST_AUTO_TEST_CASE(turned_axes_of_a_nifti_file_are_a_warning)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.nii");
  const std::vector<std::uint8_t> labels(24, 1);
  // A quarter turn about z: b = c = 0, d = sqrt(1/2).
  write(path, Nifti().set<std::int16_t>(252, 1).set<float>(264, std::sqrt(0.5F)).with(labels));
  const LabelImage image({.file = path}, MPI_COMM_WORLD);
  BOOST_REQUIRE(image.header().warnings.size() == 1);
  BOOST_TEST(image.header().warnings[0].find("warning[image-direction]") == 0);
}

BOOST_AUTO_TEST_CASE(wrong_nifti_files_are_refused)
{
  const ScratchFolder folder;
  const std::vector<std::uint8_t> labels(24, 1);
  int number = 0;
  const auto check = [&](const std::string &text, const std::string &name, const Exit code,
                         const std::vector<std::string> &words = {}, const std::string &ending = ".nii") {
    const std::string path = folder.file(std::to_string(number++) + ending);
    write(path, text);
    BOOST_TEST_CONTEXT(name << ' ' << (words.empty() ? "" : words[0]))
    refused({.file = path}, name, code, words);
  };
  check(Nifti().set<std::int32_t>(0, 540).with(labels), "nifti-header", Exit::input, {"NIfTI-2"});
  check(Nifti().set<std::int32_t>(0, 0x5c010000).with(labels), "byte-order", Exit::input);
  check(Nifti().set<char>(345, 'i').with(labels), "nifti-header", Exit::input, {"mark"});
  check(Nifti().set<std::int16_t>(40, 2).with(labels), "nifti-dimensions", Exit::input, {"2 axes: 4 3"});
  check(Nifti().set<std::int16_t>(40, 4).set<std::int16_t>(48, 2).with(labels), "nifti-dimensions",
        Exit::input, {"4 axes: 4 3 2 2"});
  check(Nifti().size({4, 0, 2}).with(labels), "nifti-dimensions", Exit::input);
  check(Nifti().size({4, -3, 2}).with(labels), "nifti-dimensions", Exit::input);
  check(Nifti().type(128, 24).with(labels), "array-type", Exit::input, {"code 128 with 24 bits"});
  check(Nifti().type(2, 16).with(labels), "array-type", Exit::input);
  check(Nifti().set<float>(80, 0).with(labels), "image-spacing", Exit::input);
  check(Nifti().set<float>(80, std::nanf("")).with(labels), "image-spacing", Exit::input);
  check(Nifti().set<float>(88, 0.2F).with(labels), "image-anisotropic", Exit::input,
        {"found 0.1, 0.1, 0.2", "three equal ones"});
  check(Nifti().set<std::uint8_t>(123, 1).with(labels), "units", Exit::model, {"found metres"});
  check(Nifti().set<std::uint8_t>(123, 3).with(labels), "units", Exit::model, {"found micrometres"});
  check(Nifti().set<float>(80, 1e-4F).set<float>(84, 1e-4F).set<float>(88, 1e-4F).with(labels), "units",
        Exit::model, {"looks like metres"});
  check(Nifti().set<float>(112, 2).with(labels), "label-scaling", Exit::input, {"found 2, 0"});
  check(Nifti().set<float>(112, HUGE_VALF).with(labels), "not-finite", Exit::input);
  check(Nifti().set<float>(108, 100).with(labels), "nifti-header", Exit::input, {"at least 348"});
  check(Nifti().set<float>(108, std::nanf("")).with(labels), "nifti-header", Exit::input);
  check(Nifti().size({32767, 32767, 32767}).with(labels), "truncated", Exit::input,
        {"too short for the size"});
  check(Nifti().with(labels) + "x", "array-too-long", Exit::input);
  check(gzipped(Nifti().with(labels) + "x"), "array-too-long", Exit::input, {}, ".nii.gz");
  check("", "file-empty", Exit::input);
  check("", "file-empty", Exit::input, {}, ".nii.gz");
  check(Nifti().with(labels), "gzip", Exit::input, {}, ".nii.gz");
  std::string bad_sum = gzipped(Nifti().with(labels));
  bad_sum[bad_sum.size() - 6] = static_cast<char>(bad_sum[bad_sum.size() - 6] ^ 1);
  check(bad_sum, "gzip", Exit::input, {"incorrect data check"}, ".nii.gz");
  check(gzipped(Nifti().with(labels)) + "rest", "gzip", Exit::input, {}, ".nii.gz");
  check(Nifti().type(16, 32).with(std::vector<float>(24, 1.5F)), "label-value", Exit::input,
        {"voxel (0, 0, 0)", "found 1.5"});
  check(Nifti().type(16, 32).with(std::vector<float>(24, std::nanf(""))), "label-value", Exit::input);
  std::vector<std::int32_t> least(24, 0);
  least[17] = LabelImage::outside;
  check(Nifti().type(8, 32).with(least), "label-value", Exit::input, {"voxel (1, 1, 1)"});
  std::vector<std::int32_t> grey(100 * 100 * 10);
  std::iota(grey.begin(), grey.end(), 0);
  check(Nifti().size({100, 100, 10}).type(8, 32).with(grey), "labels-many", Exit::input, {"grey values"});
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_nifti_file_is_refused)
{
  if (n_ranks() > 1) return; // nothing here depends on them
  const ScratchFolder folder;
  const std::string plain = Nifti().with(std::vector<std::uint8_t>(24, 1)), packed = gzipped(plain);
  for (const auto &[name, text] : {std::pair{"a.nii", plain}, std::pair{"a.nii.gz", packed}})
    for (std::size_t length = 1; length < text.size(); ++length) {
      std::filesystem::remove(folder.file(name));
      write(folder.file(name), text.substr(0, length));
      BOOST_TEST_CONTEXT(name << " cut to " << length << " bytes")
      refused({.file = folder.file(name)}, "truncated", Exit::input);
    }
}

BOOST_AUTO_TEST_CASE(wrong_arrays_and_moduli_are_refused)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.vti");
  write(path, image_file());
  refused({.file = path, .labels_array = "Phase"}, "array-missing", Exit::input,
          {"density, phase, E, again", "Rename \"phase\""});
  refused({.file = path, .modulus_array = "young"}, "array-missing", Exit::input, {"\"young\""});
  refused({.file = path, .labels_array = ""}, "option-missing", Exit::input);
  refused({.file = path, .modulus_array = "phase"}, "option-value", Exit::input);
  refused({.file = path, .labels_array = "density"}, "label-value", Exit::input);
  refused({.file = path, .modulus_array = "density"}, "not-finite", Exit::model, {"voxel (0, 0, 0)"});
  refused({.file = folder.file("none.vti")}, "file-missing", Exit::input);
  refused({.file = folder.file("a.mha")}, "file-format", Exit::input, {".vti, .nii or .nii.gz"});

  const auto moduli = [&](const std::vector<float> &values, const std::string &name,
                          const std::string &word) {
    const std::string nifti = folder.file("moduli.nii");
    write(nifti, Nifti().type(16, 32).with(values));
    refused({.file = nifti, .modulus_array = "E"}, name, Exit::model, {word});
  };
  std::vector<float> values(24, 100);
  values[23] = -1;
  moduli(values, "modulus-range", "voxel (3, 2, 1)");
  values[23] = 2e10F;
  moduli(values, "units", "looks like Pa");
  values[23] = 1e-6F;
  moduli(values, "units", "another unit");
  moduli(std::vector<float>(24, 0), "all-void", "24 voxels");
  values[23] = 2e10F;
  write(folder.file("moduli.nii"), Nifti().type(16, 32).with(values));
  const LabelImage accepted({.file = folder.file("moduli.nii"), .modulus_array = "E", .accept_units = true},
                            MPI_COMM_WORLD);
  BOOST_TEST(accepted.read_blocks({{0, 0, 0}}).moduli[64 + 16 + 3] == 2e10F);
}
