// ranks: 1 2 4
// links: discretisation
// Oxygen, VEGF, vessels and a factor in a healing block: orders of magnitude by hand, what depends on what,
// what is refused, the same on any number of ranks, and with all of it off nothing is touched.
#include "regeneration/continuum.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

/// A column of 4 mm, 1 mm wide, host marrow below z = 0.5, above it a lesion with cells; finer bricks about
/// the middle if asked for.
struct Column
{
  explicit Column(const bool hanging = false, const MPI_Comm comm = MPI_COMM_WORLD)
      : mesh([&] {
          tests::Box box;
          box.bricks = {1, 1, 4};
          box.comm = comm;
          if (hanging) box.split = [](const Vector3 &centre) { return std::abs(centre[2] - 1.5) < 0.6; };
          return tests::cells_of(box);
        }()),
        state(make_tissue_state(mesh.n_owned())), stimulus(mesh.n_owned())
  {
    state.youngs_modulus.assign(mesh.n_owned(), 0.2);
    const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const bool host = mesh.cell(i).centre[2] < 0.5;
      state.healing_domain[i] = host ? 0 : 1;
      state.region[i] = static_cast<std::uint8_t>(host ? Region::host : Region::lesion);
      state.fractions[material::index(host ? Tissue::cancellous_bone : Tissue::necrotic_bone)][i] = 0.25;
      state.fractions[material::index(Tissue::granulation)][i] = host ? 0 : 0.75;
      state.fractions[material::index(Tissue::marrow)][i] = host ? 0.75 : 0;
      if (!host) state.cells[tissue::index(tissue::Cell::mature_msc)][i] = 100;
      stimulus[i] = wolff::stimulus::respond(0.7, settings); // immature bone
    }
  }

  Regenerated healed(const double days, const RegenerationOptions &options) const
  {
    return regenerate(mesh, state, stimulus, days, options);
  }

  /// Mean over the layer of cells about a height.
  double at(const CellField &field, const double z) const
  {
    double sum = 0, volume = 0;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i)
      if (std::abs(mesh.cell(i).centre[2] - z) < 0.5 * mesh.cell(i).edge) {
        sum += mesh.volume(i) * field[i];
        volume += mesh.volume(i);
      }
    return tests::summed(sum) / tests::summed(volume);
  }

  CellMesh mesh;
  TissueState state;
  std::vector<wolff::stimulus::Response> stimulus;
};

RegenerationOptions with_all_signals()
{
  RegenerationOptions options;
  options.signals.oxygen.model = "at rest";
  options.signals.vegf.model = "at rest";
  options.signals.vegf.production = 1e-3;
  options.signals.vegf.half_oxygen = 5e-3;
  options.signals.vessels.model = "tips and density";
  options.signals.vessels.motility = 0.05;
  options.signals.vessels.sprout_speed = 0.3;
  options.signals.vessels.tips_at_rim = 20;
  options.signals.vessels.chemotaxis = 2000;
  options.signals.gate.rule = "vessels";
  options.signals.factor.release = "collagen sponge";
  options.signals.factor.days = {1};
  options.signals.factor.amounts = {50};
  options.signals.factor.regions = "lesion";
  options.signals.factor.half_effect = 1;
  return options;
}

const CellField &bone(const TissueState &state)
{
  return state.fractions[material::index(Tissue::immature_bone)];
}

} // namespace

