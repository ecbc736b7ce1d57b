// The binary bytes of one array in a VTK file, one after the other, whether they stand raw in the file or as
// base64 text.
#pragma once

#include "io/vtk_layout.h"

namespace wolff::io {

class ByteStream
{
public:
  ByteStream(const InputFile &file, const VtkLayout &layout, const ArrayNote &note);

  /// @throws Fault (exit 2) if fewer bytes are left, or the base64 text holds a wrong character
  void read(void *to, std::size_t count);
  /// Upper bound of the bytes still to come.
  std::uint64_t most_left() const;
  /// Is there anything but white space left in inline text?
  bool text_left();

private:
  int next_character();
  void decode_group();

  const InputFile &file_;
  const ArrayNote &note_;
  bool base64_, inline_text_;
  std::uint64_t position_ = 0, end_ = 0; ///< in the file, or in the text of the note
  std::string buffer_;                   ///< characters read ahead from the file
  std::size_t buffer_at_ = 0;
  unsigned char group_[3]{}; ///< decoded bytes not handed out yet
  std::size_t group_at_ = 0, group_size_ = 0;
};

} // namespace wolff::io
