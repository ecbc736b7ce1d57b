// Result folders, safe files, .pvd lists and checksums.
#include "io/result_folder.h"
#include "base/errors.h"
#include "io/checksum.h"
#include "io/input_file.h"
#include "io/pvd.h"
#include "io/safe_file.h"
#include "support/scratch_folder.h"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

using namespace wolff;
using namespace wolff::io;

namespace {

template <typename Work>
std::string refusal(const Work &work)
{
  try {
    work();
  } catch (const Fault &fault) {
    return std::to_string(static_cast<int>(fault.code())) + ":" + fault.name();
  }
  return "none";
}

std::size_t entries(const std::string &folder)
{
  std::size_t count = 0;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) count += entry.path().empty() ? 0 : 1;
  return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_safe_file_replaces_the_old_one_as_a_whole_or_not_at_all)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.txt");
  write_file_safely(path, "old");
  {
    SafeFile file(path);
    file.append("half of the new");
    file.finish();
    BOOST_TEST(read_small_file(path) == "old"); // not yet
  }
  BOOST_TEST(read_small_file(path) == "old"); // never published
  BOOST_TEST(entries(folder.path()) == 1u);   // and nothing left
  write_file_safely(path, "new");
  BOOST_TEST(read_small_file(path) == "new");
  const std::string long_name = folder.file(std::string(255, 'n'));
  write_file_safely(long_name, "the temporary name is short");
  BOOST_TEST(std::filesystem::exists(long_name));
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_left_is_removed_in_all_its_folders_but_not_from_another_run)
{
  namespace fs = std::filesystem;
  const ScratchFolder folder, outside;
  const auto left_in = [&](const std::string &below) {
    fs::create_directories(folder.file(below));
    const std::string path = folder.file(below + "/.wolff-1-2.tmp");
    std::ofstream(path) << "half of it";
    return path;
  };
  const std::vector<std::string> gone{left_in("."), left_in("mechanics_0001"),
                                      left_in("checkpoint/step_00000002/tissue")};
  const std::vector<std::string> stays{left_in("other run"), left_in("other run/tissue_0001"),
                                       left_in("a/b/c/d")};
  std::ofstream(folder.file("other run/run.lock")) << "{}";
  std::ofstream(outside.file(".wolff-1-2.tmp")) << "behind a link";
  fs::create_directory_symlink(outside.path(), folder.file("link"));
  {
    const FolderLock lock = prepare_result_folder(folder.path(), {.restart = true});
  }
  for (const std::string &path : gone) BOOST_TEST(!fs::exists(path), path);
  for (const std::string &path : stays) BOOST_TEST(fs::exists(path), path);
  BOOST_TEST(fs::exists(outside.file(".wolff-1-2.tmp")));
}

