// ranks: 1 2 3 4
// links: mechanics regeneration discretisation
// The row of one day, with stresses, strains and reports put in by hand.
#include "two_sizes.h"

#include "analysis/apparent_stiffness.h"

#include <limits>
#include <set>

using namespace wolff;
using material::Tissue;
using regeneration::Region;
using tests::TwoSizes;
using tests::uniaxial;
using tests::value_of;

namespace {

/// A row as it must be on this rank; checked to be the same on all.
std::vector<analysis::Quantity> row_of(const analysis::HistoryInput &input)
{
  const auto row = analysis::history_row(input, MPI_COMM_WORLD);
  std::vector<double> here, rank_0;
  for (const auto &quantity : row) here.push_back(quantity.value);
  rank_0 = here;
  MPI_Bcast(rank_0.data(), static_cast<int>(rank_0.size()), MPI_DOUBLE, 0, MPI_COMM_WORLD);
  for (std::size_t i = 0; i < row.size(); ++i)
    if (!(std::isnan(here[i]) && std::isnan(rank_0[i])))
      BOOST_TEST(here[i] == rank_0[i], row[i].name << " differs between ranks");
  return row;
}

/// Every array filled with numbers that depend on the cell only.
void fill(TwoSizes &box)
{
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    const std::int64_t id = box.mesh.cell(i).id;
    const auto number = [&](const std::uint64_t seed) { return tests::number_of_cell(id, seed); };
    box.state.region[i] = static_cast<std::uint8_t>(4 * number(1));
    box.state.healing_domain[i] = box.state.region[i] > 0 ? 1 : 0;
    box.in_head[i] = number(2) < 0.7 ? 1 : 0;
    box.response[i].phenotype = static_cast<stimulus::Phenotype>(5 * number(3));
    double sum = 0;
    for (std::size_t t = 0; t < material::n_tissues; ++t)
      sum += box.state.fractions[t][i] = std::pow(number(10 + t), 8); // uneven: some tissue prevails
    for (auto &fraction : box.state.fractions) fraction[i] /= sum;
    for (std::size_t c = 0; c < tissue::n_cells; ++c) box.state.cells[c][i] = 100 * number(30 + c);
    for (std::size_t c = 0; c < 6; ++c) {
      box.strain[i].components[c] = 0.02 * (number(40 + c) - 0.5);
      box.stress[i].components[c] = 50 * (number(50 + c) - 0.5);
    }
  }
}

} // namespace

// A bar of A = 10 mm^2, L = 20 mm, E = 1000 MPa under 2 MPa: F = 20 N moves by s L / E = 0.04 mm, so the work
// is 0.4 N mm and the stiffness E A / L = 500 N/mm.
BOOST_AUTO_TEST_CASE(the_apparent_stiffness_of_a_bar_is_modulus_times_area_over_length,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  mechanics::SolveReport bar;
  bar.applied = Vector3(0, 0, -20);
  bar.external_work = 0.5 * 20 * 0.04;
  BOOST_TEST(analysis::apparent_stiffness(bar) == 500.0);
  TwoSizes box;
  box.solve = bar;
  BOOST_TEST(value_of(row_of(box.input()), "apparent_stiffness_N_per_mm") == 500.0);
}

BOOST_AUTO_TEST_CASE(a_body_that_only_its_supports_move_has_no_apparent_stiffness)
{
  mechanics::SolveReport stretched;
  stretched.external_work = 1;
  BOOST_TEST(std::isnan(analysis::apparent_stiffness(stretched)));
}

