// ranks: 1 2 4
// Error norms of fields whose errors can be computed by hand; displacements are set at the nodes, nothing is
// solved.
#include "analysis/error_norms.h"
#include "base/errors.h"
#include "material/elastic.h"
#include "stimulus/measures.h"
#include "support/brick_places.h"
#include "support/elastic_box.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace wolff;
using analysis::error_norms;
using analysis::ErrorNorms;
using tests::Family;

namespace {

const material::Elastic law{100, 0.25};

struct Body
{
  Body(const Family family, const std::function<double(const Vector3 &)> &young)
      : forest(tests::make_forest(2, family)),
        moduli(tests::moduli_of(forest, young, [](const Vector3 &) { return law.poisson_ratio; })),
        solver(forest, {}), u(solver.zero_vector())
  {
  }

  /// Own nodes that do not hang get the value of their place; the rest must follow by itself.
  void set(const tests::Field &field)
  {
    std::fill(u.begin(), u.end(), 1e30);
    tests::for_each_free_node(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
      const Vector3 value = field(x);
      for (int c = 0; c < 3; ++c) u[3 * node + static_cast<std::size_t>(c)] = value[c];
    });
  }

  ErrorNorms norms(const analysis::ExactSolution &exact)
  {
    return error_norms({solver, forest, moduli.lambda, moduli.mu}, u, exact);
  }

  discretisation::BrickForest forest;
  tests::Moduli moduli;
  mechanics::ElasticSolver solver;
  std::vector<double> u;
};

double everywhere(const Vector3 &)
{
  return law.youngs_modulus;
}

Vector3 linear(const Vector3 &x)
{
  Eigen::Matrix3d a;
  a << 1, 0.2, -0.3, 0.4, -0.5, 0.6, -0.7, 0.8, 0.9;
  return 1e-3 * (a * x) + Vector3(0.01, 0.02, 0.03);
}

const SymmetricTensor linear_strain{{1e-3, -0.5e-3, 0.9e-3, 0.3e-3, 0.7e-3, -0.5e-3}};

} // namespace

BOOST_AUTO_TEST_CASE(a_linear_field_has_no_error_also_beside_hanging_nodes_and_void)
{
  for (const Family family : {Family::uniform, Family::corner, Family::nested}) {
    Body body(family, [](const Vector3 &x) { return x[0] + x[1] > 1.5 ? 0.0 : law.youngs_modulus; });
    body.set(linear);
    const ErrorNorms norms =
        body.norms({linear, [](const Vector3 &) { return material::stress(law, linear_strain); }});
    BOOST_TEST(analysis::quantities(norms).size() == 9);
    for (const analysis::Quantity &norm : analysis::quantities(norms))
      BOOST_TEST(norm.value < 1e-12, tests::name(family)
                                         << ' ' << norm.name << ' ' << norm.value); // rounding
  }
}

// u_h = s u and sigma_h = s sigma with s = 1.1: relative errors 0.1; energy s^2 - 1 = 0.21.
BOOST_AUTO_TEST_CASE(a_field_that_is_ten_per_cent_too_large_has_errors_of_ten_per_cent,
                     *boost::unit_test::tolerance(1e-10)) // rounding
{
  Body body(Family::corner, everywhere);
  body.set([](const Vector3 &x) -> Vector3 { return 1.1 * linear(x); });
  const ErrorNorms norms =
      body.norms({linear, [](const Vector3 &) { return material::stress(law, linear_strain); }});
  for (const analysis::Quantity &norm : analysis::quantities(norms))
    if (norm.name != "energy") BOOST_TEST(norm.value == 0.1, norm.name << ' ' << norm.value);
  BOOST_TEST(norms.energy == 0.21);
}

