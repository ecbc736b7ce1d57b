#include "geometry/surface_distance.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wolff::geometry {

double squared_distance_to_triangle(const Vector3 &p, const Vector3 &a, const Vector3 &b, const Vector3 &c)
{
  const auto to_edge = [&p](const Vector3 &from, const Vector3 &to) {
    const Vector3 edge = to - from;
    const double along = std::clamp((p - from).dot(edge) / std::max(edge.squaredNorm(), 1e-300), 0.0, 1.0);
    return (from + along * edge - p).squaredNorm();
  };
  const Vector3 normal = (b - a).cross(c - a);
  const double area2 = normal.squaredNorm();
  // Signed areas of the three triangles between the foot point in the plane and an edge.
  const double at_a = (c - b).cross(p - b).dot(normal), at_b = (a - c).cross(p - c).dot(normal),
               at_c = (b - a).cross(p - a).dot(normal);
  if (area2 > 0 && at_a >= 0 && at_b >= 0 && at_c >= 0) {
    const double height = (p - a).dot(normal);
    return height * height / area2;
  }
  double least = std::numeric_limits<double>::infinity();
  if (at_a < 0 || area2 == 0) least = std::min(least, to_edge(b, c));
  if (at_b < 0 || area2 == 0) least = std::min(least, to_edge(c, a));
  if (at_c < 0 || area2 == 0) least = std::min(least, to_edge(a, b));
  return least;
}

SurfaceDistance::SurfaceDistance(const TriangleSurface &surface, const Box &region, const std::string &place,
                                 const double spacing, const double margin)
    : box_(surface.box()), spacing_(spacing)
{
  // The shifts keep grid lines off corners with round coordinates, where crossings are hard to count.
  origin_ = region.least - Vector3::Constant(margin) - spacing * Vector3(0.3127, 0.4131, 0.2239);
  const Vector3 size = (region.greatest + Vector3::Constant(margin) - origin_) / spacing;
  const double nodes = (size.x() + 2) * (size.y() + 2) * (size.z() + 2);
  if (nodes > 3e8)
    throw Fault(Exit::too_large, "surface-grid", place, "the grid of distances would be too large")
        .found(to_text(nodes) + " nodes")
        .wanted("at most 3e8")
        .hint("Increase \"Geometry/Femur/Distance grid [mm]\".");
  for (std::size_t axis = 0; axis < 3; ++axis)
    n_[axis] = static_cast<std::size_t>(size[static_cast<Eigen::Index>(axis)]) + 2;
  fill_distances(surface);
  apply_signs(surface, place);
}

void SurfaceDistance::fill_distances(const TriangleSurface &surface)
{
  values_.assign(n_[0] * n_[1] * n_[2], std::numeric_limits<float>::infinity());
  std::vector<std::int32_t> nearest(values_.size(), -1);
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    const Vector3 a = surface.corner(t, 0), b = surface.corner(t, 1), c = surface.corner(t, 2);
    const Vector3 least = (a.cwiseMin(b).cwiseMin(c) - origin_) / spacing_;
    const Vector3 greatest = (a.cwiseMax(b).cwiseMax(c) - origin_) / spacing_;
    // A triangle outside the grid starts from the nodes of the border that are nearest to it.
    std::array<std::size_t, 3> from{}, to{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto last = static_cast<double>(n_[axis] - 1);
      from[axis] =
          static_cast<std::size_t>(std::clamp(least[static_cast<Eigen::Index>(axis)] - 1, 0.0, last));
      to[axis] =
          static_cast<std::size_t>(std::clamp(greatest[static_cast<Eigen::Index>(axis)] + 2, 0.0, last));
    }
    for (std::size_t k = from[2]; k <= to[2]; ++k)
      for (std::size_t j = from[1]; j <= to[1]; ++j)
        for (std::size_t i = from[0]; i <= to[0]; ++i) {
          const auto distance =
              static_cast<float>(std::sqrt(squared_distance_to_triangle(node(i, j, k), a, b, c)));
          if (distance < values_[index(i, j, k)]) {
            values_[index(i, j, k)] = distance;
            nearest[index(i, j, k)] = static_cast<std::int32_t>(t);
          }
        }
  }
  sweep(surface, nearest);
}

void SurfaceDistance::sweep(const TriangleSurface &surface, std::vector<std::int32_t> &nearest)
{
  for (unsigned direction = 0; direction < 8; ++direction) {
    const bool back[3] = {(direction & 1) != 0, (direction & 2) != 0, (direction & 4) != 0};
    for (std::size_t kk = 0; kk < n_[2]; ++kk)
      for (std::size_t jj = 0; jj < n_[1]; ++jj)
        for (std::size_t ii = 0; ii < n_[0]; ++ii) {
          const std::size_t i = back[0] ? n_[0] - 1 - ii : ii, j = back[1] ? n_[1] - 1 - jj : jj,
                            k = back[2] ? n_[2] - 1 - kk : kk;
          const std::size_t here = index(i, j, k);
          const auto try_triangle_of = [&](const std::size_t neighbour) {
            const std::int32_t t = nearest[neighbour];
            if (t < 0 || t == nearest[here]) return;
            // The neighbour's distance and the way to it bound what its triangle can offer.
            if (values_[neighbour] - static_cast<float>(spacing_) > values_[here]) return;
            const auto triangle = static_cast<std::size_t>(t);
            const auto distance = static_cast<float>(std::sqrt(
                squared_distance_to_triangle(node(i, j, k), surface.corner(triangle, 0),
                                             surface.corner(triangle, 1), surface.corner(triangle, 2))));
            if (distance < values_[here]) {
              values_[here] = distance;
              nearest[here] = t;
            }
          };
          if (ii > 0) try_triangle_of(index(back[0] ? i + 1 : i - 1, j, k));
          if (jj > 0) try_triangle_of(index(i, back[1] ? j + 1 : j - 1, k));
          if (kk > 0) try_triangle_of(index(i, j, back[2] ? k + 1 : k - 1));
        }
  }
}

