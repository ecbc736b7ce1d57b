#include "io/array_decoding.h"

#include "base/errors.h"
#include "io/byte_stream.h"

#include <zlib.h>

#include <charconv>

namespace wolff::io {

namespace {

// Deflate never gains more than a factor of 1032.
constexpr std::uint64_t greatest_compression = 1032;

std::string counted(const std::uint64_t count, const char *of_what)
{
  return std::to_string(count) + " " + of_what;
}

Fault wrong_length(const InputFile &file, const ArrayNote &note, const std::uint64_t found,
                   const std::uint64_t wanted, const char *of_what)
{
  return Fault(Exit::input, found < wanted ? "array-too-short" : "array-too-long", file.path(),
               note.where() + ": its length")
      .found(counted(found, of_what))
      .wanted(counted(wanted, of_what));
}

constexpr std::string_view white_space = " \t\r\n";

/// Next word of @p text from @p at on, which moves behind it; empty at the end.
std::string_view next_word(const std::string_view text, std::size_t &at)
{
  const std::size_t begin = text.find_first_not_of(white_space, at);
  if (begin == std::string_view::npos) {
    at = text.size();
    return {};
  }
  at = std::min(text.find_first_of(white_space, begin), text.size());
  return text.substr(begin, at - begin);
}

std::uint64_t count_words(const std::string_view text)
{
  std::uint64_t count = 0;
  for (std::size_t at = 0; !next_word(text, at).empty();) ++count;
  return count;
}

void parse_ascii(const InputFile &file, const ArrayNote &note, const std::uint64_t numbers,
                 std::vector<std::byte> &bytes)
{
  with_number_type(note.type, [&](auto zero) {
    using Number = decltype(zero);
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < numbers; ++i) {
      const std::string_view word = next_word(note.text, at);
      Number number{};
      const auto result = std::from_chars(word.data(), word.data() + word.size(), number);
      if (result.ec != std::errc{} || result.ptr != word.data() + word.size())
        throw Fault(Exit::input, "array-number", file.path(), note.where() + ": value " + std::to_string(i))
            .found('"' + std::string(word.substr(0, 40)) + '"')
            .wanted(std::string("a number of type ") + vtk_name(note.type))
            .hint(word.find(',') != std::string_view::npos ? "The decimal sign is a point." : "");
      std::memcpy(bytes.data() + i * sizeof number, &number, sizeof number);
    }
  });
}

std::uint64_t read_count(ByteStream &stream, const VtkLayout &layout)
{
  std::uint64_t value = 0; // little endian, as the file (checked in its header)
  stream.read(&value, layout.header_bytes);
  return value;
}

/// Take memory for @p bytes, if what is left of the file can hold as much at all.
void allocate(const InputFile &file, const ArrayNote &note, const std::uint64_t bytes,
              const std::uint64_t most, MemoryBudget &budget, std::vector<std::byte> &to)
{
  if (bytes > most) throw wrong_length(file, note, most, bytes, "bytes at most");
  budget.take(bytes, file, note.where());
  to.resize(bytes);
}

void inflate_blocks(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                    const std::optional<std::uint64_t> need, MemoryBudget &budget,
                    std::vector<std::byte> &bytes)
{
  ByteStream stream(file, layout, note);
  const std::uint64_t blocks = read_count(stream, layout), block_size = read_count(stream, layout),
                      last_size = read_count(stream, layout);
  const auto damaged = [&](const std::string &what) {
    return Fault(Exit::input, "compressed-blocks", file.path(), note.where() + ": " + what);
  };
  if (blocks > stream.most_left() / layout.header_bytes)
    throw damaged("the table of compressed blocks is longer than the file");
  if (last_size > block_size) throw damaged("the last compressed block is larger than the others");
  std::uint64_t total = 0;
  if (blocks > 0) {
    total = saturated_product(last_size > 0 ? blocks - 1 : blocks, block_size);
    if (__builtin_add_overflow(total, last_size, &total))
      throw damaged("the sizes of the compressed blocks are beyond 64 bits");
  }
  if (need && total != *need) throw wrong_length(file, note, total, *need, "bytes");

  std::vector<std::uint64_t> sizes(blocks);
  std::uint64_t compressed = 0;
  for (std::uint64_t &size : sizes) {
    size = read_count(stream, layout);
    if (__builtin_add_overflow(compressed, size, &compressed) || compressed > stream.most_left())
      throw damaged("the compressed blocks are longer than the file");
  }
  allocate(file, note, total, saturated_product(compressed, greatest_compression), budget, bytes);

  std::vector<Bytef> packed;
  std::uint64_t done = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    const std::uint64_t wanted = b + 1 == sizes.size() && last_size > 0 ? last_size : block_size;
    packed.resize(sizes[b]);
    stream.read(packed.data(), packed.size());
    uLongf out = wanted;
    uLong in = packed.size();
    Bytef none = 0;
    if (uncompress2(wanted == 0 ? &none : reinterpret_cast<Bytef *>(bytes.data() + done), &out, packed.data(),
                    &in) != Z_OK ||
        out != wanted || in != packed.size())
      throw damaged("compressed block " + std::to_string(b) + " is damaged");
    done += wanted;
  }
  if (stream.text_left()) throw damaged("there is more behind the last compressed block");
}

