// ranks: 1 2
// links: discretisation geometry
// Hundreds of calls of the door to the lattice: shares of a voxel do not drift out of their range.
#include "regeneration/lattice_backend.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

tests::Box two_bricks()
{
  tests::Box box;
  box.bricks = {2, 1, 1};
  box.brick_edge = 2.4;
  return box;
}

/// Half of two bricks heals. Voxels of 0.3 mm hold 27 sites, so that shares are no binary fractions.
struct Half
{
  discretisation::CellMesh mesh = tests::cells_of(two_bricks());
  TissueState state = make_tissue_state(mesh.n_owned());
  std::vector<stimulus::Response> stimulus{mesh.n_owned()};
  LatticeBackend backend;

  Half()
  {
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const bool heals = mesh.cell(i).centre[0] > 1.2;
      state.healing_domain[i] = heals;
      if (heals) state.region[i] = static_cast<std::uint8_t>(Region::track);
      const double solid = heals ? 0.1 * static_cast<double>(mesh.cell(i).id % 3) : 0;
      state.fractions[material::index(Tissue::scaffold)][i] = solid;
      state.fractions[material::index(Tissue::granulation)][i] = heals ? 1 - solid : 0;
      state.fractions[material::index(Tissue::marrow)][i] = heals ? 0 : 1;
      state.youngs_modulus[i] = 1;
      state.poisson_ratio[i] = 0.3;
    }
    backend.phase = [](const Vector3 &x) {
      return x[0] > 1.2 ? geometry::Phase::track : geometry::Phase::cancellous;
    };
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(shares_stay_in_their_range_however_often_they_are_counted)
{
  Half half;
  auto &[mesh, state, stimulus, backend] = half;
  const Regenerate door = lattice_agents(mesh, backend);
  const CellField solid = state.fractions[material::index(Tissue::scaffold)];
  double most_bone = 0;
  for (int day = 0; day < 160; ++day) {
    // Each tissue in turn, so that cells of all kinds come and go.
    for (auto &response : stimulus) response.phenotype = static_cast<stimulus::Phenotype>(1 + day / 8 % 4);
    state = door(state, stimulus, 1).after;
    require_valid(mesh, state, "day " + std::to_string(day)); // throws
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      double sum = 0;
      for (const CellField &share : state.fractions) sum += share[i];
      if (std::abs(sum - 1) > 4e-16) BOOST_ERROR("the sum of the shares is 1 + " << sum - 1);
      most_bone = std::max(most_bone, state.fractions[material::index(Tissue::mature_bone)][i]);
    }
  }
  BOOST_TEST((state.fractions[material::index(Tissue::scaffold)] == solid));
  BOOST_TEST(tests::largest(most_bone) > 0.5); // tissue did come
}

BOOST_AUTO_TEST_CASE(graft_of_a_region_is_known_there)
{
  const auto osteoblasts = [](const std::string &regions, const bool migrate_into_graft) {
    Half half;
    for (auto &response : half.stimulus) response.phenotype = stimulus::Phenotype::mature_bone;
    half.backend.options.graft_regions = regions;
    half.backend.options.graft_differentiation = 0.9;
    half.backend.options.migration_into_graft_only = migrate_into_graft;
    half.backend.options.graft_migration_from = 1;
    const TissueState after = lattice_agents(half.mesh, half.backend)(half.state, half.stimulus, 12).after;
    double number = 0;
    for (std::size_t i = 0; i < half.mesh.n_owned(); ++i)
      number += half.mesh.volume(i) * after.cells[tissue::index(tissue::Cell::osteoblast)][i];
    return tests::summed(number);
  };
  const double without = osteoblasts("", false), in_track = osteoblasts("track", false),
               in_lesion = osteoblasts("lesion", false), everywhere = osteoblasts("healing domain", false);
  BOOST_TEST(without > 100.0);
  BOOST_TEST(in_track > 1.3 * without);
  BOOST_TEST(everywhere == in_track);
  BOOST_TEST(in_lesion == without);
  // Where there is graft those beside it enter it; where there is none nobody moves.
  BOOST_TEST(osteoblasts("track", true) > 1.2 * osteoblasts("lesion", true));
}
