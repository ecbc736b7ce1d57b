// ranks: 1 2 4
// links: mechanics
// V104 quadratic patch test: elements of degree 2 reproduce a quadratic displacement to rounding, over
// hanging nodes too. On the assembled matrix; bricks are trilinear.
#include "support/degree_two.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

const double poisson = 0.3, lambda = poisson / ((1 + poisson) * (1 - 2 * poisson)),
             mu = 1 / (2 * (1 + poisson));

Vector3 exact(const Vector3 &p)
{
  const double x = p[0], y = p[1], z = p[2];
  return 0.01 * Vector3(x * x + 2 * y * z - x * y, y * y - 3 * x * z + x, z * z + x * y + 2 * y * z);
}

SymmetricTensor exact_strain(const Vector3 &p)
{
  const double x = p[0], y = p[1], z = p[2];
  Eigen::Matrix3d gradient;
  gradient << 2 * x - y, 2 * z - x, 2 * y, 1 - 3 * z, 2 * y, -3 * x, y, x + 2 * z, 2 * z + 2 * y;
  const Eigen::Matrix3d g = 0.01 * gradient;
  return {{g(0, 0), g(1, 1), g(2, 2), 0.5 * (g(0, 1) + g(1, 0)), 0.5 * (g(1, 2) + g(2, 1)),
           0.5 * (g(0, 2) + g(2, 0))}};
}

/// -div sigma = -(mu lap u + (lambda + mu) grad div u): lap u = 0.02 (1, 1, 1) and div u = 0.01 (2 x + 3 y +
/// 2 z), both constant once derived.
const Vector3 body_force = -0.01 * (mu * Vector3(2, 2, 2) + (lambda + mu) * Vector3(2, 3, 2));

/// The body: a cube in the meshes below whose cells it follows, crossing every level of them. The other
/// voxels are void, which keeps the matrix small.
struct Body
{
  Family family;
  double least, greatest;
  bool holds(const Vector3 &x) const { return x.minCoeff() > least && x.maxCoeff() < greatest; }
};

} // namespace

BOOST_AUTO_TEST_CASE(v104_the_formulas_of_this_test_are_those_of_the_table)
{
  for (const auto &row : tests::reference_table("mms_elastic_quadratic.csv", 6, 17)) {
    std::vector<double> v;
    for (const std::string &field : row) v.push_back(tests::number(field));
    const Vector3 x(v[0], v[1], v[2]);
    const SymmetricTensor s = tests::stress_of(lambda, mu, exact_strain(x));
    BOOST_TEST((exact(x) - Vector3(v[4], v[5], v[6])).norm() < 1e-15);
    BOOST_TEST((Vector3(s.xx(), s.yy(), s.zz()) - Vector3(v[7], v[8], v[9])).norm() < 1e-15);
    BOOST_TEST((Vector3(s.yz(), s.xz(), s.xy()) - Vector3(v[10], v[11], v[12])).norm() < 1e-15);
    BOOST_TEST(std::abs(tests::octahedral_shear(exact_strain(x)) - v[13]) < 1e-15);
    BOOST_TEST((body_force - Vector3(v[14], v[15], v[16])).norm() < 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(v104_a_quadratic_displacement_is_reproduced_to_rounding_by_degree_two)
{
  for (const Body &body : {Body{Family::uniform, 0.25, 0.75}, Body{Family::corner, 0.25, 0.75},
                           Body{Family::edge, 0.25, 0.75}, Body{Family::nested, 3.0 / 32, 9.0 / 32}}) {
    const auto forest = tests::make_forest(2, body.family);
    const auto moduli = tests::moduli_of(
        forest, [&](const Vector3 &x) { return body.holds(x) ? 1.0 : 0.0; },
        [](const Vector3 &) { return poisson; });
    mechanics::SolverOptions options;
    options.tolerance = 1e-12;
    mechanics::AssembledSolver solver(forest, 2, options);
    solver.set_moduli(moduli.lambda, moduli.mu);
    // Nodes outside are held as well: where the surface lies on a coarser void, hanging nodes hang on them.
    const double rounding = 1e-9;
    solver.prescribe([&](const Vector3 &x, const int c) -> std::optional<double> {
      if (x.minCoeff() > body.least + rounding && x.maxCoeff() < body.greatest - rounding) return {};
      return exact(x)[c];
    });
    std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
    solver.add_body_force([](const Vector3 &) { return body_force; }, forces);
    const auto report = solver.solve(forces, u);

    const tests::LargestNorms norms = tests::largest_norms(solver, forest, moduli, u, {exact, exact_strain});
    const double relative = norms.displacement_error / norms.displacement,
                 relative_strain = norms.strain_error / norms.strain;
    BOOST_TEST_MESSAGE("V104 " << tests::name(body.family) << ": " << norms.cells << " cells, "
                               << solver.n_unknowns() << " unknowns, " << report.iterations
                               << " iterations, errors " << relative << " and " << relative_strain);
    BOOST_TEST_CONTEXT(tests::name(body.family))
    {
      BOOST_TEST(relative < 1e-10); // round-off after a solve to 1e-12
      // Strain is a difference over a voxel: rounding of u grows by the voxels along an edge, some 10 to 30.
      BOOST_TEST(relative_strain < 1e-9);
      BOOST_TEST(report.iterations > 3);
    }
    tests::record("V104", tests::name(body.family), "largest relative displacement error, degree 2", relative,
                  "< 1e-10");
    tests::record("V104", tests::name(body.family), "largest relative strain error, degree 2",
                  relative_strain, "< 1e-9");
  }
}
