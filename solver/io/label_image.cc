#include "io/label_image.h"

#include "base/errors.h"
#include "base/ghost_exchange.h"
#include "io/image_checks.h"
#include "io/nifti_file.h"
#include "io/vtk_grid.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace wolff::io {

namespace {

constexpr std::int64_t block_edge = 8;
constexpr std::size_t block_voxels = 512;
constexpr std::size_t blocks_in_flight = 2048; ///< on all ranks together: 8 MB of labels and moduli
constexpr double most_anisotropy = 1e-4;       ///< relative difference of spacings that are meant as equal

template <typename Number>
void broadcast(std::vector<Number> &numbers, const MPI_Comm comm)
{
  std::int64_t n = static_cast<std::int64_t>(numbers.size());
  MPI_Bcast(&n, 1, MPI_INT64_T, 0, comm);
  numbers.resize(static_cast<std::size_t>(n));
  MPI_Bcast(numbers.data(), static_cast<int>(n), mpi_type<Number>(), 0, comm);
}

void broadcast(std::vector<std::string> &texts, const MPI_Comm comm)
{
  std::vector<std::uint8_t> characters;
  for (const std::string &text : texts) {
    characters.insert(characters.end(), text.begin(), text.end());
    characters.push_back(0);
  }
  broadcast(characters, comm);
  texts.clear();
  for (auto begin = characters.begin(); begin != characters.end();) {
    const auto end = std::find(begin, characters.end(), 0);
    texts.emplace_back(begin, end);
    begin = end + 1;
  }
}

void broadcast(ImageHeader &header, const MPI_Comm comm)
{
  std::vector<std::int64_t> whole{header.voxels[0], header.voxels[1], header.voxels[2],
                                  header.has_moduli ? 1 : 0};
  for (const auto &[label, count] : header.labels) whole.insert(whole.end(), {label, count});
  std::vector<double> real{header.origin[0], header.origin[1], header.origin[2], header.edge};
  broadcast(whole, comm);
  broadcast(real, comm);
  broadcast(header.arrays, comm);
  broadcast(header.warnings, comm);
  header.voxels = {whole[0], whole[1], whole[2]};
  header.has_moduli = whole[3] != 0;
  for (std::size_t i = 4; i < whole.size(); i += 2)
    header.labels[static_cast<std::int32_t>(whole[i])] = whole[i + 1];
  header.origin = Vector3(real[0], real[1], real[2]);
  header.edge = real[3];
}

/// The numbers of @p array in the voxels of @p blocks (three indices each), and @p outside beyond the image.
template <typename To, typename Convert>
std::vector<To> copy_blocks(const DataArray &array, const std::array<std::int64_t, 3> &voxels,
                            const std::vector<std::int64_t> &blocks, const To outside, const Convert &convert)
{
  std::vector<To> values(blocks.size() / 3 * block_voxels, outside);
  with_number_type(array.type, [&](const auto zero) {
    using From = std::remove_const_t<decltype(zero)>;
    for (std::size_t b = 0; b < blocks.size() / 3; ++b) {
      const std::array<std::int64_t, 3> block{blocks[3 * b], blocks[3 * b + 1], blocks[3 * b + 2]};
      std::array<std::int64_t, 3> first{};
      bool apart = false;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        // Compared before the product, which could overflow for a block far away.
        apart = apart || block[axis] < 0 || block[axis] > voxels[axis] / block_edge;
        first[axis] = apart ? 0 : block_edge * block[axis];
      }
      if (apart) continue;
      const std::int64_t columns = std::clamp<std::int64_t>(voxels[0] - first[0], 0, block_edge);
      for (std::int64_t k = 0; k < block_edge && first[2] + k < voxels[2]; ++k)
        for (std::int64_t j = 0; j < block_edge && first[1] + j < voxels[1]; ++j) {
          const std::int64_t row = ((first[2] + k) * voxels[1] + first[1] + j) * voxels[0] + first[0];
          const std::byte *from = array.bytes.data() + static_cast<std::size_t>(row) * sizeof(From);
          To *to =
              values.data() + b * block_voxels + static_cast<std::size_t>((k * block_edge + j) * block_edge);
          for (std::int64_t i = 0; i < columns; ++i, from += sizeof(From), ++to) {
            From value{};
            std::memcpy(&value, from, sizeof value);
            *to = convert(value);
          }
        }
    }
  });
  return values;
}

