// ranks: 1 2 4
// links: mechanics
// V306 pure bending of a prism: exact with elements of degree 2, order 2 with trilinear voxels, and how much
// too stiff one trilinear voxel through the depth is.
#include "support/brick_places.h"
#include "support/degree_two.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

constexpr double poisson = 0.3, young = 1;

/// Curvature M/(E I) [1/mm].
constexpr double curvature = 0.01;

/// u = M/(E I) (x z, -nu y z, -(x^2 + nu (z^2 - y^2)) / 2), about the axis of the prism.
Vector3 exact(const Vector3 &p)
{
  const double x = p[0], y = p[1], z = p[2];
  return curvature * Vector3(x * z, -poisson * y * z, -0.5 * (x * x + poisson * (z * z - y * y)));
}

/// Of the three, only sigma_xx = M z / I differs from zero.
SymmetricTensor exact_strain(const Vector3 &p)
{
  const double e = curvature * p[2];
  return {{e, -poisson * e, -poisson * e, 0, 0, 0}};
}

/// On the far end; the near one is held.
Vector3 end_traction(const Vector3 &x, const Vector3 &normal)
{
  return {normal[0] > 0 ? young * curvature * x[2] : 0, 0, 0};
}

} // namespace

BOOST_AUTO_TEST_CASE(v306_degree_two_is_exact_under_end_tractions)
{
  // 16 x 4 x 4 voxels of the coarser size, with finer ones beyond x = 1/2 in the second mesh; around them
  // void.
  for (const bool is_refined : {false, true}) {
    discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3(0, -0.5, -0.5), {2, 1, 1}, 1.0);
    // Refine the further brick: voxels of 1/8, then of 1/16.
    forest.refine(
        [&](const auto &brick) { return is_refined && brick.key.level() == 0 && brick.corner[0] > 0.5; });
    const double half = 0.25, length = is_refined ? 1.5 : 2;
    const auto moduli = tests::moduli_of(
        forest,
        [&](const Vector3 &x) {
          return std::abs(x[1]) < half && std::abs(x[2]) < half && x[0] < length ? young : 0.0;
        },
        [](const Vector3 &) { return poisson; });
    mechanics::SolverOptions options;
    options.tolerance = 1e-12;
    mechanics::AssembledSolver solver(forest, 2, options);
    solver.set_moduli(moduli.lambda, moduli.mu);
    solver.prescribe([](const Vector3 &x, const int c) {
      return x[0] < 1e-9 ? std::optional<double>(exact(x)[c]) : std::nullopt;
    });
    std::vector<std::uint8_t> solid;
    for (const double m : moduli.mu) solid.push_back(m > 0 ? 1 : 0);
    const discretisation::CellMesh mesh = discretisation::make_cell_mesh(forest, solid);
    std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
    solver.add_traction(mesh, end_traction, forces);
    const auto report = solver.solve(forces, u);

    const tests::LargestNorms norms = tests::largest_norms(solver, forest, moduli, u, {exact, exact_strain});
    const std::string family = is_refined ? "finer half" : "uniform";
    const double relative = norms.displacement_error / norms.displacement,
                 relative_stress = norms.stress_error / (young * curvature * half);
    BOOST_TEST_MESSAGE("V306 degree 2, " << family << ": " << solver.n_unknowns() << " unknowns, "
                                         << report.iterations << " iterations, errors " << relative << " and "
                                         << relative_stress);
    BOOST_TEST_CONTEXT(family)
    {
      BOOST_TEST(relative < 1e-10);
      BOOST_TEST(relative_stress < 1e-9); // differences of u over a voxel
      // The end face carries the moment M = E I curvature, I = (2 half)^4 / 12, about the y axis, and no
      // force.
      const double moment = young * curvature * std::pow(2 * half, 4) / 12;
      BOOST_TEST(report.applied.norm() < 1e-13 * report.force_size);
      BOOST_TEST(report.applied_moment[1] == moment, boost::test_tools::tolerance(1e-12));
      BOOST_TEST(report.reaction_moment[1] == -moment, boost::test_tools::tolerance(1e-9));
    }
    tests::record("V306", family, "largest relative displacement error, degree 2", relative, "< 1e-10");
    tests::record("V306", family, "largest relative stress error, degree 2", relative_stress, "< 1e-9");
  }
}

BOOST_AUTO_TEST_CASE(v306_one_trilinear_voxel_through_the_depth_locks_by_the_known_ratio)
{
  // A row of 16 voxels of edge 1 in void, about the axis y = z = 0. Trilinear shapes hold the bending strain
  // only with a parasitic shear, and cannot warp the section upwards: with u_y = -c k y z the energy density
  // of a voxel in the mean is k^2/24 [lambda (1-c)^2 + 3 mu (1+c^2)], least for c = lambda/(lambda + 3 mu),
  // so that the curvature is E / (3 mu + 3 lambda mu/(lambda + 3 mu)) of the exact one for the same moment;
  // 2/3 for a Poisson ratio of zero.
  for (const double nu : {0.0, 0.3}) {
    discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3(0, -0.5, -0.5), {2, 1, 1}, 8.0);
    const double length = 16;
    const auto moduli = tests::moduli_of(
        forest, [](const Vector3 &x) { return x[1] < 0.5 && x[2] < 0.5 ? young : 0.0; },
        [&](const Vector3 &) { return nu; });
    mechanics::SolverOptions options;
    options.tolerance = 1e-12;
    mechanics::ElasticSolver solver(forest, options);
    auto prescribed = tests::prescribe_surface(
        solver, forest, moduli, [](const Vector3 &) { return Vector3::Zero(); },
        [](const Vector3 &x) { return x[0] < 1e-9; });
    // The section x = 0 stays plane and level; sideways one node alone is held.
    std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
    tests::for_each_place(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
      prescribed.fixed[3 * node + 1] = x[0] < 1e-9 && x[1] < 0 && x[2] < 0 ? 1 : 0;
      if (x[0] > length - 1e-9 && x[1] < 1 && x[2] < 1 && node < solver.nodes().n_owned()) // int N_a sigma_xx
        forces[3 * node] = (x[2] > 0 ? 1 : -1) * young * curvature / 24;
    });
    solver.set_prescribed(prescribed);
    solver.set_moduli(moduli.lambda, moduli.mu);
    const auto report = solver.solve(forces, u);
    double tip = 0;
    tests::for_each_corner(solver, forest, moduli, u, [&](const Vector3 &x, const Vector3 &value) {
      if (x[0] > length - 1e-9) tip = std::max(tip, -value[2]);
    });
    const double ratio = tests::largest(tip) / (0.5 * curvature * length * length);
    const double l = young * nu / ((1 + nu) * (1 - 2 * nu)), m = young / (2 * (1 + nu));
    const double expected = young / (3 * m + 3 * l * m / (l + 3 * m));
    BOOST_TEST_MESSAGE("V306 one voxel through the depth, nu = " << nu << ": deflection " << ratio
                                                                 << " of the exact one, " << report.iterations
                                                                 << " iterations");
    BOOST_TEST(ratio == expected, boost::test_tools::tolerance(1e-9));
    if (nu == 0) BOOST_TEST(expected == 2.0 / 3, boost::test_tools::tolerance(1e-14));
    tests::record("V306", nu == 0 ? "one voxel deep, nu = 0" : "one voxel deep, nu = 0.3",
                  "deflection over the exact one, trilinear", ratio, nu == 0 ? "2/3" : "0.65");
  }
}