void read_binary(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                 const std::optional<std::uint64_t> need, MemoryBudget &budget, std::vector<std::byte> &bytes)
{
  ByteStream stream(file, layout, note);
  const std::uint64_t declared = read_count(stream, layout);
  if (need && declared != *need) throw wrong_length(file, note, declared, *need, "bytes");
  allocate(file, note, declared, stream.most_left(), budget, bytes);
  stream.read(bytes.data(), bytes.size());
  if (stream.text_left()) throw wrong_length(file, note, declared + 1, declared, "bytes or more");
}

/// The bytes of an array that is not ascii. A file may leave an empty array without any data.
void decode_bytes(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                  const std::optional<std::uint64_t> need, MemoryBudget &budget,
                  std::vector<std::byte> &bytes)
{
  if (need && *need == 0) return;
  if (layout.compressed)
    inflate_blocks(file, layout, note, need, budget, bytes);
  else
    read_binary(file, layout, note, need, budget, bytes);
}

} // namespace

void MemoryBudget::take(const std::uint64_t bytes, const InputFile &file, const std::string &for_what)
{
  if (bytes > left_)
    throw Fault(Exit::too_large, "memory", file.path(), for_what + " needs more memory than there is")
        .found(std::to_string(bytes) + " bytes")
        .wanted("at most " + std::to_string(left_) + " bytes")
        .hint("Use more ranks, a coarser file, or a machine with more memory.");
  left_ -= bytes;
}

DataArray decode_array(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                       const std::uint64_t tuples, MemoryBudget &budget)
{
  if (note.type == NumberType::text)
    throw Fault(Exit::input, "array-type", file.path(), note.where() + ": its type")
        .found("String")
        .wanted("numbers");
  DataArray array{note.name, note.type, note.components, {}, {}};
  const std::uint64_t numbers = saturated_product(tuples, static_cast<std::uint64_t>(note.components));
  const std::uint64_t bytes = saturated_product(numbers, bytes_of(note.type));
  if (note.format == ArrayFormat::ascii) {
    const std::uint64_t found = count_words(note.text);
    if (found != numbers) throw wrong_length(file, note, found, numbers, "values");
    budget.take(bytes, file, note.where());
    array.bytes.resize(bytes);
    parse_ascii(file, note, numbers, array.bytes);
  } else
    decode_bytes(file, layout, note, bytes, budget, array.bytes);
  return array;
}

DataArray decode_field_array(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                             MemoryBudget &budget)
{
  if (note.type != NumberType::text) {
    if (note.format != ArrayFormat::ascii && !note.tuples)
      throw Fault(Exit::input, "attribute-missing", file.path(),
                  note.where() + " has no attribute NumberOfTuples");
    const auto components = static_cast<std::uint64_t>(note.components);
    return decode_array(file, layout, note, note.tuples ? *note.tuples : count_words(note.text) / components,
                        budget);
  }

  // Text is stored as bytes, each text closed by a zero; as ascii the bytes are written as numbers.
  DataArray array{note.name, note.type, note.components, {}, {}};
  std::vector<std::byte> bytes;
  if (note.format == ArrayFormat::ascii) {
    ArrayNote codes = note;
    codes.type = NumberType::int16; // VTK writes the bytes with their sign, others without
    std::vector<std::byte> numbers(2 * count_words(note.text));
    parse_ascii(file, codes, numbers.size() / 2, numbers);
    for (const std::int64_t code : DataArray{note.name, codes.type, 1, std::move(numbers), {}}.integers()) {
      if (code < -128 || code > 255)
        throw Fault(Exit::input, "array-number", file.path(), note.where() + ": code of a character")
            .found(std::to_string(code))
            .wanted("-128 to 255");
      bytes.push_back(static_cast<std::byte>(code));
    }
  } else
    decode_bytes(file, layout, note, {}, budget, bytes);
  std::string text;
  for (const std::byte byte : bytes) {
    if (byte != std::byte{0}) {
      text += static_cast<char>(byte);
      continue;
    }
    array.texts.push_back(std::move(text));
    text.clear();
  }
  if (!text.empty()) array.texts.push_back(std::move(text));
  // An empty last text may have lost its zero; more or fewer texts than declared are damage.
  if (note.tuples && array.texts.size() != *note.tuples)
    throw wrong_length(file, note, array.texts.size(), *note.tuples, "texts");
  return array;
}

} // namespace wolff::io
