// ranks: 1 2 4
// links: mechanics
// V502 Mandel's plate: the pressure in the middle first rises above its initial value, because the rim drains
// and softens first.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace wolff;

namespace {

constexpr double half_width = 10, height = 5, force = 1; // mm, mm, N a mm of depth (2 F on the whole plate)

/// The series; u_y of the rigid plate drives the computation, as a testing machine in strain control would.
class Mandel
{
public:
  explicit Mandel(std::map<std::string, double> m) : m_(std::move(m))
  {
    const double k = (1 - m_["nu"]) / (m_["nuu"] - m_["nu"]);
    for (int i = 0; i < 400; ++i) { // tan r = k r, one root a branch
      double low = i * std::numbers::pi + (i == 0 ? 1e-6 : 1e-9), high = (i + 0.5) * std::numbers::pi - 1e-13;
      const auto f = [&](const double x) { return std::sin(x) - k * x * std::cos(x); };
      for (int step = 0; step < 200; ++step) {
        const double middle = (low + high) / 2;
        ((f(low) < 0) == (f(middle) < 0) ? low : high) = middle;
      }
      roots_.push_back((low + high) / 2);
    }
  }

  double initial_pressure() { return force * m_["B"] * (1 + m_["nuu"]) / (3 * half_width); }

  double pressure(const double x, const double t)
  {
    double sum = 0;
    for (const double r : roots_)
      sum += std::sin(r) / (r - std::sin(r) * std::cos(r)) * (std::cos(r * x / half_width) - std::cos(r)) *
             decay(r, t);
    return 2 * initial_pressure() * sum;
  }

  double plate(const double t)
  {
    double sum = 0;
    for (const double r : roots_)
      sum += std::sin(r) * std::cos(r) / (r - std::sin(r) * std::cos(r)) * decay(r, t);
    return (-force * (1 - m_["nu"]) / (2 * m_["mu"] * half_width) +
            force * (1 - m_["nuu"]) / (m_["mu"] * half_width) * sum) *
           height;
  }

private:
  double decay(const double r, const double t)
  {
    return std::exp(-std::min(700.0, r * r * m_["c"] * t / (half_width * half_width)));
  }
  std::map<std::string, double> m_;
  std::vector<double> roots_;
};

struct Result
{
  double error = 0, peak = 0, time_of_peak = 0;
};

Result run(const std::string &material, const unsigned bricks, const bool finer_rim, const double step)
{
  auto m = tests::pore_material(material);
  Mandel exact(m);
  // A quarter of the plate, one brick deep: 2 x 1 x 1 bricks of 5 mm, each cut as often as wanted.
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {2, 1, 1}, height);
  const unsigned level = bricks == 2 ? 0 : 1;
  forest.refine([&](const discretisation::Brick &b) {
    return b.key.level() < level + (finer_rim && b.centre()[0] > half_width / 2 ? 1 : 0);
  });
  tests::PoreBox box(
      forest, [&](const Vector3 &) { return m["E"]; }, m["nu"], m["alpha"], 1 / m["M"],
      [&](const Vector3 &) { return m["kappa"]; }, {});
  const auto held = [](const Vector3 &x) {
    return (x[0] < 1e-9 ? 1 : 0) | (x[1] < 1e-9 || x[1] > height - 1e-9 ? 2 : 0) |
           (x[2] < 1e-9 || x[2] > height - 1e-9 ? 4 : 0);
  };
  box.start(held, [](const Vector3 &x) { return x[0] > half_width - 1e-9; });
  Result result;
  const double unit = half_width * half_width / m["c"];
  std::vector<tests::Row> rows = tests::reference_table("mandel_" + material + ".csv", 40, 8);
  std::size_t next_row = 0;
  double time = 0;
  const auto forces = box.solid.zero_vector();
  for (double t = 1e-3; t < 0.2 * (1 + 1e-9);) {
    // Even steps of the logarithm, through the times of the table.
    double target = t;
    if (next_row < rows.size() && tests::number(rows[next_row][0]) <= t * (1 + 1e-9))
      target = tests::number(rows[next_row][0]);
    const double now = target * unit;
    if (now > time * (1 + 1e-9)) {
      const double plate = exact.plate(now);
      box.prescribe(held,
                    [&](const Vector3 &x) { return Vector3(0, x[1] > height - 1e-9 ? plate : 0.0, 0); });
      box.fluid->advance(now - time, forces, {}, box.u, box.p);
      time = now;
    }
    while (next_row < rows.size() && tests::number(rows[next_row][0]) <= target * (1 + 1e-9)) {
      const tests::Row &row = rows[next_row++];
      if (time < 0.009 * unit) continue; // a drained layer thinner than a voxel
      const Vector3 place(tests::number(row[2]), 0, 0);
      BOOST_TEST(
          std::abs(exact.pressure(place[0], time) - tests::number(row[3])) < // the series is the table's
          1e-9 * exact.initial_pressure());
      result.error = std::max(result.error, std::abs(box.pressure_at(place) - tests::number(row[3])) /
                                                exact.initial_pressure());
    }
    const double middle = box.pressure_at(Vector3::Zero()) / exact.initial_pressure();
    if (middle > result.peak) {
      result.peak = middle;
      result.time_of_peak = time / unit;
    }
    if (target == t) t *= step;
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(v502_the_pressure_in_the_middle_rises_before_it_falls)
{
  for (const std::string material : {"tissue", "bone", "incompressible"})
    for (const bool finer_rim : {false, true}) {
      if (finer_rim && material != "tissue") continue;
      double peak = 0;
      for (const tests::Row &row : tests::reference_table("poro_scalars.csv", 27, 3))
        if (row[0] == "mandel_" + material && row[1].starts_with("peak")) peak = tests::number(row[2]);
      const std::string label = material + (finer_rim ? ", finer rim" : ", uniform");
      const Result coarse = run(material, 2, finer_rim, 1.4), fine = run(material, 4, finer_rim, 1.18);
      BOOST_TEST_MESSAGE("V502 " << label << ": error " << coarse.error << " " << fine.error << ", peak "
                                 << coarse.peak << " " << fine.peak << " (exact " << peak << ") at "
                                 << fine.time_of_peak);
      BOOST_TEST_CONTEXT(label)
      {
        BOOST_TEST(std::abs(fine.peak - peak) < 0.02 * peak);
        BOOST_TEST(fine.error < 0.03);
        BOOST_TEST(fine.error < 0.75 * coarse.error);
      }
      tests::record("V502", label, "peak of the pressure in the middle over the exact one", fine.peak / peak,
                    "0.98 to 1.02");
      tests::record("V502", label, "largest error of the pressure", fine.error, "< 0.03");
    }
}
