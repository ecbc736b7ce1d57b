// ranks: 1 2 4
// links: discretisation
// How doses lie in their region, how cells leave a carrier, what sources ask for.
#include "regeneration/cell_dose.h"
#include "regeneration/continuum.h"

#include "base/errors.h"
#include "support/box_cells.h"
#include "support/fault_name.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

constexpr auto immature = tissue::index(tissue::Cell::immature_msc);

/// A cube of 2 mm, cells of 0.25 mm: lesion below z = 1, the pores of a scaffold above, of which the column
/// x, y < 0.5 is solid by 80 %.
struct Block
{
  Block()
      : mesh([] {
          tests::Box box;
          box.brick_edge = 1;
          box.bricks = {2, 2, 2};
          box.split = [](const Vector3 &centre) { return centre.minCoeff() > 1; };
          return tests::cells_of(box);
        }()),
        state(make_tissue_state(mesh.n_owned()))
  {
    state.youngs_modulus.assign(mesh.n_owned(), 0.2);
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const Vector3 &x = mesh.cell(i).centre;
      state.healing_domain[i] = 1;
      state.region[i] = static_cast<std::uint8_t>(x[2] < 1 ? Region::lesion : Region::scaffold_pore);
      if (!is_solid(x)) continue;
      state.fractions[material::index(Tissue::scaffold)][i] = 0.8;
      state.fractions[material::index(Tissue::granulation)][i] = 0.2;
    }
  }

  static bool is_solid(const Vector3 &x) { return x[2] > 1 && x[0] < 0.5 && x[1] < 0.5; }

  double total(const CellField &field) const
  {
    double sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) sum += mesh.volume(i) * field[i];
    return tests::summed(sum);
  }

  CellMesh mesh;
  TissueState state;
};

DoseOptions one_dose(const std::string &distribution)
{
  DoseOptions options;
  options.days = {0};
  options.numbers = {1000};
  options.retentions = {0.5};
  options.regions = "scaffold pore";
  options.distributions = distribution;
  options.spread = 0.3;
  options.tip = {1.5, 1.5, 1.25};
  return options;
}

std::string fault_name(const DoseOptions &options)
{
  return tests::fault_name([&] { doses_of(options); });
}

} // namespace

BOOST_AUTO_TEST_CASE(a_dose_about_the_tip_of_a_catheter_falls_off_as_a_gaussian_in_free_volume)
{
  Block block;
  const DoseOptions options = one_dose("catheter");
  const Dose dose = doses_of(options).front();
  BOOST_TEST(apply_dose(block.mesh, dose, options, block.state) == 500.0);
  const CellField &cells = block.state.cells[immature];
  BOOST_TEST(block.total(cells) == 500, boost::test_tools::tolerance(1e-12));
  double peak = 0; // density over the Gaussian is the same number in every cell of the region
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Vector3 &x = block.mesh.cell(i).centre;
    const double gaussian = std::exp(-(x - dose.tip).squaredNorm() / (2 * 0.09));
    if (x[2] < 1)
      BOOST_TEST(cells[i] == 0.0);
    else
      peak = std::max(peak, cells[i] / gaussian / (Block::is_solid(x) ? 0.2 : 1));
  }
  peak = tests::largest(peak);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (const Vector3 &x = block.mesh.cell(i).centre; x[2] > 1)
      BOOST_TEST(cells[i] == peak * std::exp(-(x - dose.tip).squaredNorm() / (2 * 0.09)) *
                                 (Block::is_solid(x) ? 0.2 : 1),
                 boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_dose_on_the_wall_lies_beside_other_regions_and_the_solid_only)
{
  Block block;
  const DoseOptions options = one_dose("wall");
  apply_dose(block.mesh, doses_of(options).front(), options, block.state);
  const CellField &cells = block.state.cells[immature];
  BOOST_TEST(block.total(cells) == 500, boost::test_tools::tolerance(1e-12));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Vector3 &x = block.mesh.cell(i).centre;
    const double h = block.mesh.cell(i).edge;
    const bool floor = x[2] > 1 && x[2] - h / 2 < 1 + 1e-9;
    const bool beside =
        x[2] > 1 && !Block::is_solid(x) &&
        ((x[0] - h / 2 < 0.5 + 1e-9 && x[1] < 0.5) || (x[1] - h / 2 < 0.5 + 1e-9 && x[0] < 0.5));
    BOOST_TEST((cells[i] > 0) == (floor || beside));
  }
}