// u = (x^2, 0, 0) is interpolated with an error of (x - a)(b - x) in a voxel [a, b] of edge h: squared
// integral h^5/30 a length h, so the L2 error is h^2 / sqrt(30) over 1/sqrt(5). Its slope is wrong by 2x - a
// - b: h^2/3 in the mean square, over a mean square of 4/3; nothing at the centres. h = 1/16, and Gauss
// points integrate all of these exactly.
BOOST_AUTO_TEST_CASE(a_quadratic_field_has_the_interpolation_error_of_the_hand_calculation,
                     *boost::unit_test::tolerance(1e-9)) // rounding, of a sum less 1 for the energy
{
  const double h = 1.0 / 16;
  const auto quadratic = [](const Vector3 &x) { return Vector3(x[0] * x[0], 0, 0); };
  const auto stress = [](const Vector3 &x) {
    return material::stress(law, SymmetricTensor{{2 * x[0], 0, 0, 0, 0, 0}});
  };
  Body body(Family::uniform, everywhere);
  body.set(quadratic);
  const ErrorNorms norms = body.norms({quadratic, stress});
  BOOST_TEST(norms.displacement_L2 == h * h * std::sqrt(5.0 / 30));
  BOOST_TEST(norms.displacement_L2_weighted == norms.displacement_L2);
  BOOST_TEST(norms.stress_L2 == h / 2);
  BOOST_TEST(norms.octahedral_shear_L2 == h / 2); // uniaxial strain of one sign: proportional to it
  BOOST_TEST(norms.energy == h * h / 4);          // the slope of the interpolant is the mean of the exact one
  BOOST_TEST((norms.stress_centres_L2 < 1e-12));
  BOOST_TEST((norms.strain_centres_L2 < 1e-12));
  BOOST_TEST((norms.octahedral_shear_centres_L2 < 1e-12));
  // Largest at the middle Gauss point (h^2/4); the largest exact value at the outermost one of the last
  // voxel.
  const double outermost = 1 - h * (0.5 - std::sqrt(0.15));
  BOOST_TEST(norms.displacement_max == h * h / 4 / (outermost * outermost));
}

// Half of the body is ten times as stiff, and the error (0.1 of the field 1) is there alone: unweighted
// sqrt(1/2 0.01), weighted sqrt(10 0.01 / 11).
BOOST_AUTO_TEST_CASE(the_weighted_norm_counts_the_stiff_voxels_more, *boost::unit_test::tolerance(1e-10))
{
  Body body(Family::uniform, [](const Vector3 &x) { return x[2] > 0.5 ? 1000.0 : 100.0; });
  body.set([](const Vector3 &) { return Vector3(1, 0, 0); });
  const ErrorNorms norms =
      body.norms({[](const Vector3 &x) { return Vector3(1, x[2] > 0.5 ? 0.1 : 0.0, 0); }, {}});
  BOOST_TEST(norms.displacement_L2 == std::sqrt(0.005 / 1.005));
  BOOST_TEST(norms.displacement_L2_weighted == std::sqrt(0.1 / 11.1));
}

BOOST_AUTO_TEST_CASE(what_is_not_given_or_zero_has_no_value)
{
  Body body(Family::uniform, everywhere);
  body.set(linear);
  const ErrorNorms displacement = body.norms({linear, {}}),
                   stress = body.norms({{}, [](const Vector3 &) { return SymmetricTensor{}; }});
  BOOST_TEST(std::isnan(displacement.stress_L2));
  BOOST_TEST(analysis::quantities(displacement).size() == 3);
  BOOST_TEST(analysis::quantities(stress).empty());
}

BOOST_AUTO_TEST_CASE(a_point_without_exact_value_stops_all_ranks)
{
  Body body(Family::uniform, everywhere);
  body.set(linear);
  const auto somewhere = [](const Vector3 &x) -> Vector3 {
    if (x.maxCoeff() < 0.01) throw Fault(Exit::input, "not-finite", "Problem/Exact", "at one point");
    return x;
  };
  BOOST_CHECK_EXCEPTION(body.norms({somewhere, {}}), Fault,
                        [](const Fault &fault) { return fault.name() == "not-finite"; });
}
