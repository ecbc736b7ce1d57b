// links: coupling
// The constants of the pores in a cell: of marrow by its label, of free volume by the gel in it.
#include "coupling/pore_flow.h"
#include "regeneration/necrosis.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::coupling;
using material::Tissue;
using regeneration::MarrowState;

namespace {

material::TissuePores tissues()
{
  material::TissuePores pores;
  for (std::size_t t = 0; t < pores.size(); ++t)
    pores[t] = {.permeability = static_cast<double>(t + 1),
                .grain_bulk_modulus = 2300,
                .fluid_bulk_modulus = 2300,
                .porosity = 0.8};
  return pores;
}

constexpr auto granulation = material::index(Tissue::granulation);

} // namespace

BOOST_AUTO_TEST_CASE(viscous_marrow_divides_the_permeability_of_what_it_fills)
{
  regeneration::TissueState state = regeneration::make_tissue_state(3);
  state.marrow_state = {static_cast<std::uint8_t>(MarrowState::red),
                        static_cast<std::uint8_t>(MarrowState::fatty),
                        static_cast<std::uint8_t>(MarrowState::reconstituting)};
  PoreOptions options;
  const regeneration::Hydrogel no_gel({});
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST((pores_in(tissues(), options, no_gel, state, i) == tissues()));
  options.fatty_viscosity = 4;
  options.reconstituting_viscosity = 0.5;
  const double expected[3] = {1, 0.25, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    const material::TissuePores pores = pores_in(tissues(), options, no_gel, state, i);
    for (std::size_t t = 0; t < pores.size(); ++t) {
      const bool holds_marrow =
          t == material::index(Tissue::marrow) || t == material::index(Tissue::cancellous_bone);
      BOOST_TEST(pores[t].permeability == tissues()[t].permeability * (holds_marrow ? expected[i] : 1));
      BOOST_TEST(pores[t].porosity == 0.8);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_gel_has_its_own_permeability_until_it_has_degraded)
{
  regeneration::HydrogelOptions options;
  options.regions = "lesion";
  options.permeability = 9;
  options.half_time = 7;
  regeneration::TissueState state = regeneration::make_tissue_state(2);
  state.healing_domain = {1, 1};
  state.region[0] = static_cast<std::uint8_t>(regeneration::Region::lesion);
  state.region[1] = static_cast<std::uint8_t>(regeneration::Region::track);
  const regeneration::Hydrogel gel(options);
  BOOST_TEST(pores_in(tissues(), {}, gel, state, 0)[granulation].permeability == 9.0);
  BOOST_TEST(pores_in(tissues(), {}, gel, state, 1)[granulation].permeability == 1.0);
  state.day = 7;
  BOOST_TEST(pores_in(tissues(), {}, gel, state, 0)[granulation].permeability == 5.0,
             boost::test_tools::tolerance(1e-14));
}