BOOST_AUTO_TEST_CASE(cells_leave_a_carrier_or_die_in_it_in_their_half_times)
{
  Block block;
  DoseOptions options = one_dose("");
  options.release_half_time = 2;
  options.carrier_half_life = 6;
  BOOST_TEST(apply_dose(block.mesh, doses_of(options).front(), options, block.state) == 500.0);
  BOOST_TEST(block.total(block.state.cells[immature]) == 0.0);
  // k = ln 2/2, l = ln 2/6: three quarters of those that go join; after 1.5 days half are gone.
  const double joined = release_cells(block.mesh, options, 1.5, block.state);
  BOOST_TEST(joined == 0.75 * 250, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(block.total(block.state.cells[immature]) == joined, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(block.total(block.state.carried_msc) == 250, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(release_cells(block.mesh, one_dose(""), 1.5, block.state) == 0.0); // no carrier
}

BOOST_AUTO_TEST_CASE(a_run_accounts_for_cells_when_they_join)
{
  const Block block;
  RegenerationOptions options;
  options.doses = one_dose("");
  options.doses.yield_factor = 2;
  options.doses.release_half_time = 1;
  options.host_supply = false;
  const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
  const Regenerated result = regenerate(
      block.mesh, block.state,
      std::vector<stimulus::Response>(block.mesh.n_owned(), stimulus::respond(0.7, settings)), 3, options);
  BOOST_TEST(result.report.dosed == 1000 * (1 - 0.125), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(block.total(result.after.carried_msc) == 125, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(result.report.relative_error() <= 1e-10);
}

BOOST_AUTO_TEST_CASE(schedules_and_sources_that_make_no_sense_are_refused)
{
  BOOST_TEST(fault_name(one_dose("wall")) == "");
  BOOST_TEST(fault_name(one_dose("ball")) == "unknown-name");
  BOOST_TEST(fault_name(one_dose("wall, wall")) == "option-value");
  DoseOptions options = one_dose("catheter");
  options.spread = 0;
  BOOST_TEST(fault_name(options) == "option-missing");
  options = one_dose("");
  options.source = "UC-MSC";
  BOOST_TEST(fault_name(options) == "option-contradicts");
  options.days.clear();
  options.numbers.clear();
  options.retentions.clear();
  options.regions.clear();
  BOOST_TEST(fault_name(options) == "");

  BOOST_TEST(source_notice(one_dose("")) == "");
  options = one_dose("");
  options.source = "ESC or iPSC";
  BOOST_TEST(source_notice(options).find("no clinical dose") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(implanted_cells_are_followed_apart_and_are_never_more_than_all)
{
  Block block;
  for (std::size_t i = 0; i < block.state.n_cells(); ++i)
    block.state.cells[immature][i] = block.mesh.cell(i).centre[0] < 1 ? 60 : 0; // of the host, on one side
  wolff::stimulus::Response bone;
  bone.windows = {0, 0, 1, 0, 0};
  const std::vector<wolff::stimulus::Response> stimulus(block.mesh.n_owned(), bone);
  RegenerationOptions options;
  options.doses = one_dose("catheter");
  options.host_supply = false;
  const auto healed = [&](const TissueState &state) {
    return regenerate(block.mesh, state, stimulus, 6, options);
  };
  const auto osteoblasts = [&](const Regenerated &result) {
    return block.total(result.after.cells[tissue::index(tissue::Cell::osteoblast)]);
  };
  const Regenerated plain = healed(block.state);
  BOOST_TEST(plain.after.implanted_msc.empty());

  // Followed with a factor of one: the same tissue.
  TissueState followed = block.state;
  followed.implanted_msc.assign(tissue::n_msc_stages, CellField(block.mesh.n_owned(), 0.0));
  const Regenerated alike = healed(followed);
  BOOST_TEST(osteoblasts(alike) == osteoblasts(plain), boost::test_tools::tolerance(1e-6));
  double implanted = 0, others = 0;
  for (std::size_t k = 0; k < tissue::n_msc_stages; ++k) {
    implanted += block.total(alike.after.implanted_msc[k]);
    for (std::size_t i = 0; i < block.mesh.n_owned(); ++i) {
      const double host = alike.after.cells[k][i] - alike.after.implanted_msc[k][i];
      BOOST_REQUIRE(host >= 0);
      others += block.mesh.volume(i) * host;
    }
  }
  BOOST_TEST(implanted > 500.0); // of 500 that stayed, which divide
  BOOST_TEST(tests::summed(others) > 100.0);

  options.doses.osteogenic_factor = 0.5;
  const Regenerated fewer = healed(block.state);
  BOOST_TEST(!fewer.after.implanted_msc.empty());
  options.doses.osteogenic_factor = 2;
  const Regenerated more = healed(block.state);
  BOOST_TEST(osteoblasts(fewer) < 0.98 * osteoblasts(plain));
  BOOST_TEST(osteoblasts(more) > 1.02 * osteoblasts(plain));
  BOOST_TEST(more.report.relative_error() < 1e-9);

  // Without any cells of the host all are implanted: half the rate of differentiation for all.
  TissueState empty = block.state;
  empty.cells[immature].assign(empty.n_cells(), 0.0);
  options.doses.osteogenic_factor = 0.5;
  const double slow = osteoblasts(healed(empty));
  options.doses.osteogenic_factor = 1;
  options.kinetics.differentiation *= 0.5;
  BOOST_TEST(slow == osteoblasts(healed(empty)), boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(host_cells_that_come_in_displace_the_implanted_ones_at_the_rim)
{
  // Beside open faces the two exchange: implanted cells leave with their share, none comes in.
  Block block;
  for (std::size_t i = 0; i < block.state.n_cells(); ++i) {
    const bool host = block.mesh.cell(i).centre[2] < 0.5;
    if (!host) continue;
    block.state.healing_domain[i] = 0;
    block.state.region[i] = static_cast<std::uint8_t>(Region::host);
    block.state.fractions[material::index(Tissue::granulation)][i] = 0;
    block.state.fractions[material::index(Tissue::marrow)][i] = 1;
  }
  RegenerationOptions options;
  options.doses = one_dose("uniform");
  options.doses.regions = "lesion";
  options.doses.osteogenic_factor = 2;
  options.kinetics.msc_division = options.kinetics.differentiation = 0;
  const Regenerated result = regenerate(
      block.mesh, block.state, std::vector<wolff::stimulus::Response>(block.mesh.n_owned()), 5, options);
  double implanted = 0;
  for (std::size_t k = 0; k < tissue::n_msc_stages; ++k) {
    implanted += block.total(result.after.implanted_msc[k]);
    for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
      BOOST_REQUIRE(result.after.implanted_msc[k][i] <= result.after.cells[k][i]);
  }
  BOOST_TEST(result.report.supplied > 0.0);
  BOOST_TEST(implanted < 499.0);
  BOOST_TEST(implanted > 250.0);
}
