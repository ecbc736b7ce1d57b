#include "io/nifti_file.h"

#include "base/errors.h"
#include "io/array_decoding.h"
#include "io/vtk_grid.h"

#include <zlib.h>

#include <Eigen/Core>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace wolff::io {

namespace {

constexpr std::size_t header_bytes = 348;
constexpr std::uint64_t greatest_gzip_ratio = 1032; // of the deflate method

/// Offsets in the header, from nifti1.h.
namespace at {
constexpr std::size_t header_size = 0, dimensions = 40, type = 70, bits = 72, spacing = 76, data = 108,
                      slope = 112, intercept = 116, units = 123, qform = 252, sform = 254, quaternion = 256,
                      rows = 280, magic = 344;
}

struct Type
{
  int code;
  NumberType number;
};
constexpr std::array<Type, 8> types{{{2, NumberType::uint8},
                                     {4, NumberType::int16},
                                     {8, NumberType::int32},
                                     {16, NumberType::float32},
                                     {64, NumberType::float64},
                                     {256, NumberType::int8},
                                     {512, NumberType::uint16},
                                     {768, NumberType::uint32}}};

/// Bytes of a plain or gzip-compressed file, one after the other.
class Bytes
{
public:
  Bytes(const InputFile &file, const bool compressed) : file_(file), compressed_(compressed)
  {
    // 16: a gzip header is expected, and its checksum compared at the end
    if (compressed_ && inflateInit2(&zlib_, MAX_WBITS + 16) != Z_OK)
      throw Fault(Exit::internal, "compression", file_.path(), "zlib cannot be started");
  }
  ~Bytes()
  {
    if (compressed_) inflateEnd(&zlib_);
  }
  Bytes(const Bytes &) = delete;
  Bytes &operator=(const Bytes &) = delete;

  /// Upper bound of what all bytes of the file can become.
  std::uint64_t most() const
  {
    return compressed_ ? saturated_product(file_.size(), greatest_gzip_ratio) : file_.size();
  }

  /// @throws Fault (exit 2) if there are fewer than @p count
  void read(void *to, const std::size_t count)
  {
    if (!compressed_)
      file_.read(position_, to, count); // throws at the end of the file
    else if (const std::size_t got = inflate_some(to, count); got < count)
      throw too_short(position_ + got, position_ + count);
    position_ += count;
  }

  /// Is there anything left? Compares the checksum of compressed data when there is nothing.
  bool more()
  {
    std::byte next{};
    return compressed_ ? inflate_some(&next, 1) > 0 : position_ < file_.size();
  }

private:
  /// Fewer than @p count bytes only at the end of the data.
  std::size_t inflate_some(void *to, const std::size_t count)
  {
    std::size_t done = 0;
    while (done < count) {
      if (zlib_.avail_in == 0 && !refill()) {
        if (!ended_) throw too_short(position_ + done, position_ + count);
        break;
      }
      if (ended_ && inflateReset(&zlib_) != Z_OK) throw damaged(); // compressed data may follow one another
      const auto room = static_cast<uInt>(std::min(count - done, std::size_t{1} << 30));
      zlib_.next_out = static_cast<Bytef *>(to) + done;
      zlib_.avail_out = room;
      const int status = inflate(&zlib_, Z_NO_FLUSH);
      done += room - zlib_.avail_out;
      ended_ = status == Z_STREAM_END;
      if (status != Z_STREAM_END && status != Z_OK) throw damaged();
    }
    return done;
  }

  bool refill()
  {
    const auto piece =
        static_cast<std::size_t>(std::min<std::uint64_t>(packed_.size(), file_.size() - file_position_));
    file_.read(file_position_, packed_.data(), piece);
    file_position_ += piece;
    zlib_.next_in = packed_.data();
    zlib_.avail_in = static_cast<uInt>(piece);
    return piece > 0;
  }

  Fault too_short(const std::uint64_t found, const std::uint64_t wanted) const
  {
    return Fault(Exit::input, "truncated", file_.path(), "the compressed data end too early")
        .found(std::to_string(found) + " bytes")
        .wanted("at least " + std::to_string(wanted) + " bytes");
  }

