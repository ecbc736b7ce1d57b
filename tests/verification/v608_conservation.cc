// ranks: 1 2 3 4
// links: regeneration
// V608: migration keeps the number of cells to 1e-12 a step, reactions change it by what they produce,
// fractions sum to one, and the answer does not depend on the number of ranks.
#include "regeneration/continuum.h"
#include "regeneration/time_scheme.h"
#include "support/box_cells.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

tests::Box octree()
{
  tests::Box box;
  box.bricks = {2, 2, 2};
  box.split = [](const Vector3 &centre) { return centre[0] < 1 && centre[1] > centre[2]; };
  box.solid = [](const Vector3 &x) { return (x - Vector3(1.3, 0.4, 1.2)).norm() > 0.3; }; // a void
  return box;
}

CellField random_density(const CellMesh &mesh, const std::uint64_t seed)
{
  CellField c(mesh.n_owned());
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = 100 * tests::number_of_cell(mesh.cell(i).id, seed);
  return c;
}

/// Diffusivities over four decades, and cells through which nothing moves.
CellField random_diffusivity(const CellMesh &mesh)
{
  CellField D(mesh.n_owned());
  for (std::size_t i = 0; i < D.size(); ++i) {
    const double u = tests::number_of_cell(mesh.cell(i).id, 7);
    D[i] = u < 0.1 ? 0 : std::pow(10.0, 4 * u - 4);
  }
  return D;
}

TissueState lesion_with_cells(const CellMesh &mesh)
{
  TissueState state = make_tissue_state(mesh.n_owned());
  state.youngs_modulus.assign(mesh.n_owned(), 0.2);
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const Vector3 &x = mesh.cell(i).centre;
    state.healing_domain[i] = x[2] < 1.5;
    state.region[i] = static_cast<std::uint8_t>(x[2] < 1.5 ? Region::lesion : Region::host);
    const double bone = 0.3 * tests::number_of_cell(mesh.cell(i).id, 3);
    const bool healing = state.healing_domain[i] != 0;
    using material::Tissue;
    state.fractions[material::index(healing ? Tissue::necrotic_bone : Tissue::cancellous_bone)][i] = bone;
    state.fractions[material::index(Tissue::granulation)][i] = healing ? 1 - bone : 0;
    if (!healing) state.fractions[material::index(Tissue::marrow)][i] = 1 - bone;
    if (x[2] < 0.5)
      for (CellField &densities : state.cells) densities[i] = 20 * tests::number_of_cell(mesh.cell(i).id, 5);
  }
  return state;
}

void give_dose(DoseOptions &doses, const double day)
{
  doses.days = {day};
  doses.numbers = {5000};
  doses.retentions = {0.4};
  doses.regions = "lesion";
}

/// Stimulus from bone to fibrous tissue along x.
std::vector<stimulus::Response> stimulus_along_x(const CellMesh &mesh)
{
  const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
  std::vector<stimulus::Response> responses;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    responses.push_back(stimulus::respond(0.2 + 2 * mesh.cell(i).centre[0], settings));
  return responses;
}

} // namespace

