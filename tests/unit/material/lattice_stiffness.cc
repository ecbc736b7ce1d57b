// links: geometry
// Tables of unit cells: their rows, what lies between, bounds, and the modulus of a scaffold that follows.
#include "material/lattice_stiffness.h"

#include "base/errors.h"
#include "geometry/tpms.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace wolff;
using namespace wolff::material;

namespace {

constexpr Elastic titanium{110000, 0.34};

/// Upper bound of Hashin and Shtrikman for the bulk modulus of a porous solid of modulus 1 and nu = 0.3.
double largest_bulk_modulus(const double density)
{
  const double k = 1 / (3 * 0.4), mu = 1 / 2.6;
  return k + (1 - density) / (-1 / k + 3 * density / (3 * k + 4 * mu));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_table_belongs_to_a_scaffold_type_and_gives_back_its_rows)
{
  const std::vector<std::string> types = geometry::tpms_types().names();
  for (const auto &entry : lattice_tables()) BOOST_TEST_CONTEXT(entry.name)
    {
      BOOST_TEST((std::find(types.begin(), types.end(), entry.name) != types.end()));
      for (const LatticeRow &row : entry.law.rows) {
        const LatticeRow again = lattice_row(entry.law, row.density);
        BOOST_TEST(again.modulus == row.modulus);
        BOOST_TEST(again.bulk == row.bulk);
        BOOST_TEST(again.anisotropy == row.anisotropy);
      }
    }
}

BOOST_AUTO_TEST_CASE(between_and_beyond_the_rows_moduli_grow_with_density_and_keep_the_bulk_bound)
{
  for (const auto &entry : lattice_tables()) BOOST_TEST_CONTEXT(entry.name)
    {
      double before = 0;
      for (double density = 0; density <= 1; density += 1 / 128.0) {
        const LatticeRow row = lattice_row(entry.law, density);
        BOOST_TEST(row.modulus >= before);
        before = row.modulus;
        // Rounding of the tables, four digits.
        BOOST_TEST(row.bulk <= largest_bulk_modulus(density) + 5e-5);
        if (row.modulus > 0) BOOST_TEST(std::abs((1 - row.modulus / (3 * row.bulk)) / 2) < 0.5);
        BOOST_TEST((row.modulus > 0) == (density > entry.law.pinch_off));
      }
      BOOST_TEST(before == 1.0);
    }
}

BOOST_AUTO_TEST_CASE(a_table_is_without_stiffness_where_the_solid_falls_apart)
{
  for (const auto &entry : lattice_tables()) {
    const double pinch_off = entry.law.pinch_off;
    if (pinch_off < 0.05) continue; // necks too thin for the voxels of the measure
    const geometry::TpmsType &type = geometry::tpms_types().at(entry.name).law;
    for (const double step : {-0.02, 0.02}) {
      const double offset = geometry::offset_for_fraction(type, pinch_off + step, 100000);
      BOOST_TEST(geometry::measure_cell({type, offset, 0}, 48, 1000).solid_connected == (step > 0),
                 entry.name << " at " << pinch_off + step);
    }
  }
}

BOOST_AUTO_TEST_CASE(
    a_gyroid_of_30_percent_has_the_modulus_and_poisson_ratio_of_the_table_times_the_knock_down)
{
  const LatticeStiffness ideal("gyroid network", {}, 0.3, titanium);
  BOOST_TEST(ideal(0.3).youngs_modulus == 110000 * 0.0684, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::abs(ideal(0.3).poisson_ratio - 0.332) < 0.001); // printed beside the table
  BOOST_TEST(ideal.anisotropy(0.3) == 1.65);
  const LatticeStiffness made("gyroid network", {0.38, 0}, 0.3, titanium);
  BOOST_TEST(made(0.3, 0.5).youngs_modulus == 0.19 * ideal(0.3).youngs_modulus,
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(made(0.02).youngs_modulus == 0.0); // in loose pieces
}

BOOST_AUTO_TEST_CASE(a_stated_modulus_holds_on_day_0_and_follows_the_density_from_there)
{
  const LatticeStiffness gyroid("gyroid network", {1, 2000}, 0.3, titanium),
      foam("foam", {1, 2000}, 0.2, titanium);
  BOOST_TEST(gyroid(0.3).youngs_modulus == 2000.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(gyroid(0.2).youngs_modulus == 2000 * 0.0289 / 0.0684, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(foam(0.1).youngs_modulus == 500.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(foam(0.1).poisson_ratio == 0.34);
}

BOOST_AUTO_TEST_CASE(a_type_without_table_and_a_modulus_above_all_solid_side_by_side_are_refused)
{
  BOOST_CHECK_EXCEPTION(LatticeStiffness("Neovius sheet", {}, 0.3, titanium), Fault,
                        [](const Fault &fault) { return fault.name() == "option-missing"; });
  BOOST_CHECK_EXCEPTION(LatticeStiffness("foam", {1, 23000}, 0.2, titanium), Fault,
                        [](const Fault &fault) { return fault.name() == "value-range"; });
}