namespace {

/// Twice the signed area of (a, b, p) in the y-z plane, computed from the same operands whichever way the
/// edge is passed, so that two facets that share the edge agree on the side of p to the last bit.
bool left_of(const Vector3 &a, const Vector3 &b, const double y, const double z)
{
  const bool swap = a.y() > b.y() || (a.y() == b.y() && a.z() > b.z());
  const Vector3 &p = swap ? b : a, &q = swap ? a : b;
  const bool left = (q.y() - p.y()) * (z - p.z()) - (q.z() - p.z()) * (y - p.y()) >= 0;
  return left != swap;
}

} // namespace

void SurfaceDistance::apply_signs(const TriangleSurface &surface, const std::string &place)
{
  // crossings[node]: how the winding number changes between this node of a grid line along x and the one
  // before.
  std::vector<std::int8_t> crossings(values_.size(), 0);
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    const Vector3 a = surface.corner(t, 0), b = surface.corner(t, 1), c = surface.corner(t, 2);
    const Vector3 normal = (b - a).cross(c - a);
    const Vector3 least = (a.cwiseMin(b).cwiseMin(c) - origin_) / spacing_;
    const Vector3 greatest = (a.cwiseMax(b).cwiseMax(c) - origin_) / spacing_;
    const auto first = [](const double low) {
      return static_cast<std::size_t>(std::max(std::ceil(low), 0.0));
    };
    for (std::size_t k = first(least.z()); static_cast<double>(k) <= greatest.z() && k < n_[2]; ++k)
      for (std::size_t j = first(least.y()); static_cast<double>(j) <= greatest.y() && j < n_[1]; ++j) {
        const Vector3 line = node(0, j, k);
        const bool ab = left_of(a, b, line.y(), line.z()), bc = left_of(b, c, line.y(), line.z()),
                   ca = left_of(c, a, line.y(), line.z());
        if (ab != bc || bc != ca || normal.x() == 0) continue;
        const double x =
            a.x() - ((line.y() - a.y()) * normal.y() + (line.z() - a.z()) * normal.z()) / normal.x();
        const double i = std::max(std::ceil((x - origin_.x()) / spacing_), 0.0);
        if (i >= static_cast<double>(n_[0])) continue;
        crossings[index(static_cast<std::size_t>(i), j, k)] = static_cast<std::int8_t>(
            crossings[index(static_cast<std::size_t>(i), j, k)] + (normal.x() < 0 ? 1 : -1));
      }
  }
  std::size_t wrong = 0;
  Vector3 where = Vector3::Zero();
  for (std::size_t k = 0; k < n_[2]; ++k)
    for (std::size_t j = 0; j < n_[1]; ++j) {
      int winding = 0;
      for (std::size_t i = 0; i < n_[0]; ++i) {
        winding += crossings[index(i, j, k)];
        if (winding != 0 && winding != 1 && wrong++ == 0) where = node(i, j, k);
        if (winding > 0) values_[index(i, j, k)] *= -1;
      }
    }
  if (wrong > 0)
    throw Fault(Exit::model, "surface-self-intersecting", place,
                "the surface passes through itself or holds another one")
        .found(std::to_string(wrong) + " points inside twice or inside out, the first near " +
               to_text(where.x()) + ", " + to_text(where.y()) + ", " + to_text(where.z()) + " mm")
        .wanted("one outer surface");
}

double SurfaceDistance::operator()(const Vector3 &point) const
{
  const Vector3 p = (point - origin_) / spacing_;
  std::array<std::size_t, 3> cell{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double x = p[static_cast<Eigen::Index>(axis)];
    if (!(x >= 0) || !(x < static_cast<double>(n_[axis] - 1)))
      return std::max((point - point.cwiseMax(box_.least).cwiseMin(box_.greatest)).norm(), 1e-3 * spacing_);
    cell[axis] = static_cast<std::size_t>(x);
  }
  const double u = p.x() - static_cast<double>(cell[0]), v = p.y() - static_cast<double>(cell[1]),
               w = p.z() - static_cast<double>(cell[2]);
  const std::size_t low = index(cell[0], cell[1], cell[2]);
  const auto along_x = [&](const std::size_t at) {
    return (1 - u) * static_cast<double>(values_[at]) + u * static_cast<double>(values_[at + 1]);
  };
  const std::size_t y = n_[0], z = n_[0] * n_[1];
  return (1 - w) * ((1 - v) * along_x(low) + v * along_x(low + y)) +
         w * ((1 - v) * along_x(low + z) + v * along_x(low + y + z));
}

} // namespace wolff::geometry
