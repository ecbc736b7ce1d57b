// ranks: 1 2 4
// links: regeneration
// V206: D = D0 k with k constant in each octant of the unit cube, contrast 1e4; at rest c = 1/2 + S/(10 k)
// with S = sin 2 pi x sin 2 pi y sin 2 pi z and the source 12 pi^2 D0 S/10. S vanishes on the faces of the
// octants, so c and its flux are continuous there.
#include "regeneration/transport.h"
#include "support/box_cells.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <numbers>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

constexpr double pi = std::numbers::pi, D0 = 0.3;
constexpr std::array<double, 8> octants{1, 1e4, 30, 2, 5e3, 7, 100, 900};

double S(const Vector3 &x)
{
  return std::sin(2 * pi * x[0]) * std::sin(2 * pi * x[1]) * std::sin(2 * pi * x[2]);
}

double k(const Vector3 &x)
{
  return octants[(x[0] > 0.5 ? 1U : 0U) + (x[1] > 0.5 ? 2U : 0U) + (x[2] > 0.5 ? 4U : 0U)];
}

struct Result
{
  double h, error, flux_error; ///< error weighted with k; of the flux through a quarter of x = 1/2
};

/// Two voxels around the unit cube hold the density of its surface.
Result solve(const unsigned bricks)
{
  const double h = 1.0 / (8 * bricks - 4);
  tests::Box box;
  box.origin = Vector3::Constant(-2 * h);
  box.bricks = {bricks, bricks, bricks};
  box.brick_edge = 8 * h;
  const CellMesh mesh = tests::cells_of(box);
  const auto is_inside = [](const Vector3 &x) { return x.minCoeff() > 0 && x.maxCoeff() < 1; };
  std::vector<Role> roles;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    roles.push_back(is_inside(mesh.cell(i).centre) ? Role::domain : Role::supply);
  const Transport transport(mesh, roles);
  const CellField supply(mesh.n_owned(), 0.5);
  const LinearReaction reaction{
      tests::field_of(mesh, [](const Vector3 &x) { return 12 * pi * pi * D0 * S(x) / 10; }), {}};
  CellField c(mesh.n_owned(), 0.5);
  transport.rest(c, transport.conductances(tests::field_of(mesh, [](const Vector3 &x) { return D0 * k(x); })),
                 {}, &supply, reaction);

  double difference = 0, norm = 0, flux = 0;
  c.resize(mesh.n_local());
  mesh.update_ghosts(c);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const Vector3 &x = mesh.cell(i).centre;
    if (!is_inside(x)) continue;
    difference += mesh.volume(i) * std::pow(k(x) * (c[i] - 0.5) - S(x) / 10, 2);
    norm += mesh.volume(i) * std::pow(S(x) / 10, 2);
  }
  for (const discretisation::CellFace &face : mesh.faces()) {
    const Vector3 &a = mesh.cell(face.first).centre, &b = mesh.cell(face.second).centre;
    const bool counted = face.first < mesh.n_owned(); // by the owner of the first cell
    if (!counted || face.axis != 0 || !is_inside(a) || a[1] > 0.5 || a[2] > 0.5) continue;
    if (!(a[0] < 0.5 && b[0] > 0.5)) continue;
    flux += face.area * (c[face.first] - c[face.second]) / (h / 2 / (D0 * k(a)) + h / 2 / (D0 * k(b)));
  }
  // -D k dc/dx = -D0 (2 pi/10) cos(pi) (1/pi)^2 through the quarter
  const double exact = D0 * 0.2 * pi / (pi * pi);
  return {h, std::sqrt(tests::summed(difference) / tests::summed(norm)),
          std::abs(tests::summed(flux) / exact - 1)};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_jump_on_faces_of_cells_keeps_order_two_and_a_continuous_flux)
{
  std::vector<Result> results;
  for (const unsigned bricks : {2U, 3U, 5U}) results.push_back(solve(bricks));
  const auto order = [&](double Result::*what) {
    return std::log(results[1].*what / results[2].*what) / std::log(results[1].h / results[2].h);
  };
  for (const Result &result : results)
    BOOST_TEST_MESSAGE("V206 h " << result.h << ": error " << result.error << ", flux " << result.flux_error);
  BOOST_TEST_MESSAGE("V206 orders: field " << order(&Result::error) << ", flux "
                                           << order(&Result::flux_error));
  tests::record("V206", "uniform, contrast 1e4", "order of k c in L2", order(&Result::error), ">= 1.8");
  tests::record("V206", "uniform, contrast 1e4", "order of the flux through a jump",
                order(&Result::flux_error), ">= 1.8");
  BOOST_TEST(order(&Result::error) >= 1.8);
  BOOST_TEST(order(&Result::flux_error) >= 1.8);
}
