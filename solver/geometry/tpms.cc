#include "geometry/tpms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace wolff::geometry {

namespace {

LevelSet gyroid(const PhaseAngles &p)
{
  const Vector3 &s = p.sin, &c = p.cos;
  return {s.x() * c.y() + s.y() * c.z() + s.z() * c.x(),
          {c.x() * c.y() - s.z() * s.x(), c.y() * c.z() - s.x() * s.y(), c.z() * c.x() - s.y() * s.z()}};
}

LevelSet diamond(const PhaseAngles &p)
{
  const Vector3 &s = p.sin, &c = p.cos;
  return {c.x() * c.y() * c.z() - s.x() * s.y() * s.z(),
          {-s.x() * c.y() * c.z() - c.x() * s.y() * s.z(), -c.x() * s.y() * c.z() - s.x() * c.y() * s.z(),
           -c.x() * c.y() * s.z() - s.x() * s.y() * c.z()}};
}

LevelSet primitive(const PhaseAngles &p)
{
  return {p.cos.sum(), -p.sin};
}

LevelSet i_wp(const PhaseAngles &p)
{
  const Vector3 &s = p.sin, &c = p.cos;
  const Vector3 s2 = 2 * s.array() * c.array(), c2 = 1 - 2 * s.array().square(); // of twice the phase
  return {2 * (c.x() * c.y() + c.y() * c.z() + c.z() * c.x()) - c2.sum(),
          {-2 * s.x() * (c.y() + c.z()) + 2 * s2.x(), -2 * s.y() * (c.z() + c.x()) + 2 * s2.y(),
           -2 * s.z() * (c.x() + c.y()) + 2 * s2.z()}};
}

LevelSet neovius(const PhaseAngles &p)
{
  const Vector3 &s = p.sin, &c = p.cos;
  return {
      3 * c.sum() + 4 * c.prod(),
      {-s.x() * (3 + 4 * c.y() * c.z()), -s.y() * (3 + 4 * c.z() * c.x()), -s.z() * (3 + 4 * c.x() * c.y())}};
}

LevelSet f_rd(const PhaseAngles &p)
{
  const Vector3 &s = p.sin, &c = p.cos;
  const Vector3 s2 = 2 * s.array() * c.array(), c2 = 1 - 2 * s.array().square(); // of twice the phase
  return {4 * c.prod() - (c2.x() * c2.y() + c2.y() * c2.z() + c2.z() * c2.x()),
          {-4 * s.x() * c.y() * c.z() + 2 * s2.x() * (c2.y() + c2.z()),
           -4 * s.y() * c.z() * c.x() + 2 * s2.y() * (c2.z() + c2.x()),
           -4 * s.z() * c.x() * c.y() + 2 * s2.z() * (c2.x() + c2.y())}};
}

constexpr double two_pi = 2 * std::numbers::pi;

/// Call @p visit(index, angles) for the points of a periodic grid that lies askew to all symmetry planes.
template <typename Visit>
void for_each_voxel(const int n, const Visit &visit)
{
  std::vector<PhaseAngles> at; // along each axis, that of x, y, z
  for (int i = 0; i < n; ++i)
    at.emplace_back(Vector3(two_pi * (i + 0.31) / n, two_pi * (i + 0.47) / n, two_pi * (i + 0.59) / n));
  const auto angles = [&](const std::size_t i, const std::size_t j, const std::size_t k) {
    return PhaseAngles({at[i].sin.x(), at[j].sin.y(), at[k].sin.z()},
                       {at[i].cos.x(), at[j].cos.y(), at[k].cos.z()});
  };
  std::size_t index = 0;
  for (std::size_t k = 0; k < at.size(); ++k)
    for (std::size_t j = 0; j < at.size(); ++j)
      for (std::size_t i = 0; i < at.size(); ++i, ++index) visit(index, angles(i, j, k));
}

/// Call @p visit(index, angles) for the points of an even sequence. Volumes come out several times more
/// accurate than on a grid of as many points, because surfaces with cubic symmetry run along the planes of a
/// grid.
template <typename Visit>
void for_each_sample(const std::size_t count, const Visit &visit)
{
  // Steps by the powers of 1 / g with g^4 = g + 1, the most evenly spread of its kind in three dimensions.
  const double g = 1.2207440846057596;
  const Vector3 step(1 / g, 1 / (g * g), 1 / (g * g * g));
  // A step turns all angles by the same, which costs a fiftieth of sine and cosine; anew now and then, since
  // its rounding adds up.
  constexpr std::size_t turns = 256;
  const PhaseAngles turn(two_pi * step);
  for (std::size_t begin = 0; begin < count; begin += turns) {
    const Vector3 p = static_cast<double>(begin + 1) * step;
    PhaseAngles angles(two_pi * Vector3(p.array() - p.array().floor()));
    for (std::size_t index = begin; index < std::min(begin + turns, count); ++index) {
      visit(index, angles);
      const Vector3 sine = angles.sin.cwiseProduct(turn.cos) + angles.cos.cwiseProduct(turn.sin);
      angles.cos = angles.cos.cwiseProduct(turn.cos) - angles.sin.cwiseProduct(turn.sin);
      angles.sin = sine;
    }
  }
}

struct Connection
{
  bool through = false;
  double islands = 0; ///< share outside the parts that run through
};

/**
 * Do the marked voxels of a periodic n^3 cell run through it in all three directions? Each part is flooded
 * with the cell image each voxel was reached in; meeting a voxel again in another image means that the part
 * runs through.
 */
Connection connection(const std::vector<std::uint8_t> &marked, const int n)
{
  using Image = std::array<std::int8_t, 3>;
  std::vector<Image> image(marked.size());
  std::vector<std::uint8_t> seen(marked.size(), 0);
  std::vector<std::array<int, 3>> front;
  std::size_t in_all = 0, in_through = 0;
  Connection result;
  const auto index = [n](const std::array<int, 3> &v) {
    return static_cast<std::size_t>(v[0]) +
           static_cast<std::size_t>(n) * (static_cast<std::size_t>(v[1]) +
                                          static_cast<std::size_t>(n) * static_cast<std::size_t>(v[2]));
  };
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        if (!marked[index({i, j, k})] || seen[index({i, j, k})]) continue;
        std::array<bool, 3> wraps{};
        std::size_t size = 0;
        seen[index({i, j, k})] = 1;
        image[index({i, j, k})] = {};
        front.push_back({i, j, k});
        while (!front.empty()) {
          const std::array<int, 3> here = front.back();
          front.pop_back();
          ++size;
          for (std::size_t axis = 0; axis < 3; ++axis)
            for (const int step : {-1, 1}) {
              std::array<int, 3> there = here;
              Image there_image = image[index(here)];
              there[axis] += step;
              if (there[axis] < 0 || there[axis] >= n) {
                there[axis] -= step * n;
                there_image[axis] = static_cast<std::int8_t>(there_image[axis] + step);
              }
              const std::size_t at = index(there);
              if (!marked[at]) continue;
              if (!seen[at]) {
                seen[at] = 1;
                image[at] = there_image;
                front.push_back(there);
              } else
                for (std::size_t a = 0; a < 3; ++a) wraps[a] = wraps[a] || image[at][a] != there_image[a];
            }
        }
        const bool through = wraps[0] && wraps[1] && wraps[2];
        result.through = result.through || through;
        in_all += size;
        if (through) in_through += size;
      }
  if (in_all > 0) result.islands = 1 - static_cast<double>(in_through) / static_cast<double>(in_all);
  return result;
}

} // namespace

