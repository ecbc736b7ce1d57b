// Scalar measures against the check values of their definitions.
#include "stimulus/measures.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::stimulus;

namespace {
SymmetricTensor diagonal(const double a, const double b, const double c)
{
  return {{a, b, c, 0, 0, 0}};
}
} // namespace

BOOST_AUTO_TEST_CASE(isochoric_uniaxial_strain_shears_by_root_two_of_itself,
                     *boost::unit_test::tolerance(1e-14)) // rounding
{
  const double e = 1e-3;
  BOOST_TEST(octahedral_shear_strain(diagonal(e, -e / 2, -e / 2)) == std::sqrt(2.0) * e);
  BOOST_TEST(von_mises_strain(diagonal(e, -e / 2, -e / 2)) == e);
}

// Simple shear gamma: eps_xy = gamma/2, 2/3 sqrt(6/4) gamma = 0.8165 gamma; legacy twice that.
BOOST_AUTO_TEST_CASE(legacy_form_doubles_simple_shear, *boost::unit_test::tolerance(1e-14))
{
  const SymmetricTensor shear{{0, 0, 0, 0, 0.01, 0}};
  BOOST_TEST(octahedral_shear_strain(shear) == 0.02 * std::sqrt(2.0 / 3));
  BOOST_TEST(octahedral_shear_strain(shear, OctahedralShear::legacy_engineering) ==
             0.04 * std::sqrt(2.0 / 3));
  const SymmetricTensor normal = diagonal(0.01, 0, 0);
  BOOST_TEST(octahedral_shear_strain(normal) ==
             octahedral_shear_strain(normal, OctahedralShear::legacy_engineering));
}

BOOST_AUTO_TEST_CASE(uniaxial_stress_has_its_textbook_measures, *boost::unit_test::tolerance(1e-14))
{
  const SymmetricTensor sigma = diagonal(0, 0, -6);
  BOOST_TEST(von_mises_stress(sigma) == 6.0);
  BOOST_TEST(octahedral_shear_stress(sigma) == 2 * std::sqrt(2.0));
  BOOST_TEST(hydrostatic_stress(sigma) == -2.0);
}

BOOST_AUTO_TEST_CASE(energy_density_counts_shear_twice)
{
  // (1*4 + 2*(2*3))/2 = 8
  BOOST_TEST(strain_energy_density({{1, 0, 0, 2, 0, 0}}, {{4, 0, 0, 3, 0, 0}}) == 8.0);
}

BOOST_AUTO_TEST_CASE(principal_values_descend_and_stay_exact_when_two_nearly_coincide)
{
  const auto plain = principal_values(diagonal(-3, 5, 1));
  BOOST_TEST(plain == (std::array<double, 3>{5, 1, -3}), boost::test_tools::per_element());
  // 1 +- 1e-9 in a block rotated by 45 degrees: the closed form would give 1e-8 errors.
  const auto close = principal_values({{1, 1, 0.5, 1e-9, 0, 0}});
  BOOST_TEST(std::abs(close[0] - (1 + 1e-9)) < 1e-15);
  BOOST_TEST(std::abs(close[1] - (1 - 1e-9)) < 1e-15);
  BOOST_TEST(close[2] == 0.5, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(seepage_is_a_quarter_faster_than_the_flux_at_porosity_four_fifths)
{
  BOOST_TEST(seepage_speed(1, 0.8) == 1.25, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(principal_values_of_what_is_no_number_are_none)
{
  for (std::size_t i = 0; i < 6; ++i) {
    SymmetricTensor broken = diagonal(1, 2, 3);
    broken.components[i] = std::nan("");
    for (const double value : principal_values(broken)) BOOST_TEST(std::isnan(value), "component " << i);
  }
}

BOOST_AUTO_TEST_CASE(single_principal_values_keep_their_sign, *boost::unit_test::tolerance(1e-15))
{
  BOOST_TEST(minimum_principal(diagonal(2, -3, 5)) == -3.0);
  BOOST_TEST(minimum_principal(diagonal(2, 3, 5)) == 2.0);
  BOOST_TEST(largest_principal_by_magnitude(diagonal(2, -3, 1)) == -3.0);
  BOOST_TEST(largest_principal_by_magnitude(diagonal(2, -3, 5)) == 5.0);
  BOOST_TEST(largest_principal_by_magnitude(diagonal(3, -3, 0)) == -3.0);
  // Pure shear 0.02 has principal values +-0.02.
  BOOST_TEST(minimum_principal({{0, 0, 0, 0.02, 0, 0}}) == -0.02);
}

// Effective -2 with pore pressure 3 at alpha 0.5.
BOOST_AUTO_TEST_CASE(total_stress_includes_the_pore_pressure_by_biots_coefficient)
{
  BOOST_TEST(mean_total_stress(diagonal(0, 0, -6), 0.5, 3) == -3.5);
  BOOST_TEST(mean_total_stress(diagonal(0, 0, -6), 0, 3) == -2.0);
}
