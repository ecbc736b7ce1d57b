#include "geometry/voxel_bodies.h"

#include <cmath>

namespace wolff::geometry {

void BoxOptions::declare(Options &options)
{
  options.add("Origin [mm]", origin, "Corner of the box with the least coordinates.", 3);
  options.add("Voxel edge [mm]", voxel_edge, "Edge of the voxels of the base level.", positive());
  options.add("Voxels [-]", voxels, "Voxels of the base level along x, y and z: multiples of 8.", 3);
  options.add(
      "Solid where", solid_where,
      "Expression of x, y, z [mm]: a voxel is solid if it is positive at its centre; empty: all are.");
  options.add("Refined where", refined_where,
              "Expression of x, y, z [mm]: a brick of 8 x 8 x 8 voxels is halved as long as its level above "
              "the base is less than the value at its centre; empty: nowhere.");
}

void ImageOptions::declare(Options &options)
{
  options.add("File", file, "Image with one label a voxel: .vti, .nii or .nii.gz, relative to the case.");
  options.add("Labels array", labels_array, "Cell array of a .vti that holds the labels.");
  options.add("Modulus array", modulus_array,
              "Cell array of a .vti with Young's moduli in MPa, which replace the phases; 0 is void. The "
              "Poisson ratio is that of the section Problem.");
  options.add("Phases", phases,
              "What the labels are: \"0 void; 1 15000 0.3; 2 Ti6Al4V\", a label and then Young's modulus in "
              "MPa and Poisson ratio, or a material table, or void.");
  options.add("Voxel edge [mm]", voxel_edge, "Edge of the voxels; 0: from the file.", non_negative());
}

std::vector<Fault> check(const BoxOptions &options)
{
  std::vector<Fault> faults;
  double bricks = 1;
  for (const double n : options.voxels) {
    bricks *= n / 8;
    if (n >= 8 && n <= 1e6 && n == 8 * std::floor(n / 8)) continue;
    faults.push_back(
        Fault(Exit::input, "box-voxels", "Geometry/Box/Voxels [-]", "numbers of voxels along x, y and z")
            .found(to_text(options.voxels[0]) + ", " + to_text(options.voxels[1]) + ", " +
                   to_text(options.voxels[2]))
            .wanted("three positive multiples of 8, the voxels along an edge of a brick"));
    return faults;
  }
  if (3 * 512 * bricks > 2147483647)
    faults.push_back(Fault(Exit::too_large, "index-range", "Geometry/Box/Voxels [-]", "unknowns of the box")
                         .found(to_text(3 * 512 * bricks))
                         .wanted("at most 2147483647, because the packaged deal.II has 32-bit indices"));
  return faults;
}

std::vector<Fault> check(const ImageOptions &options)
{
  std::vector<Fault> faults;
  if (options.file.empty())
    faults.push_back(Fault(Exit::input, "option-missing", "Geometry/Image/File", "no image is named")
                         .wanted("the path of a .vti, .nii or .nii.gz file"));
  if (options.phases.empty() && options.modulus_array.empty())
    faults.push_back(Fault(Exit::input, "option-missing", "Geometry/Image/Phases",
                           "what the labels are made of is not stated")
                         .wanted("\"0 void; 1 15000 0.3\" and the like, or a modulus array"));
  if (!options.phases.empty() && !options.modulus_array.empty())
    faults.push_back(Fault(Exit::input, "option-contradicts", "Geometry/Image/Modulus array",
                           "moduli come from phases and from an array")
                         .wanted("one of Phases and Modulus array"));
  return faults;
}

std::array<int, 3> voxel_counts(const BoxOptions &options)
{
  return {static_cast<int>(options.voxels[0]), static_cast<int>(options.voxels[1]),
          static_cast<int>(options.voxels[2])};
}

} // namespace wolff::geometry
