#include "io/byte_stream.h"

#include "base/errors.h"

#include <algorithm>
#include <array>

namespace wolff::io {

namespace {

/// Value of each base64 character; -1: not one of them, -2: white space.
constexpr std::array<signed char, 256> base64_values()
{
  std::array<signed char, 256> values{};
  for (auto &value : values) value = -1;
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 64; ++i) values[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  for (const char space : {' ', '\t', '\r', '\n'}) values[static_cast<unsigned char>(space)] = -2;
  return values;
}

constexpr auto value_of = base64_values();

} // namespace

ByteStream::ByteStream(const InputFile &file, const VtkLayout &layout, const ArrayNote &note)
    : file_(file), note_(note), base64_(note.format == ArrayFormat::binary || layout.appended_base64),
      inline_text_(note.format == ArrayFormat::binary)
{
  if (inline_text_) {
    end_ = note.text.size();
    return;
  }
  end_ = layout.appended_end;
  if (layout.appended_begin == layout.appended_end)
    throw Fault(Exit::input, "appended-missing", file.path(),
                note.where() + " stands in appended data, and the file has none");
  if (note.offset >= layout.appended_end - layout.appended_begin)
    throw Fault(Exit::input, "appended-offset", file.path(),
                note.where() + ": its offset lies behind the end of the appended data")
        .found(std::to_string(note.offset))
        .wanted("less than " + std::to_string(layout.appended_end - layout.appended_begin));
  position_ = layout.appended_begin + note.offset;
}

std::uint64_t ByteStream::most_left() const
{
  const std::uint64_t characters = end_ - position_ + (buffer_.size() - buffer_at_);
  return base64_ ? characters / 4 * 3 + 3 + (group_size_ - group_at_) : characters;
}

int ByteStream::next_character()
{
  if (inline_text_) return position_ < end_ ? static_cast<unsigned char>(note_.text[position_++]) : -1;
  if (buffer_at_ == buffer_.size()) {
    buffer_.resize(std::min<std::uint64_t>(end_ - position_, std::uint64_t{1} << 16));
    file_.read(position_, buffer_.data(), buffer_.size());
    position_ += buffer_.size();
    buffer_at_ = 0;
    if (buffer_.empty()) return -1;
  }
  return static_cast<unsigned char>(buffer_[buffer_at_++]);
}

void ByteStream::decode_group()
{
  std::uint32_t bits = 0;
  int characters = 0, padding = 0;
  while (characters < 4) {
    const int c = next_character();
    if (c < 0)
      throw Fault(Exit::input, "truncated", file_.path(), note_.where() + ": its data end too early");
    const signed char value = c == '=' ? 0 : value_of[static_cast<std::size_t>(c)];
    if (value == -2) continue;
    // Padding closes a group: "xx==" or "xxx=". VTK may pad in mid-stream, where a separately coded header
    // ends.
    if (value < 0 || (c == '=' && characters < 2) || (c != '=' && padding > 0))
      throw Fault(Exit::input, "base64", file_.path(),
                  note_.where() + ": character " + std::to_string(c) + " is not base64");
    if (c == '=') ++padding;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    ++characters;
  }
  for (int i = 0; i < 3; ++i) group_[i] = static_cast<unsigned char>(bits >> (16 - 8 * i));
  group_at_ = 0;
  group_size_ = static_cast<std::size_t>(3 - padding);
}

void ByteStream::read(void *to, const std::size_t count)
{
  if (count == 0) return;
  if (!base64_) {
    if (count > most_left())
      throw Fault(Exit::input, "truncated", file_.path(),
                  note_.where() + ": its data reach beyond the appended data")
          .found(std::to_string(most_left()) + " bytes left")
          .wanted(std::to_string(count) + " bytes");
    file_.read(position_, to, count);
    position_ += count;
    return;
  }
  auto *bytes = static_cast<unsigned char *>(to);
  for (std::size_t done = 0; done < count;) {
    if (group_at_ == group_size_) decode_group();
    const std::size_t n = std::min(count - done, group_size_ - group_at_);
    std::copy_n(group_ + group_at_, n, bytes + done);
    group_at_ += n;
    done += n;
  }
}

bool ByteStream::text_left()
{
  if (!inline_text_) return false;
  if (group_at_ < group_size_) return true;
  for (int c = next_character(); c >= 0; c = next_character())
    if (value_of[static_cast<std::size_t>(c)] != -2) return true;
  return false;
}

} // namespace wolff::io
