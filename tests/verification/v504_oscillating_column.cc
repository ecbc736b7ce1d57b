// ranks: 1 2
// links: mechanics
// V504 a column under a load that comes and goes: amplitude and phase of pressure, flux and displacement in
// the steady oscillation.
#include "support/pore_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

#include <complex>
#include <numbers>

using namespace wolff;

namespace {

constexpr double height = 10, load = 0.1; // mm, MPa
using Complex = std::complex<double>;

/// Amplitude and phase of a quantity over one period by its first Fourier coefficient, where e^{iwt} stands
/// for the real part.
class Harmonic
{
public:
  void add(const double value, const double phase, const double share)
  {
    sum_ += 2 * share * value * std::exp(Complex(0, -phase));
  }
  Complex value() const { return sum_; }

private:
  Complex sum_;
};

struct Errors
{
  double pressure = 0, displacement = 0, flux = 0;
};

Errors run(const double frequency, const unsigned bricks, const bool finer_top, const int steps)
{
  const std::string material = "tissue";
  auto m = tests::pore_material(material);
  discretisation::BrickForest forest(MPI_COMM_WORLD, Vector3::Zero(), {1, 1, bricks}, height / bricks);
  if (finer_top)
    forest.refine([](const discretisation::Brick &b) { return b.key.level() == 0 && b.centre()[2] > 5; });
  const double width = height / bricks;
  mechanics::PoroelasticOptions options;
  options.theta = 0.5;
  tests::PoreBox box(
      forest, [&](const Vector3 &) { return m["E"]; }, m["nu"], m["alpha"], 1 / m["M"],
      [&](const Vector3 &) { return m["kappa"]; }, options);
  box.start(
      [&](const Vector3 &x) {
        return (x[0] < 1e-9 || x[0] > width - 1e-9 ? 1 : 0) | (x[1] < 1e-9 || x[1] > width - 1e-9 ? 2 : 0) |
               (x[2] < 1e-9 ? 4 : 0);
      },
      [](const Vector3 &x) { return x[2] > height - 1e-9; });
  const std::vector<double> pull = box.traction(5, Vector3(0, 0, -load));

  std::vector<tests::Row> rows;
  for (const tests::Row &row : tests::reference_table("oscillating_column_" + material + ".csv", 28, 9))
    if (std::abs(tests::number(row[0]) - frequency) < 1e-9 && tests::number(row[1]) > 2.4)
      rows.push_back(row);
  BOOST_REQUIRE(!rows.empty());
  std::vector<Harmonic> pressure(rows.size()), displacement(rows.size());
  Harmonic outflow;

  // Five periods, and at least five times the time that the column needs to drain; the last one is looked at.
  const double period = 1 / frequency, drain = 5 * height * height / m["c"];
  const int periods = std::max(5, static_cast<int>(std::ceil(drain / period)));
  const double dt = period / steps;
  for (int step = 1; step <= periods * steps; ++step) {
    const double phase = 2 * std::numbers::pi * step / steps;
    std::vector<double> forces = pull;
    for (double &f : forces) f *= std::cos(phase);
    const auto report = box.fluid->advance(dt, forces, {}, box.u, box.p);
    if (step <= (periods - 1) * steps) continue;
    outflow.add(-report.inflow / (dt * width * width), phase - std::numbers::pi / steps, 1.0 / steps);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Vector3 place(0, 0, height - tests::number(rows[i][1]));
      pressure[i].add(box.pressure_at(place), phase, 1.0 / steps);
      displacement[i].add(-box.displacement_at(place, 2), phase, 1.0 / steps);
    }
  }
  Errors errors;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto exact = [&](const std::size_t column) {
      return std::polar(tests::number(rows[i][column]), tests::number(rows[i][column + 1]));
    };
    errors.pressure =
        std::max(errors.pressure, std::abs(pressure[i].value() - exact(2)) / (m["beta"] * load));
    errors.displacement = std::max(errors.displacement,
                                   std::abs(displacement[i].value() - exact(7)) / (load * height / m["Kv"]));
  }
  // Out of the drained top, upwards: q downward in the table.
  const Complex l = std::sqrt(Complex(0, 2 * std::numbers::pi * frequency / m["c"]));
  const Complex top = m["kappa"] * m["beta"] * load * l * std::tanh(l * height);
  errors.flux = std::abs(outflow.value() - top) / std::abs(top);
  return errors;
}

} // namespace

BOOST_AUTO_TEST_CASE(v504_amplitude_and_phase_of_the_steady_oscillation)
{
  for (const double frequency : {0.1, 1.0})
    for (const bool finer_top : {false, true}) {
      if ((frequency == 1.0) != finer_top) continue; // the thin layer at the top wants the finer voxels
      // z = 2.5, 5, 10 mm are nodes.
      const Errors coarse = run(frequency, 2, finer_top, 20), fine = run(frequency, 4, finer_top, 40);
      const std::string label = (frequency < 0.5 ? std::string("0.1 Hz") : std::string("1 Hz")) +
                                (finer_top ? ", finer top" : ", uniform");
      BOOST_TEST_MESSAGE("V504 " << label << ": pressure " << coarse.pressure << " " << fine.pressure
                                 << ", displacement " << coarse.displacement << " " << fine.displacement
                                 << ", outflow " << coarse.flux << " " << fine.flux);
      BOOST_TEST_CONTEXT(label)
      {
        BOOST_TEST(fine.pressure < 0.01);
        BOOST_TEST(fine.displacement < 0.01);
        BOOST_TEST(fine.flux < 0.03);
        BOOST_TEST(fine.pressure < 0.4 * coarse.pressure);
      }
      tests::record("V504", label, "complex amplitude of the pressure, largest error", fine.pressure,
                    "< 0.01");
      tests::record("V504", label, "complex amplitude of the flux at the top, error", fine.flux, "< 0.03");
    }
}
