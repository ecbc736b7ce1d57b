// Boxes of fluid-filled voxels for the verification of poroelasticity: constants of the reference tables,
// supports and drained nodes by place, fluid sources.
#pragma once

#include "elastic_box.h"
#include "mechanics/poroelastic_solver.h"
#include "reference_table.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace wolff::tests {

/// Constants of poro_constants.csv [MPa, mm, s].
inline std::map<std::string, double> pore_material(const std::string &name)
{
  std::map<std::string, double> constants;
  for (const Row &row : reference_table("poro_constants.csv", 45, 3))
    if (row[0] == name) constants[row[1]] = number(row[2]);
  BOOST_REQUIRE_EQUAL(constants.size(), 15U);
  return constants;
}

using Place = std::function<bool(const Vector3 &)>;

/// Solid and fluid on one forest; voxels where young() is zero are void.
class PoreBox
{
public:
  PoreBox(const BrickForest &bricks, const std::function<double(const Vector3 &)> &young, const double nu,
          const double alpha, const double storage, const std::function<double(const Vector3 &)> &mobility,
          const mechanics::PoroelasticOptions &options, const mechanics::SolverOptions &solid_options = {})
      : forest(bricks), moduli(moduli_of(bricks, young, [nu](const Vector3 &) { return nu; })),
        solid(bricks, solid_options), options_(options)
  {
    for (std::size_t v = 0; v < moduli.mu.size(); ++v) {
      const int i = static_cast<int>(v % brick_voxels);
      const bool is_void = moduli.mu[v] == 0;
      const Vector3 x = forest.brick(v / brick_voxels).voxel_centre(i % 8, i / 8 % 8, i / 64);
      constants_.biot.push_back(is_void ? 0 : alpha);
      constants_.storage.push_back(is_void ? 0 : storage);
      constants_.mobility.push_back(is_void ? 0 : mobility(x));
    }
  }

  /// Components that @p held names at a place do not move (x 1, y 2, z 4); @p drained nodes have pressure
  /// zero.
  void start(const std::function<int(const Vector3 &)> &held, const Place &drained)
  {
    mechanics::PrescribedDisplacement prescribed = solid.nothing_prescribed();
    std::vector<std::uint8_t> open(solid.nodes().n_local(), 0);
    for_each_node([&](const std::size_t node, const Vector3 &x) {
      for (std::size_t c = 0; c < 3; ++c)
        if (held(x) >> c & 1) prescribed.fixed[3 * node + c] = 1;
      open[node] = drained(x) ? 1 : 0;
    });
    solid.set_prescribed(std::move(prescribed));
    solid.set_moduli(moduli.lambda, moduli.mu);
    fluid = std::make_unique<mechanics::PoroelasticSolver>(solid, options_);
    fluid->set_drained(std::move(open), fluid->zero_pressure());
    fluid->set_constants(constants_);
    u = solid.zero_vector();
    p = fluid->zero_pressure();
  }

  /// Prescribe the components that @p held names with the values of @p exact.
  void prescribe(const std::function<int(const Vector3 &)> &held, const Field &exact)
  {
    mechanics::PrescribedDisplacement prescribed = solid.nothing_prescribed();
    for_each_node([&](const std::size_t node, const Vector3 &x) {
      const int components = held(x);
      if (components == 0) return;
      const Vector3 value = exact(x);
      for (int c = 0; c < 3; ++c)
        if (components >> c & 1) {
          prescribed.fixed[3 * node + static_cast<std::size_t>(c)] = 1;
          prescribed.value[3 * node + static_cast<std::size_t>(c)] = value[c];
        }
    });
    solid.set_prescribed(std::move(prescribed));
    solid.set_moduli(moduli.lambda, moduli.mu);
  }

  void drain(const Place &where, const std::function<double(const Vector3 &)> &pressure)
  {
    std::vector<std::uint8_t> open(solid.nodes().n_local(), 0);
    std::vector<double> value(solid.nodes().n_local(), 0.0);
    for_each_node([&](const std::size_t node, const Vector3 &x) {
      if (!where(x)) return;
      open[node] = 1;
      value[node] = pressure(x);
    });
    fluid->set_drained(std::move(open), std::move(value));
  }

