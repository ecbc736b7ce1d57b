// ranks: 1 2 4
// links: coupling
// A femur on each kind of support: balance, softness in the order of the constraints, and the settlement of
// the foundation. A coarse head in voxels of 2 and 4 mm.
#include "coupling/step.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::coupling;

namespace {

std::unique_ptr<Model> standing(const std::string &support, const double foundation_stiffness = 0,
                                const std::string &fluid = "drained")
{
  Case input;
  input.geometry.femur.distal_cut = 100;
  input.geometry.scaffold.length = 15;
  input.geometry.scaffold.cell_size = 8;
  input.mesh.finest = 2;
  input.mesh.interface = input.mesh.bulk = 4;
  input.solver.tolerance = 1e-9; // a femur that tilts on soft springs moves far: rounding is at 1e-10
  input.loads.support = support;
  input.loads.foundation_stiffness = foundation_stiffness;
  input.pores.fluid = fluid;
  input.pores.substeps = 2;
  input.pores.inadmissible = "clamp";
  Log log(MPI_COMM_WORLD);
  return build_model(input, MPI_COMM_WORLD, log, Purpose::compute);
}

Mechanics solved(Model &model)
{
  return solve_equilibrium(model, model.initial, {}).front();
}

double summed(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

/// The mean settlement is the integral of the strain over the layer by its area: F/(k A) along the shaft, and
/// twice that across, where half of gamma is the tensor's entry.
void require_settlement(const Model &model, const Mechanics &mechanics, const double k,
                        const double tolerance)
{
  std::array<double, 3> integral{};
  for (const std::uint32_t cell : model.support.cells) {
    const SymmetricTensor &strain = mechanics.strain[cell];
    const double volume = model.mesh->volume(cell);
    integral[0] += strain.xz() * volume;
    integral[1] += strain.yz() * volume;
    integral[2] += strain.zz() * volume;
  }
  const Vector3 force = mechanics.report.applied;
  for (std::size_t c = 0; c < 3; ++c)
    BOOST_TEST(summed(integral[c]) == force[static_cast<Eigen::Index>(c)] / k,
               boost::test_tools::tolerance(tolerance));
}

} // namespace

BOOST_AUTO_TEST_CASE(whatever_is_left_free_makes_the_femur_softer_and_all_stand_in_balance)
{
  double stiffer = 0;
  for (const auto &[support, stiffness] :
       {std::pair("clamp at distal cut", 0.0), {"roller at distal cut", 0.0}}) {
    const auto model = standing(support, stiffness);
    const mechanics::SolveReport report = solved(*model).report;
    BOOST_TEST_CONTEXT(support)
    {
      BOOST_TEST(report.force_imbalance() < 1e-8);
      BOOST_TEST(report.energy_imbalance() < 1e-8);
      BOOST_TEST((report.applied_moment + report.reaction_moment).norm() < 1e-8 * report.force_size * 100);
      BOOST_TEST(report.external_work > stiffer);
    }
    stiffer = report.external_work;
  }
}

BOOST_AUTO_TEST_CASE(the_foundation_settles_by_force_over_stiffness_and_area)
{
  double softer = 1e300;
  for (const double k : {1.0, 10.0, 1000.0}) {
    const auto model = standing("elastic foundation", k);
    const Mechanics mechanics = solved(*model);
    BOOST_TEST_MESSAGE(k << " N/mm^3: " << mechanics.report.iterations << " iterations, work "
                         << mechanics.report.external_work);
    BOOST_TEST(mechanics.report.force_imbalance() < 1e-8);
    BOOST_TEST(mechanics.report.external_work < softer);
    softer = mechanics.report.external_work;
    require_settlement(*model, mechanics, k, 1e-6); // of the solver
  }
}

BOOST_AUTO_TEST_CASE(a_stiff_foundation_is_nearly_a_clamp)
{
  const auto clamped = standing("clamp at distal cut"), founded = standing("elastic foundation", 1e5);
  const double clamp = solved(*clamped).report.external_work, stiff = solved(*founded).report.external_work;
  BOOST_TEST(stiff > clamp);
  BOOST_TEST(stiff < 1.01 * clamp);
}

BOOST_AUTO_TEST_CASE(a_foundation_has_no_pores_and_settles_alike_with_fluid_in_the_bone_above)
{
  const double k = 10; // soft: all tilts as one, which the cycle sees badly
  const auto model = standing("elastic foundation", k, "ramp");
  const Mechanics mechanics = solved(*model);
  double fluid = 0, pressure = 0;
  for (const std::uint32_t cell : model->support.cells) fluid += mechanics.biot[cell];
  for (const double p : mechanics.cell_pressure) pressure = std::max(pressure, p);
  BOOST_TEST(summed(fluid) == 0);
  BOOST_TEST(summed(pressure) > 0);
  for (const std::uint32_t cell : model->support.cells) // without lateral contraction
    BOOST_TEST(mechanics.stress[cell].zz() == model->support.foundation_modulus * mechanics.strain[cell].zz(),
               boost::test_tools::tolerance(1e-12));
  require_settlement(*model, mechanics, k, 1e-4); // of the solver, through the condition of soft wet tissue
}
