// Where the voxels of an image lie: what is refused for every image, whatever its numbers mean.
#pragma once

#include "base/errors.h"
#include "io/vtk_layout.h"

#include <optional>

namespace wolff::io {

// Plausible band of Young's moduli [MPa]: the softest tissue to the stiffest metal.
constexpr double least_modulus = 1e-3, greatest_modulus = 3e5;

/// @throws Fault (exit 2) for spacings that are not greater than 0, and for an origin that is absurdly far
/// away
void check_image_frame(const ImageGeometry &image, const std::string &path);

/// The fault (exit 3) of a voxel edge that is not in the plausible band of 1e-3 to 5 mm, with the likely slip
/// of unit.
std::optional<Fault> implausible_edge(double edge, const std::string &path);

} // namespace wolff::io
