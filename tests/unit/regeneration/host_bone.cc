// ranks: 1 2 3 4
// links: discretisation
// Host bone on small meshes: the filter, what changes and what must not, also beside cells of another size.
#include "regeneration/host_bone.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <map>

using namespace wolff;
using namespace wolff::regeneration;
using discretisation::CellMesh;
using material::Tissue;

namespace {

/// Eight coarse bricks of 2 mm, half of them split: cells of 0.25 and of 0.125 mm.
CellMesh two_sizes(const MPI_Comm comm = MPI_COMM_WORLD)
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  box.brick_edge = 2;
  box.split = [](const Vector3 &centre) { return centre[0] > 2; };
  box.comm = comm;
  return tests::cells_of(box);
}

std::vector<bool> all(const CellMesh &mesh)
{
  return std::vector<bool>(mesh.n_owned(), true);
}

double total(const CellMesh &mesh, const CellField &field)
{
  double sum = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) sum += mesh.volume(i) * field[i];
  return tests::summed(sum);
}

/// Host bone of uneven density everywhere, but a corner that heals and one of cortical bone alone.
struct Host
{
  explicit Host(const MPI_Comm comm = MPI_COMM_WORLD)
      : mesh(two_sizes(comm)), state(make_tissue_state(mesh.n_owned())), response(mesh.n_owned())
  {
    host.elasticity.fill({1, 0.3});
    host.elasticity[material::index(Tissue::cortical_bone)] = {17000, 0.3};
    host.options.law = "energy with lazy zone";
    host.options.rate = 4;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const Vector3 &x = mesh.cell(i).centre;
      const bool heals = x[1]<1, cortical = x[2]> 3;
      const double density = 0.2 + 0.2 * tests::number_of_cell(mesh.cell(i).id, 1);
      share(Tissue::granulation)[i] = heals ? 1 - density : 0;
      share(Tissue::cancellous_bone)[i] = cortical && !heals ? 0 : heals ? density : 0.8 * density;
      share(Tissue::marrow)[i] = heals || cortical ? 0 : 0.8 * (1 - density);
      share(Tissue::cortical_bone)[i] = heals ? 0 : cortical ? 1 : 0.2;
      state.healing_domain[i] = heals ? 1 : 0;
      response[i].energy_density = 0.01 * tests::number_of_cell(mesh.cell(i).id, 2);
      response[i].mechanostat_level = 4 * tests::number_of_cell(mesh.cell(i).id, 3);
    }
    initialise_moduli();
  }

  CellField &share(const Tissue tissue) { return state.fractions[material::index(tissue)]; }
  void initialise_moduli()
  {
    const material::Mixture mixture(host.mixture);
    for (std::size_t i = 0; i < state.n_cells(); ++i) {
      const material::Elastic elastic = mixture(fractions(i), host.elasticity);
      state.youngs_modulus[i] = elastic.youngs_modulus;
      state.poisson_ratio[i] = elastic.poisson_ratio;
    }
  }
  material::TissueFractions fractions(const std::size_t i) const
  {
    material::TissueFractions f;
    for (std::size_t k = 0; k < material::n_tissues; ++k) f[k] = state.fractions[k][i];
    return f;
  }
  void remodel(const double days) { remodel_host(mesh, host, response, days, state); }

  CellMesh mesh;
  TissueState state;
  std::vector<stimulus::Response> response;
  HostBone host;
};

} // namespace

// cos(k x) at cell centres is an eigenvector of the scheme: lambda = 4/h^2 sin^2(k h/2).
BOOST_AUTO_TEST_CASE(filter_damps_a_wave_by_one_over_one_plus_l_squared_lambda)
{
  tests::Box box;
  box.bricks = {2, 1, 1};
  box.brick_edge = 2;
  const CellMesh mesh = tests::cells_of(box);
  const double h = 0.25, length = 0.7, k = 2 * std::acos(-1.0) / 4;
  const double lambda = 4 / (h * h) * std::pow(std::sin(k * h / 2), 2);
  CellField s = tests::field_of(mesh, [&](const Vector3 &x) { return 2 + std::cos(k * x[0]); });
  filter(mesh, all(mesh), length, s);
  const double error = tests::relative_error(
      mesh, s, [&](const Vector3 &x) { return 2 + std::cos(k * x[0]) / (1 + length * length * lambda); });
  BOOST_TEST(error < 1e-11); // residual of the solver, 1e-12
}