const Table<TpmsType> &tpms_types()
{
  using Solid = TpmsType::Solid;
  static const std::string source = "level set, offsets and areas: nodal approximation, sampled here [C]";
  static const Table<TpmsType> table{
      {"gyroid network", "gyroid, solid f < t (f > -t is its mirror image)", source, {gyroid, Solid::below}},
      {"gyroid sheet", "gyroid, solid |f| < t", source, {gyroid, Solid::between}},
      {"diamond network", "diamond, solid f < t", source, {diamond, Solid::below}},
      {"diamond sheet", "diamond, solid |f| < t", source, {diamond, Solid::between}},
      {"primitive network",
       "primitive, solid f < t; needs a solid fraction above 0.21",
       source,
       {primitive, Solid::below}},
      {"primitive sheet", "primitive, solid |f| < t", source, {primitive, Solid::between}},
      {"I-WP network below", "I-WP, solid f < t; no stiffness at 0.10", source, {i_wp, Solid::below}},
      {"I-WP network above", "I-WP, solid f > t", source, {i_wp, Solid::above}},
      {"I-WP sheet", "I-WP, solid |f| < t", source, {i_wp, Solid::between}},
      {"Neovius network", "Neovius, solid f < t", source, {neovius, Solid::below}},
      {"Neovius sheet", "Neovius, solid |f| < t", source, {neovius, Solid::between}},
      {"F-RD network below", "F-RD, solid f < t", source, {f_rd, Solid::below}},
      {"F-RD network above", "F-RD, solid f > t", source, {f_rd, Solid::above}},
      {"F-RD sheet", "F-RD, solid |f| < t", source, {f_rd, Solid::between}},
  };
  return table;
}