/// Call visit(voxel, value as double) for each number until it returns false.
template <typename Visit>
void visit_numbers(const DataArray &array, const Visit &visit)
{
  for (std::size_t voxel = 0; voxel < array.n_numbers(); ++voxel)
    if (!visit(voxel, array.real(voxel))) return;
}

} // namespace

LabelImage::LabelImage(const LabelImageOptions &options, const MPI_Comm comm) : comm_(comm)
{
  together(comm, [&] {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    if (rank == 0) read(options);
  });
  broadcast(header_, comm);
}

void LabelImage::read(const LabelImageOptions &options)
{
  const std::string &path = options.file;
  if (options.labels_array.empty() && options.modulus_array.empty())
    throw Fault(Exit::input, "option-missing", path, "neither an array of labels nor one of moduli is named");
  if (options.labels_array == options.modulus_array)
    throw Fault(Exit::input, "option-value", path, "the same array for labels and for moduli")
        .found('"' + options.labels_array + '"')
        .hint("Leave the name of the labels empty if there are moduli only.");
  if (has_ending(path, ".vti"))
    read_vti(options);
  else if (has_ending(path, ".nii") || has_ending(path, ".nii.gz"))
    read_nifti_image(options);
  else
    throw Fault(Exit::input, "file-format", path, "the ending names no format of a label image")
        .wanted(".vti, .nii or .nii.gz");
  header_.has_moduli = moduli_.has_value();
  if (moduli_) check_moduli(options);
  count_labels(path, options.most_labels);
}

void LabelImage::read_vti(const LabelImageOptions &options)
{
  const std::string &path = options.file;
  ReadRequest request;
  request.geometry = false;
  request.cell_arrays.emplace();
  request.point_arrays.emplace();
  for (const std::string &name : {options.labels_array, options.modulus_array})
    if (!name.empty()) request.cell_arrays->push_back(name);
  request.limits = options.limits;
  VtkGrid grid = read_vtk_grid(path, request);
  if (!grid.image)
    throw Fault(Exit::input, "file-type", path, "the file holds no image").wanted("a file of type ImageData");
  if (grid.n_cells == 0) throw Fault(Exit::input, "cells-none", path, "the image holds no voxels");
  header_.arrays = grid.cell_array_names;
  const auto take = [&](const std::string &name) {
    const auto array = std::find_if(grid.cell_arrays.begin(), grid.cell_arrays.end(),
                                    [&](const DataArray &a) { return a.name == name; });
    if (array == grid.cell_arrays.end())
      throw array_missing(name, grid.cell_array_names, path, "cell array of the image");
    need_array(grid.cell_arrays, name, 1, path);
    return std::move(*array);
  };
  if (!options.labels_array.empty()) labels_ = take(options.labels_array);
  if (!options.modulus_array.empty()) moduli_ = take(options.modulus_array);

  check_image_frame(*grid.image, path);
  const auto &extent = grid.image->extent;
  Vector3 origin;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    header_.voxels[axis] = extent[2 * axis + 1] - extent[2 * axis];
    origin[static_cast<Eigen::Index>(axis)] =
        grid.image->origin[axis] + grid.image->spacing[axis] * static_cast<double>(extent[2 * axis]);
  }
  set_frame(options, grid.image->spacing, origin);
}

