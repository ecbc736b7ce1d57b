// Signed distance to a closed surface of triangles, precomputed on a regular grid and interpolated.
#pragma once

#include "geometry/triangle_surface.h"

namespace wolff::geometry {

/// Squared distance from @p p to the triangle a, b, c.
double squared_distance_to_triangle(const Vector3 &p, const Vector3 &a, const Vector3 &b, const Vector3 &c);

/**
 * Distances at the nodes of a grid, negative inside, interpolated trilinearly.
 *
 * Nodes next to the surface take the exact distance to the nearest triangle; farther ones take the nearest
 * among the triangles of their neighbours, sweeping the grid in all eight directions twice, which gives the
 * exact distance but for rare nodes near the medial axis. The sign counts crossings of grid lines along x, so
 * it needs a closed surface.
 *
 * Error of the interpolated value on smooth parts: at most h^2 (k1 + k2) / 8 with the principal curvatures,
 * i.e. 0.003 mm on a head of 24 mm at h = 0.5 mm; at a crease of the facets up to h/4 times the tangent of
 * half its angle. Values where the surface is thinner than the grid are not resolved.
 */
class SurfaceDistance
{
public:
  /**
   * @param region where distances are wanted, e.g. the box of the surface; all of the surface counts
   * @param spacing h of the grid [mm]
   * @param margin how far the grid reaches beyond the region [mm]
   * @throws Fault (exit 7) if the grid would have more than 3e8 nodes
   * @throws Fault (exit 3, surface-self-intersecting) if the facets wind round some node more than once
   */
  SurfaceDistance(const TriangleSurface &surface, const Box &region, const std::string &place, double spacing,
                  double margin);

  /// [mm]; outside the grid the distance to the box of the surface, a bound of the true one, and positive.
  double operator()(const Vector3 &point) const;

  /// Largest excess of |value| over the true distance: values are weighted means over nodes of one cell, and
  /// the distance changes by no more than the way to them: sqrt(3)/2 h.
  double uncertainty() const { return 0.87 * spacing_; }

private:
  std::size_t index(std::size_t i, std::size_t j, std::size_t k) const { return i + n_[0] * (j + n_[1] * k); }
  Vector3 node(std::size_t i, std::size_t j, std::size_t k) const
  {
    return origin_ +
           spacing_ * Vector3(static_cast<double>(i), static_cast<double>(j), static_cast<double>(k));
  }
  void fill_distances(const TriangleSurface &surface);
  void sweep(const TriangleSurface &surface, std::vector<std::int32_t> &nearest);
  void apply_signs(const TriangleSurface &surface, const std::string &place);

  Box box_;
  double spacing_;
  Vector3 origin_;
  std::array<std::size_t, 3> n_; ///< nodes along x, y, z
  std::vector<float> values_;
};

} // namespace wolff::geometry