  /// Every corner of every stiff voxel: visit(node, place). Several times each.
  template <typename Visit>
  void for_each_node(const Visit &visit) const
  {
    for (std::size_t v = 0; v < moduli.mu.size(); ++v) {
      if (moduli.mu[v] == 0) continue;
      const int i = static_cast<int>(v % brick_voxels);
      for (int corner = 0; corner < 8; ++corner)
        visit(solid.corner_node(static_cast<std::uint32_t>(v), corner),
              discretisation::node_position(forest.brick(v / brick_voxels), 8, i % 8 + (corner & 1),
                                            i / 8 % 8 + (corner >> 1 & 1), i / 64 + (corner >> 2)));
    }
  }

  /// Traction [MPa] on the exposed faces that look along @p direction (2 axis + 1 at the far side) at @p
  /// where.
  std::vector<double> traction(const int direction, const Vector3 &stress) const
  {
    std::vector<std::uint8_t> stiff;
    for (const double mu : moduli.mu) stiff.push_back(mu > 0 ? 1 : 0);
    const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, stiff);
    std::vector<loads::FaceForce> forces;
    for (const auto &face : mesh.exposed_faces())
      if (face.direction == direction) forces.push_back({face, face.area * stress});
    std::vector<double> nodal = solid.zero_vector();
    mechanics::add_face_forces(solid, mesh, forces, nodal);
    return nodal;
  }

  /// Integral of N_i g over all voxels, 3 x 3 x 3 Gauss points.
  std::vector<double> sources(const std::function<double(const Vector3 &)> &g) const
  {
    const std::array<double, 3> points{0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)},
        weights{5.0 / 18, 8.0 / 18, 5.0 / 18};
    std::vector<double> result(solid.nodes().n_local(), 0.0);
    for (std::size_t v = 0; v < moduli.mu.size(); ++v) {
      if (moduli.mu[v] == 0) continue;
      const auto &brick = forest.brick(v / brick_voxels);
      const int i = static_cast<int>(v % brick_voxels);
      const double h = brick.voxel_edge();
      const Vector3 corner = brick.voxel_centre(i % 8, i / 8 % 8, i / 64) - Vector3::Constant(h / 2);
      for (std::size_t q = 0; q < 27; ++q) {
        const Vector3 s(points[q % 3], points[q / 3 % 3], points[q / 9]);
        const double value =
            weights[q % 3] * weights[q / 3 % 3] * weights[q / 9] * h * h * h * g(corner + h * s);
        for (int c = 0; c < 8; ++c)
          result[solid.corner_node(static_cast<std::uint32_t>(v), c)] +=
              value * (c & 1 ? s[0] : 1 - s[0]) * (c >> 1 & 1 ? s[1] : 1 - s[1]) * (c >> 2 ? s[2] : 1 - s[2]);
      }
    }
    return result;
  }

  /// Pressure at a node's place, on all ranks.
  double pressure_at(const Vector3 &place)
  {
    return at(place, [&](const std::size_t node) { return p[node]; });
  }
  double displacement_at(const Vector3 &place, const std::size_t component)
  {
    return at(place, [&](const std::size_t node) { return u[3 * node + component]; });
  }

  const BrickForest &forest;
  Moduli moduli;
  mechanics::ElasticSolver solid;
  std::unique_ptr<mechanics::PoroelasticSolver> fluid;
  std::vector<double> u, p;

private:
  template <typename Value>
  double at(const Vector3 &place, const Value &value)
  {
    double found = -1e300;
    for_each_node([&](const std::size_t node, const Vector3 &x) {
      if ((x - place).norm() < 1e-9 && node < solid.nodes().n_owned()) found = value(node);
    });
    found = largest(found);
    BOOST_REQUIRE_MESSAGE(found > -1e299, "no node at this place");
    return found;
  }

  mechanics::PoroelasticOptions options_;
  mechanics::PoreConstants constants_;
};

} // namespace wolff::tests
