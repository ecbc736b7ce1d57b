// Rows of the dashboard: one line per V-number and mesh family. Written to $WOLFF_RECORD_DIR/<number>.csv by
// rank 0 if that variable is set; nothing happens otherwise.
#pragma once

#include <mpi.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

namespace wolff::tests {

/**
 * Append one result. @p number "V602", @p family the mesh family ("uniform"), @p band the
 * accepted band as text (">= 1.8"). The test itself asserts; this only reports.
 */
inline void record(const std::string &number, const std::string &family, const std::string &quantity,
                   const double value, const std::string &band)
{
  const char *folder = std::getenv("WOLFF_RECORD_DIR");
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (folder == nullptr || *folder == '\0' || rank != 0) return;
  const auto quoted = [](const std::string &text) {
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
  };
  const std::filesystem::path path = std::filesystem::path(folder) / (number + ".csv");
  const bool is_new = !std::filesystem::exists(path);
  std::ofstream file(path, std::ios::app);
  file.precision(std::numeric_limits<double>::max_digits10);
  if (is_new) file << "number,family,ranks,quantity,value,band\n";
  file << number << ',' << quoted(family) << ',' << size << ',' << quoted(quantity) << ',' << value << ','
       << quoted(band) << '\n';
}

} // namespace wolff::tests
