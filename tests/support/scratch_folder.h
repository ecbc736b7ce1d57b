// A folder for the files of one test, empty at first and removed at the end. With several ranks, rank 0 makes
// it.
#pragma once

#include <mpi.h>
#include <unistd.h>

#include <filesystem>
#include <string>

class ScratchFolder
{
public:
  ScratchFolder()
  {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    long process = getpid();
    MPI_Bcast(&process, 1, MPI_LONG, 0, MPI_COMM_WORLD);
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("wolff-test-" + std::to_string(process) + "-" + std::to_string(count++));
    if (rank_ == 0) std::filesystem::create_directories(path_);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~ScratchFolder()
  {
    MPI_Barrier(MPI_COMM_WORLD);
    std::error_code ignored;
    if (rank_ == 0) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;

  std::string file(const std::string &name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

private:
  int rank_ = 0;
  std::filesystem::path path_;
};
