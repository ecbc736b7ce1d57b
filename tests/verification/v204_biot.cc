// ranks: 1 2 4
// links: mechanics
// V204 manufactured solution of Biot's equations: orders in space and in time. V206: steady flow across jumps
// of the mobility.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <numbers>

using namespace wolff;
using tests::Family;

namespace {

constexpr double pi = std::numbers::pi, nu = 0.3, alpha = 0.9, storage = 0.2, mobility = 0.02;
constexpr double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu); // E = 1
const Vector3 amplitudes(0.01, -0.005, 0.0025);

Vector3 sines(const Vector3 &x)
{
  return {std::sin(2 * pi * x[0]), std::sin(2 * pi * x[1]), std::sin(2 * pi * x[2])};
}

Vector3 displacement(const Vector3 &x, const double t)
{
  const Vector3 s = sines(x);
  return amplitudes * (s[0] * s[1] * s[2] * std::cos(t));
}

double in_time(const double t)
{
  return (1 + t) * std::exp(-t);
}

double in_space(const Vector3 &x)
{
  return std::cos(pi * x[0]) * std::cos(pi * x[1]) * std::cos(pi * x[2]);
}

Vector3 pressure_gradient(const Vector3 &x, const double t)
{
  Vector3 gradient;
  for (int i = 0; i < 3; ++i)
    gradient[i] = -pi * std::sin(pi * x[i]) * std::cos(pi * x[(i + 1) % 3]) * std::cos(pi * x[(i + 2) % 3]);
  return in_time(t) * gradient;
}

/// - div sigma: what holds the displacement, the pressure's part alpha grad p included.
Vector3 body_force(const Vector3 &x, const double t)
{
  const Vector3 s = sines(x), c(std::cos(2 * pi * x[0]), std::cos(2 * pi * x[1]), std::cos(2 * pi * x[2]));
  Vector3 force;
  for (int i = 0; i < 3; ++i) {
    double sum = 12 * pi * pi * mu * amplitudes[i] * s[0] * s[1] * s[2] +
                 4 * pi * pi * (lambda + mu) * amplitudes[i] * s[0] * s[1] * s[2];
    for (int j = 0; j < 3; ++j)
      if (j != i) sum -= 4 * pi * pi * (lambda + mu) * amplitudes[j] * c[i] * c[j] * s[3 - i - j];
    force[i] = sum * std::cos(t);
  }
  return force + alpha * pressure_gradient(x, t);
}

double source(const Vector3 &x, const double t)
{
  const Vector3 s = sines(x), c(std::cos(2 * pi * x[0]), std::cos(2 * pi * x[1]), std::cos(2 * pi * x[2]));
  const double divergence = 2 * pi *
                            (amplitudes[0] * c[0] * s[1] * s[2] + amplitudes[1] * s[0] * c[1] * s[2] +
                             amplitudes[2] * s[0] * s[1] * c[2]);
  const double rate = -t * std::exp(-t); // of (1 + t) e^-t
  return -alpha * divergence * std::sin(t) + storage * in_space(x) * rate +
         3 * pi * pi * mobility * in_space(x) * in_time(t);
}

int on_surface(const Vector3 &x)
{
  return x.minCoeff() < 1e-9 || x.maxCoeff() > 1 - 1e-9 ? 7 : 0;
}

/// The exact pressure of time zero, and the displacement of the mesh that is in balance with it:
/// Crank-Nicolson keeps an imbalance for ever.
void start_in_balance(tests::PoreBox &box)
{
  const auto everywhere = [](const Vector3 &) { return true; };
  box.drain(everywhere, in_space);
  std::vector<double> forces = box.solid.zero_vector();
  mechanics::add_body_force(
      box.solid, [&](const Vector3 &x) { return body_force(x, 0); }, forces);
  box.fluid->advance(1, forces, {}, box.u, box.p);
  box.fluid->forget_steps();
}

