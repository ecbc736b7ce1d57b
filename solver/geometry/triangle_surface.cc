#include "geometry/triangle_surface.h"

#include "geometry/surface_file.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace wolff::geometry {

Vector3 TriangleSurface::area_vector(const std::size_t t) const
{
  return 0.5 * (corner(t, 1) - corner(t, 0)).cross(corner(t, 2) - corner(t, 0));
}

Vector3 TriangleSurface::centroid(const std::size_t t) const
{
  return (corner(t, 0) + corner(t, 1) + corner(t, 2)) / 3;
}

Box TriangleSurface::box() const
{
  Box box{Vector3::Constant(INFINITY), Vector3::Constant(-INFINITY)};
  for (const Vector3 &p : points) {
    box.least = box.least.cwiseMin(p);
    box.greatest = box.greatest.cwiseMax(p);
  }
  return box;
}

double TriangleSurface::signed_volume() const
{
  // Relative to a point of the surface: far from the origin the products would cancel badly.
  double six = 0;
  for (std::size_t t = 0; t < triangles.size(); ++t)
    six += (corner(t, 0) - points[0]).dot((corner(t, 1) - points[0]).cross(corner(t, 2) - points[0]));
  return six / 6;
}

TriangleSurface with_merged_points(const TriangleSurface &surface)
{
  const auto less = [](const Vector3 &a, const Vector3 &b) {
    return std::tie(a.x(), a.y(), a.z()) < std::tie(b.x(), b.y(), b.z());
  };
  std::map<Vector3, std::uint32_t, decltype(less)> number(less);
  TriangleSurface merged;
  for (const auto &triangle : surface.triangles) {
    std::array<std::uint32_t, 3> corners{};
    for (std::size_t i = 0; i < 3; ++i) {
      const Vector3 &p = surface.points[triangle[i]];
      const auto [at, is_new] = number.emplace(p, static_cast<std::uint32_t>(merged.points.size()));
      if (is_new) merged.points.push_back(p);
      corners[i] = at->second;
    }
    merged.triangles.push_back(corners);
  }
  return merged;
}

namespace {

/// All facet edges as (smaller point, larger point, runs upward), sorted, so that the uses of one edge are
/// neighbours.
struct EdgeUse
{
  std::array<std::uint32_t, 2> points;
  bool upward;
};

std::vector<EdgeUse> edge_uses(const TriangleSurface &surface)
{
  std::vector<EdgeUse> uses;
  uses.reserve(3 * surface.triangles.size());
  for (const auto &t : surface.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t a = t[i], b = t[(i + 1) % 3];
      uses.push_back({{std::min(a, b), std::max(a, b)}, a < b});
    }
  std::sort(uses.begin(), uses.end(), [](const EdgeUse &a, const EdgeUse &b) { return a.points < b.points; });
  return uses;
}

std::size_t repeated_facets(const TriangleSurface &surface)
{
  std::vector<std::array<std::uint32_t, 3>> sorted = surface.triangles;
  for (auto &t : sorted) std::sort(t.begin(), t.end());
  std::sort(sorted.begin(), sorted.end());
  std::size_t count = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) count += sorted[i] == sorted[i - 1];
  return count;
}

std::size_t collapsed_facets(const TriangleSurface &surface)
{
  std::size_t count = 0;
  for (const auto &t : surface.triangles) count += t[0] == t[1] || t[1] == t[2] || t[2] == t[0];
  return count;
}

} // namespace

std::vector<BadEdge> bad_edges(const TriangleSurface &surface)
{
  std::vector<BadEdge> bad;
  const std::vector<EdgeUse> uses = edge_uses(surface);
  for (std::size_t i = 0; i < uses.size();) {
    std::size_t end = i;
    int upward = 0;
    for (; end < uses.size() && uses[end].points == uses[i].points; ++end) upward += uses[end].upward;
    const int facets = static_cast<int>(end - i);
    if (facets != 2 || upward != 1) bad.push_back({uses[i].points, facets});
    i = end;
  }
  return bad;
}

std::vector<Fault> surface_faults(const TriangleSurface &surface, const std::string &place,
                                  const std::string &bad_edge_file)
{
  std::vector<Fault> faults;
  const auto refuse = [&](const std::string &name, const std::string &what) -> Fault & {
    return faults.emplace_back(Exit::model, name, place, what);
  };
  if (surface.triangles.empty()) {
    refuse("surface-empty", "the surface has no facets");
    return faults;
  }
  const auto count_text = [](const std::size_t n, const std::string &one) {
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
  };
  const std::vector<BadEdge> edges = bad_edges(surface);
  std::size_t open = 0, branching = 0, turned = 0;
  for (const BadEdge &edge : edges) ++(edge.facets == 1 ? open : edge.facets > 2 ? branching : turned);
  std::string see;
  if (!edges.empty()) {
    if (bad_edge_file.empty())
      see = "Set \"Geometry/Femur/Bad edge file\" to write the edges to a VTK file.";
    else {
      write_edges(surface, edges, bad_edge_file);
      see = "The edges are in " + bad_edge_file + ".";
    }
  }
  const std::size_t repeated = repeated_facets(surface), collapsed = collapsed_facets(surface);
  if (open > 0)
    refuse("surface-open", "the surface is not closed")
        .found(count_text(open, "edge") + " with one facet")
        .wanted("two facets at every edge")
        .hint(see);
  if (branching > 0)
    refuse("surface-non-manifold", "the surface branches")
        .found(count_text(branching, "edge") + " with more than two facets")
        .wanted("two facets at every edge")
        .hint(see);
  if (turned > 0)
    refuse("surface-orientation", "neighbouring facets face opposite ways")
        .found(count_text(turned, "edge") + " where they do")
        .wanted("outward normals everywhere")
        .hint(see);
  if (repeated > 0)
    refuse("surface-duplicate-facets", "facets appear more than once")
        .found(count_text(repeated, "repeated facet"))
        .wanted("every facet once");
  if (collapsed > 0)
    refuse("surface-collapsed-facets", "facets have two corners in one point")
        .found(count_text(collapsed, "such facet"))
        .wanted("three different corners");

  const Box box = surface.box();
  const double diagonal = (box.greatest - box.least).norm();
  if (diagonal < 2)
    refuse("surface-units", "the surface is too small for a femur; it looks like metres")
        .found(to_text(diagonal) + " mm from corner to corner of its box")
        .wanted("millimetres, 50 to 1000")
        .hint("Scale it by 1000.");
  else if (diagonal > 5000)
    refuse("surface-units", "the surface is too large for a femur; it looks like micrometres")
        .found(to_text(diagonal) + " mm from corner to corner of its box")
        .wanted("millimetres, 50 to 1000");

  // The volume of a surface with holes or turned facets means nothing.
  if (!edges.empty()) return faults;
  const double volume = surface.signed_volume();
  if (std::abs(volume) < 1e-9 * std::pow(diagonal, 3))
    refuse("surface-volume", "the surface encloses no volume")
        .found(to_text(volume) + " mm^3")
        .wanted("a body");
  else if (volume < 0)
    refuse("surface-inverted", "the facets face inward")
        .found("a signed volume of " + to_text(volume) + " mm^3")
        .wanted("outward normals")
        .hint("Reverse the facets.");
  return faults;
}

} // namespace wolff::geometry