void LabelImage::read_nifti_image(const LabelImageOptions &options)
{
  const std::string &path = options.file;
  NiftiImage image = read_nifti(path, options.limits);
  header_.voxels = image.voxels;
  header_.warnings = image.warnings;
  if (options.voxel_edge == 0 && image.unit != NiftiImage::Unit::unknown &&
      image.unit != NiftiImage::Unit::millimetre)
    throw Fault(Exit::model, "units", path, "unit of length that the image declares")
        .found(image.unit == NiftiImage::Unit::metre ? "metres" : "micrometres")
        .wanted("millimetres")
        .hint("State the edge of a voxel in mm in the case.");
  set_frame(options, image.spacing, Vector3::Zero());
  if (!options.modulus_array.empty()) {
    slope_ = image.slope;
    intercept_ = image.intercept;
    moduli_ = std::move(image.values);
    return;
  }
  if (image.slope != 1 || image.intercept != 0)
    throw Fault(Exit::input, "label-scaling", path, "labels with a slope and an intercept")
        .found(to_text(image.slope) + ", " + to_text(image.intercept))
        .wanted("slope 1 and intercept 0")
        .hint("Labels are no measured values; save them without scaling.");
  labels_ = std::move(image.values);
}

void LabelImage::set_frame(const LabelImageOptions &options, const std::array<double, 3> &spacing,
                           const Vector3 &origin)
{
  const auto [least, greatest] = std::minmax_element(spacing.begin(), spacing.end());
  if (*greatest - *least > most_anisotropy * *least)
    throw Fault(Exit::input, "image-anisotropic", options.file, "edges of a voxel")
        .found(to_text(spacing[0]) + ", " + to_text(spacing[1]) + ", " + to_text(spacing[2]))
        .wanted("three equal ones")
        .hint("Resample the image onto cubes.");
  // With another edge the origin keeps its place among the voxels.
  header_.edge = options.voxel_edge > 0 ? options.voxel_edge : spacing[0];
  header_.origin = header_.edge == spacing[0] ? origin : Vector3(header_.edge / spacing[0] * origin);
  if (options.accept_units) return;
  if (const auto fault = implausible_edge(header_.edge, options.file)) throw *fault;
}

std::array<std::int64_t, 3> LabelImage::place(const std::size_t voxel) const
{
  const auto v = static_cast<std::int64_t>(voxel);
  return {v % header_.voxels[0], v / header_.voxels[0] % header_.voxels[1],
          v / (header_.voxels[0] * header_.voxels[1])};
}

namespace {

std::string text_of(const std::array<std::int64_t, 3> &place)
{
  return "voxel (" + std::to_string(place[0]) + ", " + std::to_string(place[1]) + ", " +
         std::to_string(place[2]) + ")";
}

} // namespace

void LabelImage::check_moduli(const LabelImageOptions &options) const
{
  bool all_void = true;
  visit_numbers(*moduli_, [&](const std::size_t voxel, const double stored) {
    const auto modulus = static_cast<float>(slope_ * stored + intercept_);
    const auto fault = [&](const char *name) {
      return Fault(Exit::model, name, options.file, "Young's modulus of " + text_of(place(voxel)))
          .found(modulus);
    };
    if (!std::isfinite(modulus)) throw fault("not-finite").wanted("finite numbers");
    if (modulus < 0) throw fault("modulus-range").wanted("numbers greater than 0, or 0 for void");
    if (modulus == 0) return true;
    all_void = false;
    if (!options.accept_units && (modulus < static_cast<float>(least_modulus) || modulus > greatest_modulus))
      throw fault("units")
          .wanted("1e-3 to 3e5 MPa, or 0 for void")
          .hint(modulus > 1 ? "This looks like Pa: divide by 1e6, or give --accept-units."
                            : "This looks like another unit (TPa?): multiply, or give --accept-units.");
    return true;
  });
  if (all_void)
    throw Fault(Exit::model, "all-void", options.file,
                "all " + std::to_string(moduli_->n_numbers()) + " voxels are void (modulus 0)");
}

