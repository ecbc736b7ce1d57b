#include "io/image_checks.h"

#include <cmath>

namespace wolff::io {

namespace {

constexpr double least_edge = 1e-3, greatest_edge = 5; // [mm]: the finest image to the coarsest useful voxel
constexpr double farthest_origin = 1e6;                // [spacings]

} // namespace

void check_image_frame(const ImageGeometry &image, const std::string &path)
{
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double spacing = image.spacing[axis], origin = image.origin[axis];
    if (!(spacing > 0))
      throw Fault(Exit::input, "image-spacing", path, "spacing of the image")
          .found(spacing)
          .wanted("three numbers greater than 0");
    if (std::abs(origin) > farthest_origin * spacing)
      throw Fault(Exit::input, "image-origin", path, "origin of the image")
          .found(origin)
          .wanted("at most 1e6 spacings away from 0")
          .hint("Origin and spacing seem to be in different units.");
  }
}

std::optional<Fault> implausible_edge(const double edge, const std::string &path)
{
  if (edge >= least_edge && edge <= greatest_edge) return std::nullopt;
  const bool metres = edge * 1000 >= least_edge && edge < least_edge;
  const bool micrometres = edge > greatest_edge;
  return Fault(Exit::model, "units", path, "edge of a voxel")
      .found(edge)
      .wanted("1e-3 to 5 mm")
      .hint(std::string(metres        ? "This looks like metres: multiply by 1000"
                        : micrometres ? "This looks like micrometres: divide by 1000"
                                      : "This looks like another unit of length") +
            ", or give --accept-units.");
}

} // namespace wolff::io
