#include "io/data_array.h"

#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

namespace wolff::io {

namespace {

struct TypeName
{
  NumberType type;
  const char *name;
  std::size_t bytes;
};

constexpr std::array<TypeName, 11> types{{{NumberType::int8, "Int8", 1},
                                          {NumberType::uint8, "UInt8", 1},
                                          {NumberType::int16, "Int16", 2},
                                          {NumberType::uint16, "UInt16", 2},
                                          {NumberType::int32, "Int32", 4},
                                          {NumberType::uint32, "UInt32", 4},
                                          {NumberType::int64, "Int64", 8},
                                          {NumberType::uint64, "UInt64", 8},
                                          {NumberType::float32, "Float32", 4},
                                          {NumberType::float64, "Float64", 8},
                                          {NumberType::text, "String", 0}}};

template <typename Number>
Number at(const std::vector<std::byte> &bytes, const std::size_t index)
{
  Number number; // memcpy: the bytes of a file need not be aligned
  std::memcpy(&number, bytes.data() + index * sizeof number, sizeof number);
  return number;
}

// A real number beyond the integers, or none at all, must not reach a cast: that would be undefined.
template <typename Number>
std::int64_t as_integer(const Number number)
{
  if constexpr (std::is_floating_point_v<Number>) {
    if (!(std::abs(number) < Number(9.2e18))) return std::numeric_limits<std::int64_t>::min();
  }
  return static_cast<std::int64_t>(number);
}

} // namespace

const char *vtk_name(const NumberType type)
{
  return types[static_cast<std::size_t>(type)].name;
}

std::optional<NumberType> number_type(const std::string_view vtk_name)
{
  for (const TypeName &entry : types)
    if (vtk_name == entry.name) return entry.type;
  return {};
}

std::size_t bytes_of(const NumberType type)
{
  return types[static_cast<std::size_t>(type)].bytes;
}

double DataArray::real(const std::size_t index) const
{
  double value = 0;
  with_number_type(type, [&](auto zero) { value = static_cast<double>(at<decltype(zero)>(bytes, index)); });
  return value;
}

std::int64_t DataArray::integer(const std::size_t index) const
{
  std::int64_t value = 0;
  with_number_type(type, [&](auto zero) { value = as_integer(at<decltype(zero)>(bytes, index)); });
  return value;
}

std::vector<double> DataArray::reals() const
{
  std::vector<double> values(n_numbers());
  with_number_type(type, [&](auto zero) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(at<decltype(zero)>(bytes, i));
  });
  return values;
}

std::vector<std::int64_t> DataArray::integers() const
{
  std::vector<std::int64_t> values(n_numbers());
  with_number_type(type, [&](auto zero) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_integer(at<decltype(zero)>(bytes, i));
  });
  return values;
}

const DataArray *find_array(const std::vector<DataArray> &arrays, const std::string_view name)
{
  for (const DataArray &array : arrays)
    if (array.name == name) return &array;
  return nullptr;
}

NotFinite not_finite(const DataArray &array)
{
  NotFinite result;
  with_number_type(array.type, [&](auto zero) {
    if constexpr (std::is_floating_point_v<decltype(zero)>) {
      const std::size_t n = array.n_numbers();
      for (std::size_t i = 0; i < n; ++i)
        if (!std::isfinite(at<decltype(zero)>(array.bytes, i)) && result.count++ == 0) result.first = i;
    }
  });
  return result;
}

} // namespace wolff::io
