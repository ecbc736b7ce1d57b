// ranks: 1 2
// links: discretisation
// The continuum backend on a small block: what changes, when, and what is refused.
#include "regeneration/continuum.h"

#include "base/errors.h"
#include "support/box_cells.h"
#include "support/fault_name.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using material::Tissue;

namespace {

/// A cube of 8 x 8 x 8 cells of 0.25 mm: host cancellous bone with marrow below z = 0.5, above it a lesion.
struct Block
{
  Block()
      : mesh([] {
          tests::Box box;
          box.brick_edge = 2;
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
      const double bone = 0.25;
      state.fractions[material::index(host ? Tissue::cancellous_bone : Tissue::necrotic_bone)][i] = bone;
      state.fractions[material::index(Tissue::granulation)][i] = host ? 0 : 1 - bone;
      state.fractions[material::index(Tissue::marrow)][i] = host ? 1 - bone : 0;
      stimulus[i] = wolff::stimulus::respond(0.7, settings); // immature bone
    }
  }

  CellMesh mesh;
  TissueState state;
  std::vector<wolff::stimulus::Response> stimulus;
};

double total(const Block &block, const CellField &field)
{
  double sum = 0;
  for (std::size_t i = 0; i < field.size(); ++i) sum += block.mesh.volume(i) * field[i];
  return tests::summed(sum);
}

DoseOptions doses_in(const std::vector<double> &days, const std::vector<double> &numbers,
                     const std::vector<double> &retentions, const std::string &regions)
{
  DoseOptions doses;
  doses.days = days;
  doses.numbers = numbers;
  doses.retentions = retentions;
  doses.regions = regions;
  return doses;
}

RegenerationOptions with_doses(const DoseOptions &doses)
{
  RegenerationOptions options;
  options.doses = doses;
  return options;
}

std::string fault_name(const DoseOptions &doses)
{
  return tests::fault_name([&] { doses_of(doses); });
}

} // namespace

BOOST_AUTO_TEST_CASE(cells_enter_from_marrow_and_make_bone_near_it_while_the_host_stays_as_it_was)
{
  const Block block;
  const Regenerated result = regenerate(block.mesh, block.state, block.stimulus, 21, {});
  require_valid(block.mesh, result.after, "after 21 days");
  BOOST_TEST(result.after.day == 21.0);
  BOOST_TEST(result.after.step == 1);
  BOOST_TEST(result.report.steps == 21);
  BOOST_TEST(result.report.supplied > 0.0);
  BOOST_TEST(result.report.relative_error() <= 1e-12);
  // sqrt(0.01167/0.27) = 0.208 mm on voxels of 0.25 mm
  BOOST_TEST(result.report.front_voxels == std::sqrt(0.01167 / 0.27) / 0.25,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(!result.report.front_is_resolved());

  const CellField &bone = result.after.fractions[material::index(Tissue::immature_bone)];
  double near = 0, far = 0;
  for (std::size_t i = 0; i < bone.size(); ++i) {
    const double z = block.mesh.cell(i).centre[2];
    if (z < 0.5)
      for (const StateArray &array : state_arrays(0)) {
        if (array.is_label()) continue;
        BOOST_REQUIRE(array.numbers_of(result.after)[i] == array.numbers_of(block.state)[i]);
      }
    if (z > 0.5 && z < 0.75) near = std::max(near, bone[i]);
    if (z > 1.75) far = std::max(far, bone[i]);
  }
  near = tests::largest(near);
  far = tests::largest(far);
  BOOST_TEST(near > 0.01);
  BOOST_TEST(far < near);
}

BOOST_AUTO_TEST_CASE(without_supply_and_cells_nothing_happens_and_no_iteration_is_spent)
{
  const Block block;
  RegenerationOptions options;
  options.host_supply = false;
  const Regenerated result = regenerate(block.mesh, block.state, block.stimulus, 10, options);
  TissueState expected = block.state;
  expected.day = 10;
  expected.step = 1;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i) expected.activity[i] = expected.healing_domain[i];
  BOOST_TEST((result.after == expected));
  BOOST_TEST(result.report.iterations == 0);
}

