// How long one call takes, as the benchmark programs mean it.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace wolff::benchmarks {

/// Seconds of a clock that only runs forward.
inline double now()
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Median time [s] of one call over as many as fit into @p budget seconds, at least five, after one that is
/// not counted. Ranks start together and the slowest one counts. Collective.
template <typename Work>
double median_seconds(const double budget, const Work &work)
{
  work();
  std::vector<double> times;
  const double begin = now();
  int more = 1;
  while (more) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = now();
    work();
    MPI_Barrier(MPI_COMM_WORLD);
    times.push_back(now() - start);
    more = times.size() < 5 || now() - begin < budget ? 1 : 0;
    MPI_Bcast(&more, 1, MPI_INT, 0, MPI_COMM_WORLD);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

} // namespace wolff::benchmarks
