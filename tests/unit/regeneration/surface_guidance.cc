// ranks: 1 2 4
// links: discretisation geometry
// Surfaces that guide cells: areas on voxels, the mean of the site rule, and what it does to a run.
#include "regeneration/surface_guidance.h"
#include "regeneration/continuum.h"

#include "geometry/scaffold.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

constexpr auto scaffold = material::index(Tissue::scaffold),
               granulation = material::index(Tissue::granulation);

/// All of it heals; scaffold by the share that @p solid gives.
TissueState state_of(const CellMesh &mesh, const std::function<double(const Vector3 &)> &solid)
{
  TissueState state = make_tissue_state(mesh.n_owned());
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    state.healing_domain[i] = 1;
    state.fractions[scaffold][i] = solid(mesh.cell(i).centre);
    state.fractions[granulation][i] = 1 - state.fractions[scaffold][i];
  }
  return state;
}

double area_of(const CellMesh &mesh, const CellField &per_volume)
{
  double area = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) area += mesh.volume(i) * per_volume[i];
  return tests::summed(area);
}

} // namespace

BOOST_AUTO_TEST_CASE(planes_and_slits_have_their_area)
{
  for (const bool hanging : {false, true}) {
    const CellMesh mesh = tests::cube_cells(hanging);
    const TissueState plane = state_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 1 : 0; }),
                      half = state_of(mesh,
                                      [](const Vector3 &x) { return x[0] < 1      ? 1
                                                                    : x[0] < 1.25 ? 0.4
                                                                                  : 0; }),
                      slit =
                          state_of(mesh, [](const Vector3 &x) { return std::abs(x[0] - 2) < 0.25 ? 0 : 1; });
    BOOST_TEST(area_of(mesh, specific_area(mesh, plane).scaffold) == 16.0,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(area_of(mesh, specific_area(mesh, half).scaffold) == 16.0,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(area_of(mesh, specific_area(mesh, slit).scaffold) == 32.0,
               boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_ball_has_an_eighth_more_than_its_area)
{
  const CellMesh mesh = tests::cube_cells(false, MPI_COMM_WORLD, 4); // voxels of 0.125 mm
  const double radius = 1.5, exact = 4 * std::numbers::pi * radius * radius;
  const TissueState ball =
      state_of(mesh, [&](const Vector3 &x) { return (x - Vector3::Constant(2.01)).norm() < radius ? 1 : 0; });
  const double found = area_of(mesh, specific_area(mesh, ball).scaffold) / exact;
  BOOST_TEST_MESSAGE("ball: " << found << " of its area");
  BOOST_TEST(std::abs(found - 1.12) < 0.03);
}

BOOST_AUTO_TEST_CASE(bone_beyond_the_domain_is_a_wall_by_its_share_and_beyond_the_domain_nothing_is_asked)
{
  const CellMesh mesh = tests::cube_cells(true);
  TissueState state = state_of(mesh, [](const Vector3 &) { return 0; });
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (mesh.cell(i).centre[2] < 2) {
      state.healing_domain[i] = 0;
      state.fractions[material::index(Tissue::cancellous_bone)][i] = 0.25;
      state.fractions[material::index(Tissue::marrow)][i] = 0.75;
      state.fractions[granulation][i] = 0;
    }
  const SpecificArea area = specific_area(mesh, state);
  BOOST_TEST(area_of(mesh, area.all) == 4.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(area_of(mesh, area.scaffold) == 0.0);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    BOOST_TEST((state.healing_domain[i] != 0 || area.all[i] == 0));
}

BOOST_AUTO_TEST_CASE(small_voxels_count_by_their_distance)
{
  const CellMesh mesh = tests::cube_cells(true); // 0.25 and 0.125 mm
  const TissueState plane = state_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 1 : 0; });
  const CellField area = specific_area(mesh, plane).scaffold;
  for (const double reach : {0.1, 0.3, 0.5}) {
    const CellField share = share_in_reach(mesh, plane, area, plane.fractions[scaffold], reach);
    double volume = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) volume += mesh.volume(i) * share[i];
    BOOST_TEST(tests::summed(volume) == 16 * reach, boost::test_tools::tolerance(0.005));
  }
}