BOOST_AUTO_TEST_CASE(filter_keeps_the_mean_and_stays_between_the_extremes_beside_cells_of_another_size)
{
  const CellMesh mesh = two_sizes();
  CellField s(mesh.n_owned());
  for (std::size_t i = 0; i < s.size(); ++i) s[i] = tests::number_of_cell(mesh.cell(i).id, 5) < 0.02 ? 1 : 0;
  const double before = total(mesh, s);
  CellField smooth = s;
  filter(mesh, all(mesh), 0.4, smooth);
  BOOST_TEST(total(mesh, smooth) == before, boost::test_tools::tolerance(1e-12));
  double least = 1, greatest = 0;
  for (const double value : smooth) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  BOOST_TEST(-tests::largest(-least) >= 0.0);
  BOOST_TEST(tests::largest(greatest) < 0.6); // points of one in a hundred cells have spread
  CellField even(mesh.n_owned(), 0.3), untouched = s;
  filter(mesh, all(mesh), 0.4, even);
  for (const double value : even) BOOST_TEST(std::abs(value - 0.3) < 1e-12);
  filter(mesh, all(mesh), 0, untouched);
  BOOST_TEST((untouched == s));
}

BOOST_AUTO_TEST_CASE(filter_does_not_reach_through_cells_that_are_left_out)
{
  const CellMesh mesh = two_sizes();
  std::vector<bool> inside(mesh.n_owned());
  CellField s(mesh.n_owned());
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double z = mesh.cell(i).centre[2];
    inside[i] = z < 1 || z > 2; // a gap in between
    s[i] = z < 1 ? 5 : z < 2 ? 77 : 0;
  }
  filter(mesh, inside, 1, s);
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double z = mesh.cell(i).centre[2];
    BOOST_TEST(std::abs(s[i] - (z < 1 ? 5 : z < 2 ? 77 : 0)) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(each_cell_follows_the_point_law_and_its_shares_are_kept)
{
  for (const char *law : {"energy with lazy zone", "mechanostat"}) {
    Host host;
    host.host.options.law = law;
    host.host.options.largest_loss = host.host.options.largest_gain = 0.01;
    const TissueState before = host.state;
    host.remodel(10);
    int risen = 0, fallen = 0;
    for (std::size_t i = 0; i < before.n_cells(); ++i) {
      constexpr std::size_t b = material::index(Tissue::cancellous_bone), m = material::index(Tissue::marrow);
      const double room = before.fractions[b][i] + before.fractions[m][i];
      double wanted = before.fractions[b][i];
      if (before.healing_domain[i] == 0 && room > 0)
        wanted = room / 1.8 *
                 tissue::density_after(1.8 * (before.fractions[b][i] / room),
                                       {host.response[i].energy_density, host.response[i].mechanostat_level},
                                       10, host.host.options);
      BOOST_TEST(std::abs(host.state.fractions[b][i] - wanted) < 1e-15);
      BOOST_TEST(std::abs(host.state.fractions[b][i] + host.state.fractions[m][i] - room) < 1e-15);
      for (std::size_t k = 0; k < material::n_tissues; ++k)
        if (k != b && k != m) BOOST_TEST(host.state.fractions[k][i] == before.fractions[k][i]);
      const bool changed = host.state.fractions[b][i] != before.fractions[b][i];
      const material::Elastic elastic =
          material::Mixture(host.host.mixture)(host.fractions(i), host.host.elasticity);
      BOOST_TEST(host.state.youngs_modulus[i] == elastic.youngs_modulus);
      if (changed) ++(wanted > before.fractions[b][i] ? risen : fallen);
      if (changed) BOOST_TEST(host.state.youngs_modulus[i] != before.youngs_modulus[i]);
    }
    BOOST_TEST(tests::summed(risen) > 100);
    BOOST_TEST(tests::summed(fallen) > 100);
    require_valid(host.mesh, host.state, "after remodelling");
  }
}

BOOST_AUTO_TEST_CASE(bone_stays_between_its_bounds_however_long_it_takes)
{
  Host unloaded, loaded;
  for (stimulus::Response &r : unloaded.response) r.energy_density = 0;
  for (stimulus::Response &r : loaded.response) r.energy_density = 100;
  unloaded.remodel(1e5);
  loaded.remodel(1e5);
  for (std::size_t i = 0; i < unloaded.state.n_cells(); ++i) {
    const double room =
        unloaded.state.healing_domain[i] != 0 || unloaded.mesh.cell(i).centre[2] > 3 ? 0 : 0.8;
    if (room == 0) continue;
    BOOST_TEST(unloaded.share(Tissue::cancellous_bone)[i] == room * 0.01 / 1.8,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(loaded.share(Tissue::cancellous_bone)[i] == room * 1.74 / 1.8,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(loaded.share(Tissue::marrow)[i] >= 0.0);
  }
}

// Against the same step on one rank alone. 1e-10: the filter is solved to 1e-12 in another order of sums.
BOOST_AUTO_TEST_CASE(filtered_step_does_not_depend_on_the_number_of_ranks)
{
  Host together, alone(MPI_COMM_SELF);
  together.host.options.influence_length = alone.host.options.influence_length = 0.5;
  const TissueState before = together.state;
  together.remodel(20);
  alone.remodel(20);
  std::map<std::int64_t, double> bone;
  for (std::size_t i = 0; i < alone.mesh.n_owned(); ++i)
    bone[alone.mesh.cell(i).id] = alone.share(Tissue::cancellous_bone)[i];
  int changed = 0;
  for (std::size_t i = 0; i < together.mesh.n_owned(); ++i) {
    const double here = together.share(Tissue::cancellous_bone)[i];
    BOOST_TEST(std::abs(here - bone.at(together.mesh.cell(i).id)) < 1e-10);
    changed += here != before.fractions[material::index(Tissue::cancellous_bone)][i];
  }
  BOOST_TEST(tests::summed(changed) > 100);

  // The filter evens out: densities that began alike under loads that differ stay nearer to each other.
  const auto spread = [](const double length) {
    Host host;
    host.host.options.influence_length = length;
    CellField &b = host.share(Tissue::cancellous_bone), &m = host.share(Tissue::marrow);
    for (std::size_t i = 0; i < b.size(); ++i)
      if (m[i] > 0) {
        b[i] = 0.24;
        m[i] = 0.56;
      }
    host.remodel(20);
    double least = 1, greatest = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
      if (m[i] > 0) {
        least = std::min(least, b[i]);
        greatest = std::max(greatest, b[i]);
      }
    return tests::largest(greatest) + tests::largest(-least);
  };
  BOOST_TEST(spread(0.5) < 0.5 * spread(0));
}

BOOST_AUTO_TEST_CASE(no_law_leaves_the_backend_as_it_is)
{
  Host host;
  const Regenerate backend = [](const TissueState &before, const std::vector<stimulus::Response> &,
                                double days) {
    Regenerated result{before, {}};
    result.after.day += days;
    return result;
  };
  const TissueState remodelled =
      with_host_bone(host.mesh, backend, host.host)(host.state, host.response, 3).after;
  BOOST_TEST(remodelled.day == 3.0);
  const bool changed = !(remodelled.fractions == host.state.fractions);
  BOOST_TEST(tests::largest(changed) == 1.0);
  host.host.options.law = "none";
  const TissueState still = with_host_bone(host.mesh, backend, host.host)(host.state, host.response, 3).after;
  BOOST_TEST((still.fractions == host.state.fractions));
}

BOOST_AUTO_TEST_CASE(a_load_that_is_no_number_on_one_rank_is_a_fault_on_all)
{
  Host host;
  if (host.mesh.n_owned() > 0 && tests::largest(0) == 0) {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0)
      for (stimulus::Response &r : host.response) r.energy_density = std::nan("");
  }
  BOOST_CHECK_EXCEPTION(host.remodel(1), Fault, [](const Fault &fault) {
    return fault.name() == "tissue-state" && fault.code() == Exit::not_converged;
  });
}