/// The box of the problem after @p steps even steps to @p end.
std::unique_ptr<tests::PoreBox> solved(const discretisation::BrickForest &forest, const double theta,
                                       const int steps, const double end)
{
  mechanics::PoroelasticOptions options;
  options.theta = theta;
  options.tolerance = 1e-11;
  auto box = std::make_unique<tests::PoreBox>(
      forest, [](const Vector3 &) { return 1.0; }, nu, alpha, storage,
      [](const Vector3 &) { return mobility; }, options);
  const auto given = [](const Vector3 &x) { return x[0] < 1e-9; };
  box->start(on_surface, given);
  start_in_balance(*box);
  const double dt = end / steps;
  for (int step = 1; step <= steps; ++step) {
    const double t = step * dt;
    box->drain(given, [&](const Vector3 &x) { return in_space(x) * in_time(t); });
    std::vector<double> forces = box->solid.zero_vector();
    mechanics::add_body_force(
        box->solid, [&](const Vector3 &x) { return body_force(x, t); }, forces);
    const auto g = [&](const Vector3 &x) { return theta * source(x, t) + (1 - theta) * source(x, t - dt); };
    box->fluid->advance(dt, forces, box->sources(g), box->u, box->p);
  }
  return box;
}

/// Root-mean-square errors of displacement and pressure at the nodes, at the end.
std::array<double, 2> errors(const discretisation::BrickForest &forest, const double theta, const int steps,
                             const double end)
{
  const auto solution = solved(forest, theta, steps, end);
  const tests::PoreBox &box = *solution;
  std::array<double, 2> squares{};
  double count = 0;
  box.for_each_node([&](const std::size_t node, const Vector3 &x) {
    const Vector3 u(box.u[3 * node], box.u[3 * node + 1], box.u[3 * node + 2]);
    squares[0] += (u - displacement(x, end)).squaredNorm();
    squares[1] += std::pow(box.p[node] - in_space(x) * in_time(end), 2);
    count += 1;
  });
  count = tests::total(count);
  return {std::sqrt(tests::total(squares[0]) / count), std::sqrt(tests::total(squares[1]) / count)};
}

} // namespace

