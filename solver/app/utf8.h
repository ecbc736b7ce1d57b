// Text from outside, looked at byte by byte: is it UTF-8, and where is a byte for somebody with an editor?
#pragma once

#include <cstddef>
#include <string>

namespace wolff::app {

/// Offset of the first byte that is no sound UTF-8 or a control character other than tab, CR and LF; npos if
/// none.
std::size_t first_bad_byte(const std::string &text);

/// Line and column of a byte offset, both from 1; the column counts characters.
struct LineColumn
{
  int line = 1, column = 1;
};
LineColumn line_and_column(const std::string &text, std::size_t offset);

} // namespace wolff::app
