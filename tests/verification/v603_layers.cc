// ranks: 1 2 3 4
// links: regeneration
// V603: steady flux through two layers with fixed densities at both ends, J = 1/(s/D1 + (1-s)/D2).
#include "regeneration/transport.h"
#include "support/box_cells.h"
#include "support/record.h"
#include "support/reference_table.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using namespace wolff::regeneration;
using tests::number;

namespace {

/// A bar along x of 16 cells; the eight from 0 to 1 are the domain, the cells before and behind hold 1 and 0.
struct Bar
{
  explicit Bar(const bool hanging)
      : mesh([&] {
          tests::Box box;
          box.origin = Vector3(-0.5, 0, 0);
          box.bricks = {2, 1, 1};
          if (hanging) box.split = [](const Vector3 &centre) { return centre[0] > 0.5; };
          return tests::cells_of(box);
        }())
  {
  }

  std::vector<Role> roles() const
  {
    std::vector<Role> result;
    for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
      const double x = mesh.cell(i).centre[0];
      result.push_back(x > 0 && x < 1 ? Role::domain : Role::supply);
    }
    return result;
  }

  /// Steady densities: a few very long implicit steps, each of which leaves 1/(1 + lambda dt) of the
  /// transient.
  CellField steady(const CellField &diffusivity) const
  {
    const Transport transport(mesh, roles());
    const CellField ends = tests::field_of(mesh, [](const Vector3 &x) { return x[0] < 0.5 ? 1.0 : 0.0; });
    CellField c(mesh.n_owned(), 0.5);
    TransportOptions options;
    options.substeps = 6;
    options.relative_residual = 1e-14;
    transport.advance(c, transport.conductances(diffusivity), 6e7, options, &ends);
    return c;
  }

  CellMesh mesh;
};

double largest_error(const Bar &bar, const CellField &c, const std::function<double(double)> &exact)
{
  double error = 0;
  for (std::size_t i = 0; i < bar.mesh.n_owned(); ++i) {
    const double x = bar.mesh.cell(i).centre[0];
    if (x > 0 && x < 1) error = std::max(error, std::abs(c[i] - exact(x)));
  }
  return tests::largest(error);
}

} // namespace

BOOST_AUTO_TEST_CASE(layers_in_series_have_the_exact_profile_and_flux)
{
  for (const bool hanging : {false, true}) {
    const Bar bar(hanging);
    for (const tests::Row &row : tests::reference_table("layered_diffusion.csv", 3, 7)) {
      const double D1 = number(row[0]), D2 = number(row[1]), s = number(row[2]), J = number(row[3]);
      const auto diffusivity = [&](const double x) { return x < s ? D1 : D2; };
      const CellField c =
          bar.steady(tests::field_of(bar.mesh, [&](const Vector3 &x) { return diffusivity(x[0]); }));
      const double error = largest_error(
          bar, c, [&](const double x) { return x < s ? 1 - J * x / D1 : number(row[4]) - J * (x - s) / D2; });
      // Flux through the end x = 0, from the cells there.
      double flux = 0;
      for (std::size_t i = 0; i < bar.mesh.n_owned(); ++i) {
        const discretisation::Cell &cell = bar.mesh.cell(i);
        if (cell.centre[0] > 0 && cell.centre[0] < cell.edge)
          flux += cell.edge * cell.edge * diffusivity(cell.centre[0]) * (1 - c[i]) / (cell.edge / 2);
      }
      flux = tests::summed(flux);
      BOOST_TEST_MESSAGE("V603 " << (hanging ? "hanging" : "uniform") << ": D " << D1 << " | " << D2
                                 << ": largest error " << error << ", flux " << flux << " for " << J);
      tests::record("V603", hanging ? "hanging" : "uniform", "flux, relative error", std::abs(flux / J - 1),
                    "<= 1e-10");
      BOOST_TEST(error <= 1e-10); // round-off times the ratio of the diffusivities, 1e3
      BOOST_TEST(std::abs(flux / J - 1) <= 1e-10);
    }
  }
}

BOOST_AUTO_TEST_CASE(layers_side_by_side_carry_the_flux_of_the_mean_diffusivity)
{
  const Bar bar(false);
  for (const tests::Row &row : tests::reference_table("layered_diffusion.csv", 3, 7)) {
    const double D1 = number(row[0]), D2 = number(row[1]), s = number(row[2]);
    const auto diffusivity = [&](const Vector3 &x) { return x[1] < s ? D1 : D2; };
    const CellField c = bar.steady(tests::field_of(bar.mesh, diffusivity));
    BOOST_TEST(largest_error(bar, c, [](const double x) { return 1 - x; }) <= 1e-10);
    double flux = 0;
    for (std::size_t i = 0; i < bar.mesh.n_owned(); ++i) {
      const discretisation::Cell &cell = bar.mesh.cell(i);
      if (cell.centre[0] > 0 && cell.centre[0] < cell.edge)
        flux += cell.edge * cell.edge * diffusivity(cell.centre) * (1 - c[i]) / (cell.edge / 2);
    }
    BOOST_TEST(std::abs(tests::summed(flux) / number(row[6]) - 1) <= 1e-10);
  }
}
