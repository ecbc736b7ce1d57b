// ranks: 1 2 3 4
// links: mechanics
// V505 limits of poroelasticity: undrained = elasticity with the undrained modulus, long times = drained
// elasticity, alpha = 0 decouples, pressure alone swells without stress, fluid is conserved, Q and Q^T belong
// together; and the undrained patch test, a pressure without checkerboards.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace wolff;
using tests::Family;

namespace {

int rollers(const Vector3 &x)
{
  return (x[0] < 1e-9 ? 1 : 0) | (x[1] < 1e-9 ? 2 : 0) | (x[2] < 1e-9 ? 4 : 0);
}

bool nowhere(const Vector3 &)
{
  return false;
}

mechanics::PoroelasticOptions exact_options()
{
  mechanics::PoroelasticOptions options;
  options.tolerance = 1e-11;
  return options;
}

struct Constants
{
  double young, nu, alpha, storage, mobility;
};

std::unique_ptr<tests::PoreBox> unit_cube(const discretisation::BrickForest &forest, const Constants &c)
{
  return std::make_unique<tests::PoreBox>(
      forest, [c](const Vector3 &) { return c.young; }, c.nu, c.alpha, c.storage,
      [c](const Vector3 &) { return c.mobility; }, exact_options());
}

/// Largest difference of the displacement to @p exact, and of the pressure to @p pressure; on all ranks.
std::array<double, 2> differences(const tests::PoreBox &box, const tests::Field &exact, const double pressure)
{
  std::array<double, 2> result{};
  box.for_each_node([&](const std::size_t node, const Vector3 &x) {
    const Vector3 u(box.u[3 * node], box.u[3 * node + 1], box.u[3 * node + 2]);
    result[0] = std::max(result[0], (u - exact(x)).norm());
    result[1] = std::max(result[1], std::abs(box.p[node] - pressure));
  });
  return {tests::largest(result[0]), tests::largest(result[1])};
}

} // namespace

BOOST_AUTO_TEST_CASE(v505_undrained_patch_test)
{
  // Granulation tissue and bone; load on three sides, sealed, one instant.
  for (const Constants &c :
       {Constants{0.2, 0.167, 1, 1 / 2300.0, 0.01}, Constants{17000, 0.3, 0.198, 1 / 43000.0, 1e-5}})
    for (const Family family : {Family::uniform, Family::corner, Family::nested}) {
      const auto forest = tests::make_forest(2, family);
      auto box = unit_cube(forest, c);
      box->start(rollers, nowhere);
      const double load = 1e-3 * c.young;
      std::vector<double> forces = box->solid.zero_vector();
      for (int axis = 0; axis < 3; ++axis) {
        const std::vector<double> one = box->traction(2 * axis + 1, -load * Vector3::Unit(axis));
        for (std::size_t i = 0; i < forces.size(); ++i) forces[i] += one[i];
      }
      const auto report = box->fluid->advance(1e-6, forces, {}, box->u, box->p);
      const double drained = c.young / (3 * (1 - 2 * c.nu)),
                   undrained = drained + c.alpha * c.alpha / c.storage,
                   pressure = c.alpha / c.storage / undrained * load;
      const auto apart = differences(
          *box, [&](const Vector3 &x) -> Vector3 { return -load / (3 * undrained) * x; }, pressure);
      BOOST_TEST_MESSAGE("V505 " << tests::name(family) << ", E " << c.young << ": " << report.iterations
                                 << " iterations, pressure off by " << apart[1] / pressure
                                 << ", displacement by " << apart[0] / (load / undrained));
      BOOST_TEST_CONTEXT(tests::name(family) << ", E " << c.young)
      {
        BOOST_TEST(apart[1] < 1e-7 * pressure);
        BOOST_TEST(apart[0] < 1e-7 * load / drained);
      }
      tests::record("V505", tests::name(family) + (c.young < 1 ? ", granulation" : ", bone"),
                    "undrained pressure, relative error", apart[1] / pressure, "< 1e-7");
    }
}

