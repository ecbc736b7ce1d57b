// Percentiles by volume of samples that are spread over the ranks: exact, and the same on any number of
// ranks.
#pragma once

#include <mpi.h>

#include <vector>

namespace wolff::analysis {

struct VolumeSample
{
  double value;  ///< NaN counts as +infinity, so that it cannot hide among the small values
  double volume; ///< of the cell [mm^3], positive
};

/**
 * For each set and each p of @p percents: the smallest sample x for which the samples <= x fill at least p
 * per cent of the set's volume. 100 gives the largest sample. One of the samples, never a value between two;
 * NaN for a set without samples.
 *
 * Volumes are counted as multiples of the smallest one, which is exact on a mesh of cubes of halved edges;
 * other volumes are rounded to such multiples. The search halves the interval of all doubles 64 times, for
 * all sets together.
 * @param percents in (0, 100]
 * @return one list for each set, in the order of @p percents, the same on all ranks. Collective.
 */
std::vector<std::vector<double>> percentiles(const std::vector<std::vector<VolumeSample>> &sets,
                                             const std::vector<int> &percents, MPI_Comm comm);

} // namespace wolff::analysis
