// The contract with whoever reads or writes our field files: a table of arrays, the page that describes them,
// and the check of a file against it. The table itself is filled where the arrays are known (coupling/); here
// is only its form.
#pragma once

#include "base/options.h"
#include "io/vtk_grid.h"

#include <string>
#include <vector>

namespace wolff::io {

enum class Place
{
  cell,
  point,
  field
};

/// One array of the contract.
struct ContractArray
{
  std::string name; ///< ends in its unit where it has one: "stress_MPa"
  Place place = Place::cell;
  int components = 1; ///< 6: symmetric tensor XX YY ZZ XY YZ XZ; field data: 0 for any number of values
  NumberType type = NumberType::float64;
  std::string unit = "-";
  Range range; ///< admissible values
  std::string meaning;
  std::vector<std::string> files; ///< kinds of file that hold it: "tissue", "mechanics", "view"
  bool required = true;           ///< must be there in these files
};

struct Contract
{
  int format_version = 1;
  std::vector<ContractArray> arrays;

  /// All kinds of file that the arrays name, in the order of first mention.
  std::vector<std::string> kinds() const;
};

/// Field data by which a file says what it is.
inline constexpr const char *kind_field = "wolff_file", *version_field = "format_version";

/// The texts of one array of field data; none if there is no such array, or if it holds numbers. Reads field
/// data only. @throws Fault (exit 2) if the file is not sound
std::vector<std::string> contract_texts(const std::string &path, const std::string &field,
                                        const ReadLimits &limits = {});

/// What kind of our files this is ("tissue", ...), or empty for a file that says nothing. Reads field data
/// only.
/// @throws Fault (exit 2) if the file is not sound
std::string contract_kind(const std::string &path, const ReadLimits &limits = {});

struct ContractReport
{
  std::string kind;
  std::int64_t n_cells = 0, n_points = 0;
  std::vector<std::string> warnings; ///< arrays that the contract does not know
};

/**
 * Read the whole file and compare it with the contract. All problems are reported at once. Files whose real
 * numbers are Float32 pass only as kind "view": they cannot restart anything.
 * @throws Fault or FaultList: exit 2 for arrays missing, of the wrong type or components, not finite, cell
 * ids not unique, cells that are no hexahedra, another format version; exit 3 for values out of range
 */
ContractReport check_contract_file(const std::string &path, const Contract &contract,
                                   const ReadLimits &limits = {});

/// The tables of solver/doc/exchange.md, one for each kind of file.
std::string contract_markdown(const Contract &contract);

} // namespace wolff::io
