// Material of cells that change from granulation tissue to bone in one day.
#include "regeneration/material_update.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

constexpr double rounding = 1e-13;

material::TissueElasticity tissues()
{
  material::TissueElasticity all;
  all.fill({1, 0.3});
  all[material::index(Tissue::granulation)] = {0.2, 0.167};
  all[material::index(Tissue::immature_bone)] = {1000, 0.3};
  return all;
}

/// Two cells of granulation tissue, of which the first may heal; then both are bone.
TissueState turned_to_bone(const std::size_t history)
{
  TissueState state = make_tissue_state(2, history);
  state.healing_domain[0] = 1;
  initialise_material(state, tissues(), {});
  BOOST_TEST(state.youngs_modulus[1] == 0.2, boost::test_tools::tolerance(rounding));
  state.fractions[material::index(Tissue::granulation)] = {0, 0};
  state.fractions[material::index(Tissue::immature_bone)] = {1, 1};
  return state;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_smoothing_the_modulus_is_that_of_the_tissue_in_the_healing_domain_only)
{
  TissueState state = turned_to_bone(0);
  material::SmoothingOptions smoothing;
  smoothing.kind = "none";
  update_material(state, tissues(), {}, smoothing, 1);
  BOOST_TEST(state.youngs_modulus[0] == 1000.0, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.poisson_ratio[0] == 0.3, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.youngs_modulus[1] == 0.2, boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(a_gel_fills_the_free_volume_of_its_region_and_gives_way_to_granulation_tissue)
{
  HydrogelOptions gel;
  gel.regions = "track";
  gel.day = 3;
  gel.half_time = 10;
  BOOST_TEST(check(gel, false).empty());
  BOOST_TEST(check(gel, true).size() == 1U); // its permeability, where fluid flows
  TissueState state = make_tissue_state(3);
  state.healing_domain = {1, 1, 0};
  state.region = {static_cast<std::uint8_t>(Region::track), static_cast<std::uint8_t>(Region::lesion),
                  static_cast<std::uint8_t>(Region::track)};
  material::SmoothingOptions none;
  none.kind = "none";
  const auto modulus_on = [&](const double day) {
    state.day = day;
    update_material(state, tissues(), {}, none, 1, {}, gel);
    return state.youngs_modulus[0];
  };
  initialise_material(state, tissues(), {}, {}, gel);
  BOOST_TEST(state.youngs_modulus[0] == 0.2, boost::test_tools::tolerance(rounding)); // not placed yet
  BOOST_TEST(modulus_on(3) == 0.0045, boost::test_tools::tolerance(rounding));
  BOOST_TEST(modulus_on(13) == (0.0045 + 0.2) / 2, boost::test_tools::tolerance(rounding));
  BOOST_TEST(modulus_on(23) == 0.25 * 0.0045 + 0.75 * 0.2, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.poisson_ratio[0] == 0.167, boost::test_tools::tolerance(rounding));
  for (const std::size_t other : {1, 2}) // of another region, and outside of the domain
    BOOST_TEST(state.youngs_modulus[other] == 0.2, boost::test_tools::tolerance(rounding));

  gel.day = 0;
  state.day = 0;
  initialise_material(state, tissues(), {}, {}, gel);
  BOOST_TEST(state.youngs_modulus[0] == 0.0045, boost::test_tools::tolerance(rounding));
  gel.regions = "track, moon";
  gel.half_time = 0;
  BOOST_TEST(check(gel, false).size() == 2U);
}

BOOST_AUTO_TEST_CASE(with_a_lag_two_steps_of_a_day_are_one_of_two_days)
{
  const material::SmoothingOptions lag;
  TissueState once = turned_to_bone(0), twice = turned_to_bone(0);
  update_material(once, tissues(), {}, lag, 2);
  update_material(twice, tissues(), {}, lag, 1);
  update_material(twice, tissues(), {}, lag, 1);
  BOOST_TEST(once.youngs_modulus[0] == 1000 + (0.2 - 1000) * std::exp(-2 / 4.5),
             boost::test_tools::tolerance(rounding));
  BOOST_TEST(twice.youngs_modulus[0] == once.youngs_modulus[0], boost::test_tools::tolerance(rounding));
  BOOST_TEST(twice.poisson_ratio[0] == once.poisson_ratio[0], boost::test_tools::tolerance(rounding));
}

BOOST_AUTO_TEST_CASE(a_moving_average_reaches_the_new_tissue_after_its_window)
{
  material::SmoothingOptions smoothing;
  smoothing.kind = "moving average";
  smoothing.window = 4;
  BOOST_TEST(history_length(smoothing) == 4);
  TissueState state = turned_to_bone(4);
  for (int update = 1; update <= 4; ++update) {
    update_material(state, tissues(), {}, smoothing, 1);
    BOOST_TEST(state.youngs_modulus[0] == (update * 1000 + (4 - update) * 0.2) / 4,
               boost::test_tools::tolerance(rounding));
  }
  BOOST_TEST(state.youngs_modulus_history[0][1] == 0.2, boost::test_tools::tolerance(rounding));
  TissueState without = turned_to_bone(0);
  BOOST_CHECK_THROW(update_material(without, tissues(), {}, smoothing, 1), Fault);
}

BOOST_AUTO_TEST_CASE(a_homogenised_scaffold_carries_load_beside_the_tissue_in_its_pores)
{
  TissueState state = make_tissue_state(3);
  const std::size_t solid = material::index(Tissue::scaffold), bone = material::index(Tissue::immature_bone),
                    soft = material::index(Tissue::granulation);
  // Bone in the pores; granulation tissue; a cell of which half lies in the envelope.
  state.fractions[solid] = {0.3, 0.3, 0.15};
  state.fractions[bone] = {0.7, 0, 0};
  state.fractions[soft] = {0, 1 - 0.3, 1 - 0.15};
  const material::Elastic metal{100000, 0.3};
  ScaffoldStiffness scaffold;
  scaffold.lattice.emplace("gyroid network", material::HomogenisedOptions{}, 0.3, metal);
  scaffold.envelope_share = {1, 1, 0.5};
  initialise_material(state, tissues(), {}, scaffold);
  const double lattice = 100000 * 0.0684, ratio = (*scaffold.lattice)(0.3).poisson_ratio;
  BOOST_TEST(state.youngs_modulus[0] == lattice + 0.7 * 1000, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.youngs_modulus[1] == lattice + 0.7 * 0.2, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.youngs_modulus[2] == lattice / 2 + 0.85 * 0.2, boost::test_tools::tolerance(rounding));
  BOOST_TEST(state.poisson_ratio[0] == (lattice * ratio + 700 * 0.3) / (lattice + 700),
             boost::test_tools::tolerance(rounding));
}
