#include "app/version.h"

#include <deal.II/base/config.h>
#include <vtkVersion.h>

#include <mpi.h>

namespace wolff::app {

namespace {

/// The first sentence of "Open MPI v4.1.4, package: Debian OpenMPI, ident: ...".
std::string mpi_library()
{
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string whole(text);
  return whole.substr(0, whole.find_first_of(",\n"));
}

} // namespace

std::vector<std::pair<std::string, std::string>> version_record()
{
  const Build our = build();
  return {{"wolff", our.version},
          {"git revision", our.revision},
          {"source modified", our.modified},
          {"deal.II", DEAL_II_PACKAGE_VERSION},
          {"VTK", vtkVersion::GetVTKVersion()},
          {"MPI", mpi_library()},
          {"compiler", our.compiler},
          {"build type", our.build_type}};
}

std::string version_text()
{
  std::string text;
  for (const auto &[name, value] : version_record())
    text += name + std::string(name.size() < 16 ? 16 - name.size() : 1, ' ') + value + "\n";
  return text;
}

} // namespace wolff::app