BOOST_AUTO_TEST_CASE(closed_diffusion_keeps_the_number_of_cells_to_rounding_in_every_step)
{
  const CellMesh mesh = tests::cells_of(octree());
  const Transport transport(mesh, std::vector<Role>(mesh.n_owned(), Role::domain));
  const Transport::Conductances conductances = transport.conductances(random_diffusivity(mesh));
  for (const Entry<TimeScheme> &entry : time_schemes()) {
    TransportOptions options;
    options.scheme = entry.name;
    options.substeps = entry.law.two_steps() ? 2 : 1;
    CellField c = random_density(mesh, 1);
    double worst = 0;
    for (int step = 0; step < 10; ++step) {
      long double before = 0, after = 0;
      for (std::size_t i = 0; i < c.size(); ++i) before += mesh.volume(i) * c[i];
      const TransportBalance balance = transport.advance(c, conductances, 0.3, options);
      for (std::size_t i = 0; i < c.size(); ++i) after += mesh.volume(i) * c[i];
      const double sum_before = tests::summed(static_cast<double>(before));
      worst = std::max(worst, std::abs(tests::summed(static_cast<double>(after)) / sum_before - 1));
      BOOST_TEST(balance.supplied == 0.0);
      // What was given back is the solver's own error: of the size of its tolerance.
      BOOST_TEST(balance.correction <= 1e-11);
      BOOST_TEST(std::abs(balance.after / sum_before - 1) <= 1e-12);
    }
    BOOST_TEST_MESSAGE("V608 " << entry.name << ": largest relative change of the total in a step " << worst);
    tests::record("V608", "hanging, " + entry.name, "relative change of the total in a step", worst,
                  "<= 1e-12");
    BOOST_TEST(worst <= 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(supply_reaction_and_dose_account_for_every_cell)
{
  const CellMesh mesh = tests::cells_of(octree());
  const TissueState before = lesion_with_cells(mesh);
  for (const std::string splitting : {"Lie", "Strang"}) {
    RegenerationOptions options;
    options.splitting = splitting;
    give_dose(options.doses, 1.5);
    const Regenerated result = regenerate(mesh, before, stimulus_along_x(mesh), 4, options);
    const RegenerationReport &report = result.report;
    BOOST_TEST_MESSAGE("V608 " << splitting << ": before " << report.cells_before << ", supplied "
                               << report.supplied << ", dosed " << report.dosed << ", reacted "
                               << report.reacted << ", after " << report.cells_after << ", relative error "
                               << report.relative_error() << ", fractions " << report.fraction_sum_error
                               << ", clipped " << report.clipped);
    tests::record("V608", "hanging, " + splitting, "balance of cells, relative error",
                  report.relative_error(), "<= 1e-10");
    tests::record("V608", "hanging, " + splitting, "sum of fractions - 1", report.fraction_sum_error,
                  "<= 1e-12");
    BOOST_TEST(report.steps == 5); // four days, parted at the dose
    BOOST_TEST(report.supplied > 1.0);
    BOOST_TEST(report.reacted > 1.0);
    BOOST_TEST(report.dosed == 2000, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(report.relative_error() <= 1e-10);
    BOOST_TEST(report.fraction_sum_error <= 1e-12);
    BOOST_TEST(report.smallest_density >= 0.0);
    BOOST_TEST(report.clipped <= 1e-8 * report.cells_after);

    long double number = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      for (const CellField &densities : result.after.cells)
        number += before.healing_domain[i] * mesh.volume(i) * densities[i];
    BOOST_TEST(tests::summed(static_cast<double>(number)) == report.cells_after,
               boost::test_tools::tolerance(1e-12));
    require_valid(mesh, result.after, "state after four days");
  }
}

BOOST_AUTO_TEST_CASE(death_alone_leaves_the_exponential_share_of_the_cells)
{
  const CellMesh mesh = tests::cells_of(octree());
  TissueState before = lesion_with_cells(mesh);
  for (std::size_t k = 1; k < before.cells.size(); ++k) before.cells[k].assign(mesh.n_owned(), 0.0);
  RegenerationOptions options;
  options.host_supply = false;
  options.kinetics.msc_division = 0;
  options.kinetics.differentiation = 0;
  options.kinetics.msc_death = 0.05;
  const RegenerationReport report = regenerate(mesh, before, stimulus_along_x(mesh), 3, options).report;
  // The kinetics is integrated to 1e-7 relative a day.
  BOOST_TEST(report.cells_after == report.cells_before * std::exp(-0.15), boost::test_tools::tolerance(3e-7));
  BOOST_TEST(report.relative_error() <= 1e-10);
}

BOOST_AUTO_TEST_CASE(the_state_after_is_the_same_on_any_number_of_ranks)
{
  // Each rank computes the whole problem once more on its own and compares the cells that it owns.
  const CellMesh mesh = tests::cells_of(octree());
  tests::Box alone = octree();
  alone.comm = MPI_COMM_SELF;
  const CellMesh whole = tests::cells_of(alone);
  std::map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < whole.n_owned(); ++i) place[whole.cell(i).id] = i;

  RegenerationOptions options;
  give_dose(options.doses, 0);
  TissueState shared = regenerate(mesh, lesion_with_cells(mesh), stimulus_along_x(mesh), 3, options).after;
  TissueState reference =
      regenerate(whole, lesion_with_cells(whole), stimulus_along_x(whole), 3, options).after;
  double worst = 0;
  for (const StateArray &array : state_arrays(0)) {
    if (array.is_label()) continue;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const double there = array.numbers(reference)[place.at(mesh.cell(i).id)];
      worst = std::max(worst, std::abs(array.numbers(shared)[i] - there) / std::max(1.0, std::abs(there)));
    }
  }
  worst = tests::largest(worst);
  tests::record("V608", "hanging", "difference from one rank", worst, "<= 1e-9");
  BOOST_TEST(worst <= 1e-9);
  BOOST_TEST(shared.day == 3.0);
  BOOST_TEST(shared.step == 1);
}