BOOST_AUTO_TEST_CASE(a_write_that_does_not_fit_is_exit_5_and_leaves_the_old_file)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.txt");
  write_file_safely(path, "old");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{1000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string outcome = refusal([&] { write_file_safely(path, std::string(5000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  BOOST_TEST(outcome == "5:disk-full");
  BOOST_TEST(read_small_file(path) == "old");
  BOOST_TEST(entries(folder.path()) == 1u);
  BOOST_TEST(refusal([&] { write_file_safely(folder.file("nowhere/a.txt"), "x"); }) == "5:write-failed");
  BOOST_TEST(refusal([&] { need_free_space(folder.path(), std::uint64_t{1} << 62); }) == "5:disk-full");
  BOOST_TEST(refusal([&] { need_free_space(folder.path(), 1); }) == "none");
}

BOOST_AUTO_TEST_CASE(a_damaged_temporary_file_is_noticed_before_it_gets_its_name)
{
  const ScratchFolder folder;
  const std::string path = folder.file("a.txt");
  SafeFile file(path);
  file.append("what was written");
  for (const auto &entry : std::filesystem::directory_iterator(folder.path())) {
    std::fstream damage(entry.path(), std::ios::in | std::ios::out);
    damage << 'W';
  }
  BOOST_TEST(refusal([&] { file.publish(); }) == "5:write-differs");
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_folder_is_made_tried_locked_and_cleaned)
{
  const ScratchFolder scratch;
  const std::string folder = scratch.file("results/run 1");
  {
    const FolderLock lock = prepare_result_folder(folder, {});
    BOOST_TEST(std::filesystem::exists(folder + "/run.lock"));
    BOOST_TEST(entries(folder) == 1u);
    BOOST_TEST(refusal([&] { prepare_result_folder(folder, {}); }) == "5:folder-locked");
    FolderOptions breaking;
    breaking.break_lock = true; // this process is alive: it keeps the folder all the same
    BOOST_TEST(refusal([&] { prepare_result_folder(folder, breaking); }) == "5:folder-locked");
  }
  BOOST_TEST(entries(folder) == 0u);
  std::ofstream(folder + "/.wolff-1-2.tmp") << "left over";
  std::ofstream(folder + "/notes.txt") << "of the user";
  const FolderLock lock = prepare_result_folder(folder, {});
  BOOST_TEST(!std::filesystem::exists(folder + "/.wolff-1-2.tmp"));
  BOOST_TEST(std::filesystem::exists(folder + "/notes.txt"));
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_dead_process_is_broken_only_when_asked_for)
{
  const ScratchFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    {
      [[maybe_unused]] auto *never_freed = new FolderLock(folder.path(), false);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  BOOST_REQUIRE(std::filesystem::exists(folder.file("run.lock")));
  BOOST_CHECK_EXCEPTION(FolderLock(folder.path(), false), Fault, [&](const Fault &f) {
    return f.code() == Exit::storage &&
           f.message().find("process " + std::to_string(child)) != std::string::npos &&
           f.message().find("--break-lock") != std::string::npos;
  });
  BOOST_CHECK_NO_THROW(FolderLock(folder.path(), true));
  std::ofstream(folder.file("run.lock")) << "{\"host\": "; // half-written
  BOOST_TEST(refusal([&] { FolderLock(folder.path(), false); }) == "5:folder-locked");
  BOOST_TEST(refusal([&] { FolderLock(folder.path(), true); }) == "none");
}

BOOST_AUTO_TEST_CASE(a_folder_with_an_earlier_run_is_refused_unless_restarted_or_overwritten)
{
  const ScratchFolder folder;
  std::ofstream(folder.file("run.json")) << "{}";
  BOOST_TEST(refusal([&] { prepare_result_folder(folder.path(), {}); }) == "2:output-exists");
  BOOST_TEST(entries(folder.path()) == 1u); // untouched
  FolderOptions options;
  options.restart = true;
  BOOST_TEST(refusal([&] { prepare_result_folder(folder.path(), options); }) == "none");
  options.restart = false;
  options.overwrite = true;
  BOOST_TEST(refusal([&] { prepare_result_folder(folder.path(), options); }) == "none");
  BOOST_TEST(refusal([&] { prepare_result_folder(folder.file("run.json"), {}); }) == "5:folder-unusable");
  BOOST_TEST(refusal([&] { prepare_result_folder(folder.file("run.json/below"), {}); }) ==
             "5:folder-unusable");
}

BOOST_AUTO_TEST_CASE(a_pvd_list_comes_back_with_exact_days)
{
  const ScratchFolder folder;
  const std::vector<PvdEntry> list{
      {0, "view_0000.pvtu"}, {0.1, "view & more.pvtu"}, {1.0 / 3.0, "sub/view.pvtu"}};
  write_pvd(folder.file("wolff.pvd"), list);
  BOOST_TEST((read_pvd(folder.file("wolff.pvd")) == list));
  BOOST_TEST(refusal([&] {
               write_pvd(folder.file("wolff.pvd"), {{0, "/absolute.pvtu"}});
             }) == "70:path-not-relative");
  BOOST_TEST((read_pvd(folder.file("wolff.pvd")) == list));
  std::ofstream(folder.file("outside.pvd")) << "<VTKFile type=\"Collection\"><Collection><DataSet "
                                               "timestep=\"0\" file=\"../a.vtu\"/></Collection></VTKFile>";
  BOOST_TEST(refusal([&] { read_pvd(folder.file("outside.pvd")); }) == "2:piece-outside");
  std::ofstream(folder.file("comma.pvd")) << "<VTKFile type=\"Collection\"><Collection><DataSet "
                                             "timestep=\"0,5\" file=\"a.vtu\"/></Collection></VTKFile>";
  BOOST_TEST(refusal([&] { read_pvd(folder.file("comma.pvd")); }) == "2:attribute-number");
  std::ofstream(folder.file("other.pvd")) << "<VTKFile type=\"ImageData\"><Collection/></VTKFile>";
  BOOST_TEST(refusal([&] { read_pvd(folder.file("other.pvd")); }) == "2:not-pvd");
}

BOOST_AUTO_TEST_CASE(sha256_gives_the_published_values)
{
  // FIPS 180-4 examples: "abc", and a million times "a".
  BOOST_TEST(sha256_of_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const ScratchFolder folder;
  write_file_safely(folder.file("a"), std::string(1000000, 'a'));
  BOOST_TEST(sha256_of_file(folder.file("a")) ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
