// One named array of a VTK file in memory, in the number type of the file, so that a Float64 or an Int64
// comes through reading and writing bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wolff::io {

enum class NumberType : std::uint8_t
{
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64,
  text
};

/// "Int8" ... "Float64", "String": the names that VTK files use.
const char *vtk_name(NumberType type);
std::optional<NumberType> number_type(std::string_view vtk_name);
/// Bytes of one number; 0 for text.
std::size_t bytes_of(NumberType type);
inline bool is_real(NumberType type)
{
  return type == NumberType::float32 || type == NumberType::float64;
}
inline bool is_integer(NumberType type)
{
  return type < NumberType::float32;
}

template <typename Number>
constexpr NumberType number_type_of();
template <>
constexpr NumberType number_type_of<std::int8_t>()
{
  return NumberType::int8;
}
template <>
constexpr NumberType number_type_of<std::uint8_t>()
{
  return NumberType::uint8;
}
template <>
constexpr NumberType number_type_of<std::int16_t>()
{
  return NumberType::int16;
}
template <>
constexpr NumberType number_type_of<std::uint16_t>()
{
  return NumberType::uint16;
}
template <>
constexpr NumberType number_type_of<std::int32_t>()
{
  return NumberType::int32;
}
template <>
constexpr NumberType number_type_of<std::uint32_t>()
{
  return NumberType::uint32;
}
template <>
constexpr NumberType number_type_of<std::int64_t>()
{
  return NumberType::int64;
}
template <>
constexpr NumberType number_type_of<std::uint64_t>()
{
  return NumberType::uint64;
}
template <>
constexpr NumberType number_type_of<float>()
{
  return NumberType::float32;
}
template <>
constexpr NumberType number_type_of<double>()
{
  return NumberType::float64;
}

struct DataArray
{
  std::string name;
  NumberType type = NumberType::float64;
  int components = 1;
  std::vector<std::byte> bytes;   ///< the numbers, tuple after tuple
  std::vector<std::string> texts; ///< of a text array (field data only)

  std::size_t n_numbers() const
  {
    return type == NumberType::text ? texts.size() : bytes.size() / bytes_of(type);
  }
  std::size_t n_tuples() const { return n_numbers() / static_cast<std::size_t>(components); }
  std::size_t bytes_of_tuple() const { return bytes_of(type) * static_cast<std::size_t>(components); }

  /// Number @p index of all tuples in a row, as a double (exact for all types but 64-bit integers beyond
  /// 2^53).
  double real(std::size_t index) const;
  /// Number @p index as an integer; a real number is cut. Check with is_integer first where it matters.
  std::int64_t integer(std::size_t index) const;

  std::vector<double> reals() const;
  std::vector<std::int64_t> integers() const;

  bool operator==(const DataArray &) const = default;
};

template <typename Number>
DataArray make_array(std::string name, const int components, const std::vector<Number> &numbers)
{
  DataArray array{std::move(name), number_type_of<Number>(), components, {}, {}};
  array.bytes.resize(numbers.size() * sizeof(Number));
  if (!numbers.empty()) std::memcpy(array.bytes.data(), numbers.data(), array.bytes.size());
  return array;
}

/// The array of that name, or nullptr.
const DataArray *find_array(const std::vector<DataArray> &arrays, std::string_view name);

/// Call @p work with a zero of the C++ type of @p type; nothing happens for text.
template <typename Work>
void with_number_type(const NumberType type, const Work &work)
{
  switch (type) {
  case NumberType::int8:
    work(std::int8_t{});
    break;
  case NumberType::uint8:
    work(std::uint8_t{});
    break;
  case NumberType::int16:
    work(std::int16_t{});
    break;
  case NumberType::uint16:
    work(std::uint16_t{});
    break;
  case NumberType::int32:
    work(std::int32_t{});
    break;
  case NumberType::uint32:
    work(std::uint32_t{});
    break;
  case NumberType::int64:
    work(std::int64_t{});
    break;
  case NumberType::uint64:
    work(std::uint64_t{});
    break;
  case NumberType::float32:
    work(float{});
    break;
  case NumberType::float64:
    work(double{});
    break;
  case NumberType::text:
    break;
  }
}

/// Index of the first number that is NaN or infinite, and how many there are.
struct NotFinite
{
  std::size_t first = 0, count = 0;
};
NotFinite not_finite(const DataArray &array);

} // namespace wolff::io
