// ranks: 1 2 4
// links: discretisation
// A scaffold that goes: fronts on voxels, volumes that are kept, restart, ranks, parts that come loose.
#include "regeneration/scaffold_degradation.h"
#include "regeneration/material_update.h"
#include "regeneration/scaffold_erosion.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>
#include <numbers>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

constexpr auto scaffold = material::index(Tissue::scaffold),
               granulation = material::index(Tissue::granulation);

/// Shares of what is solid where level < 0, sampled 4 x 4 x 4 times a cell.
CellField shares(const CellMesh &mesh, const std::function<double(const Vector3 &)> &level)
{
  constexpr int n = 4;
  CellField share(mesh.n_owned(), 0.0);
  for (std::size_t i = 0; i < share.size(); ++i)
    for (int q = 0; q < n * n * n; ++q) {
      const Vector3 at = Vector3(q % n, q / n % n, q / (n * n)) / n + Vector3::Constant(0.5 / n - 0.5);
      share[i] += level(mesh.cell(i).centre + mesh.cell(i).edge * at) < 0 ? 1.0 / (n * n * n) : 0;
    }
  return share;
}

double volume_of(const CellMesh &mesh, const CellField &share)
{
  double volume = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) volume += mesh.volume(i) * share[i];
  return tests::summed(volume);
}

/// A state of the shares and granulation tissue, all of it healing.
TissueState state_of(const CellField &share)
{
  TissueState state = make_tissue_state(share.size());
  state.youngs_modulus.assign(share.size(), 1);
  for (std::size_t i = 0; i < share.size(); ++i) {
    state.healing_domain[i] = 1;
    state.fractions[scaffold][i] = share[i];
    state.fractions[granulation][i] = 1 - share[i];
    if (share[i] > 0) state.scaffold_density[i] = state.mw_ratio[i] = 1;
  }
  return state;
}

ScaffoldDegradation front_of(const CellField &share, const double speed)
{
  ScaffoldDegradation degradation;
  degradation.law.front_speed = speed;
  degradation.solid_on_day_0 = share;
  degradation.ends.of_cell.assign(share.size(), 0);
  return degradation;
}

double ball(const Vector3 &x)
{
  return (x - Vector3::Constant(2)).norm() - 1.5;
}

/// Rod along x of 2 mm square with a neck of half its width in the middle.
double necked_rod(const Vector3 &x)
{
  const double half = std::abs(x[0] - 2) < 0.5 ? 0.5 : 1;
  return std::max(std::abs(x[1] - 2), std::abs(x[2] - 2)) - half;
}

ScaffoldEnds ends_along_x(const CellMesh &mesh, const CellField &share)
{
  ScaffoldEnds ends{std::vector<std::uint16_t>(mesh.n_owned(), 0), 1};
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (share[i] > 0) ends.of_cell[i] = mesh.cell(i).centre[0] < 1 ? 1 : mesh.cell(i).centre[0] > 3 ? 2 : 0;
  return ends;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_plane_front_recedes_at_its_speed_to_rounding_beside_finer_cells_too)
{
  for (const bool hanging : {false, true}) {
    const CellMesh mesh = tests::cube_cells(hanging);
    CellField solid(mesh.n_owned()); // above x = 1, exact in each voxel
    const auto above = [&](const std::size_t i, const double front) {
      const double h = mesh.cell(i).edge;
      return std::clamp((mesh.cell(i).centre[0] + h / 2 - front) / h, 0.0, 1.0);
    };
    for (std::size_t i = 0; i < solid.size(); ++i) solid[i] = above(i, 1.03);
    double depth = 0, worst = 0;
    for (const double step : {0.01, 0.3, 0.07, 0.5, 0.003}) {
      erode_surface(mesh, step, solid);
      depth += step;
      for (std::size_t i = 0; i < solid.size(); ++i) {
        const Vector3 &x = mesh.cell(i).centre;
        // The sides of the box and the face at x = 4 are exposed as well.
        if (x[0] > 2.75 || std::max(std::abs(x[1] - 2), std::abs(x[2] - 2)) > 0.3) continue;
        worst = std::max(worst, std::abs(solid[i] - above(i, 1.03 + depth)));
      }
    }
    BOOST_TEST(tests::largest(worst) <= 1e-10, (hanging ? "hanging: " : "uniform: ") << worst);
  }
}