BOOST_AUTO_TEST_CASE(of_several_load_cases_each_voxel_shows_the_worst_and_iterations_add_up)
{
  TwoSizes box;
  // The first case loads the fine half more, the second one the coarse half; each half is 512 mm^3.
  std::vector<SymmetricTensor> strain(box.mesh.n_owned()), stress(box.mesh.n_owned());
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    box.put(i, material::Tissue::cancellous_bone, 1);
    box.in_head[i] = 1;
    box.strain[i] = tests::uniaxial(box.is_fine(i) ? 0.02 : 0.001);
    strain[i] = tests::uniaxial(box.is_fine(i) ? 0.002 : 0.01);
    box.stress[i] = tests::uniaxial(box.is_fine(i) ? 3 : 1);
    stress[i] = tests::uniaxial(box.is_fine(i) ? -2 : -7);
  }
  mechanics::SolveReport solve;
  box.solve.iterations = 5;
  box.solve.residual = 1e-9;
  solve.iterations = 7;
  solve.residual = 3e-9;
  analysis::HistoryInput input = box.input();
  input.further.push_back({strain, stress, solve});
  const auto row = row_of(input);
  BOOST_TEST(value_of(row, "von_mises_largest_host_bone_MPa") == 7, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(value_of(row, "strain_risk_share_head") == 1); // either half exceeds its limit in one of them
  BOOST_TEST(value_of(row, "solver_iterations") == 12);
  BOOST_TEST(value_of(row, "solver_relative_residual") == 3e-9);
  BOOST_TEST(value_of(row_of(box.input()), "strain_risk_share_head") == 0.5);
  BOOST_TEST(value_of(row_of(box.input()), "solver_iterations") == 5);

  for (std::size_t i = 0; i < strain.size(); ++i)
    strain[i] = tests::uniaxial(std::numeric_limits<double>::quiet_NaN());
  BOOST_TEST(value_of(row_of(input), "strain_risk_share_head") == 1); // nobody knows: not safe
}

BOOST_AUTO_TEST_CASE(names_are_unique_and_the_same_whatever_exists)
{
  const TwoSizes bare;
  TwoSizes full;
  fill(full);
  const regeneration::RegenerationReport report;
  auto input = full.input();
  input.regeneration = &report;
  input.scaffold_yield_strength = 800;
  const auto row = row_of(bare.input()), other = row_of(input);
  BOOST_REQUIRE(row.size() == other.size());
  std::set<std::string> names;
  for (std::size_t i = 0; i < row.size(); ++i) {
    BOOST_TEST(row[i].name == other[i].name);
    BOOST_TEST(names.insert(row[i].name).second, row[i].name);
    BOOST_TEST(!row[i].meaning.empty(), row[i].name);
    BOOST_TEST(row[i].name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789NMP") == std::string::npos,
               row[i].name);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_has_no_value)
{
  const auto row = row_of(TwoSizes().input());
  for (const char *name :
       {"bone_fraction_lesion", "bone_ingrowth_scaffold_pore", "phenotype_share_cartilage",
        "apparent_stiffness_N_per_mm", "von_mises_p99_scaffold_MPa", "von_mises_largest_host_bone_MPa",
        "factor_to_yield_scaffold", "factor_to_fatigue_scaffold", "strain_risk_volume_head_mm3",
        "strain_risk_share_lesion", "strain_risk_index_p99_head", "regeneration_iterations"})
    BOOST_TEST(std::isnan(value_of(row, name)), name);
  BOOST_TEST(value_of(row, "volume_lesion_mm3") == 0);
  BOOST_TEST(value_of(row, "msc_total") == 0);
}

BOOST_AUTO_TEST_CASE(new_bone_in_the_pores_is_counted_over_the_voxels_and_over_the_free_space,
                     *boost::unit_test::tolerance(1e-13)) // rounding of 4608 terms
{
  TwoSizes box;
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    box.state.region[i] = static_cast<std::uint8_t>(Region::scaffold_pore);
    box.state.healing_domain[i] = 1;
    box.put(i, Tissue::scaffold, box.is_fine(i) ? 0.4 : 0.2);
    box.put(i, Tissue::immature_bone, 0.25);
    box.put(i, Tissue::mature_bone, 0.1);
    box.state.cells[tissue::index(tissue::Cell::mature_msc)][i] = 3;
    box.response[i].phenotype =
        box.is_fine(i) ? stimulus::Phenotype::immature_bone : stimulus::Phenotype::mature_bone;
  }
  const auto row = row_of(box.input());
  BOOST_TEST(value_of(row, "bone_fraction_scaffold_pore") == 0.35);
  BOOST_TEST(value_of(row, "bone_ingrowth_scaffold_pore") == 0.5); // 0.35 of the 0.7 that the solid leaves
  BOOST_TEST(value_of(row, "immature_bone_fraction_healing_domain") == 0.25);
  BOOST_TEST(value_of(row, "msc_density_scaffold_pore_per_mm3") == 3.0);
  BOOST_TEST(value_of(row, "msc_total") == 3072.0);
  BOOST_TEST(value_of(row, "phenotype_share_immature_bone") == 0.5);
  BOOST_TEST(value_of(row, "phenotype_share_fibrous") == 0.0);
}

