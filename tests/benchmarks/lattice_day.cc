// How long is a day of the cell lattice? 401 x 401 x 601 sites under a given field of stimulus, 13 million
// cells of which 5 million are stromal: spread over the whole lattice, and crowded into the tissue of a
// long-bone defect. Prints seconds a day by parts, bytes a site, and cells after the days. Usage: [mpirun -n
// RANKS] lattice_day [sites along x and y, default 401] [days of each arrangement, default 3] [spread |
// crowded | both]
#include "regeneration/lattice.h"
#include "timing.h"

#include <deal.II/base/mpi.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace wolff;
using namespace wolff::regeneration;
using tissue::Ground;
using tissue::Window;

namespace {

double summed(double value)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return value;
}

void measure(const std::string &name, const std::int64_t n, const int days, const bool crowded)
{
  const LatticeExtent extent{n, n, n * 3 / 2};
  const double cells_wanted = 13e6 * std::pow(static_cast<double>(n) / 401, 3);
  const double middle = 0.5 * static_cast<double>(n - 1), radius = 0.3 * static_cast<double>(n);
  const auto is_inside = [=](const std::int64_t x, const std::int64_t y) {
    return !crowded || std::hypot(static_cast<double>(x) - middle, static_cast<double>(y) - middle) <= radius;
  };
  std::int64_t in_layer = 0;
  for (std::int64_t y = 0; y < n; ++y)
    for (std::int64_t x = 0; x < n; ++x) in_layer += is_inside(x, y);
  const double share = cells_wanted / static_cast<double>(in_layer * extent.nz);

  double start = benchmarks::now();
  Lattice lattice(
      MPI_COMM_WORLD, extent,
      [&](const auto x, const auto y, auto) { return is_inside(x, y) ? Ground::tissue : Ground::outside; },
      ElementGrid::blocks(extent, 5), {});
  const std::int64_t placed = lattice.seed([&](const auto x, const auto y, const auto z, PlacedCell &cell) {
    const auto words = philox(
        {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(z), 1},
        {5, 0});
    if (!is_inside(x, y) || words[0] >= chance_bound(share)) return false;
    cell.age = static_cast<std::uint8_t>(1 + below(words[1], 12));
    const std::uint32_t kind = below(words[2], 13); // 5 of 13 stromal, 2 of each other kind
    cell.kind = static_cast<tissue::Occupant>(kind < 5 ? 1 : 2 + (kind - 5) / 2);
    return true;
  });
  const double set_up = benchmarks::now() - start;

  // All phenotypes in patches of 2 mm; formed cells find themselves under the wrong stimulus as often as not.
  std::vector<Window> stimulus;
  const std::int64_t boxes = (n + 4) / 5;
  for (const std::int64_t id : lattice.elements().ids())
    stimulus.push_back(
        static_cast<Window>((id % boxes / 4 + id / boxes % boxes / 4 + id / boxes / boxes / 4) % 5));

  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const double sites = static_cast<double>(extent.n_sites());
  const double site_bytes = summed(static_cast<double>(lattice.site_bytes())),
               list_bytes = summed(static_cast<double>(lattice.list_bytes()));
  if (rank == 0)
    std::printf(
        "%s: %.1f million sites, %.2f million cells, %d rank(s), set up in %.1f s; %.2f bytes a site, "
        "lists %.1f bytes a cell\n\n| day | seconds | fate | division | migration | lists | element "
        "averages | stromal, million | formed | jumps | born | lost divisions |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        name.c_str(), 1e-6 * sites, 1e-6 * static_cast<double>(placed), size, set_up, site_bytes / sites,
        list_bytes / static_cast<double>(placed));
  for (int day = 10; day < 10 + days; ++day) {
    const double stromal = static_cast<double>(lattice.n_stromal()) * 1e-6;
    const auto counts = lattice.counts();
    const double formed = 1e-6 * static_cast<double>(counts[2] + counts[3] + counts[4] + counts[5]);
    MPI_Barrier(MPI_COMM_WORLD);
    start = benchmarks::now();
    const LatticeReport report = lattice.advance(day, stimulus);
    const double advanced = benchmarks::now();
    const std::vector<std::uint32_t> averages = lattice.element_counts();
    MPI_Barrier(MPI_COMM_WORLD);
    const double end = benchmarks::now();
    std::int64_t born = 0;
    for (const std::int64_t b : report.born) born += b;
    if (rank == 0)
      std::printf("| %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.1f | %.2f | %.2f |\n",
                  day, end - start, report.seconds_fate, report.seconds_division, report.seconds_migration,
                  report.seconds_lists, end - advanced, stromal, formed,
                  1e-6 * static_cast<double>(report.jumps), 1e-6 * static_cast<double>(born),
                  1e-6 * static_cast<double>(report.lost_divisions));
  }
  const std::uint64_t checksum = lattice.checksum();
  if (rank == 0)
    std::printf("\nchecksum of all cells %016llx\n\n", static_cast<unsigned long long>(checksum));
}

} // namespace

int main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const std::int64_t n = argc > 1 ? std::atoi(argv[1]) : 401;
  const int days = argc > 2 ? std::atoi(argv[2]) : 3;
  const std::string which = argc > 3 ? argv[3] : "both";
  if (which != "crowded") measure("spread over the lattice", n, days, false);
  if (which != "spread") measure("crowded into a cylinder", n, days, true);
}