BOOST_AUTO_TEST_CASE(v505_long_times_are_drained_and_alpha_zero_decouples)
{
  for (const Family family : {Family::uniform, Family::corner}) {
    const auto forest = tests::make_forest(2, family);
    for (const double alpha : {1.0, 0.0}) {
      auto box = unit_cube(forest, {10, 0.2, alpha, 1e-3, 0.5});
      box->start(rollers, [](const Vector3 &x) { return x[2] > 1 - 1e-9; });
      const std::vector<double> pull = box->traction(5, Vector3(0, 0, 0.02));
      const double dt = alpha == 0 ? 1e-3 : 1e7;
      const auto report = box->fluid->advance(dt, pull, {}, box->u, box->p);
      const auto apart = differences(
          *box, [&](const Vector3 &x) -> Vector3 { return 0.002 * Vector3(-0.2 * x[0], -0.2 * x[1], x[2]); },
          0);
      BOOST_TEST_MESSAGE("V505 " << tests::name(family) << ", alpha " << alpha << ": " << report.iterations
                                 << " iterations, displacement off by " << apart[0] << ", pressure "
                                 << apart[1]);
      BOOST_TEST_CONTEXT(tests::name(family) << ", alpha " << alpha)
      {
        BOOST_TEST(apart[0] < 2e-3 * 1e-7);
        BOOST_TEST(apart[1] < 0.02 * 1e-7);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(v505_pressure_in_a_free_body_swells_it_without_stress)
{
  for (const Family family : {Family::uniform, Family::corner, Family::nested}) {
    const auto forest = tests::make_forest(2, family);
    const double young = 50, nu = 0.25, alpha = 0.8, pressure = 0.03;
    auto box = unit_cube(forest, {young, nu, alpha, 1e-3, 0.5});
    box->start(rollers, nowhere);
    box->drain([](const Vector3 &) { return true; }, [&](const Vector3 &) { return pressure; });
    box->fluid->advance(1, box->solid.zero_vector(), {}, box->u, box->p);
    const double strain = alpha * pressure / (young / (1 - 2 * nu));
    const auto apart = differences(
        *box, [&](const Vector3 &x) -> Vector3 { return strain * x; }, pressure);
    BOOST_TEST_CONTEXT(tests::name(family))
    {
      BOOST_TEST(apart[0] < 1e-9 * strain);
      BOOST_TEST(apart[1] < 1e-14);
    }
  }
}

BOOST_AUTO_TEST_CASE(v505_what_flows_in_stays_or_flows_out)
{
  for (const Family family : {Family::uniform, Family::corner, Family::nested}) {
    const auto forest = tests::make_forest(2, family);
    auto box = unit_cube(forest, {1, 0.2, 0.9, 0.01, 0.02});
    box->start(rollers, [](const Vector3 &x) { return x[0] > 1 - 1e-9; });
    const std::vector<double> push = box->traction(5, Vector3(0, 0, -0.05));
    for (int step = 0; step < 4; ++step) {
      const auto report = box->fluid->advance(
          0.3, push, box->sources([](const Vector3 &x) { return 0.01 * x[1]; }), box->u, box->p);
      BOOST_TEST_MESSAGE("V505 " << tests::name(family) << ": " << report.iterations << " iterations, stored "
                                 << report.stored << ", inflow " << report.inflow << " mm3, imbalance "
                                 << report.fluid_imbalance);
      BOOST_TEST(report.fluid_imbalance < 1e-10);
      BOOST_TEST(std::abs(report.inflow) > 1e-5); // something did flow
      tests::record("V505", tests::name(family), "fluid imbalance of a step", report.fluid_imbalance,
                    "< 1e-10");
    }
  }
}

BOOST_AUTO_TEST_CASE(v505_the_coupling_blocks_are_transposes)
{
  for (const Family family : {Family::uniform, Family::corner, Family::nested}) {
    const auto forest = tests::make_forest(2, family);
    auto box = unit_cube(forest, {1, 0.2, 0.9, 0.01, 0.02});
    box->start(rollers, nowhere);
    mechanics::PoreOperator<double> fluid(forest, box->solid.nodes());
    mechanics::PoreCoefficients<double> coefficients;
    std::mt19937 generator(7);
    std::uniform_real_distribution<double> number(-1, 1);
    for (std::size_t v = 0; v < box->moduli.mu.size(); ++v) {
      coefficients.storage.push_back(std::abs(number(generator)));
      coefficients.stabilisation.push_back(std::abs(number(generator)));
      coefficients.mobility.push_back(std::abs(number(generator)));
      coefficients.biot.push_back(std::abs(number(generator)));
    }
    fluid.set_coefficients(coefficients);
    const auto &nodes = box->solid.nodes();
    const auto random = [&](const std::size_t block) {
      std::vector<double> values(block * nodes.n_local(), 0.0);
      for (std::size_t i = 0; i < block * nodes.n_owned(); ++i)
        if (!nodes.is_hanging(i / block)) values[i] = number(generator);
      nodes.exchange().update_ghosts(values.data(), block);
      nodes.fill_hanging(values.data(), block);
      return values;
    };
    std::vector<double> u = random(3), v = random(3), p = random(1), q = random(1);
    const auto dot = [&](const std::vector<double> &a, const std::vector<double> &b,
                         const std::size_t block) {
      double sum = 0;
      for (std::size_t i = 0; i < block * nodes.n_owned(); ++i)
        if (!nodes.is_hanging(i / block)) sum += a[i] * b[i];
      return tests::total(sum);
    };
    std::vector<double> on_skeleton = box->solid.zero_vector(), on_fluid(nodes.n_local()),
                        taken(nodes.n_local()), zero(nodes.n_local(), 0.0), pushed = on_skeleton;
    fluid.apply_coupled(v, p, 0.3, on_skeleton, on_fluid);
    fluid.volume_change(u, taken);
    const double work = dot(u, on_skeleton, 3), volume = dot(p, taken, 1);
    BOOST_TEST(std::abs(work + volume) < 1e-12 * std::abs(volume)); // u.(-Q p) = - p.(Q^T u)
    std::vector<double> a(nodes.n_local()), b(nodes.n_local());
    fluid.apply(p, 0.3, a);
    fluid.apply(q, 0.3, b);
    const double qap = dot(q, a, 1), pbq = dot(p, b, 1);
    BOOST_TEST(std::abs(qap - pbq) < 1e-12 * std::abs(dot(p, a, 1)));
    BOOST_TEST(dot(p, a, 1) > 0);
    const std::vector<double> bound = fluid.bound(0.3);
    double most = 0;
    for (std::size_t i = 0; i < nodes.n_owned(); ++i) most += bound[i] * p[i] * p[i];
    BOOST_TEST(dot(p, a, 1) <= tests::total(most));
  }
}
