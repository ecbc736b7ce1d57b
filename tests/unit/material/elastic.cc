// Elastic and poroelastic constants: conversions by hand, and the constants that are refused.
#include "material/elastic.h"

#include "material/poroelastic.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::material;

// E = 1000, nu = 0.25: lambda = mu = 400, K = 2000/3.
BOOST_AUTO_TEST_CASE(moduli_of_a_quarter_poisson_ratio_are_those_of_the_hand_calculation,
                     *boost::unit_test::tolerance(1e-14)) // rounding
{
  const Elastic m{1000, 0.25};
  BOOST_TEST(lame_lambda(m) == 400.0);
  BOOST_TEST(shear_modulus(m) == 400.0);
  BOOST_TEST(bulk_modulus(m) == 2000.0 / 3);
  const Elastic back = from_bulk_and_shear(bulk_modulus(m), shear_modulus(m));
  BOOST_TEST(back.youngs_modulus == 1000.0);
  BOOST_TEST(back.poisson_ratio == 0.25);
}

BOOST_AUTO_TEST_CASE(uniaxial_stress_comes_from_uniaxial_stress_strains)
{
  const double e = 1e-3, nu = 0.3;
  const SymmetricTensor sigma = stress({1000, nu}, {{e, -nu * e, -nu * e, 2e-4, 0, 0}});
  BOOST_TEST(sigma.xx() == 1.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::abs(sigma.yy()) < 1e-15); // rounding of terms of size 1
  BOOST_TEST(std::abs(sigma.zz()) < 1e-15);
  BOOST_TEST(sigma.xy() == 2e-4 * 1000 / 1.3, boost::test_tools::tolerance(1e-14)); // 2 mu eps_xy
}

// E = 1000, nu = 0.25, uniaxial stress 8 and shear stress 4: 8e-3, -2e-3 twice, and 4 * 1.25 / 1000.
BOOST_AUTO_TEST_CASE(strains_of_a_stress_are_those_of_the_hand_calculation,
                     *boost::unit_test::tolerance(1e-14))
{
  const Elastic m{1000, 0.25};
  const SymmetricTensor e = strain(m, {{0, 8, 0, 0, 4, 0}});
  BOOST_TEST(e.xx() == -2e-3);
  BOOST_TEST(e.yy() == 8e-3);
  BOOST_TEST(e.zz() == -2e-3);
  BOOST_TEST(e.yz() == 5e-3);
  BOOST_TEST(stress(m, e).yy() == 8.0);
}

BOOST_AUTO_TEST_CASE(inadmissible_constants_are_named_with_the_likely_slip)
{
  BOOST_TEST(!inadmissible({17000, 0.3}, "f", "bone"));
  BOOST_TEST(!inadmissible({0.2, 0.0}, "f", "bone"));
  BOOST_TEST(inadmissible({17000, 0.5}, "f", "bone")->line() ==
             "error[3:poisson-range] f: bone: Poisson ratio [-]; found 0.5; wanted a number in (-1, 0.5).");
  BOOST_TEST(inadmissible({1, -1}, "f", "bone").has_value());
  BOOST_TEST(inadmissible({0, 0.3}, "f", "bone")->name() == "modulus-range");
  BOOST_TEST(inadmissible({-1, 0.3}, "f", "bone")->name() == "modulus-range");
  BOOST_TEST(inadmissible({std::nan(""), 0.3}, "f", "bone")->name() == "modulus-range");
  BOOST_TEST(inadmissible({1, std::nan("")}, "f", "bone")->name() == "poisson-range");
  const auto pascal = inadmissible({1.1e11, 0.34}, "f", "titanium");
  BOOST_REQUIRE(pascal);
  BOOST_TEST(static_cast<int>(pascal->code()) == 3);
  BOOST_TEST(pascal->message().find("looks like Pa") != std::string::npos);
  BOOST_TEST(inadmissible({2e-4, 0.167}, "f", "x")->message().find("looks like GPa") != std::string::npos);
}

// Two sets in print: alpha by hand.
BOOST_AUTO_TEST_CASE(published_bone_with_negative_biot_coefficient_is_refused)
{
  const Poroelastic published{0.37, 13920, 2300, 0.8}, admissible{1e-5, 17660, 2300, 0.04};
  BOOST_TEST(std::abs(biot_coefficient({17000, 0.3}, published) + 0.018) < 5e-4); // three digits given
  BOOST_TEST(std::abs(biot_coefficient({15750, 0.325}, admissible) - 0.151) < 5e-4);
  BOOST_TEST(inadmissible({17000, 0.3}, published, "f", "bone")->name() == "biot-range");
  BOOST_TEST(!inadmissible({15750, 0.325}, admissible, "f", "bone"));
  // alpha = 0.641 is below the porosity of 0.8
  BOOST_TEST(inadmissible({6000, 0.3}, published, "f", "bone").has_value());
}

// Granulation: alpha = 1 - 0.1001/2300, 1/M = 0.8/2300 + (alpha - 0.8)/2300 = alpha/2300.
BOOST_AUTO_TEST_CASE(storage_of_granulation_tissue_is_that_of_the_fluid)
{
  const Elastic e{0.2, 0.167};
  const Poroelastic p{0.01, 2300, 2300, 0.8};
  BOOST_TEST(storage(e, p) == biot_coefficient(e, p) / 2300, boost::test_tools::tolerance(1e-14));
}
