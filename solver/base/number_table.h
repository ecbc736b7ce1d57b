// A table of numbers that a user brings, with named columns and remarks: what a CSV file holds. The room that
// owns the meaning looks up its columns; the room that reads files checks the form.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wolff {

struct NumberTable
{
  std::string place;                     ///< file it was read from, for messages
  std::vector<std::string> remarks;      ///< comment lines without their leading sign and blanks
  std::vector<std::string> columns;      ///< names as in the header line
  std::vector<std::vector<double>> rows; ///< as many numbers each as there are columns
  std::vector<std::size_t> lines;        ///< line of the file of each row, the first is 1
};

} // namespace wolff
