// ranks: 1 2 3 4
// links: mechanics
// V102 rigid modes: three translations and three rotations cause no nodal force, strain, stress, octahedral
// shear strain or energy on octree meshes with hanging nodes on faces and on edges, whatever the moduli.
#include "support/brick_places.h"
#include "support/elastic_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <Eigen/Geometry>

using namespace wolff;
using tests::Family;

namespace {

struct Largest
{
  double force = 0;                         ///< of K r, relative to the largest diagonal entry of K
  double energy = 0;                        ///< of r.K r, relative to the same
  double strain = 0, stress = 0, shear = 0; ///< at voxel centres; the stress relative to the largest 2 mu
};

Largest of_rigid_modes(const Family family)
{
  // Coordinates that binary fractions do not hold: on the unit cube every sum would be exact.
  const auto forest = tests::make_forest(2, family, 1.7, Vector3(0.3, -0.2, 0.1));
  const auto moduli = tests::moduli_of(
      forest, [](const Vector3 &x) { return x[0] > 0.6 ? 110000.0 : 17.0 + x[1]; },
      [](const Vector3 &x) { return x[2] > 0.3 ? 0.3 : 0.45; });
  mechanics::ElasticSolver solver(forest, {});
  solver.set_prescribed(solver.nothing_prescribed());
  mechanics::ElasticOperator<double> stiffness(forest, solver.nodes());
  stiffness.set_moduli(moduli.lambda, moduli.mu);
  double scale = 0, shear_modulus = 0;
  for (const double d : stiffness.diagonal()) scale = std::max(scale, d);
  for (const double mu : moduli.mu) shear_modulus = std::max(shear_modulus, mu);
  scale = tests::largest(scale);
  shear_modulus = tests::largest(shear_modulus);
  std::vector<std::uint32_t> voxels(moduli.mu.size());
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<std::uint32_t>(i);

  Largest found;
  for (int mode = 0; mode < 6; ++mode) {
    const Vector3 axis = Vector3::Unit(mode % 3);
    std::vector<double> u = solver.zero_vector(), f = solver.zero_vector();
    tests::for_each_place(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
      const Vector3 value = mode < 3 ? axis : axis.cross(x);
      for (int c = 0; c < 3; ++c) u[3 * node + static_cast<std::size_t>(c)] = value[c];
    });
    stiffness.apply(u, f);
    double energy = 0;
    for (std::size_t i = 0; i < f.size(); ++i) {
      found.force = std::max(found.force, std::abs(f[i]) / scale);
      energy += f[i] * u[i]; // f is zero where another rank owns the node
    }
    found.energy = std::max(found.energy, std::abs(tests::total(energy)) / scale);
    const std::vector<SymmetricTensor> strains = solver.centre_strains(u, voxels);
    for (std::size_t i = 0; i < voxels.size(); ++i) {
      const SymmetricTensor s = tests::stress_of(moduli.lambda[i], moduli.mu[i], strains[i]);
      found.strain = std::max(found.strain, std::sqrt(contract(strains[i], strains[i])));
      found.stress = std::max(found.stress, std::sqrt(contract(s, s)) / (2 * shear_modulus));
      found.shear = std::max(found.shear, tests::octahedral_shear(strains[i]));
    }
  }
  for (double *value : {&found.force, &found.strain, &found.stress, &found.shear})
    *value = tests::largest(*value);
  return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(v102_rigid_motions_cause_no_force_strain_stress_or_energy)
{
  for (const Family family :
       {Family::uniform, Family::corner, Family::edge, Family::centre, Family::nested}) {
    const Largest found = of_rigid_modes(family);
    BOOST_TEST_CONTEXT(tests::name(family))
    {
      BOOST_TEST(found.force < 1e-12);
      BOOST_TEST(found.energy < 1e-12);
      // Differences of displacements of size 2 over the smallest voxel, 1.7 / 128: rounding of 150 * 2.2e-16.
      BOOST_TEST(found.strain < 1e-12);
      BOOST_TEST(found.stress < 1e-12);
      BOOST_TEST(found.shear < 1e-12);
    }
    tests::record("V102", tests::name(family), "largest force of a rigid mode over the norm of K",
                  found.force, "< 1e-12");
    tests::record("V102", tests::name(family), "largest strain of a rigid mode", found.strain, "< 1e-12");
  }
}

BOOST_AUTO_TEST_CASE(v102_a_mode_that_is_not_rigid_causes_forces)
{
  // The same measure of a stretch by 1e-9: the test above would notice it.
  const auto forest = tests::make_forest(2, Family::corner);
  const auto moduli = tests::moduli_of(
      forest, [](const Vector3 &) { return 1000.0; }, [](const Vector3 &) { return 0.3; });
  mechanics::ElasticSolver solver(forest, {});
  solver.set_prescribed(solver.nothing_prescribed());
  mechanics::ElasticOperator<double> stiffness(forest, solver.nodes());
  stiffness.set_moduli(moduli.lambda, moduli.mu);
  double scale = 0, force = 0;
  for (const double d : stiffness.diagonal()) scale = std::max(scale, d);
  std::vector<double> u = solver.zero_vector(), f = solver.zero_vector();
  tests::for_each_place(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
    u[3 * node] = (1 + 1e-9) * x[0] - x[0];
  });
  stiffness.apply(u, f);
  for (const double value : f) force = std::max(force, std::abs(value));
  BOOST_TEST(tests::largest(force) > 1e-12 * tests::largest(scale));
}
