// Reading images of one NIfTI-1 file (.nii, .nii.gz): header checked, numbers in memory in the type of the
// file. What the numbers mean is not known here.
//
// Read are little-endian single files with three axes of the types uint8, int16, int32, float32, float64,
// int8, uint16 and uint32. Not read: NIfTI-2, pairs of .hdr and .img, colours, several volumes. No memory is
// taken for sizes that the file cannot hold.
#pragma once

#include "io/data_array.h"
#include "io/input_file.h"

#include <array>

namespace wolff::io {

struct NiftiImage
{
  /// Unit of the spacing that the file declares.
  enum class Unit
  {
    unknown,
    metre,
    millimetre,
    micrometre
  };

  std::array<std::int64_t, 3> voxels{}; ///< along the axes as stored, the first runs fastest
  std::array<double, 3> spacing{};      ///< greater than 0, in `unit`
  Unit unit = Unit::unknown;
  DataArray values;                  ///< one a voxel, before scaling
  double slope = 1, intercept = 0;   ///< value meant = slope * value stored + intercept
  std::vector<std::string> warnings; ///< axes that the file declares turned against x, y, z
};

/// Not collective.
/// @throws Fault exit 2 for a file that is not sound or not of the kind above, exit 7 for one beyond the
/// limits
NiftiImage read_nifti(const std::string &path, const ReadLimits &limits = {});

} // namespace wolff::io
