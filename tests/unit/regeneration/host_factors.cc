// ranks: 1 2
// links: discretisation
// Steroids, conditioning and vesicles: factors by hand, what they change in a block, what a case must state.
#include "regeneration/host_factors.h"
#include "regeneration/continuum.h"
#include "regeneration/vesicles.h"

#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

/// A cube of 1 mm, host marrow below z = 0.5, lesion above.
struct Block
{
  Block() : mesh(tests::cells_of({})), state(make_tissue_state(mesh.n_owned())), stimulus(mesh.n_owned())
  {
    state.youngs_modulus.assign(mesh.n_owned(), 0.2);
    const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const bool host = mesh.cell(i).centre[2] < 0.5;
      state.healing_domain[i] = host ? 0 : 1;
      state.region[i] = static_cast<std::uint8_t>(host ? Region::host : Region::lesion);
      state.fractions[material::index(Tissue::granulation)][i] = host ? 0 : 1;
      state.fractions[material::index(Tissue::marrow)][i] = host ? 1 : 0;
      stimulus[i] = wolff::stimulus::respond(0.7, settings);
    }
  }

  CellMesh mesh;
  TissueState state;
  std::vector<wolff::stimulus::Response> stimulus;
};

} // namespace

BOOST_AUTO_TEST_CASE(factors_multiply_and_conditioning_recovers)
{
  HostFactorOptions options;
  BOOST_TEST(host_factor(options, 5) == 1.0);
  options.steroids = true;
  options.steroid_factor = 0.5;
  options.other_factor = 0.8;
  BOOST_TEST(host_factor(options, 5) == 0.4, boost::test_tools::tolerance(1e-14));
  options.conditioning = true;
  options.conditioning_day = -10;
  options.conditioning_factor = 0.2;
  options.recovery_time = 30;
  BOOST_TEST(host_factor(options, -11) == 0.4, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(host_factor(options, -10) == 0.4 * 0.2, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(host_factor(options, 20) == 0.4 * (0.2 + 0.8 * (1 - std::exp(-1.0))),
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(host_factor(options, 1e6) == 0.4, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_factor_that_is_on_must_be_stated)
{
  HostFactorOptions options;
  BOOST_TEST(check(options).empty());
  options.steroids = true;
  BOOST_TEST(check(options).size() == 1U);
  options.conditioning = true;
  BOOST_TEST(check(options).size() == 3U);
  BOOST_TEST(check(options).front().name() == "option-missing");
  BOOST_TEST(blood_cancer_notice().find("outside of this model") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(half_of_the_host_cells_supply_half_as_many_at_first)
{
  // Without division supply is linear in the density at the rim.
  const Block block;
  RegenerationOptions options;
  options.kinetics.msc_division = 0;
  const double whole = regenerate(block.mesh, block.state, block.stimulus, 1, options).report.supplied;
  options.host.steroids = true;
  options.host.steroid_factor = 0.5;
  const double half = regenerate(block.mesh, block.state, block.stimulus, 1, options).report.supplied;
  BOOST_TEST(whole > 0.0);
  BOOST_TEST(half == 0.5 * whole, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(marrow_supplies_by_its_label_and_the_label_changes_when_a_transplant_has_engrafted)
{
  const Block block;
  RegenerationOptions options;
  options.kinetics.msc_division = 0;
  options.step = 1;
  const auto supplied = [&](const double day) {
    TissueState state = block.state;
    state.day = day;
    return regenerate(block.mesh, state, block.stimulus, 1, options).report.supplied;
  };
  const double red = supplied(0);
  options.necrosis.marrow = "ablated";
  BOOST_TEST(supplied(0) == red); // a label alone changes nothing
  options.host.ablated_factor = 0.25;
  options.host.reconstituting_factor = 0.5;
  BOOST_TEST(options.host.depends_on_marrow());
  options.necrosis.transplantation = true;
  options.necrosis.transplantation_day = -10;
  options.necrosis.reconstitution = 100;
  BOOST_TEST(supplied(0) == 0.25 * red, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(supplied(10.5) == 0.25 * red, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(supplied(11) == 0.5 * red, boost::test_tools::tolerance(1e-9)); // 21 days after day -10
  BOOST_TEST(supplied(111) == red, boost::test_tools::tolerance(1e-9));
  TissueState state = block.state;
  state.day = 10.5;
  state.marrow_state.assign(state.n_cells(), static_cast<std::uint8_t>(MarrowState::ablated));
  const TissueState after = regenerate(block.mesh, state, block.stimulus, 1, options).after;
  for (const std::uint8_t label : after.marrow_state)
    BOOST_TEST(label == static_cast<std::uint8_t>(MarrowState::reconstituting));

  BOOST_TEST(check(options.necrosis).empty());
  options.necrosis.reconstitutes = 5;
  BOOST_TEST(check(options.necrosis).size() == 1U);
}

BOOST_AUTO_TEST_CASE(vesicles_arrive_on_their_day_and_decay_whatever_the_steps)
{
  const Block block;
  VesicleOptions options;
  options.days = {0, 2.5};
  options.doses = {10, 20};
  options.regions = "lesion, lesion";
  options.half_life = 2;
  options.half_effect = 5;
  BOOST_TEST(check(options).empty());
  for (const int steps : {1, 3, 8}) {
    TissueState state = block.state;
    const double step = 6.0 / steps;
    for (int k = 0; k < steps; ++k) {
      state.day = k * step;
      release_vesicles(block.mesh, options, step, state);
    }
    // 0.5 mm^3 of lesion
    const double density = (10 * std::exp2(-6 / 2.0) + 20 * std::exp2(-3.5 / 2)) / 0.5;
    for (std::size_t i = 0; i < state.n_cells(); ++i)
      BOOST_TEST(state.vesicles[i] == (state.healing_domain[i] != 0 ? density : 0),
                 boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST(vesicle_effect(5, options) == 0.5);
  BOOST_TEST(vesicle_effect(5, {}) == 0.0);
  options.half_life = 0;
  options.half_effect = 0;
  BOOST_TEST(check(options).size() == 2U);
  options.regions = "lesion";
  BOOST_CHECK_THROW(vesicle_doses(options), Fault);
}

BOOST_AUTO_TEST_CASE(vesicles_prevent_the_share_of_deaths_that_is_stated)
{
  Block block;
  for (std::size_t i = 0; i < block.state.n_cells(); ++i)
    if (block.state.healing_domain[i] != 0) block.state.cells[0][i] = 100;
  RegenerationOptions options;
  options.host_supply = false;
  options.kinetics.msc_division = 0;
  options.kinetics.differentiation = 0;
  options.kinetics.msc_death = 0.2;
  const auto alive = [&] {
    const RegenerationReport report = regenerate(block.mesh, block.state, block.stimulus, 1, options).report;
    return report.cells_after / report.cells_before;
  };
  BOOST_TEST(alive() == std::exp(-0.2), boost::test_tools::tolerance(1e-6));
  VesicleOptions &vesicles = options.signals.vesicles;
  vesicles.days = {0};
  vesicles.doses = {1e12}; // far above the half effect
  vesicles.regions = "lesion";
  vesicles.half_life = 100;
  vesicles.half_effect = 1;
  vesicles.survival = 0.6;
  BOOST_TEST(alive() == std::exp(-0.08), boost::test_tools::tolerance(1e-6));
}
