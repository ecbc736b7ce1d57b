// ranks: 1 2
// links: discretisation
// What a carrier releases, where it goes, what it does, and what a case must state.
#include "regeneration/growth_factor.h"

#include "support/box_cells.h"
#include "support/fault_name.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

GrowthFactorOptions sponge()
{
  GrowthFactorOptions options;
  options.release = "collagen sponge";
  options.days = {0};
  options.amounts = {1000};
  options.regions = "lesion";
  options.half_effect = 2;
  return options;
}

/// A cube of 2 mm, cells of 0.25 mm: a lesion below z = 1, a drilled track above; a quarter of the lesion's
/// cells are scaffold by 40 %.
struct Block
{
  Block()
      : mesh([] {
          tests::Box box;
          box.brick_edge = 2;
          return tests::cells_of(box);
        }()),
        state(make_tissue_state(mesh.n_owned()))
  {
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const Vector3 &x = mesh.cell(i).centre;
      state.healing_domain[i] = 1;
      state.region[i] = static_cast<std::uint8_t>(x[2] < 1 ? Region::lesion : Region::track);
      if (x[2] > 1 || x[0] > 1 || x[1] > 1) continue;
      state.fractions[material::index(Tissue::scaffold)][i] = 0.4;
      state.fractions[material::index(Tissue::granulation)][i] = 0.6;
    }
  }

  double total(const CellField &field) const
  {
    double sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) sum += mesh.volume(i) * field[i];
    return tests::summed(sum);
  }

  CellMesh mesh;
  TissueState state;
};

std::string name_of_fault(const GrowthFactorOptions &options)
{
  return tests::fault_name([&] { carriers_of(options); });
}

} // namespace

BOOST_AUTO_TEST_CASE(release_curves_meet_the_measurements_that_they_are_named_after)
{
  GrowthFactorOptions options = sponge();
  BOOST_TEST(release_curve(options)(0) == 0.0);
  BOOST_TEST(release_curve(options)(-3) == 0.0);
  BOOST_TEST(release_curve(options)(1) == 0.99, boost::test_tools::tolerance(1e-12));
  options.release = "hyaluronan gel";
  BOOST_TEST(release_curve(options)(7) == 0.2, boost::test_tools::tolerance(1e-12));
  options.release = "custom";
  options.custom = {0.8, 0.25, 2, 0.1};
  BOOST_TEST(release_curve(options)(3) == 0.8 * (0.25 * (1 - std::exp(-6.0)) + 0.75 * (1 - std::exp(-0.3))),
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_load_goes_evenly_into_what_the_scaffold_leaves_free_of_its_region)
{
  Block block;
  block.state.day = 2;
  const std::vector<Carrier> carriers = carriers_of(sponge());
  const ReleaseCurve curve = release_curve(sponge());
  const CellField rate = release_rate(block.mesh, carriers, curve, 0.5, block.state);
  const double released = 1000 * (curve(2.5) - curve(2));
  BOOST_TEST(block.total(rate) * 0.5 == released, boost::test_tools::tolerance(1e-12));
  // 4 mm^3 of lesion, a quarter of it 60 % free.
  const double density = released / 0.5 / (3 + 0.6);
  for (std::size_t i = 0; i < rate.size(); ++i) {
    const Vector3 &x = block.mesh.cell(i).centre;
    const double free = x[0] < 1 && x[1] < 1 ? 0.6 : 1;
    BOOST_TEST(rate[i] == (x[2] < 1 ? density * free : 0), boost::test_tools::tolerance(1e-12));
  }
  for (std::uint8_t &label : block.state.region) label = static_cast<std::uint8_t>(Region::track);
  BOOST_CHECK_THROW(release_rate(block.mesh, carriers, curve, 0.5, block.state), Fault);
}

BOOST_AUTO_TEST_CASE(the_amount_follows_release_and_decay_and_spreads_into_the_other_half)
{
  // dM/dt = 1000 k e^(-k t) - l M, M(t) = 1000 k/(l - k) (e^(-k t) - e^(-l t)); backward Euler in 200 steps.
  Block block;
  GrowthFactorOptions options = sponge();
  options.longest_step = 0.005;
  const Transport transport(block.mesh, std::vector<Role>(block.mesh.n_owned(), Role::domain));
  const FactorReport report =
      spread_factor(block.mesh, transport, options, carriers_of(options), {}, 1, block.state);
  const double k = std::log(100), l = std::log(2) * 24 / 6.3;
  const double exact = 1000 * k / (l - k) * (std::exp(-k) - std::exp(-l));
  BOOST_TEST(block.total(block.state.growth_factor) == exact, boost::test_tools::tolerance(0.01));
  BOOST_TEST(report.released == 990, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(report.relative_error <= 1e-10);
  BOOST_TEST(block.state.day == 0.0);
  double least = 1e300;
  for (const double value : block.state.growth_factor) least = std::min(least, value);
  BOOST_TEST(-tests::largest(-least) > 0.0);
}

BOOST_AUTO_TEST_CASE(what_is_carried_away_at_the_rim_is_missing_inside)
{
  const auto left = [](const std::string &rim) {
    Block block;
    std::vector<Role> roles;
    for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
      roles.push_back(block.mesh.cell(i).centre[2] < 1.75 ? Role::domain : Role::supply);
    GrowthFactorOptions options = sponge();
    options.rim = rim;
    const Transport transport(block.mesh, roles);
    const FactorReport report =
        spread_factor(block.mesh, transport, options, carriers_of(options), {}, 0.5, block.state);
    BOOST_TEST(report.relative_error <= 1e-10);
    return block.total(block.state.growth_factor);
  };
  BOOST_TEST(left("carried away") < 0.5 * left("closed"));
}

BOOST_AUTO_TEST_CASE(the_effect_rises_from_one_to_its_ceiling)
{
  const GrowthFactorOptions options = sponge();
  BOOST_TEST(osteogenic_factor(0, options) == 1.0);
  BOOST_TEST(osteogenic_factor(2, options) == 1.47, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(osteogenic_factor(1e12, options) == 1.94, boost::test_tools::tolerance(1e-9));
  GrowthFactorOptions off;
  BOOST_TEST(osteogenic_factor(5, off) == 1.0);
  GrowthFactorOptions vegf = sponge();
  vegf.kind = "like VEGF";
  BOOST_TEST(osteogenic_factor(5, vegf) == 1.0);
}

BOOST_AUTO_TEST_CASE(a_case_must_state_what_has_no_number)
{
  BOOST_TEST(check(GrowthFactorOptions{}).empty());
  BOOST_TEST(check(sponge()).empty());
  GrowthFactorOptions options = sponge();
  options.half_effect = 0;
  BOOST_TEST(check(options).size() == 1U);
  BOOST_TEST(check(options).front().name() == "option-missing");
  options.release = "custom";
  BOOST_TEST(check(options).size() == 2U); // the slow rate as well; no fast share, no fast rate
  options.days.clear();
  BOOST_TEST(check(options).size() == 3U);

  BOOST_TEST(name_of_fault(sponge()) == "");
  options = sponge();
  options.amounts.clear();
  BOOST_TEST(name_of_fault(options) == "option-missing");
  options.amounts = {-1};
  BOOST_TEST(name_of_fault(options) == "option-value");
  options.amounts = {1};
  options.regions = "host";
  BOOST_TEST(name_of_fault(options) == "unknown-name");
}
