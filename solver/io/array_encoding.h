// From numbers to the compressed binary form of VTK XML files: a table of block sizes, then zlib blocks.
#pragma once

#include <cstddef>
#include <string>

namespace wolff::io {

/// Bytes that go into the appended data of a file with header_type UInt64 and vtkZLibDataCompressor. The same
/// input gives the same bytes.
std::string compressed_array(const void *numbers, std::size_t bytes);

/// The same as inline text: base64 of the table of blocks, then base64 of the blocks.
std::string base64_of_compressed(const std::string &compressed);

} // namespace wolff::io