BOOST_AUTO_TEST_CASE(a_homogenised_scaffold_has_the_area_of_its_lattice)
{
  const CellMesh mesh = tests::cube_cells(true);
  const TissueState state = state_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 0.3 : 0; });
  geometry::ScaffoldOptions options; // gyroid network
  const double lattice = geometry::measure_scaffold(options).specific_area;
  HomogenisedSurface surface{CellField(mesh.n_owned(), 0.0), [&](const double density) {
                               BOOST_TEST(density == 0.3);
                               return lattice;
                             }};
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    surface.envelope_share[i] = mesh.cell(i).centre[0] < 1 ? 1 : 0;
  BOOST_TEST(area_of(mesh, specific_area(mesh, state, surface).all) == 16 * lattice,
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_share_is_the_mean_of_the_rule_of_sites)
{
  BOOST_TEST(guided_share(0, 0) == 0.0);
  BOOST_TEST(guided_share(1, 0) == 1.0);
  BOOST_TEST(guided_share(0, 1) == 1.0);
  // Sites of a layer ten high on a wall: a tenth of them touch it; tissue on a site with probability m.
  constexpr int n = 40, height = 10;
  std::mt19937 random(5);
  for (const double tissue : {0.02, 0.1, 0.3}) {
    std::bernoulli_distribution is_tissue(tissue);
    std::vector<bool> sites(n * n * height);
    for (std::size_t i = 0; i < sites.size(); ++i) sites[i] = is_tissue(random);
    const auto at = [&](const int x, const int y, const int z) {
      return sites[static_cast<std::size_t>(((z + height) % height * n + (y + n) % n) * n + (x + n) % n)];
    };
    int free = 0, beside = 0;
    for (int z = 0; z < height; ++z)
      for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x) {
          if (at(x, y, z)) continue;
          ++free;
          beside += z == 0 || at(x - 1, y, z) || at(x + 1, y, z) || at(x, y - 1, z) || at(x, y + 1, z) ||
                    at(x, y, z - 1) || at(x, y, z + 1);
        }
    BOOST_TEST(std::abs(static_cast<double>(beside) / free - guided_share(0.1, tissue)) < 0.015);
  }
}

BOOST_AUTO_TEST_CASE(guided_cells_stay_at_the_wall_and_make_bone_there)
{
  const CellMesh mesh = tests::cube_cells(true);
  const auto after = [&](const SurfaceGuidanceOptions &surfaces) {
    TissueState state = state_of(mesh, [](const Vector3 &x) { return x[0] < 1 ? 1 : 0; });
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (const double x = mesh.cell(i).centre[0]; x > 1 && x < 1.25) state.cells[0][i] = 500;
    std::vector<stimulus::Response> stimulus(mesh.n_owned());
    for (stimulus::Response &response : stimulus) response.windows = {0, 0, 1, 0, 0};
    RegenerationOptions options;
    options.surfaces = surfaces;
    options.host_supply = false;
    return regenerate(mesh, state, stimulus, 10, options).after;
  };
  const auto beyond = [&](const TissueState &state, const auto &value, const double from) {
    double amount = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (mesh.cell(i).centre[0] > from) amount += mesh.volume(i) * value(state, i);
    return tests::summed(amount);
  };
  const auto stromal = [](const TissueState &s, const std::size_t i) { return s.cells[0][i]; };
  const auto osteoblasts = [](const TissueState &s, const std::size_t i) {
    return s.cells[tissue::index(tissue::Cell::osteoblast)][i];
  };
  SurfaceGuidanceOptions migration, deposition, conduction;
  migration.migration = true;
  deposition.deposition = true;
  conduction.osteoconduction = 2;
  const TissueState free = after({}), guided = after(migration), settled = after(deposition),
                    conducted = after(conduction);
  BOOST_TEST(beyond(free, stromal, 2) > 1.0);
  BOOST_TEST(beyond(guided, stromal, 2) < 0.05 * beyond(free, stromal, 2));
  BOOST_TEST(beyond(settled, osteoblasts, 1.5) < 0.3 * beyond(free, osteoblasts, 1.5));
  const auto at_the_wall = [&](const TissueState &state) {
    return beyond(state, osteoblasts, 1) - beyond(state, osteoblasts, 1.25);
  };
  BOOST_TEST(at_the_wall(conducted) > 1.1 * at_the_wall(free));
  BOOST_TEST(beyond(conducted, osteoblasts, 2) < 1.01 * beyond(free, osteoblasts, 2));
}
