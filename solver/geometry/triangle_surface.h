// A surface of triangles and what must hold before it can be the boundary of a body: closed, every edge
// shared by two facets, outward normals, no facet twice, a size that can be millimetres.
#pragma once

#include "base/errors.h"
#include "base/tensor.h"
#include "geometry/anatomy.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wolff::geometry {

struct TriangleSurface
{
  std::vector<Vector3> points; ///< [mm]
  std::vector<std::array<std::uint32_t, 3>> triangles;

  Vector3 corner(const std::size_t triangle, const std::size_t i) const
  {
    return points[triangles[triangle][i]];
  }
  /// Half the cross product of two edges: length is the area, direction the outward normal.
  Vector3 area_vector(std::size_t triangle) const;
  Vector3 centroid(std::size_t triangle) const;
  Box box() const;
  /// Enclosed volume by the divergence theorem, negative if the facets face inward [mm^3].
  double signed_volume() const;
};

/// Points with the same coordinates become one; points that no facet uses vanish.
TriangleSurface with_merged_points(const TriangleSurface &surface);

/// An edge, by its two points, that is not shared by exactly two facets of the same sense.
struct BadEdge
{
  std::array<std::uint32_t, 2> points;
  int facets; ///< 1 at a hole, more than 2 where the surface branches, 2 if the two facets turn against each
              ///< other
};

std::vector<BadEdge> bad_edges(const TriangleSurface &surface);

/**
 * Every reason why @p surface is not the boundary of a femur-sized body (exit 3).
 *
 * @param place the file, for the messages
 * @param bad_edge_file where to write the bad edges as VTK poly data (.vtp); empty for nowhere
 */
std::vector<Fault> surface_faults(const TriangleSurface &surface, const std::string &place,
                                  const std::string &bad_edge_file);

} // namespace wolff::geometry
