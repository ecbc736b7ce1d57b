#include "base/memory.h"

#include "base/errors.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>

namespace wolff {

namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// The number behind @p name in a file of lines "name number".
std::optional<double> number_in(const std::string &path, const std::string &name)
{
  std::ifstream file(path);
  std::string word;
  while (file >> word) {
    double number = 0;
    if (word == name && file >> number) return number;
    file.clear();
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return {};
}

/// A file that holds one number; nothing if it holds a word such as "max".
std::optional<double> number_of(const std::string &path)
{
  std::ifstream file(path);
  double number = 0;
  if (file >> number) return number;
  return {};
}

/// Where the control group of this process (version 2) lies below the mount.
std::string group_path(const std::string &root)
{
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("0::")) return line.substr(3);
  return "/";
}

/// What the tightest of the groups around this process leaves; what files are cached can be given back.
double left_by_groups(const std::string &root)
{
  const std::string mount = root + "/sys/fs/cgroup";
  double left = no_limit;
  for (std::filesystem::path group = group_path(root);; group = group.parent_path()) {
    const std::string folder = mount + group.string();
    const std::optional<double> limit = number_of(folder + "/memory.max"),
                                used = number_of(folder + "/memory.current");
    if (limit && used) {
      const double cached = number_in(folder + "/memory.stat", "inactive_file").value_or(0) +
                            number_in(folder + "/memory.stat", "active_file").value_or(0);
      left = std::min(left, *limit - *used + cached);
    }
    if (!group.has_relative_path()) break;
  }
  return left;
}

std::string gigabytes(const double bytes)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.3g GB", 1e-9 * bytes);
  return text;
}

} // namespace

FreeMemory free_memory(const std::string &root)
{
  constexpr double kilobyte = 1024;
  FreeMemory found{no_limit, no_limit};
  if (const std::optional<double> available = number_in(root + "/proc/meminfo", "MemAvailable:"))
    found.of_machine = kilobyte * *available;
  found.of_machine = std::max(0.0, std::min(found.of_machine, left_by_groups(root)));
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    found.of_process =
        std::max(0.0, static_cast<double>(limit.rlim_cur) -
                          kilobyte * number_in(root + "/proc/self/status", "VmSize:").value_or(0));
  return found;
}

void require_memory(const double bytes, const std::string &place, const MPI_Comm comm,
                    const FreeMemory &found)
{
  int size = 1, on_machine = 1;
  MPI_Comm_size(comm, &size);
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &on_machine);
  MPI_Comm_free(&machine);
  const double of_rank = bytes / size;
  together(comm, [&] {
    const auto refuse = [&](const double needed, const double has, const std::string &who) {
      if (needed > has)
        throw Fault(Exit::too_large, "memory", place, "memory that " + who + " needs, by estimate")
            .found(gigabytes(needed))
            .wanted("at most the " + gigabytes(has) + " that are free")
            .hint("Use more machines or coarser voxels");
    };
    refuse(of_rank, found.of_process, "a rank");
    refuse(of_rank * on_machine, found.of_machine, "a machine of " + std::to_string(on_machine) + " rank(s)");
  });
}

} // namespace wolff