BOOST_AUTO_TEST_CASE(ten_days_are_four_and_six_days)
{
  const Block block;
  const TissueState whole = regenerate(block.mesh, block.state, block.stimulus, 10, {}).after;
  TissueState parts = regenerate(block.mesh, block.state, block.stimulus, 4, {}).after;
  const Regenerate door = continuum(block.mesh, {});
  parts = door(parts, block.stimulus, 6).after;
  parts.step = whole.step;
  BOOST_TEST((parts == whole)); // the very same operations
}

BOOST_AUTO_TEST_CASE(supply_takes_no_cells_back_from_crowded_tissue)
{
  Block block;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
    if (block.state.healing_domain[i] != 0)
      block.state.cells[0][i] = 500; // host marrow would give 0.3*1000*0.75
  const RegenerationReport report = regenerate(block.mesh, block.state, block.stimulus, 1, {}).report;
  BOOST_TEST(report.supplied == 0.0);
}

BOOST_AUTO_TEST_CASE(a_dose_arrives_on_its_day_once_and_fills_free_volume_evenly)
{
  const Block block;
  RegenerationOptions options = with_doses(doses_in({5}, {1000}, {0.5}, "lesion"));
  options.host_supply = false;
  const Regenerated before = regenerate(block.mesh, block.state, block.stimulus, 5, options);
  BOOST_TEST(before.report.dosed == 0.0);
  const Regenerated on_the_day = regenerate(block.mesh, before.after, block.stimulus, 1, options);
  BOOST_TEST(on_the_day.report.dosed == 500.0);
  BOOST_TEST(regenerate(block.mesh, on_the_day.after, block.stimulus, 5, options).report.dosed == 0.0);

  TissueState dosed = block.state;
  apply_dose(block.mesh, {0, 1000, 0.5, Region::lesion}, {}, dosed);
  // 8 x 8 x 6 cells of 0.25 mm hold 6 mm^3, three quarters of it free; density per voxel is the same
  // everywhere.
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
    BOOST_TEST(dosed.cells[0][i] == (block.state.healing_domain[i] != 0 ? 500.0 / 6 : 0.0),
               boost::test_tools::tolerance(1e-12));
  BOOST_TEST(total(block, dosed.cells[0]) == 500.0, boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_THROW(apply_dose(block.mesh, {0, 1000, 0.5, Region::track}, {}, dosed), Fault);
}

BOOST_AUTO_TEST_CASE(a_dose_needs_number_and_retention_and_a_known_region)
{
  BOOST_TEST(doses_of({}).empty());
  BOOST_TEST(fault_name(doses_in({0}, {}, {0.5}, "lesion")) == "option-missing");
  BOOST_TEST(fault_name(doses_in({0}, {1000}, {}, "lesion")) == "option-missing");
  BOOST_TEST(fault_name(doses_in({0, 14}, {1000, 1000}, {0.5}, "lesion, lesion")) == "option-value");
  BOOST_TEST(fault_name(doses_in({0}, {1000}, {1.5}, "lesion")) == "option-value");
  BOOST_TEST(fault_name(doses_in({0}, {-1}, {0.5}, "lesion")) == "option-value");
  BOOST_TEST(fault_name(doses_in({0}, {1000}, {0.5}, "host")) == "unknown-name");
  const std::vector<Dose> doses =
      doses_of(doses_in({14, 0}, {10, 20}, {0.1, 0.2}, "scaffold pore, healing domain"));
  BOOST_TEST(doses.size() == 2);
  BOOST_TEST(doses[0].day == 0.0);
  BOOST_TEST(!doses[0].region.has_value());
  BOOST_TEST((doses[1].region == Region::scaffold_pore));
}

BOOST_AUTO_TEST_CASE(strang_splitting_gains_an_order_over_lie)
{
  // Without supply, whose switching is not smooth. Errors against a step of 1/16 day; total of osteoblasts.
  const Block block;
  TissueState start = block.state;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
    if (start.healing_domain[i] != 0)
      start.cells[tissue::index(tissue::Cell::mature_msc)][i] = block.mesh.cell(i).centre[2] < 1 ? 200 : 0;
  RegenerationOptions options;
  options.host_supply = false;
  options.msc_diffusivity = 0.1;
  options.transport.scheme = "Crank-Nicolson";
  const auto osteoblasts = [&](const std::string &splitting, const double step) {
    options.splitting = splitting;
    options.step = step;
    const TissueState after = regenerate(block.mesh, start, block.stimulus, 2, options).after;
    const CellField &cells = after.cells[tissue::index(tissue::Cell::osteoblast)];
    double moment = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) moment += cells[i] * block.mesh.cell(i).centre[2];
    return tests::summed(moment);
  };
  const double exact = osteoblasts("Strang", 1.0 / 16);
  const auto order_of = [&](const std::string &splitting) {
    return std::log2(std::abs(osteoblasts(splitting, 1) - exact) /
                     std::abs(osteoblasts(splitting, 0.5) - exact));
  };
  const double lie = order_of("Lie"), strang = order_of("Strang");
  BOOST_TEST_MESSAGE("orders of splitting: Lie " << lie << ", Strang " << strang);
  BOOST_TEST(lie >= 0.8);
  BOOST_TEST(lie <= 1.5);
  BOOST_TEST(strang >= 1.7);
}

