// ranks: 1 2 3 4
// links: discretisation
// Percentiles by volume of values that are spread over the ranks.
#include "analysis/percentiles.h"

#include "two_sizes.h"

#include <limits>

using namespace wolff;
using analysis::VolumeSample;

namespace {

/// The samples dealt out to the ranks in turn.
std::vector<VolumeSample> dealt(const std::vector<VolumeSample> &all)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  std::vector<VolumeSample> mine;
  for (std::size_t i = static_cast<std::size_t>(rank); i < all.size(); i += static_cast<std::size_t>(size))
    mine.push_back(all[i]);
  return mine;
}

std::vector<double> percentiles_of(const std::vector<VolumeSample> &all, const std::vector<int> &percents)
{
  return analysis::percentiles({dealt(all)}, percents, MPI_COMM_WORLD).front();
}

} // namespace

// Percentiles are samples, so they are compared exactly.

BOOST_AUTO_TEST_CASE(of_the_numbers_1_to_100_the_pth_percentile_is_p)
{
  std::vector<VolumeSample> numbers;
  for (int i = 100; i >= 1; --i) numbers.push_back({static_cast<double>(i), 0.3});
  const std::vector<int> percents{1, 7, 50, 95, 99, 100};
  const auto values = percentiles_of(numbers, percents);
  for (std::size_t i = 0; i < percents.size(); ++i) BOOST_TEST(values[i] == percents[i]);
}

BOOST_AUTO_TEST_CASE(a_percentile_weighs_cells_of_two_sizes_by_their_volume)
{
  const tests::TwoSizes box;
  std::vector<VolumeSample> samples; // 1 in the fine half; 100, 101 ... 611 in the coarse half
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i)
    samples.push_back({box.is_fine(i) ? 1.0 : 100.0 + box.number(i), box.mesh.volume(i)});
  const auto values = analysis::percentiles({samples}, {50, 51, 99, 100}, MPI_COMM_WORLD).front();
  BOOST_TEST(values[0] == 1); // the fine half is exactly 50 %; by number of cells it would be 89 %
  // 51 % of 1024 mm^3 is 522.24: 512 and 11 coarse cells. 99 % is 1013.76: 512 and 502 coarse cells.
  BOOST_TEST(values[1] == 110);
  BOOST_TEST(values[2] == 601);
  BOOST_TEST(values[3] == 611);
}

BOOST_AUTO_TEST_CASE(negative_zero_tiny_and_huge_values_keep_their_order)
{
  const std::vector<VolumeSample> samples{{1e300, 1}, {0, 1}, {-1e-300, 1}, {-1e300, 1}, {5e-324, 1}};
  const auto values = percentiles_of(samples, {20, 40, 60, 80, 100});
  BOOST_TEST(values == (std::vector<double>{-1e300, -1e-300, 0, 5e-324, 1e300}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_that_is_no_number_shows_as_infinite)
{
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto values = percentiles_of({{1, 1}, {nan, 1}, {2, 1}, {3, 1}}, {75, 100});
  BOOST_TEST(values[0] == 3);
  BOOST_TEST(values[1] == std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(sets_are_independent_and_an_empty_one_has_no_percentile)
{
  const auto values =
      analysis::percentiles({dealt({{4, 1}}), {}, dealt({{-2, 1}, {8, 3}})}, {25, 26}, MPI_COMM_WORLD);
  BOOST_TEST(values[0][0] == 4);
  BOOST_TEST(std::isnan(values[1][0]));
  BOOST_TEST(std::isnan(values[1][1]));
  BOOST_TEST(values[2][0] == -2);
  BOOST_TEST(values[2][1] == 8);
}
