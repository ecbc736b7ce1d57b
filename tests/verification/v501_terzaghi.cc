// ranks: 1 2 4
// links: mechanics
// V501 Terzaghi's column, drained and loaded on top: pressures and settlement against the series, no
// overshoot at early times.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wolff;

namespace {

constexpr double height = 10, load = 0.1; // mm, MPa

/// Bricks on top of each other; "finer top" has two voxel sizes with hanging nodes between.
discretisation::BrickForest column(const unsigned bricks, const bool finer_top)
{
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {1, 1, bricks}, height / bricks);
  if (finer_top)
    forest.refine([](const discretisation::Brick &b) { return b.key.level() == 0 && b.centre()[2] > 5; });
  return forest;
}

tests::PoreBox make_box(const discretisation::BrickForest &forest, std::map<std::string, double> &m,
                        const double theta = 1)
{
  mechanics::PoroelasticOptions options;
  options.theta = theta;
  return {forest,     [&](const Vector3 &) { return m["E"]; },     m["nu"], m["alpha"],
          1 / m["M"], [&](const Vector3 &) { return m["kappa"]; }, options};
}

int held(const double width, const Vector3 &x)
{
  return (x[0] < 1e-9 || x[0] > width - 1e-9 ? 1 : 0) | (x[1] < 1e-9 || x[1] > width - 1e-9 ? 2 : 0) |
         (x[2] < 1e-9 ? 4 : 0);
}

/// Largest errors of pressure (over the initial one) and settlement (over the final one) at the table's
/// times, with @p steps of equal ratio between them.
std::array<double, 2> errors(const std::string &material, const unsigned bricks, const bool finer_top,
                             const int steps)
{
  auto m = tests::pore_material(material);
  const auto forest = column(bricks, finer_top);
  const double width = height / bricks;
  tests::PoreBox box = make_box(forest, m);
  box.start([&](const Vector3 &x) { return held(width, x); },
            [](const Vector3 &x) { return x[2] > height - 1e-9; });
  const std::vector<double> pull = box.traction(5, Vector3(0, 0, -load));
  std::array<double, 2> error{};
  double time = 0, from = 0;
  for (const tests::Row &row : tests::reference_table("terzaghi_" + material + ".csv", 35, 6)) {
    const double t = tests::number(row[1]);
    while (time < t * (1 - 1e-12)) {
      if (t > from * (1 + 1e-12) && time == 0) from = t / 50;
      const double last = time == 0 ? 0 : time, ratio = std::pow(2.0, 1.0 / steps);
      double next = last == 0 ? from : last * ratio;
      if (next > t / std::sqrt(ratio)) next = t;
      const auto report = box.fluid->advance(next - time, pull, {}, box.u, box.p);
      BOOST_TEST(report.fluid_imbalance < 1e-6);
      time = next;
    }
    const double z = height - tests::number(row[2]);
    error[0] = std::max(error[0], std::abs(box.pressure_at(Vector3(0, 0, z)) - tests::number(row[3])) /
                                      (m["beta"] * load));
    error[1] =
        std::max(error[1], std::abs(-box.displacement_at(Vector3(0, 0, height), 2) - tests::number(row[5])) /
                               (load * height / m["Kv"]));
  }
  return error;
}

} // namespace

BOOST_AUTO_TEST_CASE(v501_pressures_and_settlement_follow_the_series)
{
  for (const std::string material : {"tissue", "bone", "incompressible"})
    for (const bool finer_top : {false, true}) {
      const std::string label = material + (finer_top ? ", finer top" : ", uniform");
      const auto coarse = errors(material, 2, finer_top, 4), fine = errors(material, 4, finer_top, 8);
      BOOST_TEST_MESSAGE("V501 " << label << ": pressure " << coarse[0] << " " << fine[0] << ", settlement "
                                 << coarse[1] << " " << fine[1]);
      BOOST_TEST_CONTEXT(label)
      {
        BOOST_TEST(fine[0] < 0.03);
        BOOST_TEST(fine[1] < 0.03);
        BOOST_TEST(fine[0] < 0.65 * coarse[0]); // first order in time
      }
      tests::record("V501", label, "pressure", fine[0], "< 0.03");
      tests::record("V501", label, "settlement", fine[1], "< 0.03");
    }
}

BOOST_AUTO_TEST_CASE(v501_no_overshoot_at_early_times)
{
  for (const std::string material : {"tissue", "bone", "incompressible"})
    for (const double share : {0.01, 1.0, 10.0}) { // of the limit h^2/(6 theta c)
      auto m = tests::pore_material(material);
      const auto forest = column(2, false);
      tests::PoreBox box = make_box(forest, m);
      box.start([](const Vector3 &x) { return held(5, x); },
                [](const Vector3 &x) { return x[2] > height - 1e-9; });
      const double h = 5.0 / 8, limit = h * h / (6 * m["c"]);
      box.fluid->advance(share * limit, box.traction(5, Vector3(0, 0, -load)), {}, box.u, box.p);
      double greatest = -1e300, least = 1e300;
      for (const double value : box.p) {
        greatest = std::max(greatest, value);
        least = std::min(least, value);
      }
      greatest = tests::largest(greatest) / (m["beta"] * load);
      least = -tests::largest(-least) / (m["beta"] * load);
      BOOST_TEST_MESSAGE("V501 " << material << ", dt " << share << " of the limit: pressure from " << least
                                 << " to " << greatest << " of the initial one");
      BOOST_TEST_CONTEXT(material << " " << share)
      {
        BOOST_TEST(greatest < 1.001); // below the limit too: the scheme is monotone
        BOOST_TEST(least > -0.001);
      }
      tests::record("V501", material + ", early", "greatest pressure over the initial one", greatest,
                    "< 1.001");
    }
}
