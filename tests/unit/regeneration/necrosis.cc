// ranks: 1 2 4
// links: discretisation
// Distances through cells, the front of resorption that they carry, and the labels of lesion and marrow.
#include "regeneration/necrosis.h"
#include "regeneration/cell_distance.h"
#include "regeneration/continuum.h"

#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

constexpr auto dead_bone = material::index(Tissue::necrotic_bone);

/// A cube of 4 mm; finer cells in an octant if asked for.
CellMesh cube(const bool hanging, const MPI_Comm comm = MPI_COMM_WORLD)
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  box.brick_edge = 2;
  box.comm = comm;
  if (hanging) box.split = [](const Vector3 &centre) { return centre.maxCoeff() < 2; };
  return tests::cells_of(box);
}

std::vector<bool> where(const CellMesh &mesh, const std::function<bool(const Vector3 &)> &is)
{
  std::vector<bool> mask;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) mask.push_back(is(mesh.cell(i).centre));
  return mask;
}

/// Host below z = 1, dead bone above.
TissueState dead_above(const CellMesh &mesh)
{
  TissueState state = make_tissue_state(mesh.n_owned());
  state.youngs_modulus.assign(mesh.n_owned(), 0.2);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const bool host = mesh.cell(i).centre[2] < 1;
    state.healing_domain[i] = host ? 0 : 1;
    state.region[i] = static_cast<std::uint8_t>(host ? Region::host : Region::lesion);
    state.fractions[host ? material::index(Tissue::cancellous_bone) : dead_bone][i] = 0.3;
    state.fractions[material::index(Tissue::granulation)][i] = host ? 0 : 0.7;
    state.fractions[material::index(Tissue::marrow)][i] = host ? 0.7 : 0;
  }
  label_lesion({}, state);
  return state;
}

Regenerated healed(const CellMesh &mesh, const TissueState &state, const double days, const double speed)
{
  RegenerationOptions options;
  options.necrosis.front_speed = speed;
  const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
  return regenerate(mesh, state,
                    std::vector<stimulus::Response>(mesh.n_owned(), stimulus::respond(0.7, settings)), days,
                    options);
}

} // namespace

BOOST_AUTO_TEST_CASE(
    distance_from_a_plane_is_exact_on_equal_cells_and_right_to_a_part_of_a_cell_beside_finer_ones)
{
  for (const bool hanging : {false, true}) {
    const CellMesh mesh = cube(hanging);
    const CellField d = distance_through(mesh, where(mesh, [](const Vector3 &x) { return x[2] > 1; }),
                                         where(mesh, [](const Vector3 &x) { return x[2] < 1; }));
    double worst = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
      const double z = mesh.cell(i).centre[2];
      if (z > 1) worst = std::max(worst, std::abs(d[i] - (z - 1)));
      if (z < 1) BOOST_TEST(std::isinf(d[i]));
    }
    worst = tests::largest(worst);
    BOOST_TEST_MESSAGE("distance from a plane, " << (hanging ? "hanging" : "uniform") << ": error " << worst);
    // Of four fine cells beside a coarse one two stand behind its centre, so they see it as nearer than it
    // is.
    BOOST_TEST(worst <= (hanging ? 0.0625 : 1e-9)); // half of a fine cell
  }
}

BOOST_AUTO_TEST_CASE(distance_from_a_ball_is_right_to_a_cell_and_goes_around_what_is_no_way)
{
  const CellMesh mesh = cube(false); // cells of 0.25 mm
  const Vector3 centre(2, 2, 2);
  const CellField d =
      distance_through(mesh, where(mesh, [&](const Vector3 &x) { return (x - centre).norm() >= 0.6; }),
                       where(mesh, [&](const Vector3 &x) { return (x - centre).norm() < 0.6; }));
  double worst = 0;
  for (std::size_t i = 0; i < d.size(); ++i)
    if (const double r = (mesh.cell(i).centre - centre).norm(); r >= 0.6)
      worst = std::max(worst, std::abs(d[i] - (r - 0.6)));
  BOOST_TEST(tests::largest(worst) <= 0.25);

  // A wall at x = 2 with a gap at the top: the foot behind it is further than the straight way.
  const auto wall = [](const Vector3 &x) { return std::abs(x[0] - 2.125) < 0.1 && x[2] < 3; };
  const CellField around =
      distance_through(mesh, where(mesh, [&](const Vector3 &x) { return x[0] > 0.25 && !wall(x); }),
                       where(mesh, [](const Vector3 &x) { return x[0] < 0.25; }));
  double foot = 0;
  for (std::size_t i = 0; i < around.size(); ++i)
    if ((mesh.cell(i).centre - Vector3(2.375, 2.125, 0.125)).norm() < 0.01) foot = around[i];
  foot = tests::summed(foot);
  const double straight = 2.125, way = 2 + std::hypot(0.125, 2.875); // over the wall, then down behind it
  BOOST_TEST(foot > 1.5 * straight);
  BOOST_TEST(std::abs(foot - way) <= 0.15 * way);

  const CellField none = distance_through(mesh, std::vector<bool>(mesh.n_owned(), true),
                                          std::vector<bool>(mesh.n_owned(), false));
  for (const double value : none) BOOST_TEST(std::isinf(value));
}

