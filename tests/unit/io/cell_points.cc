// Corner points of cubes: shared where cells meet, also between cells of two sizes.
#include "io/cell_points.h"
#include "base/errors.h"
#include "io/hexahedra.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>

using namespace wolff;
using namespace wolff::io;
using discretisation::Cell;

namespace {

/// A cube of edge 2 beside a column of four cubes of edge 1 that cover its +x face, away from the origin.
std::vector<Cell> large_beside_small()
{
  const Vector3 at(-100.3, 7.1, 0.05);
  std::vector<Cell> cells{{at + Vector3(1, 1, 1), 2.0, 0}};
  for (int y = 0; y < 2; ++y)
    for (int z = 0; z < 2; ++z) cells.push_back({at + Vector3(2.5, y + 0.5, z + 0.5), 1.0, 1 + y + 2 * z});
  return cells;
}

} // namespace

BOOST_AUTO_TEST_CASE(points_of_large_and_small_cells_are_shared)
{
  const CellPoints points = corner_points(large_beside_small());
  // Large: 8 corners. Small: 3 x 3 points on each of two planes, 4 of them corners of the large cell.
  BOOST_TEST(points.n_points() == 8u + 18u - 4u);
  BOOST_TEST(points.n_cells() == 5u);
  VtkGrid grid;
  grid.points = points.xyz;
  grid.connectivity.assign(points.corners.begin(), points.corners.end());
  grid.types.assign(5, vtk_hexahedron);
  const HexahedraReport report = check_hexahedra(grid);
  BOOST_TEST(report.n_bad == 0u);
  BOOST_TEST(report.mean_edge == std::cbrt((8.0 + 4.0) / 5.0),
             boost::test_tools::tolerance(1e-12)); // rounding of coordinates
}

BOOST_AUTO_TEST_CASE(values_at_corners_become_values_at_points)
{
  const std::vector<Cell> cells = large_beside_small();
  const CellPoints points = corner_points(cells);
  const auto linear = [](const Vector3 &x) {
    return std::array<double, 2>{x[0] + 10 * x[1] + 100 * x[2], -x[1]};
  };
  std::vector<double> corner_values;
  for (const Cell &cell : cells)
    for (int corner = 0; corner < 8; ++corner)
      for (const double v :
           linear(cell.centre + cell.edge / 2 *
                                    Vector3((corner & 1) != 0 ? 1 : -1, (corner & 2) != 0 ? 1 : -1,
                                            (corner & 4) != 0 ? 1 : -1)))
        corner_values.push_back(v);
  const std::vector<double> values = point_values(points, corner_values, 2);
  BOOST_REQUIRE(values.size() == 2 * points.n_points());
  for (std::size_t p = 0; p < points.n_points(); ++p) {
    const auto expected = linear(Vector3(points.xyz[3 * p], points.xyz[3 * p + 1], points.xyz[3 * p + 2]));
    for (std::size_t k = 0; k < 2; ++k)
      BOOST_TEST(std::abs(values[2 * p + k] - expected[k]) < 1e-11); // rounding of sums of about 100
  }
}

BOOST_AUTO_TEST_CASE(cells_that_do_not_fit_one_lattice_are_our_fault)
{
  std::vector<Cell> cells = large_beside_small();
  cells.back().centre[0] += 0.3;
  BOOST_CHECK_EXCEPTION(corner_points(cells), Fault,
                        [](const Fault &f) { return f.code() == Exit::internal; });
  cells.back().centre[0] += 3e6;
  BOOST_CHECK_EXCEPTION(corner_points(cells), Fault, [](const Fault &f) {
    return f.code() == Exit::internal || f.code() == Exit::too_large;
  });
}

BOOST_AUTO_TEST_CASE(no_cells_have_no_points)
{
  BOOST_TEST(corner_points({}).n_points() == 0u);
}