BOOST_AUTO_TEST_CASE(a_ball_shrinks_at_its_speed_within_some_percent_and_vanishes)
{
  for (const unsigned bricks : {2U, 4U}) { // 6 and 12 voxels a radius
    tests::Box box;
    box.bricks = {bricks, bricks, bricks};
    box.brick_edge = 4.0 / bricks;
    const CellMesh mesh = tests::cells_of(box);
    CellField solid = shares(mesh, ball);
    const double before = volume_of(mesh, solid), lost = erode_surface(mesh, 0.5, solid),
                 after = volume_of(mesh, solid);
    BOOST_TEST(lost == before - after, boost::test_tools::tolerance(1e-12));
    const double radius = std::cbrt(after / (4.0 / 3 * std::numbers::pi));
    BOOST_TEST_MESSAGE("ball of radius 1.5 after 0.5 mm, " << 3 * bricks << " voxels: " << radius);
    BOOST_TEST(std::abs(radius - 1) < 0.05); // 0.08 off with the stairs as area
    if (bricks == 4) continue;
    erode_surface(mesh, 1.5, solid);
    for (const double share : solid) BOOST_TEST(share == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(lost_volume_becomes_free_space_and_fractions_still_sum_to_one)
{
  const CellMesh mesh = tests::cube_cells(true);
  const CellField share = shares(mesh, ball);
  ScaffoldDegradation degradation = front_of(share, 0.05);
  degradation.law.bulk_rate = 0.01;
  TissueState state = state_of(share);
  double lost = 0;
  for (int step = 0; step < 4; ++step) lost += degrade(mesh, degradation, 3, state);
  BOOST_TEST(lost > 0.5 * volume_of(mesh, share));
  BOOST_TEST(lost == volume_of(mesh, share) - volume_of(mesh, state.fractions[scaffold]),
             boost::test_tools::tolerance(1e-12));
  require_valid(mesh, state, "after twelve days");
  double worst = 0;
  for (std::size_t i = 0; i < share.size(); ++i) {
    worst = std::max(worst, std::abs(state.fractions[scaffold][i] + state.fractions[granulation][i] - 1));
    if (share[i] > 0) BOOST_TEST(state.scaffold_density[i] == state.fractions[scaffold][i] / share[i]);
  }
  BOOST_TEST(worst <= 1e-12);
}

BOOST_AUTO_TEST_CASE(a_homogenised_scaffold_follows_its_curve_and_loses_its_stiffness_at_the_pinch_off)
{
  const CellMesh mesh = tests::cube_cells(false);
  ScaffoldStiffness stiffness;
  stiffness.lattice.emplace("primitive network", material::HomogenisedOptions{}, 0.4,
                            material::Elastic{1e5, 0.3});
  stiffness.degrades = true;
  stiffness.envelope_share.assign(mesh.n_owned(), 1);
  for (std::size_t i = 0; i < mesh.n_owned(); i += 2) stiffness.envelope_share[i] = 0.5;
  CellField share = stiffness.envelope_share;
  for (double &value : share) value *= 0.4;
  ScaffoldDegradation degradation = front_of(share, 0.01);
  degradation.curve.emplace(std::vector<double>{0.1, 0.4}, std::vector<double>{1, 2}, 2.0 / 3);
  degradation.envelope_share = stiffness.envelope_share;
  TissueState state = state_of(share);
  material::TissueElasticity tissues;
  tissues.fill({0.2, 0.167});
  material::SmoothingOptions smoothing;
  smoothing.kind = "none";
  const auto density_after = [&](const double days) {
    degrade(mesh, degradation, days, state);
    update_material(state, tissues, {}, smoothing, days, stiffness);
    double least = 1;
    for (std::size_t i = 0; i < share.size(); ++i) {
      const double density = state.fractions[scaffold][i] / stiffness.envelope_share[i];
      least = std::min(least, density);
      const double lattice = stiffness.envelope_share[i] * (*stiffness.lattice)(density).youngs_modulus,
                   pore = 0.2 * (1 - state.fractions[scaffold][i]);
      BOOST_TEST(state.youngs_modulus[i] == lattice + pore, boost::test_tools::tolerance(1e-12));
    }
    return -tests::largest(-least);
  };
  // s_v = 2/3 + 10/3 d, so d + 0.2 = 0.6 exp(-10/3 depth)
  BOOST_TEST(density_after(3) == 0.6 * std::exp(-0.1) - 0.2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(density_after(4) == 0.6 * std::exp(-0.7 / 3) - 0.2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(state.youngs_modulus.front() > 1000);
  BOOST_TEST(density_after(6) < 0.21); // primitive networks are in loose pieces below
  BOOST_TEST(state.youngs_modulus.front() < 0.2);
  BOOST_TEST(density_after(1000) == 0.0);
}

BOOST_AUTO_TEST_CASE(a_resolved_solid_softens_with_its_molar_mass_and_keeps_its_volume)
{
  const CellMesh mesh = tests::cube_cells(false);
  const CellField share(mesh.n_owned(), 1.0);
  TissueState state = state_of(share);
  ScaffoldDegradation degradation = front_of(share, 0);
  degradation.law = {.hydrolysis_rate = 0.01, .modulus_exponent = 0.5};
  ScaffoldStiffness stiffness{{}, {}, degradation.law, true};
  material::TissueElasticity tissues;
  tissues.fill({1, 0.3});
  tissues[scaffold] = {500, 0.3};
  material::SmoothingOptions smoothing;
  smoothing.kind = "none";
  state.healing_domain.front() = 0; // a rim in the host softens as well
  BOOST_TEST(degrade(mesh, degradation, 50, state) == 0.0);
  BOOST_TEST(degrade(mesh, degradation, 50, state) == 0.0);
  update_material(state, tissues, {}, smoothing, 100, stiffness);
  for (std::size_t i = 0; i < share.size(); ++i) {
    BOOST_TEST(state.mw_ratio[i] == std::exp(-1.0), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(state.youngs_modulus[i] == 500 * std::exp(-0.5), boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_restart_gives_the_same_bits_and_other_ranks_the_same_shares)
{
  const CellMesh mesh = tests::cube_cells(true), alone = tests::cube_cells(true, MPI_COMM_SELF);
  const auto after = [](const CellMesh &on, const int from_step, TissueState state) {
    const ScaffoldDegradation degradation = front_of(shares(on, ball), 0.06); // as the model is built anew
    for (int step = from_step; step < 4; ++step) degrade(on, degradation, 3, state);
    return state;
  };
  TissueState half = state_of(shares(mesh, ball));
  for (int step = 0; step < 2; ++step) degrade(mesh, front_of(shares(mesh, ball), 0.06), 3, half);
  const TissueState whole = after(mesh, 0, state_of(shares(mesh, ball)));
  BOOST_TEST((after(mesh, 2, half) == whole));

  const TissueState reference = after(alone, 0, state_of(shares(alone, ball)));
  std::map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < alone.n_owned(); ++i) place[alone.cell(i).id] = i;
  double worst = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    worst = std::max(worst, std::abs(whole.fractions[scaffold][i] -
                                     reference.fractions[scaffold][place.at(mesh.cell(i).id)]));
  BOOST_TEST(tests::largest(worst) <= 1e-10);
}

BOOST_AUTO_TEST_CASE(a_rod_whose_neck_goes_is_said_once_or_ends_the_run)
{
  const CellMesh mesh = tests::cube_cells(false);
  const CellField share = shares(mesh, necked_rod);
  ScaffoldDegradation degradation = front_of(share, 0.04);
  degradation.ends = ends_along_x(mesh, share);
  std::vector<std::string> said;
  degradation.warn = [&](const std::string &name, const std::string &what) {
    said.push_back(name + " " + what);
  };
  const Regenerate nothing = [](const TissueState &before, const std::vector<stimulus::Response> &,
                                const double days) {
    Regenerated result{before, {}};
    result.after.day += days;
    return result;
  };
  const Regenerate backend = with_degradation(mesh, nothing, degradation);
  TissueState state = state_of(share);
  state = backend(state, {}, 5).after; // 0.2 mm: the neck is 1 mm thick
  BOOST_TEST(said.empty());
  for (int step = 0; step < 3; ++step) state = backend(state, {}, 5).after;
  BOOST_REQUIRE(said.size() == 2u);
  BOOST_TEST(said[0].starts_with("scaffold-loose day 1"));
  BOOST_TEST(said[1].starts_with("scaffold-apart day 1"));

  degradation.stops_when_apart = true;
  const Regenerate stopping = with_degradation(mesh, nothing, degradation);
  BOOST_CHECK_EXCEPTION(stopping(state_of(share), {}, 15), Fault,
                        [](const Fault &fault) { return fault.name() == "scaffold-apart"; });
}

BOOST_AUTO_TEST_CASE(pores_without_a_way_out_are_counted)
{
  const CellMesh mesh = tests::cube_cells(false);
  // A solid shell with a hollow of one voxel, and one with a way out.
  const auto hollow = [](const Vector3 &x) {
    return (x - Vector3(1.125, 1.125, 1.125)).cwiseAbs().maxCoeff() < 0.1;
  };
  for (const bool open : {false, true}) {
    CellField solid(mesh.n_owned(), 0.0);
    std::vector<bool> inside(mesh.n_owned());
    for (std::size_t i = 0; i < solid.size(); ++i) {
      const Vector3 &x = mesh.cell(i).centre;
      inside[i] = (x - Vector3(1.125, 1.125, 1.125)).cwiseAbs().maxCoeff() < 0.6;
      const bool way = open && x[0] > 1.2 && std::abs(x[1] - 1.125) < 0.1 && std::abs(x[2] - 1.125) < 0.1;
      solid[i] = inside[i] && !hollow(x) && !way ? 1 : 0;
    }
    BOOST_TEST(closed_pore_volume(mesh, solid, inside) == (open ? 0.0 : 0.25 * 0.25 * 0.25),
               boost::test_tools::tolerance(1e-12));
  }
}
