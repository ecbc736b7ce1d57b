// From the bytes of a VTK file to numbers: ascii text, base64, raw, zlib blocks. Every declared size is
// compared with what the file can hold before memory is taken for it.
#pragma once

#include "io/vtk_layout.h"

namespace wolff::io {

/// How much memory is left for arrays, counted down as they are decoded.
class MemoryBudget
{
public:
  explicit MemoryBudget(const std::uint64_t bytes) : left_(bytes) {}
  /// @throws Fault (exit 7) if @p bytes are more than what is left
  void take(std::uint64_t bytes, const InputFile &file, const std::string &for_what);

private:
  std::uint64_t left_;
};

/**
 * Decode one array with exactly @p tuples tuples.
 * @throws Fault (exit 2) if the file holds another number of values, or values that are no numbers of the
 * type; (exit 7) if the array is beyond the budget
 */
DataArray decode_array(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                       std::uint64_t tuples, MemoryBudget &budget);

/// Decode an array of field data: its length is what the file declares for it, or as many values as there
/// are.
DataArray decode_field_array(const InputFile &file, const VtkLayout &layout, const ArrayNote &note,
                             MemoryBudget &budget);

} // namespace wolff::io