BOOST_AUTO_TEST_CASE(v204_the_table_is_this_solution)
{
  for (const tests::Row &row : tests::reference_table("mms_biot.csv", 18, 15)) {
    const Vector3 x(tests::number(row[0]), tests::number(row[1]), tests::number(row[2]));
    const double t = tests::number(row[3]);
    const Vector3 u = displacement(x, t), f = body_force(x, t), q = -mobility * pressure_gradient(x, t);
    for (std::size_t c = 0; c < 3; ++c) {
      const auto i = static_cast<Eigen::Index>(c);
      BOOST_TEST(std::abs(u[i] - tests::number(row[4 + c])) < 1e-13);
      BOOST_TEST(std::abs(f[i] - tests::number(row[8 + c])) < 1e-12);
      BOOST_TEST(std::abs(q[i] - tests::number(row[12 + c])) < 1e-13);
    }
    BOOST_TEST(std::abs(in_space(x) * in_time(t) - tests::number(row[7])) < 1e-13);
    BOOST_TEST(std::abs(source(x, t) - tests::number(row[11])) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(v204_second_order_in_space)
{
  for (const Family family : {Family::uniform, Family::corner}) {
    // Crank-Nicolson with steps so small that space alone is seen.
    const auto coarse = errors(tests::make_forest(1, family), 0.5, 4, 0.2),
               fine = errors(tests::make_forest(2, family), 0.5, 4, 0.2),
               finest = errors(tests::make_forest(4, family), 0.5, 4, 0.2);
    const double first = tests::order(fine[0], finest[0]), second = tests::order(fine[1], finest[1]);
    BOOST_TEST_MESSAGE("V204 " << tests::name(family) << ": displacement " << coarse[0] << " " << fine[0]
                               << " " << finest[0] << " order " << first << ", pressure " << coarse[1] << " "
                               << fine[1] << " " << finest[1] << " order " << second);
    BOOST_TEST_CONTEXT(tests::name(family))
    {
      BOOST_TEST(first > 1.85);
      BOOST_TEST(second > 1.85);
    }
    tests::record("V204", tests::name(family), "order of the displacement in space", first, ">= 1.85");
    tests::record("V204", tests::name(family), "order of the pressure in space", second, ">= 1.85");
  }
}

BOOST_AUTO_TEST_CASE(v204_first_and_second_order_in_time)
{
  const auto forest = tests::make_forest(1, Family::uniform);
  for (const double theta : {1.0, 0.5}) {
    // On one mesh p(dt) - p(dt/2) shrinks by 2^order.
    std::array<double, 4> p{};
    int i = 0;
    for (const int steps : {4, 8, 16, 32})
      p[static_cast<std::size_t>(i++)] =
          solved(forest, theta, steps, 2)->pressure_at(Vector3(0.5, 0.25, 0.75));
    const double order = tests::order(std::abs(p[1] - p[2]), std::abs(p[2] - p[3]));
    BOOST_TEST_MESSAGE("V204 theta " << theta << ": pressures " << p[0] << " " << p[1] << " " << p[2] << " "
                                     << p[3] << ", order in time " << order);
    BOOST_TEST(order > (theta == 1 ? 0.9 : 1.85));
    tests::record("V204", theta == 1 ? "backward Euler" : "Crank-Nicolson", "order in time", order,
                  theta == 1 ? ">= 0.9" : ">= 1.85");
  }
}

BOOST_AUTO_TEST_CASE(v206_steady_flow_across_jumps_of_the_mobility)
{
  // c = 1/2 + S/(10 k), mobility k D0 with k by octant up to contrast 1e4: the flux is continuous.
  const auto k_at = [](const Vector3 &x) {
    const std::array<double, 8> k{1, 1000, 10, 0.1, 100, 5, 0.5, 20};
    return k[static_cast<std::size_t>((x[0] > 0.5) + 2 * (x[1] > 0.5) + 4 * (x[2] > 0.5))];
  };
  const double base = 0.02;
  for (const Family family : {Family::uniform, Family::corner}) {
    std::array<double, 3> error{};
    int at = 0;
    for (const unsigned bricks : {1U, 2U, 4U}) {
      const auto forest = tests::make_forest(bricks, family);
      mechanics::PoroelasticOptions options;
      options.tolerance = 1e-10;
      tests::PoreBox box(
          forest, [](const Vector3 &) { return 1.0; }, nu, 0.0, 0.0,
          [&](const Vector3 &x) { return base * k_at(x); }, options);
      const auto surface = [](const Vector3 &x) { return on_surface(x) != 0; };
      box.start(on_surface, surface);
      box.drain(surface, [](const Vector3 &) { return 0.5; });
      const auto report = box.fluid->advance(1, box.solid.zero_vector(), box.sources([&](const Vector3 &x) {
        const Vector3 s = sines(x);
        return 12 * pi * pi * base * s[0] * s[1] * s[2] / 10;
      }),
                                             box.u, box.p);
      double square = 0, count = 0;
      box.for_each_node([&](const std::size_t node, const Vector3 &x) {
        const Vector3 s = sines(x); // zero on the jumps, so k does not matter there
        const double exact = 0.5 + s[0] * s[1] * s[2] / (10 * k_at(x));
        square += k_at(x) * std::pow(box.p[node] - exact, 2);
        count += 1;
      });
      error[static_cast<std::size_t>(at++)] = std::sqrt(tests::total(square) / tests::total(count));
      BOOST_TEST_MESSAGE("V206 " << tests::name(family) << ", " << 8 * bricks
                                 << " voxels: " << report.iterations << " iterations, error "
                                 << error[static_cast<std::size_t>(at - 1)]);
    }
    const double order = tests::order(error[1], error[2]);
    BOOST_TEST_CONTEXT(tests::name(family)) BOOST_TEST(order > 1.85);
    tests::record("V206", tests::name(family), "order of the steady pressure, contrast 1e4", order,
                  ">= 1.85");
  }
}
