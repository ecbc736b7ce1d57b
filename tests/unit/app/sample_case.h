// A small case of every kind of option, and folders to write case files into.
#pragma once

#include "base/options.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sample {

struct Case
{
  std::string title = "first";
  std::string source = "built-in";
  std::string file;
  double head_radius = 24;
  double flow_scale = 3e-3;
  int levels = 3;
  bool cells = false;
  std::vector<double> axis{0, 0, 1};

  bool operator==(const Case &) const = default;

  void declare(wolff::Options &options)
  {
    options.add("Title", title, "A name for people.");
    {
      const wolff::Options::Section geometry(options, "Geometry");
      const wolff::Options::Section femur(options, "Femur");
      options.add_choice("Source", source, {"built-in", "surface", "labels"}, "Where the shape comes from.");
      options.add("File", file, "Surface or image.");
      options.add("Head radius [mm]", head_radius, "Radius of the head.", wolff::between(10, 40),
                  "Textbook 2001 [V]");
      options.add("Axis [-]", axis, "Neck axis.", 3);
    }
    {
      const wolff::Options::Section mesh(options, "Mesh");
      options.add("Levels [-]", levels, "Refinements | of the coarse bricks.", wolff::between(0, 10));
    }
    {
      const wolff::Options::Section stimulus(options, "Stimulus");
      options.add("Flow scale [mm/s]", flow_scale, "Speed that gives S = 1.", wolff::positive());
      options.add("Cells present", cells, "Whether cells are seeded.");
    }
  }
};

inline const char *const text = "# a case\n"
                                "set Format version = 1\n"
                                "set Title = C1 lesion, 10 mm core   # for people\n"
                                "subsection Geometry\n"
                                "  subsection Femur\n"
                                "    set Source = surface\n"
                                "    set File = \"left #2.stl\"\n"
                                "    set Head radius [mm] = 24.125\n"
                                "    set Axis [-] = 0.5, \\\n"
                                "                   0, 1\n"
                                "  end\n"
                                "end\n"
                                "subsection Mesh\n"
                                "  set Levels [-] = 5\n"
                                "end\n"
                                "subsection Stimulus\n"
                                "  set Flow scale [mm/s] = 1e-3\n"
                                "  set Cells present = true\n"
                                "end\n";

inline const Case values{
    "C1 lesion, 10 mm core", "surface", "left #2.stl", 24.125, 1e-3, 5, true, {0.5, 0, 1}};

/// A folder for one test, gone afterwards.
class Folder
{
public:
  explicit Folder(const std::string &name = "")
  {
    std::string pattern = (std::filesystem::temp_directory_path() / "wolff-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    if (!name.empty()) std::filesystem::create_directory(std::filesystem::path(path_) / name);
    inner_ = name.empty() ? path_ : path_ + "/" + name;
  }
  ~Folder()
  {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;

  std::string path(const std::string &name) const { return inner_ + "/" + name; }
  std::string write(const std::string &name, const std::string &content) const
  {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

private:
  std::string path_, inner_;
};

} // namespace sample
