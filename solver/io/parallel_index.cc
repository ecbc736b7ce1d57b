// The pieces of a .pvtu file: only regular files inside the folder of the index are ever opened.
#include "base/errors.h"
#include "io/vtk_grid.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace wolff::io {

namespace fs = std::filesystem;

namespace {

fs::path inside_folder(const std::string &index, const std::string &source)
{
  const auto refused = [&](const std::string &why) {
    return Fault(Exit::input, "piece-outside", index, "piece \"" + source.substr(0, 200) + "\" " + why)
        .wanted("a relative path to a file in the folder of the index");
  };
  const fs::path relative(source);
  if (source.empty() || relative.is_absolute())
    throw refused(source.empty() ? "has no name" : "is an absolute path");
  if (source.find('\\') != std::string::npos || source.find(':') != std::string::npos)
    throw refused("is no plain relative path");
  for (const fs::path &part : relative)
    if (part == "..") throw refused("leaves the folder");

  fs::path folder = fs::path(index).parent_path();
  if (folder.empty()) folder = ".";
  const fs::path piece = folder / relative;
  std::error_code error;
  if (!fs::exists(piece, error))
    throw Fault(Exit::input, "piece-missing", index,
                "piece \"" + source.substr(0, 200) + "\" does not exist");
  const fs::path real_folder = fs::canonical(folder, error), real_piece = fs::canonical(piece, error);
  if (error)
    throw Fault(Exit::input, "piece-missing", index,
                "piece \"" + source.substr(0, 200) + "\" cannot be resolved: " + error.message());
  const auto parts =
      std::mismatch(real_folder.begin(), real_folder.end(), real_piece.begin(), real_piece.end());
  if (parts.first != real_folder.end()) throw refused("is a link that leaves the folder");
  if (fs::equivalent(piece, index, error))
    throw Fault(Exit::input, "piece-itself", index, "the index names itself as a piece");
  return piece;
}

} // namespace

ParallelIndex read_parallel_index(const std::string &path, const ReadLimits &limits)
{
  const InputFile file(path);
  const VtkLayout layout = read_layout(file, limits, [](const auto &, const auto &) { return false; });
  file.check_unchanged();
  if (layout.kind != VtkLayout::Kind::parallel_unstructured)
    throw Fault(Exit::input, "file-type", path, "not an index of unstructured pieces")
        .wanted("type=\"PUnstructuredGrid\"");
  if (layout.sources.empty()) throw Fault(Exit::input, "piece-missing", path, "the index names no piece");
  ParallelIndex index{{}, layout.declared_cell_data, layout.declared_point_data};
  for (const std::string &source : layout.sources) {
    std::string piece = inside_folder(path, source).string();
    index.pieces.push_back(std::move(piece));
  }
  std::vector<std::string> sorted = index.pieces;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    throw Fault(Exit::input, "piece-twice", path, "the index names a piece twice").found(*twice);
  return index;
}

bool has_ending(const std::string &path, const std::string &ending)
{
  return path.size() >= ending.size() && std::equal(ending.rbegin(), ending.rend(), path.rbegin(),
                                                    [](const unsigned char a, const unsigned char b) {
                                                      return std::tolower(a) == std::tolower(b);
                                                    });
}

} // namespace wolff::io
