// Small closed surfaces for tests: cubes and spheres of triangles, and where the real femora are.
#pragma once

#include "geometry/triangle_surface.h"

#include <string>

namespace wolff::geometry {

/// Cube of @p edge mm with outward facets, its least corner at @p corner.
inline TriangleSurface cube(const double edge, const Vector3 &corner = Vector3::Zero())
{
  TriangleSurface s;
  for (int i = 0; i < 8; ++i) s.points.push_back(corner + edge * Vector3(i & 1, (i >> 1) & 1, (i >> 2) & 1));
  s.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                 {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return s;
}

inline TriangleSurface together_with(TriangleSurface a, const TriangleSurface &b)
{
  const auto shift = static_cast<std::uint32_t>(a.points.size());
  a.points.insert(a.points.end(), b.points.begin(), b.points.end());
  for (const auto &t : b.triangles) a.triangles.push_back({t[0] + shift, t[1] + shift, t[2] + shift});
  return with_merged_points(a);
}

/// Sphere of many facets by subdividing an octahedron.
inline TriangleSurface sphere(const Vector3 &centre, const double radius, const int subdivisions)
{
  std::vector<std::array<Vector3, 3>> facets;
  for (const double x : {-1.0, 1.0})
    for (const double y : {-1.0, 1.0})
      for (const double z : {-1.0, 1.0}) {
        const Vector3 a(x, 0, 0), b(0, y, 0), c(0, 0, z);
        if (x * y * z > 0)
          facets.push_back({a, b, c});
        else
          facets.push_back({a, c, b});
      }
  for (int i = 0; i < subdivisions; ++i) {
    std::vector<std::array<Vector3, 3>> finer;
    for (const auto &[a, b, c] : facets) {
      const Vector3 ab = (a + b).normalized(), bc = (b + c).normalized(), ca = (c + a).normalized();
      for (const auto &t :
           {std::array{a, ab, ca}, std::array{ab, b, bc}, std::array{ca, bc, c}, std::array{ab, bc, ca}})
        finer.push_back(t);
    }
    facets = finer;
  }
  TriangleSurface s;
  for (const auto &facet : facets) {
    const auto first = static_cast<std::uint32_t>(s.points.size());
    for (const Vector3 &p : facet) s.points.push_back(centre + radius * p);
    s.triangles.push_back({first, first + 1, first + 2});
  }
  return with_merged_points(s);
}

/// Folder of real surfaces beside the source tree; a test that needs them is skipped where they are absent.
inline const std::string real_surfaces = std::string(WOLFF_SOURCE_DIR) + "/../shared/data/surfaces/";

} // namespace wolff::geometry