  Fault damaged() const
  {
    return Fault(Exit::input, "gzip", file_.path(),
                 "the compressed data are damaged before byte " + std::to_string(file_position_))
        .found(zlib_.msg != nullptr ? zlib_.msg : "no gzip data");
  }

  const InputFile &file_;
  bool compressed_, ended_ = false;                ///< ended: a whole stream of compressed data was read
  std::uint64_t position_ = 0, file_position_ = 0; ///< of the content; of the file
  std::vector<Bytef> packed_ = std::vector<Bytef>(std::size_t{1} << 16);
  z_stream zlib_{};
};

class NiftiReader
{
public:
  NiftiReader(const std::string &path, const ReadLimits &limits)
      : file_(path), bytes_(file_, has_ending(path, ".gz")), budget_(limits.memory_bytes())
  {
  }

  NiftiImage read()
  {
    if (file_.size() == 0) throw Fault(Exit::input, "file-empty", file_.path(), "nothing in it");
    bytes_.read(header_.data(), header_.size());
    check_kind();
    NiftiImage image;
    read_grid(image);
    read_scaling(image);
    check_axes(image);
    read_values(image);
    file_.check_unchanged();
    return image;
  }

private:
  template <typename Number>
  Number number(const std::size_t offset) const
  {
    Number value{};
    std::memcpy(&value, header_.data() + offset, sizeof value);
    return value;
  }

  Fault header_fault(const std::string &problem) const
  {
    return Fault(Exit::input, "nifti-header", file_.path(), problem);
  }

  void check_kind() const
  {
    const auto size = number<std::uint32_t>(at::header_size);
    const std::string magic(reinterpret_cast<const char *>(header_.data() + at::magic), 3);
    if (size == __builtin_bswap32(header_bytes))
      throw Fault(Exit::input, "byte-order", file_.path(), "the numbers of the image are not little-endian")
          .hint("Save the image again on a usual machine.");
    if (size != header_bytes)
      throw header_fault("length of the header that the file states")
          .found(std::to_string(size))
          .wanted("348 of a NIfTI-1 file")
          .hint(size == 540 ? "This is a NIfTI-2 file: save it as NIfTI-1." : "");
    if (magic != "n+1")
      throw header_fault("mark of the header")
          .found(magic == "ni1" ? "ni1" : "another one")
          .wanted("n+1")
          .hint(magic == "ni1" ? "Header and numbers are two files here: save them as one .nii." : "");
  }

  void read_grid(NiftiImage &image) const
  {
    const auto axes = number<std::int16_t>(at::dimensions);
    std::string found = std::to_string(axes) + " axes:";
    bool sound = axes >= 3 && axes <= 7;
    for (int axis = 1; axis <= std::clamp<int>(axes, 0, 7); ++axis) {
      const auto n = number<std::int16_t>(at::dimensions + 2 * static_cast<std::size_t>(axis));
      found += ' ' + std::to_string(n);
      sound = sound && (axis <= 3 ? n > 0 : n == 1);
      if (axis <= 3) image.voxels[static_cast<std::size_t>(axis) - 1] = n;
    }
    if (!sound)
      throw Fault(Exit::input, "nifti-dimensions", file_.path(), "size of the image")
          .found(found)
          .wanted("three axes with at least one voxel each, all further axes of length 1");
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto spacing = number<float>(at::spacing + 4 * (axis + 1));
      if (!(std::isfinite(spacing) && spacing > 0))
        throw Fault(Exit::input, "image-spacing", file_.path(), "spacing of the image")
            .found(spacing)
            .wanted("three numbers greater than 0");
      image.spacing[axis] = as_written(spacing);
    }
    const int unit = number<std::uint8_t>(at::units) & 7;
    image.unit = unit == 1   ? NiftiImage::Unit::metre
                 : unit == 2 ? NiftiImage::Unit::millimetre
                 : unit == 3 ? NiftiImage::Unit::micrometre
                             : NiftiImage::Unit::unknown;
  }

  /// The header holds floats: 0.0607f is meant as 0.0607, not as 0.060700003057718277.
  static double as_written(const float value)
  {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    double read = 0;
    std::from_chars(text, end, read);
    return read;
  }

