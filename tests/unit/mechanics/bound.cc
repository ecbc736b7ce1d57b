// ranks: 1 2 4
// What the smoothers rely on: ElasticOperator::bound() is a diagonal B with u.K u <= u.B u for every
// displacement, at masters of hanging nodes too.
#include "mechanics/elastic_operator.h"
#include "support/brick_places.h"
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

/// A body, and displacements that K is asked about.
struct Question
{
  const discretisation::BrickForest &forest;
  tests::Moduli moduli;
  tests::Field displacement; ///< of the nodes that do not hang
};

/// u.K u / u.B u at the start, the largest one met, and the last one: powers of B^-1 K turn any start towards
/// the largest eigenvalue.
struct Quotients
{
  double first = 0, largest = 0, last = 0;
};

Quotients quotients(const Question &question)
{
  const discretisation::BrickNodes nodes(question.forest, discretisation::voxels_per_edge);
  mechanics::ElasticOperator<double> stiffness(question.forest, nodes);
  stiffness.set_moduli(question.moduli.lambda, question.moduli.mu);
  const std::vector<double> bound = stiffness.bound();
  std::vector<double> u(stiffness.vector_size(), 0.0), f(stiffness.vector_size(), 0.0);
  tests::for_each_free_node(question.forest, nodes, [&](const std::uint32_t node, const Vector3 &x) {
    const Vector3 value = question.displacement(x);
    for (int c = 0; c < 3; ++c) u[3 * std::size_t{node} + static_cast<std::size_t>(c)] = value[c];
  });
  Quotients found;
  for (int step = 0; step < 30; ++step) {
    double energy = 0, square = 0;
    stiffness.apply(u, f, &energy);
    for (std::size_t i = 0; i < 3 * nodes.n_owned(); ++i) // B is zero at hanging nodes
      square += bound[i / 3] * u[i] * u[i];
    found.last = tests::total(energy) / tests::total(square);
    found.largest = std::max(found.largest, found.last);
    if (step == 0) found.first = found.last;
    double size = 0;
    for (std::size_t i = 0; i < 3 * nodes.n_owned(); ++i) {
      u[i] = bound[i / 3] > 0 ? f[i] / bound[i / 3] : 0.0;
      size = std::max(size, std::abs(u[i]));
    }
    size = tests::largest(size);
    for (double &value : u) value /= size;
  }
  return found;
}

constexpr double rounding = 1e-12;

Vector3 noise(const Vector3 &x)
{
  return 2 * Vector3(tests::random_at(x, 0), tests::random_at(x, 1), tests::random_at(x, 2)) -
         Vector3::Ones();
}

/// The unit cube whose lower half has voxels of 1/32, its upper half of 1/16.
constexpr double interface = 0.5, fine = 1.0 / 32;

discretisation::BrickForest two_sizes()
{
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {2, 2, 2}, 0.5);
  forest.refine([](const discretisation::Brick &brick) {
    return brick.key.level() == 0 && brick.centre()[2] < interface;
  });
  return forest;
}

/// -1 and 1 by turns from one layer of nodes to the next.
double alternating(const double at, const double spacing)
{
  return std::lround(at / spacing) % 2 == 0 ? 1 : -1;
}

double spacing_at(const Vector3 &x)
{
  return x[2] < interface - rounding ? fine : 2 * fine;
}

} // namespace

BOOST_AUTO_TEST_CASE(no_displacement_of_a_mixture_of_all_stiffnesses_has_more_energy_than_the_bound)
{
  // Void, or one of six stiffnesses over a contrast of 1e5; the Poisson ratio goes with the phase.
  const std::array<double, 7> young{0, 1, 10, 1e2, 1e3, 1e4, 1e5}, poisson{0, 0.45, 0.1, 0.3, 0, 0.4, 0.2};
  const auto phase = [](const Vector3 &x) { return static_cast<std::size_t>(7 * tests::random_at(x, 7)); };
  for (const Family family : {Family::uniform, Family::edge, Family::nested}) {
    const auto forest = tests::make_forest(2, family);
    const Quotients found = quotients({forest,
                                       tests::moduli_of(
                                           forest, [&](const Vector3 &x) { return young[phase(x)]; },
                                           [&](const Vector3 &x) { return poisson[phase(x)]; }),
                                       noise});
    BOOST_TEST_MESSAGE(tests::name(family) << ": largest eigenvalue " << found.last << " of the bound");
    BOOST_TEST_CONTEXT(tests::name(family))
    {
      BOOST_TEST(found.largest <= 1 + rounding);
      BOOST_TEST(found.last > 0.25); // it would not do to be far off
    }
  }
}

BOOST_AUTO_TEST_CASE(the_bound_holds_where_stiff_fine_voxels_meet_soft_coarse_ones_on_a_plane)
{
  // The masters of the plane's hanging nodes then get nearly all of their bound from these.
  const auto forest = two_sizes();
  for (const double contrast : {1e2, 1e3, 1e4})
    for (const double nu : {0.0, 0.3}) {
      const tests::Moduli moduli = tests::moduli_of(
          forest, [&](const Vector3 &x) { return x[2] < interface ? contrast : 1.0; },
          [&](const Vector3 &) { return nu; });
      // Layers of voxels that are stretched and squeezed by turns, alike on both sides of the plane.
      const auto layers = [](const Vector3 &x) { return Vector3(0, 0, alternating(x[2], spacing_at(x))); };
      // Voxels whose corners all move outwards have the largest eigenvalue of one voxel.
      const auto outwards = [](const Vector3 &x) {
        const double h = spacing_at(x);
        return Vector3(alternating(x[0], h), alternating(x[1], h), alternating(x[2], h));
      };
      const Quotients of_noise = quotients({forest, moduli, noise}),
                      of_layers = quotients({forest, moduli, layers}),
                      of_outwards = quotients({forest, moduli, outwards});
      BOOST_TEST_MESSAGE("contrast " << contrast << ", nu = " << nu << ": " << of_noise.largest
                                     << " from noise, " << of_layers.first << " to " << of_layers.largest
                                     << " from layers, " << of_outwards.first << " to " << of_outwards.largest
                                     << " from outwards");
      BOOST_TEST_CONTEXT("contrast " << contrast << ", nu = " << nu)
      {
        BOOST_TEST(of_noise.largest <= 1 + rounding);
        BOOST_TEST(of_layers.largest <= 1 + rounding);
        BOOST_TEST(of_outwards.largest <= 1 + rounding);
        if (nu == 0)
          BOOST_TEST(of_layers.first == 1.0, boost::test_tools::tolerance(rounding)); // (l+2m)/(3l+2m)
      }
    }
}
