// Carter's rule: no number is assumed, each region of the diagram, and perfusion as a share.
#include "stimulus/rules.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace wolff;
using namespace wolff::stimulus;

namespace {

constexpr CarterOptions stated{.stress = 0.2, .strain = 0.04};
constexpr Phenotype bone = Phenotype::immature_bone;

Response at(const double stress, const double strain, const double perfusion, const double width = 0.05)
{
  return carter_response({stress, strain, perfusion}, stated, bone, width);
}

double weight(const Response &response, const Phenotype phenotype)
{
  return response.windows[static_cast<std::size_t>(phenotype)];
}

} // namespace

BOOST_AUTO_TEST_CASE(thresholds_that_are_not_stated_are_refused_by_name)
{
  StimulusOptions options;
  BOOST_CHECK_NO_THROW(Stimulus{options}); // another rule does not ask for them
  options.rule = "Carter";
  try {
    const Stimulus stimulus(options);
    BOOST_ERROR("no fault");
  } catch (const FaultList &list) {
    BOOST_REQUIRE(list.faults().size() == 2u);
    for (const Fault &fault : list.faults()) {
      BOOST_TEST(fault.name() == "option-missing");
      BOOST_TEST((fault.code() == Exit::input));
    }
    BOOST_TEST(list.faults()[0].place() == "Stimulus/Carter/Stress threshold [MPa]");
    BOOST_TEST(list.faults()[1].place() == "Stimulus/Carter/Strain threshold [-]");
  }
  options.carter.stress = 0.2;
  BOOST_CHECK_EXCEPTION(Stimulus{options}, Fault, [](const Fault &fault) {
    return fault.place() == "Stimulus/Carter/Strain threshold [-]";
  });
  options.carter.strain = 0.04;
  BOOST_CHECK_NO_THROW(Stimulus{options});
}

BOOST_AUTO_TEST_CASE(each_region_of_the_diagram)
{
  struct Row
  {
    double stress, strain, perfusion;
    Phenotype wanted;
  };
  for (const Row &row :
       {Row{0, 0, 1, bone}, Row{-0.19, 0.039, 1, bone}, Row{0.19, 0.039, 1, bone},
        Row{-0.19, 0.039, 0, Phenotype::cartilage}, Row{-0.21, 0.039, 1, Phenotype::cartilage},
        Row{-0.21, 0.039, 0, Phenotype::cartilage}, Row{-0.21, 0.041, 1, Phenotype::fibrous},
        Row{0, 0.041, 1, Phenotype::fibrous}, Row{0, 0.041, 0, Phenotype::fibrous},
        Row{0.21, 0, 1, Phenotype::fibrous}, Row{0, 0, 0.5, bone}, Row{0, 0, 0.49, Phenotype::cartilage}})
    BOOST_TEST((at(row.stress, row.strain, row.perfusion).phenotype == row.wanted),
               row.stress << " MPa, " << row.strain << ", perfused " << row.perfusion);
}

// At (-D_c, e far below): halves of bone and cartilage; a third that vessels do not reach moves from bone to
// it.
BOOST_AUTO_TEST_CASE(perfusion_shares_bone_with_cartilage)
{
  const Response edge = at(-0.2, 0.001, 2.0 / 3);
  BOOST_TEST(weight(edge, bone) == 1.0 / 3, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weight(edge, Phenotype::cartilage) == 2.0 / 3, boost::test_tools::tolerance(1e-9));
  const Response plain = at(-0.01, 0.001, 0.25, 0);
  BOOST_TEST(weight(plain, bone) == 0.25);
  BOOST_TEST(weight(plain, Phenotype::cartilage) == 0.75);
  // S = max(0.1/0.2, 0.03/0.04)
  BOOST_TEST(at(-0.1, 0.03, 1).stimulus == 0.75, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(axes_are_total_stress_tensile_strain_and_perfusion)
{
  PointMechanics point;
  point.stress = {{0.3, 0.3, 0.3, 0, 0, 0}};
  point.pore_pressure = 0.5;
  point.biot_coefficient = 1;
  point.strain = {{-0.02, -0.01, 0.03, 0, 0, 0}};
  point.perfusion = 0.75;
  const Axes axes = carter_axes(point);
  BOOST_TEST(axes[0] == -0.2, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(axes[1] == 0.03, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(axes[2] == 0.75);
  point.strain = {{-0.02, -0.01, -0.03, 0, 0, 0}}; // no tension anywhere
  BOOST_TEST(carter_axes(point)[1] == 0.0);
}