BOOST_AUTO_TEST_CASE(oxygen_falls_from_the_rim_over_the_critical_length_and_vessels_restore_it)
{
  // 100 counted cells/mm^3 of 10 living ones: 1e12 m^-3 times 1.3e-17 mol/s, so sqrt(2 D n/q) = 3.6 mm for a
  // layer of zero order: the column of 3.5 mm keeps some. Ten times as many cells: 1.14 mm, starved beyond.
  Column column;
  OxygenOptions options;
  options.model = "at rest";
  std::vector<Role> roles;
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i)
    roles.push_back(column.state.healing_domain[i] != 0 ? Role::domain : Role::supply);
  const Transport transport(column.mesh, roles);
  solve_oxygen(transport, options, {}, MPI_COMM_WORLD, column.state);
  const double few_near = column.at(column.state.oxygen, 0.5625),
               few_far = column.at(column.state.oxygen, 3.9);
  BOOST_TEST(few_near < options.blood_level);
  BOOST_TEST(few_near > 0.9 * options.blood_level);
  BOOST_TEST(few_far > 1e-3);
  BOOST_TEST(few_far < 0.5 * few_near);

  for (double &density : column.state.cells[tissue::index(tissue::Cell::mature_msc)]) density *= 10;
  const OxygenReport report = solve_oxygen(transport, options, {}, MPI_COMM_WORLD, column.state);
  BOOST_TEST_MESSAGE("oxygen of starved cells: " << report.rounds << " rounds, " << report.iterations
                                                 << " iterations");
  BOOST_TEST(column.at(column.state.oxygen, 3.9) < 1e-4);
  BOOST_TEST(*std::min_element(column.state.oxygen.begin(), column.state.oxygen.end()) >= 0.0);

  // One capillary in a circle of 0.1 mm everywhere: 271*31.8 a day outweighs the uptake of 1e3*10.
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i)
    if (column.state.healing_domain[i] != 0) column.state.vessel_density[i] = 31.8;
  solve_oxygen(transport, options, {}, MPI_COMM_WORLD, column.state);
  BOOST_TEST(column.at(column.state.oxygen, 3.9) > 0.9 * options.blood_level);
}