BOOST_AUTO_TEST_CASE(stress_is_read_kind_by_kind_and_the_factors_follow_from_the_99th_percentile,
                     *boost::unit_test::tolerance(1e-12)) // rounding of the von Mises stress
{
  TwoSizes box;
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    if (box.is_fine(i)) {
      box.put(i, Tissue::mature_bone, 0.6);
      box.stress[i] = uniaxial(-7);
    } else {
      box.put(i, Tissue::scaffold, 0.5);
      box.stress[i] = uniaxial(100.0 + box.number(i));
    }
  }
  auto input = box.input();
  input.scaffold_yield_strength = 1212;
  input.scaffold_fatigue_strength = 303;
  const auto row = row_of(input);
  // 99 % of 512 equal cells is 506.88: the 507th, of 100, 101 ... 611.
  BOOST_TEST(value_of(row, "von_mises_p99_scaffold_MPa") == 606.0);
  BOOST_TEST(value_of(row, "von_mises_largest_scaffold_MPa") == 611.0);
  BOOST_TEST(value_of(row, "factor_to_yield_scaffold") == 2.0);
  BOOST_TEST(value_of(row, "factor_to_fatigue_scaffold") == 0.5);
  BOOST_TEST(value_of(row, "von_mises_p99_new_bone_MPa") == 7.0);
  BOOST_TEST(std::isnan(value_of(row, "von_mises_p99_host_bone_MPa")));
}

BOOST_AUTO_TEST_CASE(the_risk_volume_counts_the_bone_of_the_head_beyond_either_limit,
                     *boost::unit_test::tolerance(1e-12)) // rounding of the principal strains
{
  TwoSizes box;
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    if (box.is_fine(i)) { // the lesion: 2 of its 512 mm^3 are compressed beyond the limit
      const Vector3 &x = box.mesh.cell(i).centre;
      box.state.region[i] = static_cast<std::uint8_t>(Region::lesion);
      box.put(i, Tissue::necrotic_bone, 0.3);
      box.strain[i] = uniaxial(x[0] < 2 && x[1] < 1 && x[2] < 1 ? -0.0208 : 0.001);
      box.in_head[i] = 1;
      continue;
    }
    const int number = box.number(i);
    box.in_head[i] = number < 256 ? 1 : 0;
    // Articular cartilage in the head and bone outside of it are strained as well, and do not count.
    box.put(i, number >= 200 && number < 256 ? Tissue::articular_cartilage : Tissue::cancellous_bone, 0.6);
    box.strain[i] = uniaxial(number < 10    ? 0.0074  // tension beyond its limit
                             : number < 13  ? -0.0105 // compression beyond its limit
                             : number < 50  ? 0.0072
                             : number < 100 ? -0.0103
                             : number < 200 ? 0.0
                                            : 0.05);
  }
  const auto row = row_of(box.input());
  BOOST_TEST(value_of(row, "strain_risk_volume_head_mm3") == 13.0);
  BOOST_TEST(value_of(row, "strain_risk_share_head") == 13.0 / 200);
  BOOST_TEST(value_of(row, "strain_risk_index_largest_head") == 0.0074 / 0.0073);
  BOOST_TEST(value_of(row, "principal_strain_tension_p99_cancellous_head") == 0.0074); // 198th of 200
  BOOST_TEST(value_of(row, "principal_strain_compression_p99_cancellous_head") == 0.0105);
  BOOST_TEST(value_of(row, "strain_risk_volume_lesion_mm3") == 2.0);
  BOOST_TEST(value_of(row, "strain_risk_share_lesion") == 2.0 / 512);
  BOOST_TEST(value_of(row, "strain_risk_index_largest_lesion") == 2.0);
  BOOST_TEST(value_of(row, "strain_risk_index_p99_lesion") == 0.001 / 0.0073); // 0.4 % lie above

  // Dead bone bears more strain before it yields than viable bone where its strength falls less than its
  // modulus.
  analysis::HistoryInput weaker = box.input();
  weaker.dead_strain_limit = 4;
  BOOST_TEST(value_of(row_of(weaker), "strain_risk_index_largest_dead_bone") == 0.5);
  BOOST_TEST(value_of(row_of(weaker), "strain_risk_share_dead_bone") == 0.0);
  BOOST_TEST(value_of(row, "strain_risk_index_largest_dead_bone") == 2.0);
}

