// The folder a run writes to: made, tried out, locked against other runs, and never mixed with an earlier run
// by accident. What is written into it is decided elsewhere.
#pragma once

#include <string>
#include <vector>

namespace wolff::io {

/**
 * Lock file "run.lock" in a folder, made with O_EXCL (network file systems know no reliable flock), with
 * host, process and job number inside. Removed by the destructor.
 */
class FolderLock
{
public:
  /**
   * @param break_lock  take over a lock that is left from a run that ended without removing it
   * @throws Fault (exit 5) if another run holds the folder, naming it; also with @p break_lock if the other
   * process is seen to be alive on this machine
   */
  FolderLock(std::string folder, bool break_lock);
  ~FolderLock();
  FolderLock(FolderLock &&other) noexcept;
  FolderLock &operator=(FolderLock &&) = delete;

private:
  std::string path_;
};

struct FolderOptions
{
  bool restart = false;   ///< continue the run that is there
  bool overwrite = false; ///< write over the run that is there
  bool break_lock = false;
  /// Names in the folder that tell an earlier run.
  std::vector<std::string> marks{"run.json", "run.jsonl", "wolff.pvd", "history.csv", "checkpoint"};
};

/**
 * Make @p folder if it is not there, refuse one with an earlier run unless told to restart or overwrite, lock
 * it, try to write in it, and remove what killed runs left under temporary names. For one rank: wrap in
 * together().
 * @throws Fault exit 2 for an earlier run, exit 5 for a folder that cannot be used
 */
FolderLock prepare_result_folder(const std::string &folder, const FolderOptions &options);

} // namespace wolff::io