BOOST_AUTO_TEST_CASE(vegf_at_rest_in_a_uniform_tissue_is_production_over_loss)
{
  Column column;
  VegfOptions options;
  options.production = 2e-3;
  options.half_oxygen = 0.01;
  options.vessel_uptake = 0.5;
  std::vector<Role> roles;
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i) {
    roles.push_back(column.state.healing_domain[i] != 0 ? Role::domain : Role::outside);
    column.state.oxygen[i] = 0.01; // half of the production
    column.state.vessel_density[i] = 4;
  }
  const Transport transport(column.mesh, roles);
  solve_vegf(transport, options, {}, {}, column.state);
  const double expected = (2e-3 * 100 * 0.5) / (std::log(2) * 24 + 0.5 * 4);
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i)
    BOOST_TEST(column.state.vegf[i] == (column.state.healing_domain[i] != 0 ? expected : 0),
               boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(vessels_enter_where_they_may_and_advance_from_there)
{
  for (const std::string enter : {"everywhere", "rim of the lesion", "wall of the track"}) {
    Column column;
    RegenerationOptions options = with_all_signals();
    options.signals.vessels.enter = enter;
    const TissueState after = column.healed(10, options).after;
    const double near = column.at(after.vessel_density, 0.5625), far = column.at(after.vessel_density, 2.9);
    BOOST_TEST_MESSAGE("vessels, " << enter << ": " << near << " near, " << far << " far [mm/mm^3]");
    if (enter == "wall of the track") { // there is none
      BOOST_TEST(near == 0.0);
    } else {
      BOOST_TEST(near > 10.0);
      BOOST_TEST(far < 0.1 * near);
    }
  }
}

BOOST_AUTO_TEST_CASE(vegf_draws_tips_and_stimulus_above_bone_stops_them)
{
  Column column;
  RegenerationOptions options = with_all_signals();
  const TissueState drawn = column.healed(6, options).after;
  options.signals.vessels.chemotaxis = 0;
  const TissueState undrawn = column.healed(6, options).after;
  BOOST_TEST(column.at(drawn.vessel_density, 2.5625) > 2 * column.at(undrawn.vessel_density, 2.5625));

  const stimulus::RuleSettings settings{stimulus::StimulusOptions{}};
  for (auto &response : column.stimulus) response = wolff::stimulus::respond(50, settings); // fibrous tissue
  options.signals.vessels.growth = "where the stimulus allows bone";
  const TissueState stopped = column.healed(6, options).after;
  BOOST_TEST(tests::largest(*std::max_element(stopped.vessel_density.begin(), stopped.vessel_density.end())) <
             1e-6);
}

BOOST_AUTO_TEST_CASE(under_the_gate_bone_follows_the_vessels_and_cartilage_stands_before_them)
{
  const Column column;
  const TissueState gated = column.healed(14, with_all_signals()).after,
                    plain = column.healed(14, RegenerationOptions{}).after;
  const CellField &cartilage = gated.fractions[material::index(Tissue::cartilage)];
  BOOST_TEST(column.at(bone(plain), 3.9) > 0.01);
  BOOST_TEST(column.at(bone(gated), 3.9) < 1e-3 * column.at(bone(plain), 3.9));
  BOOST_TEST(column.at(bone(gated), 0.5625) > 0.01);
  BOOST_TEST(column.at(cartilage, 3.9) > 0.01);
  require_valid(column.mesh, gated, "after 14 days");
}

BOOST_AUTO_TEST_CASE(a_factor_makes_more_osteoblasts)
{
  const Column column;
  RegenerationOptions options;
  const CellField &osteoblasts = column.state.cells[tissue::index(tissue::Cell::osteoblast)];
  const std::size_t osteoblast = tissue::index(tissue::Cell::osteoblast);
  BOOST_TEST(column.at(osteoblasts, 2.0625) == 0.0);
  const double without = column.at(column.healed(3, options).after.cells[osteoblast], 2.0625);
  options.signals.factor = with_all_signals().signals.factor;
  options.signals.factor.days = {0};
  const Regenerated with = column.healed(3, options);
  BOOST_TEST(column.at(with.after.cells[osteoblast], 2.0625) > 1.1 * without);
  BOOST_TEST(with.report.signals.factor_released == 50 * (1 - 1e-6), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(with.report.signals.factor_error <= 1e-10);
  BOOST_TEST(with.report.relative_error() <= 1e-10);
}

BOOST_AUTO_TEST_CASE(cells_without_oxygen_die_with_the_stated_rate)
{
  Column column;
  for (double &density : column.state.cells[tissue::index(tissue::Cell::mature_msc)]) density *= 10;
  RegenerationOptions options;
  options.host_supply = false;
  options.kinetics.msc_division = 0;
  options.kinetics.differentiation = 0;
  options.msc_diffusivity = 0;
  options.signals.oxygen.model = "at rest";
  options.signals.gate.hypoxic_death = 0.1;
  options.signals.gate.critical_oxygen = 0.005;
  const TissueState after = column.healed(1, options).after;
  const CellField &cells = after.cells[tissue::index(tissue::Cell::mature_msc)];
  BOOST_TEST(column.at(cells, 3.9) == 1000 * std::exp(-0.1), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(column.at(cells, 0.5625) == 1000, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(everything_at_once_is_the_same_on_any_number_of_ranks_and_in_two_parts)
{
  const Column shared(true), alone(true, MPI_COMM_SELF);
  const RegenerationOptions options = with_all_signals();
  TissueState together = shared.healed(4, options).after;
  TissueState reference = alone.healed(4, options).after;
  std::map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < alone.mesh.n_owned(); ++i) place[alone.mesh.cell(i).id] = i;
  double worst = 0;
  for (const StateArray &array : state_arrays(0)) {
    if (array.is_label()) continue;
    for (std::size_t i = 0; i < shared.mesh.n_owned(); ++i) {
      const double there = array.numbers(reference)[place.at(shared.mesh.cell(i).id)];
      worst = std::max(worst, std::abs(array.numbers(together)[i] - there) / std::max(1.0, std::abs(there)));
    }
  }
  BOOST_TEST(tests::largest(worst) <= 1e-9);

  TissueState parts = shared.healed(2, options).after;
  parts = regenerate(shared.mesh, parts, shared.stimulus, 2, options).after;
  parts.step = together.step;
  BOOST_TEST((parts == together)); // the very same operations, so a restart goes on bit for bit
}

BOOST_AUTO_TEST_CASE(stromal_cells_drift_to_the_factor_and_none_is_lost)
{
  Column column;
  const std::size_t mature = tissue::index(tissue::Cell::mature_msc);
  // A gradient that stays: no carrier releases after the factor is there, and it does not decay in a day.
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i)
    if (column.state.healing_domain[i] != 0) column.state.growth_factor[i] = column.mesh.cell(i).centre[2];
  RegenerationOptions options;
  options.host_supply = false;
  options.kinetics.msc_division = 0;
  options.kinetics.differentiation = 0;
  options.signals.factor = with_all_signals().signals.factor;
  options.signals.factor.days = {100};
  options.signals.factor.half_life = 1e9;
  options.signals.factor.diffusivity = 1e-9;
  const Regenerated still = column.healed(2, options);
  options.msc_chemotaxis = 0.4;
  const Regenerated drawn = column.healed(2, options);
  // 2 days at 0.75*0.4 mm a day: what stood in the lowest 0.6 mm has gone.
  BOOST_TEST(column.at(drawn.after.cells[mature], 0.5625) <
             0.1 * column.at(still.after.cells[mature], 0.5625));
  BOOST_TEST(column.at(drawn.after.cells[mature], 3.9) > 1.5 * column.at(still.after.cells[mature], 3.9));
  BOOST_TEST(drawn.report.cells_after == drawn.report.cells_before, boost::test_tools::tolerance(1e-10));
  BOOST_TEST(drawn.report.smallest_density >= 0.0);
}

BOOST_AUTO_TEST_CASE(macrophages_set_the_activity_in_place_of_time)
{
  Column column;
  RegenerationOptions options;
  tissue::MacrophageOptions &cells = options.signals.inflammation;
  cells.model = "macrophages";
  cells.capacity = 100;
  cells.clearing = 1;
  cells.recruitment = 1;
  cells.switching = 1;
  cells.m1_death = cells.m2_death = 0.1;
  cells.base_switching = 0.5;
  cells.base_activity = 0.3;
  cells.gain = 0.6;
  BOOST_TEST(check(options.signals).empty());
  for (std::size_t i = 0; i < column.mesh.n_owned(); ++i)
    if (column.state.healing_domain[i] != 0) column.state.debris[i] = 1;
  const TissueState after = column.healed(5, options).after;
  const double m1 = column.at(after.m1_macrophages, 3.9), m2 = column.at(after.m2_macrophages, 3.9);
  BOOST_TEST(m1 > 0.0);
  BOOST_TEST(m2 > 0.0);
  BOOST_TEST(column.at(after.activity, 3.9) == 0.3 + 0.6 * m2 / (m1 + m2),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(column.at(after.activity, 0.3125) == 0.0); // host
  // Less active than the first fifteen days of the factor over time.
  const TissueState plain = column.healed(5, RegenerationOptions{}).after;
  BOOST_TEST(column.at(plain.activity, 3.9) == 1.0);
  BOOST_TEST(column.at(bone(after), 3.9) < column.at(bone(plain), 3.9));
  BOOST_TEST(column.at(column.healed(20, RegenerationOptions{}).after.activity, 3.9) == 0.5);

  cells.tnf_threshold = 1e-6;
  cells.tnf_inhibition = 1;
  const TissueState inhibited = column.healed(5, options).after;
  BOOST_TEST(column.at(bone(inhibited), 3.9) < 0.5 * column.at(bone(after), 3.9));
  require_valid(column.mesh, inhibited, "after five days");
}

BOOST_AUTO_TEST_CASE(with_all_of_it_off_no_signal_is_touched)
{
  const Column column;
  const TissueState after = column.healed(5, RegenerationOptions{}).after;
  for (const CellField *field :
       {&after.oxygen, &after.vegf, &after.vessel_tips, &after.vessel_density, &after.growth_factor})
    BOOST_TEST(std::all_of(field->begin(), field->end(), [](const double value) { return value == 0; }));
}

BOOST_AUTO_TEST_CASE(fields_that_need_one_another_or_a_number_are_refused_all_at_once)
{
  BOOST_TEST(check(SignalOptions{}).empty());
  BOOST_TEST(check(with_all_signals().signals).empty());
  SignalOptions options;
  options.vessels.model = "tips and density"; // motility, speed, tips at the rim are missing
  BOOST_TEST(check(options).size() == 3U);
  options.vegf.model = "at rest"; // production, half oxygen, and oxygen itself
  BOOST_TEST(check(options).size() == 6U);
  SignalOptions gate;
  gate.gate.rule = "vessels";
  BOOST_TEST(check(gate).size() == 1U);
  BOOST_TEST(check(gate).front().name() == "option-contradicts");
  gate.gate.rule = "oxygen";
  BOOST_TEST(check(gate).size() == 2U);
}