BOOST_AUTO_TEST_CASE(the_figures_of_both_solvers_are_handed_on)
{
  TwoSizes box;
  box.state.day = 12;
  box.state.step = 4;
  box.solve.iterations = 17;
  box.solve.residual = 3e-9;
  box.solve.applied = Vector3(0, 0, 4);
  box.solve.reaction = Vector3(0, 0, -3);
  box.solve.setup_seconds = 1;
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  box.solve.solve_seconds = rank + 1;
  regeneration::RegenerationReport report;
  report.iterations = 30;
  report.cells_before = 100;
  report.dosed = 50;
  report.cells_after = 160;
  report.front_voxels = 6.5;
  auto input = box.input();
  input.regeneration = &report;
  const auto row = row_of(input);
  BOOST_TEST(value_of(row, "day") == 12);
  BOOST_TEST(value_of(row, "step") == 4);
  BOOST_TEST(value_of(row, "solver_iterations") == 17);
  BOOST_TEST(value_of(row, "solver_relative_residual") == 3e-9);
  BOOST_TEST(value_of(row, "solver_force_imbalance") == 0.25);
  BOOST_TEST(value_of(row, "solver_seconds") == 1 + size); // of the slowest
  BOOST_TEST(value_of(row, "regeneration_iterations") == 30);
  BOOST_TEST(value_of(row, "regeneration_mass_balance_error") == 10.0 / 160);
  BOOST_TEST(value_of(row, "regeneration_front_voxels") == 6.5);
}

BOOST_AUTO_TEST_CASE(a_row_does_not_depend_on_the_number_of_ranks)
{
  TwoSizes together, alone(MPI_COMM_SELF);
  fill(together);
  fill(alone);
  const auto row = row_of(together.input()), expected = analysis::history_row(alone.input(), MPI_COMM_SELF);
  BOOST_REQUIRE(row.size() == expected.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double a = row[i].value, b = expected[i].value;
    if (std::isnan(a) && std::isnan(b)) continue;
    const bool is_sample =
        row[i].name.find("_p99_") != std::string::npos || row[i].name.find("_largest_") != std::string::npos;
    // Percentiles are samples, exactly; means may differ in the last digit, as sums are formed in another
    // order.
    BOOST_TEST((is_sample ? a == b : std::abs(a - b) <= 1e-15 * std::abs(b)),
               row[i].name << ": " << a << " and alone " << b);
  }
  BOOST_TEST(value_of(row, "strain_risk_volume_head_mm3") > 0); // else there would be nothing to compare
  BOOST_TEST(value_of(row, "von_mises_p99_scaffold_MPa") > 0);
  BOOST_TEST(value_of(row, "von_mises_p99_new_bone_MPa") > 0);
}

BOOST_AUTO_TEST_CASE(an_array_of_wrong_length_on_one_rank_stops_all_ranks)
{
  TwoSizes box;
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) box.strain.emplace_back();
  BOOST_CHECK_EXCEPTION(analysis::history_row(box.input(), MPI_COMM_WORLD), Fault, [](const Fault &fault) {
    return fault.code() == Exit::internal && fault.line().find("strain has") != std::string::npos;
  });
}