  void read_scaling(NiftiImage &image) const
  {
    const auto slope = number<float>(at::slope), intercept = number<float>(at::intercept);
    if (slope == 0) return; // by definition: no scaling
    if (!std::isfinite(slope) || !std::isfinite(intercept))
      throw Fault(Exit::input, "not-finite", file_.path(), "slope and intercept of the values")
          .found(to_text(slope) + ", " + to_text(intercept))
          .wanted("finite numbers");
    image.slope = as_written(slope);
    image.intercept = as_written(intercept);
  }

  /// Directions of the voxel axes; sform before qform, as the standard recommends.
  void check_axes(NiftiImage &image) const
  {
    Eigen::Matrix3d axes = Eigen::Matrix3d::Identity();
    if (number<std::int16_t>(at::sform) > 0)
      for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column)
          axes(row, column) = number<float>(at::rows + static_cast<std::size_t>(16 * row + 4 * column));
    else if (number<std::int16_t>(at::qform) > 0) {
      const double b = number<float>(at::quaternion), c = number<float>(at::quaternion + 4),
                   d = number<float>(at::quaternion + 8),
                   a = std::sqrt(std::max(0.0, 1 - b * b - c * c - d * d));
      axes << a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c), //
          2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b),     //
          2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c;
    }
    const Eigen::Matrix3d diagonal = axes.diagonal().asDiagonal();
    if ((axes - diagonal).cwiseAbs().maxCoeff() <= 1e-3 * diagonal.cwiseAbs().maxCoeff()) return;
    image.warnings.push_back(
        "warning[image-direction] " + file_.path() +
        ": the voxel axes are turned against those of the scanner; they are taken as x, y, z "
        "in the order in which they are stored");
  }

  void read_values(NiftiImage &image)
  {
    const int code = number<std::int16_t>(at::type);
    const auto type = std::find_if(types.begin(), types.end(), [&](const Type &t) { return t.code == code; });
    const auto bits = number<std::int16_t>(at::bits);
    if (type == types.end() || bits != static_cast<int>(8 * bytes_of(type->number)))
      throw Fault(Exit::input, "array-type", file_.path(), "type of the values")
          .found("code " + std::to_string(code) + " with " + std::to_string(bits) + " bits")
          .wanted("uint8, int16, int32, float32, float64, int8, uint16 or uint32 "
                  "(codes 2, 4, 8, 16, 64, 256, 512, 768)");
    const auto begin = number<float>(at::data);
    if (!(begin >= header_bytes && begin <= 1e9 && begin == std::floor(begin)))
      throw header_fault("byte at which the values begin")
          .found(begin)
          .wanted("a whole number of at least 348");
    std::uint64_t size = bytes_of(type->number);
    for (const std::int64_t n : image.voxels) size = saturated_product(size, static_cast<std::uint64_t>(n));
    const std::uint64_t total = static_cast<std::uint64_t>(begin) + size;
    if (total > bytes_.most())
      throw Fault(Exit::input, "truncated", file_.path(), "the file is too short for the size of the image")
          .found("at most " + std::to_string(bytes_.most()) + " bytes")
          .wanted(std::to_string(total) + " bytes");
    budget_.take(size, file_, "the image");
    std::array<std::byte, 4096> skipped{};
    for (auto left = static_cast<std::size_t>(begin) - header_bytes; left > 0;) {
      const std::size_t piece = std::min(left, skipped.size());
      bytes_.read(skipped.data(), piece);
      left -= piece;
    }
    image.values = DataArray{"values", type->number, 1, std::vector<std::byte>(size), {}};
    bytes_.read(image.values.bytes.data(), size);
    if (bytes_.more())
      throw Fault(Exit::input, "array-too-long", file_.path(), "there is more behind the values of the image")
          .wanted(std::to_string(total) + " bytes");
  }

  InputFile file_;
  Bytes bytes_;
  MemoryBudget budget_;
  std::array<std::byte, header_bytes> header_{};
};

} // namespace

NiftiImage read_nifti(const std::string &path, const ReadLimits &limits)
{
  try {
    return NiftiReader(path, limits).read();
  } catch (const std::bad_alloc &) {
    throw Fault(Exit::too_large, "memory", path, "the file needs more memory than there is");
  }
}

} // namespace wolff::io