LevelSet solid_level(const TpmsType &type, const double offset, const PhaseAngles &angles)
{
  LevelSet level = type.surface(angles);
  if (type.solid == TpmsType::Solid::below)
    level.value -= offset;
  else if (type.solid == TpmsType::Solid::above) {
    level.value = offset - level.value;
    level.gradient *= -1;
  } else {
    if (level.value < 0) level.gradient *= -1;
    level.value = std::abs(level.value) - offset;
  }
  return level;
}

bool TpmsCell::solid(const PhaseAngles &angles) const
{
  const LevelSet level = solid_level(type, offset, angles);
  if (growth == 0) return level.value < 0;
  return level.value < growth * two_pi * level.gradient.norm();
}

double offset_for_fraction(const TpmsType &type, const double solid_fraction, const std::size_t samples)
{
  // With offset zero, `below` and `between` are solid where the value is below t; `above` where it is below
  // -t.
  std::vector<double> values(samples);
  for_each_sample(samples, [&](const std::size_t index, const PhaseAngles &angles) {
    values[index] = solid_level(type, 0, angles).value;
  });
  const auto rank =
      static_cast<std::ptrdiff_t>(std::clamp(solid_fraction, 0.0, 1.0) * static_cast<double>(samples - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  const double quantile = values[static_cast<std::size_t>(rank)];
  return type.solid == TpmsType::Solid::above ? -quantile : quantile;
}

CellMeasures measure_cell(const TpmsCell &cell, const int voxels, const std::size_t samples)
{
  CellMeasures m;
  // The area is the volume of a thin layer about the surface over its thickness.
  constexpr double layer = 0.02;
  std::size_t in_solid = 0, in_layer = 0;
  for_each_sample(samples, [&](std::size_t, const PhaseAngles &angles) {
    const LevelSet level = solid_level(cell.type, cell.offset, angles);
    const double length = two_pi * level.gradient.norm();
    in_solid += level.value < cell.growth * length;
    in_layer += std::abs(level.value - cell.growth * length) < layer / 2 * length;
  });
  m.solid_fraction = static_cast<double>(in_solid) / static_cast<double>(samples);
  m.area = static_cast<double>(in_layer) / static_cast<double>(samples) / layer;

  const auto n = static_cast<std::size_t>(voxels);
  std::vector<std::uint8_t> solid(n * n * n), pore(n * n * n);
  for_each_voxel(voxels, [&](const std::size_t index, const PhaseAngles &angles) {
    solid[index] = cell.solid(angles);
    pore[index] = !solid[index];
  });
  const Connection of_solid = connection(solid, voxels), of_pore = connection(pore, voxels);
  m.solid_connected = of_solid.through;
  m.pore_connected = of_pore.through;
  m.solid_islands = of_solid.islands;
  m.pore_islands = of_pore.islands;
  return m;
}

} // namespace wolff::geometry