void LabelImage::count_labels(const std::string &path, const std::size_t most_labels)
{
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  std::int32_t last = 0;
  std::int64_t *count = nullptr; // neighbours mostly have the same label
  const auto add = [&](const std::int32_t label) {
    if (count == nullptr || label != last) {
      count = &header_.labels[last = label];
      if (header_.labels.size() > most_labels)
        throw Fault(Exit::input, "labels-many", path,
                    "the image has more than " + std::to_string(most_labels) + " labels")
            .hint("This looks like an image of grey values, not of labels.");
    }
    ++*count;
    return true;
  };
  if (!labels_)
    visit_numbers(*moduli_, [&](std::size_t, const double stored) {
      return add(static_cast<float>(slope_ * stored + intercept_) > 0 ? 1 : 0);
    });
  else
    visit_numbers(*labels_, [&](const std::size_t voxel, const double value) {
      if (!(value >= -most && value <= most && value == std::floor(value)))
        throw Fault(Exit::input, "label-value", path, "label of " + text_of(place(voxel)))
            .found(value)
            .wanted("whole numbers between -2147483647 and 2147483647");
      return add(static_cast<std::int32_t>(value));
    });
}

std::vector<std::uint32_t> LabelImage::labels_of(const std::vector<std::int64_t> &blocks) const
{
  const auto out = static_cast<std::uint32_t>(outside);
  if (labels_)
    return copy_blocks<std::uint32_t>(*labels_, header_.voxels, blocks, out, [](const auto value) {
      return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
    });
  return copy_blocks<std::uint32_t>(*moduli_, header_.voxels, blocks, out, [this](const auto value) {
    return static_cast<float>(slope_ * static_cast<double>(value) + intercept_) > 0 ? 1U : 0U;
  });
}

std::vector<float> LabelImage::moduli_of(const std::vector<std::int64_t> &blocks) const
{
  return copy_blocks<float>(*moduli_, header_.voxels, blocks, 0.0F, [this](const auto value) {
    return static_cast<float>(slope_ * static_cast<double>(value) + intercept_);
  });
}

ImageBlocks LabelImage::read_blocks(const std::vector<Block> &blocks) const
{
  int size = 1, rank = 0;
  MPI_Comm_size(comm_, &size);
  MPI_Comm_rank(comm_, &rank);
  const auto n_ranks = static_cast<std::size_t>(size);
  const std::size_t at_once = std::max<std::size_t>(1, blocks_in_flight / n_ranks);
  std::int64_t rounds = static_cast<std::int64_t>((blocks.size() + at_once - 1) / at_once);
  MPI_Allreduce(MPI_IN_PLACE, &rounds, 1, MPI_INT64_T, MPI_MAX, comm_);

  ImageBlocks result;
  result.labels.reserve(blocks.size() * block_voxels);
  if (header_.has_moduli) result.moduli.reserve(blocks.size() * block_voxels);
  for (std::size_t round = 0; round < static_cast<std::size_t>(rounds); ++round) {
    std::vector<std::vector<std::int64_t>> asked(n_ranks);
    for (std::size_t b = round * at_once; b < std::min(blocks.size(), (round + 1) * at_once); ++b)
      asked[0].insert(asked[0].end(), blocks[b].begin(), blocks[b].end());
    const auto questions = exchange_lists(comm_, asked);

    std::vector<std::vector<std::uint32_t>> labels(n_ranks);
    std::vector<std::vector<float>> moduli(n_ranks);
    if (rank == 0)
      for (std::size_t r = 0; r < n_ranks; ++r) {
        labels[r] = labels_of(questions[r]);
        if (header_.has_moduli) moduli[r] = moduli_of(questions[r]);
      }
    const auto label_answers = exchange_lists(comm_, labels);
    for (const std::uint32_t label : label_answers[0])
      result.labels.push_back(static_cast<std::int32_t>(label));
    if (!header_.has_moduli) continue;
    const auto modulus_answers = exchange_lists(comm_, moduli);
    result.moduli.insert(result.moduli.end(), modulus_answers[0].begin(), modulus_answers[0].end());
  }
  return result;
}

} // namespace wolff::io
