// Does a run fit into the memory of its machines? Asked before anything large is allocated.
#pragma once

#include <mpi.h>

#include <string>

namespace wolff {

/// What this process may still allocate, and what its machine has free [bytes]; infinity where nothing limits
/// it.
struct FreeMemory
{
  double of_process; ///< limit on the address space (ulimit -v) less what is in use
  double of_machine; ///< the system's estimate, or what a control group leaves if that is less
};

/// The machine is read below @p root: "" is this one, else a folder with copies of /proc and /sys.
FreeMemory free_memory(const std::string &root = "");

/**
 * Refuse a run that needs @p bytes more on all ranks together, shared evenly, if its processes or one of
 * their machines have less. @p found instead of the machine's own: for tests.
 * @throws Fault (exit 7) on all ranks. Collective.
 */
void require_memory(double bytes, const std::string &place, MPI_Comm comm,
                    const FreeMemory &found = free_memory());

} // namespace wolff