BOOST_AUTO_TEST_CASE(crowded_cells_migrate_faster_by_what_is_stated_and_fibroblasts_only_if_asked)
{
  // Everywhere as many cells as the capacity, most of them at rest: 1 + chi is a factor on D.
  Block block;
  const std::size_t osteoblast = tissue::index(tissue::Cell::osteoblast),
                    fibroblast = tissue::index(tissue::Cell::fibroblast);
  RegenerationOptions options;
  options.host_supply = false;
  for (double *rate : {&options.kinetics.msc_division, &options.kinetics.osteoblast_death,
                       &options.kinetics.fibroblast_death, &options.kinetics.differentiation,
                       &options.kinetics.bone_production})
    *rate = 0;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i) {
    if (block.state.healing_domain[i] == 0) continue;
    block.state.cells[0][i] = block.mesh.cell(i).centre[2] < 1 ? 1 : 0;
    block.state.cells[fibroblast][i] = block.state.cells[0][i];
    block.state.cells[osteoblast][i] = 1000 - 2 * block.state.cells[0][i];
  }
  const auto after = [&] { return regenerate(block.mesh, block.state, block.stimulus, 1, options).after; };
  const auto msc_at = [&](const TissueState &state) { return state.cells[0]; };
  options.crowding = 0.5;
  const TissueState crowded = after();
  options.crowding = 0;
  options.msc_diffusivity *= 1.5;
  const TissueState faster = after();
  double worst = 0;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
    worst = std::max(worst, std::abs(msc_at(crowded)[i] - msc_at(faster)[i]));
  BOOST_TEST(tests::largest(worst) <= 1e-9);
  BOOST_TEST((crowded.cells[fibroblast] == block.state.cells[fibroblast]));

  options.fibroblast_diffusivity = 0.02;
  const TissueState moving = after();
  BOOST_TEST(total(block, moving.cells[fibroblast]) == total(block, block.state.cells[fibroblast]),
             boost::test_tools::tolerance(1e-10));
  worst = 0;
  for (std::size_t i = 0; i < block.mesh.n_owned(); ++i)
    worst = std::max(worst, std::abs(moving.cells[fibroblast][i] - block.state.cells[fibroblast][i]));
  BOOST_TEST(tests::largest(worst) > 0.01);
}

BOOST_AUTO_TEST_CASE(all_options_are_declared_below_regeneration)
{
  RegenerationOptions regeneration;
  Options options;
  regeneration.declare(options);
  for (const char *path : {"Regeneration/Step [day]", "Regeneration/MSC diffusivity [mm^2/day]",
                           "Regeneration/Cell therapy/Retention [-]", "Regeneration/Transport/Time scheme",
                           "Regeneration/Kinetics/Active until [day]"})
    BOOST_TEST((options.find(path) != nullptr), path);
}
