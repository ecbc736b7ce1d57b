// ranks: 1 2 3 4
// links: mechanics
// V103 linear patch test on octree meshes with hanging nodes on faces and edges.
#include "support/elastic_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

Vector3 linear_field(const Vector3 &x)
{
  Eigen::Matrix3d a;
  a << 1, .2, -.3, .4, -.5, .6, -.7, .8, .9;
  return 1e-3 * a * x + Vector3(.1, .2, .3);
}

} // namespace

BOOST_AUTO_TEST_CASE(v103_a_linear_displacement_is_reproduced_to_rounding_on_every_mesh)
{
  for (const Family family :
       {Family::uniform, Family::corner, Family::edge, Family::centre, Family::nested}) {
    const auto forest = tests::make_forest(family == Family::uniform  ? 1
                                           : family == Family::centre ? 4
                                                                      : 2,
                                           family);
    const auto moduli = tests::moduli_of(
        forest, [](const Vector3 &) { return 1000.0; }, [](const Vector3 &) { return 0.3; });
    mechanics::SolverOptions options;
    options.tolerance = 1e-12;
    mechanics::ElasticSolver solver(forest, options);
    solver.set_prescribed(tests::prescribe_surface(solver, forest, moduli, linear_field));
    solver.set_moduli(moduli.lambda, moduli.mu);
    std::vector<double> u = solver.zero_vector();
    const auto report = solver.solve(solver.zero_vector(), u);

    double error = 0, strain_error = 0;
    std::vector<std::uint32_t> voxels;
    for (std::size_t i = 0; i < moduli.mu.size(); ++i) voxels.push_back(static_cast<std::uint32_t>(i));
    SymmetricTensor exact;
    exact.components = {1e-3, -.5e-3, .9e-3, .3e-3, .7e-3, -.5e-3};
    for (const SymmetricTensor &e : solver.centre_strains(u, voxels)) {
      const SymmetricTensor d = e + (-1.0) * exact;
      strain_error = std::max(strain_error, std::sqrt(contract(d, d)));
    }
    tests::for_each_corner(solver, forest, moduli, u, [&](const Vector3 &x, const Vector3 &value) {
      error = std::max(error, (value - linear_field(x)).norm());
    });
    BOOST_TEST_MESSAGE("V103 " << tests::name(family) << ": " << report.iterations << " iterations, error "
                               << tests::largest(error));
    BOOST_TEST(tests::largest(error) < 1e-10 * 0.37);              // round-off after a solve to 1e-12
    BOOST_TEST(tests::largest(strain_error) < 1e-10 * 0.37 * 128); // the same, differenced over h = 1/128
    tests::record("V103", tests::name(family), "largest displacement error", tests::largest(error),
                  "< 3.7e-11");
  }
}