BOOST_AUTO_TEST_CASE(a_front_resorbs_what_it_has_passed_and_gives_the_space_to_healing)
{
  const CellMesh mesh = cube(false);
  const TissueState before = dead_above(mesh);
  const TissueState after = healed(mesh, before, 10, 0.1).after; // 1 mm: up to z = 2, between two cells
  require_valid(mesh, after, "after ten days");
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const double z = mesh.cell(i).centre[2];
    const auto label = static_cast<LesionState>(after.lesion_state[i]);
    if (z < 1) {
      BOOST_TEST((label == LesionState::none));
      BOOST_TEST(after.fractions[dead_bone][i] == 0.0);
    } else if (z < 2) {
      BOOST_TEST(after.fractions[dead_bone][i] <= 1e-9);
    } else {
      BOOST_TEST(after.fractions[dead_bone][i] >= 0.3 - 1e-9);
      if (z > 2.2) BOOST_TEST((label == LesionState::necrotic));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_front_in_the_middle_of_a_cell_leaves_half_of_it_and_says_so)
{
  const CellMesh mesh = cube(false);
  const TissueState after = healed(mesh, dead_above(mesh), 3, 0.125).after; // 0.375 mm: the middle of a cell
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (const double z = mesh.cell(i).centre[2]; std::abs(z - 1.375) < 0.01) {
      BOOST_TEST(after.fractions[dead_bone][i] == 0.15, boost::test_tools::tolerance(1e-9));
      BOOST_TEST(after.lesion_state[i] == static_cast<std::uint8_t>(LesionState::front));
    }
}

BOOST_AUTO_TEST_CASE(the_front_goes_on_after_a_restart_and_is_the_same_on_any_number_of_ranks)
{
  const CellMesh mesh = cube(true), alone = cube(true, MPI_COMM_SELF);
  const TissueState whole = healed(mesh, dead_above(mesh), 6, 0.2).after;
  TissueState parts = healed(mesh, healed(mesh, dead_above(mesh), 2, 0.2).after, 4, 0.2).after;
  parts.step = whole.step;
  BOOST_TEST((parts == whole)); // the very same operations

  const TissueState reference = healed(alone, dead_above(alone), 6, 0.2).after;
  std::map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < alone.n_owned(); ++i) place[alone.cell(i).id] = i;
  double worst = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    worst = std::max(worst, std::abs(whole.fractions[dead_bone][i] -
                                     reference.fractions[dead_bone][place.at(mesh.cell(i).id)]));
  BOOST_TEST(tests::largest(worst) <= 1e-8);
}

BOOST_AUTO_TEST_CASE(without_a_speed_dead_bone_stays_and_labels_say_necrotic)
{
  const CellMesh mesh = cube(false);
  const TissueState before = dead_above(mesh), after = healed(mesh, before, 5, 0).after;
  BOOST_TEST((after.fractions[dead_bone] == before.fractions[dead_bone]));
  BOOST_TEST((after.lesion_state == before.lesion_state));
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const bool host = mesh.cell(i).centre[2] < 1;
    BOOST_TEST(after.marrow_state[i] ==
               static_cast<std::uint8_t>(host ? MarrowState::red : MarrowState::necrotic));
  }
}

BOOST_AUTO_TEST_CASE(host_marrow_changes_its_label_on_its_day_only)
{
  NecrosisOptions options;
  options.marrow = "ablated";
  BOOST_TEST((host_marrow(options, 100) == MarrowState::ablated));
  options.reconstitutes = 21;
  BOOST_TEST((host_marrow(options, 20) == MarrowState::ablated));
  BOOST_TEST((host_marrow(options, 21) == MarrowState::reconstituting));
  options.front_speed = 0.1;
  options.front_start = 10;
  BOOST_TEST(resorbed_share(options, 1, 0.5, 9) == 0.0);
  BOOST_TEST(resorbed_share(options, 0.25, 0.5, 10) == 0.0); // the rim's own cells wait as well
  BOOST_TEST(resorbed_share(options, 1, 0.5, 20) == 0.5);
  BOOST_TEST(resorbed_share(options, std::numeric_limits<double>::infinity(), 0.5, 1e9) == 0.0);
}
