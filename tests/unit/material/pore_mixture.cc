// The pore fluid of a mixture of tissues.
#include "material/pore_mixture.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::material;

namespace {

const Poroelastic granulation{0.01, 2300, 2300, 0.8}, bone{1e-5, 17660, 2300, 0.04};

TissuePores pores()
{
  TissuePores pores;
  pores.fill(impermeable({110000, 0.3}));
  pores[index(Tissue::granulation)] = granulation;
  pores[index(Tissue::cancellous_bone)] = {190, 17660, 2300, 0.75};
  pores[index(Tissue::mature_bone)] = bone;
  return pores;
}

TissueFractions shares(const double soft, const double hard, const double metal)
{
  TissueFractions fractions{};
  fractions[index(Tissue::granulation)] = soft;
  fractions[index(Tissue::mature_bone)] = hard;
  fractions[index(Tissue::scaffold)] = metal;
  return fractions;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pure_tissue_has_its_own_constants)
{
  const Elastic drained{0.2, 0.167};
  const PoreFluid fluid = pore_fluid(shares(1, 0, 0), pores(), drained);
  BOOST_TEST(fluid.is_present);
  BOOST_TEST(fluid.is_admissible);
  BOOST_TEST(fluid.biot == biot_coefficient(drained, granulation), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(fluid.storage == storage(drained, granulation), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(fluid.mobility == 0.01);
  BOOST_TEST(fluid.porosity == 0.8);
  // 2.1e-9 m^2/s and a layer of 0.046 mm in a second, as the literature has it.
  const double c = consolidation_coefficient(fluid, drained);
  BOOST_TEST(std::abs(c - 2.1e-3) < 5e-5);
  BOOST_TEST(std::abs(std::sqrt(c) - 0.046) < 5e-4);
}

BOOST_AUTO_TEST_CASE(a_mixture_takes_means_and_metal_takes_no_fluid)
{
  const Elastic drained{800, 0.25};
  const PoreFluid both = pore_fluid(shares(0.6, 0.4, 0), pores(), drained);
  BOOST_TEST(both.mobility == 0.6 * 0.01 + 0.4 * 1e-5, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(both.biot == 1 - bulk_modulus(drained) / (0.6 * 2300 + 0.4 * 17660),
             boost::test_tools::tolerance(1e-13));
  const PoreFluid with_metal = pore_fluid(shares(0.75, 0, 0.25), pores(), {0.2, 0.167}),
                  without = pore_fluid(shares(1, 0, 0), pores(), {0.2, 0.167});
  BOOST_TEST(with_metal.mobility == 0.75 * without.mobility, boost::test_tools::tolerance(1e-13));
  const double grain = 0.75 * 2300 + 0.25 * 110000 / 1.2;
  BOOST_TEST(with_metal.storage == 0.6 / 2300 + (with_metal.biot - 0.6) / grain,
             boost::test_tools::tolerance(1e-13));
  BOOST_TEST(with_metal.porosity == 0.75 * 0.8, boost::test_tools::tolerance(1e-13));
  const PoreFluid sealed = pore_fluid(shares(0.5, 0, 0.5), pores(), {50000, 0.3});
  BOOST_TEST(!sealed.is_present);
  BOOST_TEST(sealed.mobility + sealed.storage + sealed.biot == 0);
}

BOOST_AUTO_TEST_CASE(an_inadmissible_coefficient_is_said_and_taken_to_the_nearest_bound)
{
  TissuePores published = pores();
  published[index(Tissue::mature_bone)] = Poroelastic{1e-5, 13920, 2300, 0.8};
  const PoreFluid fluid = pore_fluid(shares(0, 1, 0), published, {17000, 0.3}); // alpha = -0.018
  BOOST_TEST(!fluid.is_admissible);
  BOOST_TEST(fluid.biot == 0.8);
  BOOST_TEST(fluid.storage == 0.8 / 2300, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(marrow_between_struts_belongs_to_them)
{
  TissueFractions fractions{};
  fractions[index(Tissue::cancellous_bone)] = 0.25;
  fractions[index(Tissue::granulation)] = 0.75;
  const PoreFluid fluid = pore_fluid(fractions, pores(), {2084.4, 0.3});
  BOOST_TEST(fluid.mobility == 190, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(fluid.porosity == 0.75, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(fluid.biot == 1 - 1737.0 / 17660, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(fluid.is_admissible);
  // Few struts have few pores: the rest is what it is.
  fractions[index(Tissue::cancellous_bone)] = 0.05;
  fractions[index(Tissue::granulation)] = 0.95;
  const PoreFluid thin = pore_fluid(fractions, pores(), {10, 0.2});
  BOOST_TEST(thin.mobility == 0.2 * 190 + 0.8 * 0.01, boost::test_tools::tolerance(1e-13));
}
